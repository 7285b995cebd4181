"""One PDF page as raw material: its characters and its drawn rules, read by PDFium, in points from the top left.

PDFium reads content streams and fonts several times faster than the Python readers; what it gives is shaped here like what
they give, so that the table algorithm does not know who read the page. What does not belong here: cells and lines of text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import compress
from typing import Any, NamedTuple

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from disclosure.extract import pdf_calls as calls
from disclosure.extract.pdf_text import Character

Numbers = NDArray[np.float64]

_DEEPEST_FORM = 8
_THICKEST_RULE = 3.0  # points; a filled shape thicker than this is shading, not a rule
_STRAIGHT = 1.0  # points a rule may lean from end to end
_TILT = 0.05  # share of the advance; a watermark is written at an angle
_WHITE = 252  # of 255, in every colour
_STEEP = 5.0  # how much longer one side of a direction is than the other for it to count as along that side
_DIRECTION_SAMPLE = 200  # characters looked at to tell how the page is turned
_INVISIBLE = 3  # text render mode of a hidden text layer
_HALF_SURROGATES = 0xD800, 0xDFFF  # faulty font tables give them


class Rule(NamedTuple):
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
        text = _read_text(text_page.raw, object_limit)
        frame.turn(_turns_of_text(text, frame))
        raw = RawPage(index + 1, frame.width, frame.height)
        raw.rules = _rules_of_paths(_collect(page.raw, frame, raw, object_limit), frame)
        raw.characters, raw.hidden = _characters(text, frame)
        return raw
    finally:
        text_page.close()
        page.close()


class _Frame:
    """The visible box of a page and its rotation: maps PDF user space, numbers or arrays of them, to points from the top
    left as a reader sees it."""

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

    def place(self, x: Any, y: Any) -> tuple[Any, Any]:
        if self.turns == 0:
            return x - self.left, self.top - y
        if self.turns == 1:
            return y - self.bottom, x - self.left
        if self.turns == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def box(self, x0: Numbers, y0: Numbers, x1: Numbers, y1: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        (ax, ay), (bx, by) = self.place(x0, y0), self.place(x1, y1)
        return np.minimum(ax, bx), np.minimum(ay, by), np.maximum(ax, bx), np.maximum(ay, by)

    def direction(self, dx: Numbers, dy: Numbers) -> tuple[Numbers, Numbers]:
        """Directions of user space as seen on the page (y downwards)."""
        (ax, ay), (bx, by) = self.place(0, 0), self.place(dx, dy)
        return bx - ax, by - ay


class _Matrices(NamedTuple):
    """Matrices as columns: of one object, or of many."""

    a: Any
    b: Any
    c: Any
    d: Any
    e: Any
    f: Any

    def inside(self, outer: _Matrices) -> _Matrices:
        """These matrices followed by those around them."""
        return _Matrices(
            self.a * outer.a + self.b * outer.c,
            self.a * outer.b + self.b * outer.d,
            self.c * outer.a + self.d * outer.c,
            self.c * outer.b + self.d * outer.d,
            self.e * outer.a + self.f * outer.c + outer.e,
            self.e * outer.b + self.f * outer.d + outer.f,
        )

    def apply(self, x: Any, y: Any) -> tuple[Any, Any]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f


_IDENTITY = _Matrices(1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Text:
    """The text of a page: for each character its code and the number of the text object that prints it, -1 for what PDFium
    has put there by itself; for each text object its matrix, its size in points and whether it is hidden."""

    handle: calls.Handle
    codes: NDArray[np.int64]
    printed_by: NDArray[np.int64]
    matrices: Numbers
    sizes: Numbers
    is_hidden: NDArray[np.bool_]


def _read_text(text_page: Any, limit: int) -> _Text:
    count = pdfium.FPDFText_CountChars(text_page)
    if count > limit:
        raise TooManyObjectsError(count)
    handle = calls.handle_of(text_page)
    codes = calls.code_points(handle, count)
    addresses, first, numbers = np.unique(calls.text_objects(handle, codes), return_index=True, return_inverse=True)
    if count and not addresses[0]:
        addresses, first, numbers = addresses[1:], first[1:], numbers - 1
    examples = first.tolist()
    matrices = calls.character_matrices(handle, examples)
    sizes = calls.font_sizes(handle, examples) * np.hypot(matrices[:, 0], matrices[:, 1])
    is_hidden = calls.render_modes(addresses.tolist()) == _INVISIBLE
    return _Text(handle, codes, numbers, matrices, np.maximum(sizes, 1.0), is_hidden)


def _turns_of_text(text: _Text, frame: _Frame) -> int:
    """Quarter turns after which most of the text runs from left to right: a page may be drawn sideways without saying so."""
    count = len(text.codes)
    sample = text.printed_by[:: max(1, count // _DIRECTION_SAMPLE)]
    a, b = text.matrices[sample[sample >= 0], :2].T
    across, down = frame.direction(a, b)
    along, upright = abs(across) > _STEEP * abs(down), abs(down) > _STEEP * abs(across)
    seen = [along & (across > 0), upright & (down < 0), along & (across < 0), upright & (down > 0)]
    return max(range(4), key=lambda turns: np.count_nonzero(seen[turns]))


def _characters(text: _Text, frame: _Frame) -> tuple[list[Character], list[Character]]:
    """The upright characters in the order of the file, and those of them that are hidden. Tilted ones are watermarks."""
    across, down = frame.direction(text.matrices[:, 0], text.matrices[:, 1])
    is_upright = np.append((across > 0) & (abs(down) <= _TILT * across), False)  # the last is that of no object
    indices = np.flatnonzero(is_upright[text.printed_by] & (text.codes != calls.NO_CHARACTER) & (text.codes != 0))
    objects, wanted = text.printed_by[indices], indices.tolist()
    left, top, right, bottom = calls.loose_boxes(text.handle, wanted).T
    x0, y0, x1, y1 = frame.box(left, bottom, right, top)
    baseline = frame.place(*calls.origins(text.handle, wanted).T)[1]
    columns = [column.tolist() for column in (x0, y0, x1, y1, baseline, text.sizes[objects])]
    characters = list(map(Character, _texts_of(text.codes[indices]), *columns))
    is_hidden = text.is_hidden[objects]
    if not is_hidden.any():
        return characters, []
    kept: tuple[list[Character], list[Character]] = [], []
    for character, hidden in zip(characters, is_hidden.tolist(), strict=True):
        kept[hidden].append(character)
    return kept


def _texts_of(codes: NDArray[np.int64]) -> list[str]:
    """The characters of code points; half surrogates become the replacement character."""
    is_half = (codes >= _HALF_SURROGATES[0]) & (codes <= _HALF_SURROGATES[1])
    return list(map(chr, np.where(is_half, ord("\ufffd"), codes).tolist()))


class _Paths(NamedTuple):
    """The paths of a page, and for each the number of the form it lies in; the page itself counts as the first."""

    handles: list[calls.Handle]
    form_of: list[int]
    forms: list[_Matrices]  # their matrices, with those of all forms around them


def _collect(page: Any, frame: _Frame, raw: RawPage, limit: int) -> _Paths:
    """The paths of a page, forms taken apart; counts the objects, and measures what pictures cover."""
    paths = _Paths([], [], [])

    def walk(container: calls.Handle, members: calls.Members, matrix: _Matrices, depth: int) -> None:
        count = members.count(container)
        if raw.objects + count > limit:
            raise TooManyObjectsError(raw.objects + count)
        raw.objects += count
        number = len(paths.forms)
        paths.forms.append(matrix)
        objects = members.of(container, count)
        for handle, kind in zip(objects, calls.kinds(objects), strict=True):
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                paths.handles.append(handle)
                paths.form_of.append(number)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST_FORM:
                raw.objects -= 1
                walk(handle, calls.MEMBERS_OF_FORM, _matrix_of(handle).inside(matrix), depth + 1)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                raw.image_share += _share_of_page(_matrix_of(handle).inside(matrix), frame)
            elif kind == pdfium.FPDF_PAGEOBJ_SHADING:
                raw.image_share += _share_of_page(matrix, frame)

    walk(calls.handle_of(page), calls.MEMBERS_OF_PAGE, _IDENTITY, 0)
    raw.image_share = min(1.0, raw.image_share)
    return paths


def _matrix_of(handle: calls.Handle) -> _Matrices:
    return _Matrices(*calls.matrices([handle])[0].tolist())


def _share_of_page(matrix: _Matrices, frame: _Frame) -> float:
    """How much of the page the unit square under a matrix covers."""
    x, y = matrix.apply(np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1]))
    across, down = frame.place(x, y)
    wide = min(across.max(), frame.width) - max(across.min(), 0)
    high = min(down.max(), frame.height) - max(down.min(), 0)
    return float(max(0.0, wide) * max(0.0, high) / max(frame.width * frame.height, 1.0))


class _Shapes(NamedTuple):
    """The points of drawn shapes, one after another: which shape and which path each belongs to, and its place on the page."""

    shape: NDArray[np.int64]  # counted from 0
    path: NDArray[np.int64]
    x: Numbers
    y: Numbers


def _rules_of_paths(paths: _Paths, frame: _Frame) -> list[Rule]:
    """The axis-parallel rules that paths draw: their stroked segments, or the shape itself where it is filled and thin."""
    shapes = _shapes_of(paths, frame) if paths.handles else None
    if shapes is None or not len(shapes.shape):
        return []
    starts = np.flatnonzero(np.diff(shapes.shape, prepend=-1))
    sizes = np.diff(starts, append=len(shapes.shape))
    is_stroked, is_white = (flags[shapes.path[starts]] for flags in _strokes_and_whites(paths.handles))
    x0, x1 = np.minimum.reduceat(shapes.x, starts), np.maximum.reduceat(shapes.x, starts)
    top, bottom = np.minimum.reduceat(shapes.y, starts), np.maximum.reduceat(shapes.y, starts)
    is_thin = np.minimum(x1 - x0, bottom - top) <= _THICKEST_RULE
    thin = np.flatnonzero((sizes > 1) & is_thin)
    is_outlined = is_stroked & ~is_thin & ~(is_white & (sizes >= 4))  # outlined in white is the edge of a shading
    sides = np.flatnonzero((shapes.shape[:-1] == shapes.shape[1:]) & is_outlined[shapes.shape[:-1]])
    left, right = np.sort([shapes.x[sides], shapes.x[sides + 1]], axis=0)
    upper, lower = np.sort([shapes.y[sides], shapes.y[sides + 1]], axis=0)
    straight = np.minimum(right - left, lower - upper) <= _STRAIGHT
    shape = np.concatenate([thin, shapes.shape[sides[straight]]])
    order = np.argsort(shape, kind="stable")
    found = ((x0, left), (top, upper), (x1, right), (bottom, lower))
    left, top, right, bottom = (np.concatenate([whole[thin], side[straight]])[order] for whole, side in found)
    return _centre_lines(left, top, right, bottom, is_white[shape[order]])


def _strokes_and_whites(handles: list[calls.Handle]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether each path is stroked, and whether what it draws is white."""
    is_stroked = calls.draw_modes(handles)[:, 1] != 0
    colours = np.zeros((len(handles), 4), np.uint32)
    colours[is_stroked] = calls.stroke_colours(list(compress(handles, is_stroked.tolist())))
    colours[~is_stroked] = calls.fill_colours(list(compress(handles, (~is_stroked).tolist())))
    return is_stroked, colours[:, :3].min(axis=1) >= _WHITE


