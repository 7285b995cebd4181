"""The print inside a cell, without its rules and specks, cut into lines; and the lines of print outside tables.

What does not belong here: reading what is printed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any

import cv2
import numpy as np

from disclosure.extract.scan.raster import Pixels
from disclosure.extract.scan.rules import PixelBox
from disclosure.extract.scan.shapes import Shape, is_ring, strokes_of

_INK = 90  # darkness that is print
_POINT_INK = 80  # darkness of a small blurred point
_BROKEN_OFF, _BROKEN_SIZE = 0.4, 4  # heights of the line; pixels of ink
_SPECK = 5  # pixels across; smaller marks are dust unless they stand within a line of print
_SPECK_AREA = 12
_SMALLEST_PRINT = 0.5  # heights of a figure
_MOST_SPECKS = 12  # of a cell are compared
_LEAST_MARK = 3  # pixels of ink
_TORN = 5  # pixels of paper between the pieces of one torn character, at the most
_USUAL_HEIGHT, _TALLEST_CHARACTER = 18, 60
_DUST = 6  # pixels of ink; a decimal point has more
_DUST_REACH = 11  # pixels across within which dust stands alone
_RULE_EDGE = 2  # pixels along the border that still belong to its rule
_NEAR_BORDER = 6  # what lies within this of the border altogether is left of a rule
_MERGED_GAP = 3  # empty pixel rows between two lines of print
_LEAST_LINE = 7
_ONE_LINE = 1.3  # heights of a figure
_TWO_LINES = 2.3  # heights of a figure; one line of Han characters is about 1.5 as tall
_PAGE_LINE_GAP = 4.0  # character heights between words of one line
_BRIDGED = 45  # pixels between words of one line, at the most
_AROUND = 50  # pixels around all print of a page; more than any filter over it reaches
_TALLEST_PRINT = 110
_SHORTEST_PRINT = 9


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    """A line of print as grey picture (255 is paper) with its place on the page. `marks` counts its separate pieces of ink;
    `strokes` is the text of a line of nothing but straight strokes, known by their direction: / or dashes; `ring` says
    whether it is one ring and nothing else, perhaps torn above and below."""

    picture: Pixels
    box: PixelBox
    marks: int = 0
    strokes: str = ""
    ring: bool = False


@dataclass(frozen=True, slots=True)
class CellPrint:
    """The lines in a cell; `doubtful` when something at its border was taken for rule that could have been print."""

    lines: tuple[Print, ...]
    doubtful: bool = False


def prints_in_cells(ink: Pixels, cells: Sequence[PixelBox]) -> list[CellPrint]:
    """The lines printed in each cell from top to bottom; none for an empty cell."""
    found = _marks_of_cells(ink, cells)
    character = _usual_height([mark for marks, _ in found for mark in marks])
    return [
        _print_in_cell(ink, cell, marks, doubtful, character)
        for cell, (marks, doubtful) in zip(cells, found, strict=True)
    ]


def _print_in_cell(ink: Pixels, cell: PixelBox, marks: list[_Mark], doubtful: bool, character: int) -> CellPrint:
    kept = _drop_specks(marks, character)
    if not kept:
        return CellPrint((), doubtful or _may_be_torn(marks, character))
    x0, top, x1, bottom = cell
    inner = ink[top + 1 : bottom, x0 + 1 : x1]
    lines = _rows_of(kept, character)
    return CellPrint(
        tuple(_cut_line_of_cell(inner, cell, lines, index, character) for index in range(len(lines))), doubtful
    )


@dataclass(frozen=True, slots=True)
class _Mark:
    """A piece of connected ink in a cell. Pieces closer to each other than `_TORN` share their `cluster`."""

    left: int
    top: int
    right: int
    bottom: int
    area: int
    cluster: int

    @property
    def size(self) -> int:
        return max(self.right - self.left, self.bottom - self.top)


def _marks_of_cells(ink: Pixels, cells: Sequence[PixelBox]) -> list[tuple[list[_Mark], bool]]:
    """For each cell the pieces of ink but for what its rules left along the border, and whether one of those could be print."""
    found: list[tuple[list[_Mark], bool]] = [([], False) for _ in cells]
    if not cells:
        return found
    from_x, from_y, to_x, to_y = _hull_of(cells)
    shape = to_y - from_y, to_x - from_x
    owner, deep = np.zeros(shape, np.int16), np.zeros(shape, bool)
    for index, (x0, top, x1, bottom) in enumerate(cells, start=1):
        if bottom - top > _LEAST_LINE and x1 - x0 > 5:
            within = x0 - from_x, top - from_y, x1 - from_x, bottom - from_y
            owner[_within(*within, _RULE_EDGE)] = index
            deep[_within(*within, _NEAR_BORDER)] = True
    mask = ((ink[from_y:to_y, from_x:to_x] >= _INK) & (owner > 0)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    printed = np.flatnonzero(mask > 0)
    holding = labels.ravel()[printed]
    inside = np.zeros(count, bool)
    inside[holding[deep.ravel()[printed]]] = True
    holder = np.zeros(count, np.int64)
    holder[holding] = owner.ravel()[printed]
    _, groups = cv2.connectedComponents(cv2.dilate(mask, np.ones((_TORN, _TORN), np.uint8)), connectivity=8)
    cluster = np.zeros(count, np.int64)
    cluster[holding] = groups.ravel()[printed]
    stats[:, cv2.CC_STAT_LEFT] += from_x
    stats[:, cv2.CC_STAT_TOP] += from_y
    doubtful = np.zeros(len(cells), bool)
    columns = zip(holder.tolist(), inside.tolist(), cluster.tolist(), stats.tolist(), strict=True)
    for place, is_inside, group, (left, top, across, down, area) in islice(columns, 1, None):
        if area < _LEAST_MARK:
            continue
        x0, y0, x1, y1 = cells[place - 1]
        width, height = x1 - x0 - 1, y1 - y0 - 1
        # where cells of a grid that is no table overlap, a mark may reach out of the one that holds it
        mark = _Mark(
            max(left - x0 - 1, 0),
            max(top - y0 - 1, 0),
            min(left - x0 - 1 + across, width),
            min(top - y0 - 1 + down, height),
            area,
            group,
        )
        if not is_inside:
            touches = mark.left <= _RULE_EDGE or mark.right >= width - _RULE_EDGE
            amid = mark.top > _NEAR_BORDER and mark.bottom < height - _NEAR_BORDER
            doubtful[place - 1] |= not touches and down > _SPECK and amid
        elif (across >= 0.8 * width or down >= 0.8 * height) and area < 0.3 * across * down and min(across, down) < 8:
            doubtful[place - 1] = True
        else:
            found[place - 1][0].append(mark)
    return [(marks, bool(unsure)) for (marks, _), unsure in zip(found, doubtful, strict=True)]


def _hull_of(boxes: Sequence[PixelBox]) -> PixelBox:
    """The smallest box around some boxes."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _within(x0: int, top: int, x1: int, bottom: int, edge: int) -> tuple[slice, slice]:
    """The inner part of a cell without so many pixels along its border."""
    return slice(top + 1 + edge, max(0, bottom - edge)), slice(x0 + 1 + edge, max(0, x1 - edge))


