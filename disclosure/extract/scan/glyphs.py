"""The print inside a cell, without its rules and specks, cut into lines; and the lines of print outside tables.

What does not belong here: reading what is printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from disclosure.extract.scan.raster import Pixels
from disclosure.extract.scan.rules import PixelBox

_INK = 90  # darkness that is print
_POINT_INK = 80  # darkness of a small blurred point
_BROKEN_OFF, _BROKEN_SIZE = 0.4, 4  # heights of the line; pixels of ink
_MOST_STROKES = 3
_STRAIGHT = 0.03  # of the variance along a stroke is across it, at the most
_LEANS, _LIES = 16.0, 72.0  # degrees from the vertical
_SPECK = 5  # pixels across; smaller marks are dust unless they stand within a line of print
_SPECK_AREA = 12
_DUST = 6  # pixels of ink; a decimal point has more
_DUST_REACH = 11  # pixels across within which dust stands alone
_RULE_EDGE = 2  # pixels along the border that still belong to its rule
_NEAR_BORDER = 6  # what lies within this of the border altogether is left of a rule
_MERGED_GAP = 3  # empty pixel rows between two lines of print
_LEAST_LINE = 7
_TWO_LINES = 2.3  # heights of a figure; one line of Han characters is about 1.5 as tall
_PAGE_LINE_GAP = 4.0  # character heights between words of one line
_TALLEST_PRINT = 110
_SHORTEST_PRINT = 9


@dataclass(frozen=True, slots=True)
class Print:
    """A line of print as grey picture (255 is paper) with its place on the page. `marks` counts its separate pieces of ink;
    `strokes` is the text of a line of nothing but straight strokes, known by their direction: / or dashes."""

    picture: Pixels
    box: PixelBox
    marks: int = 0
    strokes: str = ""


@dataclass(frozen=True, slots=True)
class CellPrint:
    """The lines in a cell; `doubtful` when something at its border was taken for rule that could have been print."""

    lines: tuple[Print, ...]
    doubtful: bool = False


def print_in_cell(ink: Pixels, cell: PixelBox, character: int) -> CellPrint:
    """The lines printed in a cell from top to bottom; none for an empty cell. `character` is the usual height of print."""
    x0, top, x1, bottom = cell
    inner = ink[top + 1 : bottom, x0 + 1 : x1]
    if inner.shape[0] < _LEAST_LINE or inner.shape[1] < 4:
        return CellPrint(())
    marks, doubtful = _marks(inner)
    kept = _drop_specks(marks, character)
    if not kept:
        return CellPrint((), doubtful)
    lines = _rows_of(kept, character)
    return CellPrint(
        tuple(_cut_line_of_cell(inner, cell, lines, index, character) for index in range(len(lines))), doubtful
    )


@dataclass(frozen=True, slots=True)
class _Mark:
    """A piece of connected ink."""

    left: int
    top: int
    right: int
    bottom: int
    area: int

    @property
    def size(self) -> int:
        return max(self.right - self.left, self.bottom - self.top)


def _marks(inner: Pixels) -> tuple[list[_Mark], bool]:
    """The pieces of ink in a cell but for what its rules left along the border, and whether one of those could be print."""
    height, width = inner.shape
    ink = (inner >= _INK).astype(np.uint8)
    ink[:_RULE_EDGE], ink[-_RULE_EDGE:], ink[:, :_RULE_EDGE], ink[:, -_RULE_EDGE:] = 0, 0, 0, 0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    inside = set(np.unique(labels[_NEAR_BORDER:-_NEAR_BORDER, _NEAR_BORDER:-_NEAR_BORDER]).tolist())
    marks, doubtful = [], False
    for index, (left, top, across, down, area) in enumerate(stats[1:].tolist(), start=1):
        if area <= _DUST:
            continue
        mark = _Mark(left, top, left + across, top + down, area)
        if index not in inside:
            touches = left <= _RULE_EDGE or mark.right >= width - _RULE_EDGE
            doubtful |= not touches and down > _SPECK and top > _NEAR_BORDER and mark.bottom < height - _NEAR_BORDER
        elif (across >= 0.8 * width or down >= 0.8 * height) and area < 0.3 * across * down and min(across, down) < 8:
            doubtful = True
        else:
            marks.append(mark)
    return marks, doubtful


def _drop_specks(marks: list[_Mark], character: int) -> list[_Mark]:
    """Marks without dust: small ones count only beside a larger one, as points and broken strokes do."""
    large = [mark for mark in marks if mark.size > _SPECK and (mark.area > _SPECK_AREA or _is_dash(mark, character))]
    reach = max(6, character // 2)
    kept = list(large)
    for mark in marks:
        if mark in large or mark.area < 3:
            continue
        if any(
            mark.left <= other.right + reach
            and mark.right >= other.left - reach
            and mark.top <= other.bottom + 2
            and mark.bottom >= other.top - 2
            for other in large
        ):
            kept.append(mark)
    return kept


def _is_dash(mark: _Mark, character: int) -> bool:
    across, down = mark.right - mark.left, mark.bottom - mark.top
    return across >= 0.4 * character and down <= 0.35 * across


def _rows_of(marks: list[_Mark], character: int) -> list[list[_Mark]]:
    """Marks grouped into lines of print by the empty pixel rows between them; where lines touch, by the middle of each mark."""
    groups: list[list[_Mark]] = []
    reached = -1000
    for mark in sorted(marks, key=lambda mark: mark.top):
        if groups and mark.top <= reached + _MERGED_GAP:
            groups[-1].append(mark)
            reached = max(reached, mark.bottom)
        else:
            groups.append([mark])
            reached = mark.bottom
    return [line for group in _join_fragments(groups) for line in _part_touching(group, character)]


def _part_touching(group: list[_Mark], character: int) -> list[list[_Mark]]:
    """Lines that no empty row parts: cut where least ink crosses."""
    _, top, _, bottom = _extent(group)
    if bottom - top < _TWO_LINES * character:
        return [group]
    profile = np.zeros(bottom - top)
    for mark in group:
        profile[mark.top - top : mark.bottom - top] += mark.right - mark.left
    margin = character // 2
    cut = top + margin + int(np.argmin(profile[margin : len(profile) - margin]))
    upper = [mark for mark in group if (mark.top + mark.bottom) / 2 < cut]
    lower = [mark for mark in group if (mark.top + mark.bottom) / 2 >= cut]
    if not upper or not lower or max(_extent(upper)[3], cut) - top >= bottom - top - 4:
        return [group]
    return [*_part_touching(upper, character), *_part_touching(lower, character)]


def _join_fragments(groups: list[list[_Mark]]) -> list[list[_Mark]]:
    """Low lines (the strokes of 二, the foot of a comma) belong to the line next to them."""
    heights = [_extent(group)[3] - _extent(group)[1] for group in groups]
    tallest = max(heights)
    joined: list[list[_Mark]] = []
    low_before = False
    for group, height in zip(groups, heights, strict=True):
        low = height < 0.45 * tallest
        if joined and (low or low_before):
            joined[-1] += group
            low_before = False
        else:
            joined.append(group)
            low_before = low
    return joined


def _extent(marks: Iterable[_Mark]) -> PixelBox:
    members = list(marks)
    return (
        min(mark.left for mark in members),
        min(mark.top for mark in members),
        max(mark.right for mark in members),
        max(mark.bottom for mark in members),
    )


def _hull(inner: Pixels, line: list[_Mark], others: list[_Mark]) -> Pixels:
    """All that is printed where a line stands, as dark on white; marks that belong to other lines are left out. Small marks
    within the line stay: one of them may be a decimal point."""
    left, top, right, bottom = _extent(line)
    picture = 255 - inner[top:bottom, left:right]
    for other in others:
        x0, x1 = max(other.left, left), min(other.right, right)
        y0, y1 = max(other.top, top), min(other.bottom, bottom)
        if x0 < x1 and y0 < y1:
            picture[y0 - top : y1 - top, x0 - left : x1 - left] = 255
    return np.asarray(picture, np.uint8)


def _cut_line_of_cell(inner: Pixels, cell: PixelBox, lines: list[list[_Mark]], index: int, character: int) -> Print:
    """One line by itself; a dash alone keeps the height of a character around it."""
    line = lines[index]
    others = [mark for number, other in enumerate(lines) if number != index for mark in other]
    left, top, right, bottom = _extent(line)
    lacking = max(0, character - (bottom - top))
    picture = cv2.copyMakeBorder(
        _hull(inner, line, others), lacking // 2, lacking - lacking // 2, 0, 0, cv2.BORDER_CONSTANT, value=(255.0,)
    )
    box = (cell[0] + 1 + left, cell[1] + 1 + top, cell[0] + 1 + right, cell[1] + 1 + bottom)
    strokes = _strokes(inner, line)
    return Print(np.asarray(picture, np.uint8), box, len(line) + _points_unseen(inner, line), strokes)


def _strokes(inner: Pixels, line: list[_Mark]) -> str:
    """`/` or dashes where a line has nothing else, else "". Recognition takes a lone slash for a 1."""
    if len(line) > _MOST_STROKES:
        return ""
    directions = [_direction(inner, mark) for mark in sorted(line, key=lambda mark: mark.left)]
    if directions == ["/"]:
        return "/"
    return "-" * len(line) if set(directions) == {"-"} else ""


def _direction(inner: Pixels, mark: _Mark) -> str:
    """`/` or `-` for a straight stroke that leans or lies, "" for anything else."""
    ys, xs = np.nonzero(inner[mark.top : mark.bottom, mark.left : mark.right] >= _INK)
    if len(xs) < 6:
        return ""
    values, vectors = np.linalg.eigh(np.cov(np.stack([xs, ys]).astype(np.float64)))
    if values[0] > _STRAIGHT * values[1]:
        return ""
    along_x, along_y = vectors[:, 1]
    upright = abs(float(np.degrees(np.arctan2(along_x, along_y))))  # degrees from the vertical, 90 lies flat
    upright = min(upright, 180 - upright)
    if upright >= _LIES:
        return "-"
    rises = along_x * along_y < 0  # the right end is the upper one
    return "/" if upright >= _LEANS and rises else ""


def _points_unseen(inner: Pixels, line: list[_Mark]) -> int:
    """Marks too small to count that stand where a decimal point would, low in the line and between its figures, or close
    beside it, as the pieces of broken print do."""
    left, top, right, bottom = _extent(line)
    reach = round(_BROKEN_OFF * (bottom - top))
    x0, low = max(_NEAR_BORDER, left - reach), top + round(0.6 * (bottom - top))
    x1 = min(inner.shape[1] - _NEAR_BORDER, right + reach)
    area = (inner[top : bottom + 2, x0:x1] >= _POINT_INK).astype(np.uint8)
    area[:, max(0, left - x0 - 2) : left - x0] = 0
    area[:, right - x0 : right - x0 + 2] = 0
    for mark in line:
        area[:, max(0, mark.left - x0 - 1) : max(0, mark.right - x0 + 1)] = 0
    _, _, stats, _ = cv2.connectedComponentsWithStats(area, connectivity=8)
    unseen = 0
    for x, y, _, down, size in stats[1:].tolist():
        between = left - x0 <= x < right - x0 and y + down > low - top
        unseen += size >= (3 if between else _BROKEN_SIZE)
    return unseen


def usual_height(ink: Pixels, cells: list[PixelBox]) -> int:
    """The usual height of a printed character in these cells, in pixels."""
    heights: list[int] = []
    for x0, top, x1, bottom in cells[:400]:
        inner = ink[top + 1 : bottom, x0 + 1 : x1]
        if inner.size:
            heights += [
                mark.bottom - mark.top
                for mark in _marks(inner)[0]
                if _SHORTEST_PRINT <= mark.bottom - mark.top <= 60 and mark.right - mark.left <= 60
            ]
    return int(np.median(heights)) if heights else 18


def lines_outside(ink: Pixels, tables: list[PixelBox]) -> list[Print]:
    """Lines of print outside the tables, from top to bottom."""
    mask = (ink >= _INK).astype(np.uint8)
    for x0, top, x1, bottom in tables:
        mask[max(0, top - 6) : bottom + 7, max(0, x0 - 8) : x1 + 9] = 0
    mask = _without_dust(mask)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, 45), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    boxes = [
        (left, top, left + across, top + down)
        for left, top, across, down, _ in stats[1:].tolist()
        if down >= 4 and across >= 4
    ]
    return [_cut_line(ink, box) for box in _gather(boxes)]


def _without_dust(mask: Pixels) -> Pixels:
    """The ink without specks that stand alone: around print there is more of it."""
    around = cv2.boxFilter(mask, -1, (_DUST_REACH, _DUST_REACH), normalize=False)
    return np.where(around > _DUST, mask, 0).astype(np.uint8)


def _gather(boxes: list[PixelBox]) -> Iterator[PixelBox]:
    """Boxes that share most of their height, joined into lines."""
    lines: list[list[int]] = []
    for left, top, right, bottom in sorted(boxes, key=lambda box: -(box[3] - box[1])):
        holder = next(
            (
                line
                for line in lines
                if min(line[3], bottom) - max(line[1], top) >= 0.5 * (bottom - top)
                and max(line[0], left) - min(line[2], right) <= _PAGE_LINE_GAP * (line[3] - line[1])
                and max(line[3], bottom) - min(line[1], top) <= 1.5 * (line[3] - line[1])
            ),
            None,
        )
        if holder is None:
            lines.append([left, top, right, bottom])
        else:
            holder[:] = [min(holder[0], left), min(holder[1], top), max(holder[2], right), max(holder[3], bottom)]
    for left, top, right, bottom in sorted(lines, key=lambda line: (line[1], line[0])):
        if _SHORTEST_PRINT <= bottom - top <= _TALLEST_PRINT:
            yield left, top, right, bottom


def _cut_line(ink: Pixels, box: PixelBox) -> Print:
    left, top, right, bottom = box
    margin = 2
    picture: Any = 255 - ink[max(0, top - margin) : bottom + margin, max(0, left - margin) : right + margin]
    return Print(np.asarray(picture, np.uint8), box)