def _shapes_of(paths: _Paths, frame: _Frame) -> _Shapes:
    """Every run of segments without a break; a closed one ends where it began."""
    segments = calls.segments(paths.handles)
    drawn = segments.kind != pdfium.FPDF_SEGMENT_UNKNOWN
    path, closes = segments.path[drawn], segments.closes[drawn]
    begins = (segments.kind[drawn] == pdfium.FPDF_SEGMENT_MOVETO) | (np.diff(path, prepend=-1) != 0)
    forms = _Matrices(*np.array(paths.forms)[paths.form_of].T)
    matrices = _Matrices(*calls.matrices(paths.handles).T).inside(forms)
    x, y = _Matrices(*(column[path] for column in matrices)).apply(*segments.point[drawn].T)
    x, y = frame.place(x, y)
    shape, first = np.cumsum(begins) - 1, np.flatnonzero(begins)
    closing = np.flatnonzero(closes)
    back = first[shape[closing]]
    return _Shapes(
        np.insert(shape, closing + 1, shape[closing]),
        np.insert(path, closing + 1, path[closing]),
        np.insert(x, closing + 1, x[back]),
        np.insert(y, closing + 1, y[back]),
    )


def _centre_lines(x0: Numbers, top: Numbers, x1: Numbers, bottom: Numbers, is_white: NDArray[np.bool_]) -> list[Rule]:
    is_horizontal = x1 - x0 >= bottom - top
    across, down = (x0 + x1) / 2, (top + bottom) / 2
    columns = (
        np.where(is_horizontal, x0, across),
        np.where(is_horizontal, down, top),
        np.where(is_horizontal, x1, across),
        np.where(is_horizontal, down, bottom),
        is_white,
    )
    return list(map(Rule, *(column.tolist() for column in columns)))
