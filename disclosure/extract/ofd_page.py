"""One OFD page as raw material, as `pdf_pages` gives it for PDF: characters and drawn rules in points from the top left.

Lengths in the file are millimetres, from the top left too. Clause numbers are of GB/T 33190-2016. What does not belong here:
the container (`ofd_package`), and tables.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from disclosure.extract.ofd_package import OfdPage, find_all, local, numbers
from disclosure.extract.pdf_pages import RawPage, Rule, TooManyObjectsError
from disclosure.extract.pdf_text import Character

_POINTS = 72 / 25.4
_THICKEST_RULE = 3.0  # points; a filled shape thicker than this is shading, not a rule
_STRAIGHT = 1.0  # points a rule may lean from end to end
_TILT = 0.05
_WHITE = 252
_ASCENT, _DESCENT = 0.88, 0.12  # of the font size, above and below the baseline
_WIDEST = 1.2  # of the font size that an offset may be and still be the character's own width, not a gap after it
_DEEPEST_BLOCK = 50
_PATH = re.compile(r"([A-Za-z])|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_END_POINT = {
    "M": 2,
    "S": 2,
    "L": 2,
    "Q": 4,
    "B": 6,
    "A": 7,
}  # 9.1, table 36: numbers of an operator, the last two a point

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]


@dataclass
class PageDrawing:
    """A page with what could not be taken from it: glyphs without text, and characters that do not stand upright."""

    raw: RawPage
    glyphs_without_text: int = 0
    tilted: int = 0


def read_page(page: OfdPage, number: int, object_limit: int) -> PageDrawing:
    """What is drawn on a page. Raises TooManyObjectsError."""
    x, y, width, height = page.box
    drawing = PageDrawing(RawPage(number, width * _POINTS, height * _POINTS))
    for content in page.contents:
        for element in _objects(content, 0):
            drawing.raw.objects += 1
            if drawing.raw.objects + len(drawing.raw.characters) > object_limit:
                raise TooManyObjectsError(drawing.raw.objects + len(drawing.raw.characters))
            place = _place(element, x, y)
            kind = local(element)
            if kind == "TextObject":
                _read_text(element, place, drawing)
            elif kind == "PathObject":
                drawing.raw.rules.extend(_rules_of(element, place))
            elif kind == "ImageObject":
                _add_image(element, drawing.raw)
    return drawing


def _objects(parent: Any, depth: int) -> Iterator[Any]:
    """The visible objects of a page's layers and blocks, in the order they are drawn."""
    if depth > _DEEPEST_BLOCK:
        raise TooManyObjectsError(depth)
    for child in parent:
        kind = local(child)
        if kind in ("Content", "Layer", "PageBlock"):
            yield from _objects(child, depth + 1)
        elif kind in ("TextObject", "PathObject", "ImageObject") and not _is_invisible(child):
            yield child


def _is_invisible(element: Any) -> bool:
    return element.get("Visible") in ("false", "0") or element.get("Alpha") == "0"


def _place(element: Any, left: float, top: float) -> Matrix:
    """From an object's own millimetres to points on the page: its matrix, then the corner of its boundary (8.5)."""
    corner = numbers(element.get("Boundary")) or [0.0, 0.0]
    dx, dy = (corner[0] - left, corner[1] - top) if len(corner) >= 2 else (0.0, 0.0)
    matrix = numbers(element.get("CTM"))
    a, b, c, d, e, f = matrix if len(matrix) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return a * _POINTS, b * _POINTS, c * _POINTS, d * _POINTS, (e + dx) * _POINTS, (f + dy) * _POINTS