def _usual_height(marks: list[_Mark]) -> int:
    """The usual height of a printed character, in pixels; torn ones are taken whole."""
    heights = [
        bottom - top
        for left, top, right, bottom in map(_extent, _clusters(marks).values())
        if _SHORTEST_PRINT <= bottom - top <= _TALLEST_CHARACTER and right - left <= _TALLEST_CHARACTER
    ]
    return int(np.median(heights)) if heights else _USUAL_HEIGHT


def _clusters(marks: Iterable[_Mark]) -> dict[int, list[_Mark]]:
    clusters: dict[int, list[_Mark]] = defaultdict(list)
    for mark in marks:
        clusters[mark.cluster].append(mark)
    return clusters


def _drop_specks(marks: list[_Mark], character: int) -> list[_Mark]:
    """Marks without dust. The pieces of torn print count together; small ones else only beside print, as points do."""
    kept: list[_Mark] = []
    waiting: list[_Mark] = []
    for members in _clusters(marks).values():
        (kept if _is_print(members, character) else waiting).extend(members)
    solid = [mark for mark in kept if mark.size > _SPECK]
    reach = max(6, character // 2)
    for mark in waiting:
        if any(
            mark.left <= other.right + reach
            and mark.right >= other.left - reach
            and mark.top <= other.bottom + 2
            and mark.bottom >= other.top - 2
            for other in solid
        ):
            kept.append(mark)
    return kept


def _may_be_torn(specks: list[_Mark], character: int) -> bool:
    """Whether some specks stand as close as what is left of one character."""
    if sum(mark.area for mark in specks) <= _SPECK_AREA:
        return any(
            abs(one.left - other.left) <= character and abs(one.top - other.top) <= character
            for one, other in combinations(specks[:_MOST_SPECKS], 2)
        )
    return bool(specks)


def _is_print(members: list[_Mark], character: int) -> bool:
    """Whether marks that stand together are print, and no speck: as large as half a character, or a dash."""
    left, top, right, bottom = _extent(members)
    large = max(bottom - top, right - left) >= _SMALLEST_PRINT * character
    return (large and sum(mark.area for mark in members) > _SPECK_AREA) or any(
        mark.size > _SPECK and _is_dash(mark, character) for mark in members
    )


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
    lines = _join_fragments(_join_halves(groups, character))
    return [line for group in lines for line in _part_touching(group, character)]


def _join_halves(groups: list[list[_Mark]], character: int) -> list[list[_Mark]]:
    """The upper and lower part of a torn line as one: together they are no taller than a character."""
    joined: list[list[_Mark]] = []
    for group in groups:
        if joined:
            _, top, _, _ = _extent(joined[-1])
            if _extent(group)[3] - top <= _ONE_LINE * character:
                joined[-1] += group
                continue
        joined.append(group)
    return joined


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
    members = iter(marks)
    first = next(members)
    left, top, right, bottom = first.left, first.top, first.right, first.bottom
    for mark in members:
        left = mark.left if mark.left < left else left
        top = mark.top if mark.top < top else top
        right = mark.right if mark.right > right else right
        bottom = mark.bottom if mark.bottom > bottom else bottom
    return left, top, right, bottom


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
    strokes = strokes_of([_ink_of(inner, mark) for mark in sorted(line, key=lambda mark: mark.left)])
    ring = not strokes and is_ring(inner[top:bottom, left:right] >= _INK)
    return Print(np.asarray(picture, np.uint8), box, len(line) + _points_unseen(inner, line), strokes, ring)


def _ink_of(inner: Pixels, mark: _Mark) -> Shape:
    return inner[mark.top : mark.bottom, mark.left : mark.right] >= _INK


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


def lines_outside(ink: Pixels, tables: list[PixelBox]) -> list[Print]:
    """Lines of print outside the tables, from top to bottom."""
    mask = (ink >= _INK).astype(np.uint8)
    for x0, top, x1, bottom in tables:
        mask[max(0, top - 6) : bottom + 7, max(0, x0 - 8) : x1 + 9] = 0
    left, top, across, down = cv2.boundingRect(mask)
    if not across:
        return []
    from_x, from_y = max(0, left - _AROUND), max(0, top - _AROUND)
    mask = _without_dust(mask[from_y : top + down + _AROUND, from_x : left + across + _AROUND])
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, _BRIDGED), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    boxes = [
        (from_x + left, from_y + top, from_x + left + across, from_y + top + down)
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
