"""One PDF page as raw material: its characters and its drawn rules, read by PDFium, in points from the top left.

PDFium reads content streams and fonts several times faster than the Python readers; what it gives is shaped here like what
they give, so that the table algorithm does not know who read the page. What does not belong here: cells and lines of text.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from disclosure.extract.pdf_text import Character

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]

_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_DEEPEST_FORM = 8
_THICKEST_RULE = 3.0  # points; a filled shape thicker than this is shading, not a rule
_STRAIGHT = 1.0  # points a rule may lean from end to end
_TILT = 0.05  # share of the advance; a watermark is written at an angle
_WHITE = 252  # of 255, in every colour
_STEEP = 5.0  # how much longer one side of a direction is than the other for it to count as along that side
_DIRECTION_SAMPLE = 200  # characters looked at to tell how the page is turned
_INVISIBLE = 3  # text render mode of a hidden text layer


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line parallel to a side of the page: from (x0, top) to (x1, bottom)."""

    x0: float
    top: float
    x1: float
    bottom: float
    is_white: bool = False

    @property
    def is_horizontal(self) -> bool:
        return self.x1 - self.x0 >= self.bottom - self.top


@dataclass
class RawPage:
    """What is drawn on a page. `image_share` is the part of the page that pictures cover; `objects` how many things are
    drawn; `hidden` the characters of an invisible text layer, which are not among `characters`."""

    number: int
    width: float
    height: float
    characters: list[Character] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    hidden: list[Character] = field(default_factory=list)
    image_share: float = 0.0
    objects: int = 0


class TooManyObjectsError(Exception):
    """A page draws more than the limit; the number of objects is its argument."""


def read_page(document: pypdfium2.PdfDocument, index: int, object_limit: int) -> RawPage:
    """The page at `index` (0-based). Raises TooManyObjectsError, and pypdfium2.PdfiumError for a page that cannot be loaded."""
    page = document[index]
    text_page = page.get_textpage()
    try:
        frame = _Frame(page)
        frame.turn(_turns_of_text(text_page.raw, frame))
        raw = RawPage(index + 1, frame.width, frame.height)
        _read_objects(page, frame, raw, object_limit)
        _read_characters(text_page.raw, frame, raw, object_limit)
        return raw
    finally:
        text_page.close()
        page.close()


class _Frame:
    """The visible box of a page and its rotation: maps PDF user space to points from the top left as a reader sees it."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        left, bottom, right, top = page.get_bbox()
        self.left, self.bottom, self.right, self.top = left, bottom, right, top
        self.turns = 0
        self.turn(page.get_rotation() // 90)

    def turn(self, quarters: int) -> None:
        """Turn the page clockwise by quarters."""
        self.turns = (self.turns + quarters) % 4
        wide, high = self.right - self.left, self.top - self.bottom
        self.width, self.height = (wide, high) if self.turns % 2 == 0 else (high, wide)

    def place(self, x: float, y: float) -> Point:
        if self.turns == 0:
            return x - self.left, self.top - y
        if self.turns == 1:
            return y - self.bottom, x - self.left
        if self.turns == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        (ax, ay), (bx, by) = self.place(x0, y0), self.place(x1, y1)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    def direction(self, dx: float, dy: float) -> Point:
        """A direction of user space as seen on the page (y downwards)."""
        (ax, ay), (bx, by) = self.place(0, 0), self.place(dx, dy)
        return bx - ax, by - ay


def _read_objects(page: pypdfium2.PdfPage, frame: _Frame, raw: RawPage, limit: int) -> None:
    area = max(raw.width * raw.height, 1.0)
    for handle, kind, matrix in _walk(page.raw, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, _IDENTITY, 0):
        raw.objects += 1
        if raw.objects > limit:
            raise TooManyObjectsError(raw.objects)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            raw.rules.extend(_rules_of_path(handle, matrix, frame))
        elif kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING):
            x0, top, x1, bottom = _bounds(handle, matrix, frame, kind)
            covered = max(0.0, min(x1, raw.width) - max(x0, 0)) * max(0.0, min(bottom, raw.height) - max(top, 0))
            raw.image_share = min(1.0, raw.image_share + covered / area)


def _walk(container: Any, count: Any, get: Any, matrix: Matrix, depth: int) -> Iterator[tuple[Any, int, Matrix]]:
    """Every object of a page with the matrix of the forms around it, forms taken apart."""
    for index in range(count(container)):
        handle = get(container, index)
        kind = pdfium.FPDFPageObj_GetType(handle)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST_FORM:
            inner = _multiply(_matrix_of(handle), matrix)
            yield from _walk(handle, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, inner, depth + 1)
        else:
            yield handle, kind, matrix


def _matrix_of(handle: Any) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(handle, matrix):
        return _IDENTITY
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _multiply(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _apply(matrix: Matrix, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _bounds(handle: Any, matrix: Matrix, frame: _Frame, kind: int) -> tuple[float, float, float, float]:
    own = _multiply(_matrix_of(handle), matrix) if kind == pdfium.FPDF_PAGEOBJ_IMAGE else matrix
    corners = [_apply(own, x, y) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return frame.box(min(xs), min(ys), max(xs), max(ys))


def _rules_of_path(handle: Any, matrix: Matrix, frame: _Frame) -> Iterator[Rule]:
    """The axis-parallel rules a path draws: its stroked segments, or the shape itself where it is filled and thin."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(handle, fill, stroke)
    white = _is_white(handle, pdfium.FPDFPageObj_GetStrokeColor if stroke.value else pdfium.FPDFPageObj_GetFillColor)
    own = _multiply(_matrix_of(handle), matrix)
    for points in _subpaths(handle, own, frame):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        x0, top, x1, bottom = min(xs), min(ys), max(xs), max(ys)
        if min(x1 - x0, bottom - top) <= _THICKEST_RULE:
            yield _centre_line(x0, top, x1, bottom, white)
        elif stroke.value and not (white and len(points) >= 4):  # outlined in white is the edge of a shading
            for (ax, ay), (bx, by) in pairwise(points):
                if min(abs(ax - bx), abs(ay - by)) <= _STRAIGHT:
                    yield _centre_line(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by), white)


