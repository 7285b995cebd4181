"""Calls to PDFium for many things at once: characters, objects and segments of a page come by the thousand.

The functions are those of PDFium's public interface, called without the checks of the generated bindings and without a loop
in Python, their results written side by side into one buffer: a third of the time of checked single calls. What does not
belong here: what the values mean.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, compress, repeat
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

_chained = chain.from_iterable
_BLOCK = 1024  # calls whose results are kept before they are copied out
NO_CHARACTER = 0xFFFE
_WORD_GOES_ON = 0x2  # what PDFium makes of a hyphen at the end of a line
_FIRST_HALVES, _SECOND_HALVES = (0xD800, 0xDBFF), (0xDC00, 0xDFFF)  # of characters beyond U+FFFF


class Handle(ctypes.c_void_p):
    """An object of PDFium, as its functions take and give it."""


def handle_of(pointer: Any) -> Handle:
    """The handle behind a pointer of the generated bindings."""
    return Handle(ctypes.cast(pointer, ctypes.c_void_p).value)


def _unchecked(function: Any, result: Any = ctypes.c_int) -> Callable[..., Any]:
    """The same C function. Its arguments must be ctypes objects, or of type int in C: nothing checks or converts them."""
    return ctypes.PYFUNCTYPE(result)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_unicode = _unchecked(pdfium.FPDFText_GetUnicode, ctypes.c_uint)
_is_generated = _unchecked(pdfium.FPDFText_IsGenerated)
_is_hyphen = _unchecked(pdfium.FPDFText_IsHyphen)
_text_object = _unchecked(pdfium.FPDFText_GetTextObject, ctypes.c_size_t)
_loose_box = _unchecked(pdfium.FPDFText_GetLooseCharBox)
_origin = _unchecked(pdfium.FPDFText_GetCharOrigin)
_character_matrix = _unchecked(pdfium.FPDFText_GetMatrix)
_font_size = _unchecked(pdfium.FPDFText_GetFontSize, ctypes.c_double)
_render_mode = _unchecked(pdfium.FPDFTextObj_GetTextRenderMode)
_kind = _unchecked(pdfium.FPDFPageObj_GetType)
_matrix = _unchecked(pdfium.FPDFPageObj_GetMatrix)
_stroke_colour = _unchecked(pdfium.FPDFPageObj_GetStrokeColor)
_fill_colour = _unchecked(pdfium.FPDFPageObj_GetFillColor)
_draw_mode = _unchecked(pdfium.FPDFPath_GetDrawMode)
_segment_count = _unchecked(pdfium.FPDFPath_CountSegments)
_segment = _unchecked(pdfium.FPDFPath_GetPathSegment, Handle)
_segment_kind = _unchecked(pdfium.FPDFPathSegment_GetType)
_segment_point = _unchecked(pdfium.FPDFPathSegment_GetPoint)
_segment_closes = _unchecked(pdfium.FPDFPathSegment_GetClose)


class _Results:
    """Room for the results of a block of calls: a row of `width` numbers each, written to one place or, where the function
    takes a place for each number, to so many `places`."""

    def __init__(self, kind: type[np.generic], width: int, places: int = 1) -> None:
        self._numbers = np.zeros((_BLOCK, width), kind)
        start, (row, number) = self._numbers.ctypes.data, self._numbers.strides
        self._places = [[ctypes.c_void_p(start + i * row + j * number) for i in range(_BLOCK)] for j in range(places)]

    def of(self, function: Callable[..., Any], *arguments: Sequence[Any]) -> NDArray[Any]:
        """What the function writes when called with each row of arguments, zeros where it writes nothing."""
        blocks = [self._numbers[:0].copy()]
        for start in range(0, len(arguments[0]), _BLOCK):
            block = [column[start : start + _BLOCK] for column in arguments]
            self._numbers[:] = 0
            deque(map(function, *block, *self._places), maxlen=0)
            blocks.append(self._numbers[: len(block[0])].copy())
        return np.concatenate(blocks)


_boxes = _Results(np.float32, 4)
_matrices = _Results(np.float32, 6)
_points = _Results(np.float32, 2, places=2)
_origins = _Results(np.float64, 2, places=2)
_colours = _Results(np.uint32, 4, places=4)
_modes = _Results(np.int32, 2, places=2)


def code_points(text_page: Handle, count: int) -> NDArray[np.int64]:
    """The code points of the first `count` characters of a text page, 0 or 0xFFFE where there is none.

    Two halves of one character are joined in the first. A hyphen that PDFium took for a sign that a word goes on is a hyphen.
    """
    codes = _text_of(text_page, count)
    if codes is None:
        codes = np.fromiter(map(_unicode, repeat(text_page), range(count)), np.int64, count)
    for index in np.flatnonzero((codes == NO_CHARACTER) | (codes == _WORD_GOES_ON)).tolist():
        codes[index] = ord("-") if _is_hyphen(text_page, index) == 1 else _unicode(text_page, index)
    halves = np.flatnonzero(_lie_in(codes[:-1], _FIRST_HALVES) & _lie_in(codes[1:], _SECOND_HALVES))
    codes[halves] = 0x10000 + ((codes[halves] - _FIRST_HALVES[0]) << 10) + codes[halves + 1] - _SECOND_HALVES[0]
    codes[halves + 1] = NO_CHARACTER
    return codes


def _lie_in(codes: NDArray[np.int64], limits: tuple[int, int]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (codes >= limits[0]) & (codes <= limits[1])
    return found


def _text_of(text_page: Handle, count: int) -> NDArray[np.int64] | None:
    """All code points in one call; None where the text is not one unit for each character."""
    units = np.zeros(2 * count + 2, np.uint16)
    length = pdfium.FPDFText_GetText(
        ctypes.cast(text_page, pdfium.FPDF_TEXTPAGE), 0, count, units.ctypes.data_as(ctypes.POINTER(ctypes.c_ushort))
    )
    found = units[:count].astype(np.int64)
    has_halves = _lie_in(found, (_FIRST_HALVES[0], _SECOND_HALVES[1])).any()
    return None if has_halves or length != count + 1 else found


def text_objects(text_page: Handle, codes: NDArray[np.int64]) -> NDArray[np.uint64]:
    """The address of the object that prints each of the characters with these codes, 0 for what PDFium has put there by itself."""
    objects = np.fromiter(map(_text_object, repeat(text_page), range(len(codes))), np.uint64, len(codes))
    for index in np.flatnonzero((codes == ord(" ")) & (objects != 0)).tolist():
        if _is_generated(text_page, index) == 1:
            objects[index] = 0
    return objects


def loose_boxes(text_page: Handle, indices: Sequence[int]) -> NDArray[np.float64]:
    """Left, top, right, bottom of characters in user space: as wide as their advance, as high as their font."""
    return _boxes.of(_loose_box, [text_page] * len(indices), indices).astype(np.float64)


def origins(text_page: Handle, indices: Sequence[int]) -> NDArray[np.float64]:
    """The points on the baseline, in user space, where characters begin."""
    return _origins.of(_origin, [text_page] * len(indices), indices)


def character_matrices(text_page: Handle, indices: Sequence[int]) -> NDArray[np.float64]:
    return _matrices.of(_character_matrix, [text_page] * len(indices), indices).astype(np.float64)


def font_sizes(text_page: Handle, indices: Sequence[int]) -> NDArray[np.float64]:
    return np.fromiter(map(_font_size, repeat(text_page), indices), np.float64, len(indices))


def render_modes(objects: Iterable[int]) -> NDArray[np.int64]:
    """The render modes of text objects given by address."""
    return np.array([_render_mode(Handle(address)) for address in objects], np.int64)


@dataclass(frozen=True, slots=True)
class Members:
    """How to get at the objects inside a page or a form."""

    _count: Callable[[Handle], int]
    _get: Callable[[Handle, int], Handle]

    def count(self, container: Handle) -> int:
        return self._count(container)

    def of(self, container: Handle, count: int) -> list[Handle]:
        """The first `count` objects."""
        return list(map(self._get, repeat(container), range(count)))


MEMBERS_OF_PAGE = Members(_unchecked(pdfium.FPDFPage_CountObjects), _unchecked(pdfium.FPDFPage_GetObject, Handle))
MEMBERS_OF_FORM = Members(_unchecked(pdfium.FPDFFormObj_CountObjects), _unchecked(pdfium.FPDFFormObj_GetObject, Handle))


def kinds(objects: Iterable[Handle]) -> list[int]:
    return list(map(_kind, objects))


def matrices(objects: Sequence[Handle]) -> NDArray[np.float64]:
    """The matrices of page objects, six numbers each; zeros where an object has none."""
    return _matrices.of(_matrix, objects).astype(np.float64)


def draw_modes(paths: Sequence[Handle]) -> NDArray[np.int32]:
    """For each path how it is filled, and whether its outline is drawn."""
    return _modes.of(_draw_mode, paths)


def stroke_colours(objects: Sequence[Handle]) -> NDArray[np.uint32]:
    """Red, green, blue, alpha from 0 to 255; zeros where there is no colour."""
    return _colours.of(_stroke_colour, objects)


def fill_colours(objects: Sequence[Handle]) -> NDArray[np.uint32]:
    """As `stroke_colours`."""
    return _colours.of(_fill_colour, objects)


@dataclass(frozen=True, slots=True)
class Segments:
    """The segments of many paths, one after another: whose they are, what kind, where they end, whether they close a shape."""

    path: NDArray[np.int64]
    kind: NDArray[np.int64]
    point: NDArray[np.float64]
    closes: NDArray[np.bool_]


def segments(paths: Sequence[Handle]) -> Segments:
    """All segments of the paths. Of a path of two, the first begins it and neither counts as closing: there and back is the
    same line."""
    counts = np.fromiter(map(_segment_count, paths), np.int64, len(paths)).clip(0)
    of_each = counts.tolist()
    found = list(map(_segment, _chained(map(repeat, paths, of_each)), _chained(map(range, of_each))))
    of_path = np.repeat(np.arange(len(paths)), counts)
    is_line = (counts == 2)[of_path]
    asked = ~is_line | (np.diff(of_path, prepend=-1) == 0)
    kind = np.full(len(found), pdfium.FPDF_SEGMENT_MOVETO)
    kind[asked] = list(map(_segment_kind, compress(found, asked.tolist())))
    closes = np.zeros(len(found), np.bool_)
    closes[~is_line] = list(map(_segment_closes, compress(found, (~is_line).tolist())))
    return Segments(of_path, kind, _points.of(_segment_point, found).astype(np.float64), closes)
