"""The fonts the corpus is printed with.

The standard Chinese font of PDF is not embedded and needs nothing; it cannot be drawn on a machine without Chinese fonts, and its
code points cannot be damaged. Traits that need either use 文泉驿微米黑 from a package of the development group.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

STANDARD = "STSong-Light"
EMBEDDED = "WenQuanYiMicroHei"
_PACKAGE = "paperang_p2_fonts_cjk"


def register_standard() -> str:
    """The name of the Chinese font that is not embedded, ready to use."""
    if STANDARD not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(STANDARD))
    return STANDARD


def register_embedded() -> str:
    """The name of the Chinese font that is embedded, fresh for one document. Raises RuntimeError naming what to install."""
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(
            "this trait needs an embedded Chinese font; install the development group (paperang-p2-fonts-cjk)"
        )
    path = Path(spec.submodule_search_locations[0]) / "fonts" / "wqy-microhei.ttc"
    pdfmetrics.registerFont(TTFont(EMBEDDED, str(path), subfontIndex=0))
    return EMBEDDED