def _centre_line(x0: float, top: float, x1: float, bottom: float, white: bool) -> Rule:
    if x1 - x0 >= bottom - top:
        middle = (top + bottom) / 2
        return Rule(x0, middle, x1, middle, white)
    middle = (x0 + x1) / 2
    return Rule(middle, top, middle, bottom, white)


def _is_white(handle: Any, colour_of: Any) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not colour_of(handle, red, green, blue, alpha):
        return False
    return min(red.value, green.value, blue.value) >= _WHITE


def _subpaths(handle: Any, matrix: Matrix, frame: _Frame) -> Iterator[list[Point]]:
    points: list[Point] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(pdfium.FPDFPath_CountSegments(handle)):
        segment = pdfium.FPDFPath_GetPathSegment(handle, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = frame.place(*_apply(matrix, x.value, y.value))
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points
            points = [point]
        elif kind in (pdfium.FPDF_SEGMENT_LINETO, pdfium.FPDF_SEGMENT_BEZIERTO):
            points.append(point)
        if pdfium.FPDFPathSegment_GetClose(segment) and points:
            points.append(points[0])
    if len(points) > 1:
        yield points


def _turns_of_text(handle: Any, frame: _Frame) -> int:
    """Quarter turns after which most of the text runs from left to right: a page may be drawn sideways without saying so."""
    matrix = pdfium.FS_MATRIX()
    seen = [0, 0, 0, 0]
    count = pdfium.FPDFText_CountChars(handle)
    for index in range(0, count, max(1, count // _DIRECTION_SAMPLE)):
        if pdfium.FPDFText_IsGenerated(handle, index) == 1:
            continue
        pdfium.FPDFText_GetMatrix(handle, index, matrix)
        across, down = frame.direction(matrix.a, matrix.b)
        if abs(across) > _STEEP * abs(down):
            seen[0 if across > 0 else 2] += 1
        elif abs(down) > _STEEP * abs(across):
            seen[3 if down > 0 else 1] += 1
    return max(range(4), key=lambda turns: seen[turns])


def _read_characters(handle: Any, frame: _Frame, raw: RawPage, limit: int) -> None:
    """The upright characters in the order of the file. Tilted ones are watermarks; hidden ones are kept apart."""
    count = pdfium.FPDFText_CountChars(handle)
    if count > limit:
        raise TooManyObjectsError(count)
    loose = pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    matrix = pdfium.FS_MATRIX()
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(handle, index)
        if code in (0, 0xFFFE) or pdfium.FPDFText_IsGenerated(handle, index) == 1:
            continue
        pdfium.FPDFText_GetMatrix(handle, index, matrix)
        across, down = frame.direction(matrix.a, matrix.b)
        if across <= 0 or abs(down) > _TILT * across:
            continue
        pdfium.FPDFText_GetLooseCharBox(handle, index, loose)
        pdfium.FPDFText_GetCharOrigin(handle, index, x, y)
        size = pdfium.FPDFText_GetFontSize(handle, index) * math.hypot(matrix.a, matrix.b)
        x0, y0, x1, y1 = frame.box(loose.left, loose.bottom, loose.right, loose.top)
        baseline = frame.place(x.value, y.value)[1]
        character = Character(_text_of(code), x0, y0, x1, y1, baseline, max(size, 1.0))
        (raw.hidden if _is_hidden(handle, index) else raw.characters).append(character)


def _text_of(code: int) -> str:
    """The character of a code point; half surrogates, which faulty font tables give, become the replacement character."""
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)


def _is_hidden(handle: Any, index: int) -> bool:
    text_object = pdfium.FPDFText_GetTextObject(handle, index)
    return bool(text_object) and pdfium.FPDFTextObj_GetTextRenderMode(text_object) == _INVISIBLE