def _apply(matrix: Matrix, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _read_text(element: Any, matrix: Matrix, drawing: PageDrawing) -> None:
    """The characters of a text object, each at its own offset from the one before (11.3)."""
    codes = [code for code in find_all(element, "TextCode") if code.text]
    if not codes or not any(code.text.strip() for code in codes):
        drawing.glyphs_without_text += sum(len(numbers(glyphs.text)) for glyphs in find_all(element, "Glyphs"))
        return
    a, b, c, d, _, _ = matrix
    turned = element.get("CharDirection") not in (None, "0") or a <= 0 or abs(b) > _TILT * a
    size = next(iter(numbers(element.get("Size"))), 0.0)
    wide = next(iter(numbers(element.get("HScale"))), 1.0)
    x = y = 0.0
    for code in codes:
        text = code.text
        if turned:
            drawing.tilted += len(text.strip())
            continue
        x, y = _coordinate(code, "X", x), _coordinate(code, "Y", y)
        steps = _deltas(code.get("DeltaX")), _deltas(code.get("DeltaY"))
        for character, at_x, at_y, advance in _walk(text, x, y, size * wide, steps):
            left, baseline = _apply(matrix, at_x, at_y)
            height = max(size * math.hypot(c, d), 1.0)
            right = left + max(advance * a, 0.1)
            drawing.raw.characters.append(
                Character(
                    character, left, baseline - _ASCENT * height, right, baseline + _DESCENT * height, baseline, height
                )
            )


def _coordinate(code: Any, name: str, before: float) -> float:
    """Where a text code starts; without a word of its own, where the one before it started."""
    return next(iter(numbers(code.get(name))), before)


def _walk(
    text: str, x: float, y: float, size: float, steps: tuple[list[float], list[float]]
) -> Iterator[tuple[str, float, float, float]]:
    """Each character with its place and its width. Without an offset for it, the next one follows by the width."""
    across, down = steps
    for index, character in enumerate(text):
        width = size * (0.5 if character.isascii() else 1.0)
        given = across[index] if index < len(across) else None
        yield character, x, y, given if given and 0 < given <= _WIDEST * size else width
        if given is not None:
            x += given
        elif not down:
            x += width
        y += down[index] if index < len(down) else 0.0


def _deltas(text: str | None) -> list[float]:
    """The offsets of a delta list; "g 3 4.5" stands for 4.5 three times (11.3)."""
    words = (text or "").split()
    offsets: list[float] = []
    position = 0
    while position < len(words) and len(offsets) < 100_000:
        if words[position] == "g":
            repeated = numbers(" ".join(words[position + 1 : position + 3]))
            if len(repeated) == 2:
                offsets += [repeated[1]] * int(min(max(repeated[0], 0), 100_000))
            position += 3
        else:
            offsets += numbers(words[position])
            position += 1
    return offsets


def _rules_of(element: Any, matrix: Matrix) -> Iterator[Rule]:
    """The rules a path draws: its stroked segments, or the shape itself where it is thin. Paths are stroked unless they say no."""
    stroked = element.get("Stroke") != "false"
    if not stroked and element.get("Fill") != "true":
        return
    white = _is_white(element, "StrokeColor" if stroked else "FillColor")
    data = " ".join(part.text or "" for part in find_all(element, "AbbreviatedData"))
    for points in _subpaths(data, matrix):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        x0, top, x1, bottom = min(xs), min(ys), max(xs), max(ys)
        if min(x1 - x0, bottom - top) <= _THICKEST_RULE:
            yield _centre_line(x0, top, x1, bottom, white)
        elif stroked and not (white and len(points) >= 4):
            for (ax, ay), (bx, by) in pairwise(points):
                if min(abs(ax - bx), abs(ay - by)) <= _STRAIGHT:
                    yield _centre_line(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by), white)


def _centre_line(x0: float, top: float, x1: float, bottom: float, white: bool) -> Rule:
    if x1 - x0 >= bottom - top:
        middle = (top + bottom) / 2
        return Rule(x0, middle, x1, middle, white)
    middle = (x0 + x1) / 2
    return Rule(middle, top, middle, bottom, white)


def _is_white(element: Any, name: str) -> bool:
    colour = next((child for child in element if local(child) == name), None)
    values = numbers(colour.get("Value")) if colour is not None else []
    return len(values) in (1, 3) and min(values) >= _WHITE


def _subpaths(data: str, matrix: Matrix) -> Iterator[list[Point]]:
    """The lines of a path as points on the page; a curve counts as the line to its end."""
    points: list[Point] = []
    for operator, values in _operations(data):
        if operator == "C":
            points.append(points[0]) if points else None
        elif len(values) == _END_POINT[operator]:
            if operator in "MS":
                if len(points) > 1:
                    yield points
                points = []
            points.append(_apply(matrix, values[-2], values[-1]))
    if len(points) > 1:
        yield points


def _operations(data: str) -> Iterator[tuple[str, list[float]]]:
    operator, values = "", list[float]()
    for found in _PATH.finditer(data):
        letter, number = found.groups()
        if letter:
            if operator:
                yield operator, values
            operator, values = (letter, []) if letter in _END_POINT or letter == "C" else ("", [])
        else:
            values += numbers(number)
    if operator:
        yield operator, values


def _add_image(element: Any, raw: RawPage) -> None:
    """The share of the page that a picture's boundary covers."""
    boundary = numbers(element.get("Boundary"))
    if len(boundary) == 4:
        covered = max(boundary[2], 0) * max(boundary[3], 0) * _POINTS**2
        raw.image_share = min(1.0, raw.image_share + covered / max(raw.width * raw.height, 1.0))
