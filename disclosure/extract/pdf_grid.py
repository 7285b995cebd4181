"""From the rules of a page to the cells they enclose, table by table.

The steps are those of pdfplumber's table finder: rules snapped, joined and crossed, the smallest cells between crossings,
cells with a common corner as one table. Its own functions are the yardstick in the tests; here lines and crossings are looked
up by their place instead of compared with all others. Outer rules that a page break or a careless printer left out are added
first. What does not belong here: characters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from disclosure.document import Box
from disclosure.extract.pdf_pages import Rule

_SHORTEST_RULE = 3.0  # points
_TOLERANCE = 4.0  # points that rules may miss each other at a corner, or a dashed rule be broken
_SNAP = 3.0  # points within which parallel rules are one (double rules)
_MOST_COMPARED = 1_000_000  # pairs of lines compared in one go


Line = tuple[float, float, float]  # its y (or x), and where it starts and ends in the other direction


class Lines(NamedTuple):
    horizontal: list[Line]
    vertical: list[Line]


_Place = tuple[int, int]  # column and row of a crossing
_Crossings = defaultdict[_Place, int]


def find_cells(rules: Sequence[Rule]) -> list[list[Box]]:
    """The cells that rules enclose, table by table from top to bottom; a single frame is no table."""
    lines = join_lines(*_lines_of(rules))
    if len(lines.horizontal) + len(lines.vertical) < 4:
        return []
    outer = _missing_outer_lines(lines)
    if outer.horizontal or outer.vertical:
        lines = join_lines(lines.horizontal + outer.horizontal, lines.vertical + outer.vertical)
    return tables_of(cells_between(lines))


def _lines_of(rules: Sequence[Rule]) -> Lines:
    lines = Lines([], [])
    for x0, top, x1, bottom, _ in rules:
        if x1 - x0 >= bottom - top:
            lines.horizontal.append((top, x0, x1))
        else:
            lines.vertical.append((x0, top, bottom))
    return lines


def join_lines(horizontal: Sequence[Line], vertical: Sequence[Line]) -> Lines:
    """Lines a hair apart as one, pieces of a dashed line as a whole, and what is then still too short left out."""
    return Lines(list(_join(horizontal)), list(_join(vertical)))


def _join(lines: Sequence[Line]) -> Iterator[Line]:
    for place, spans in _snap(lines):
        start, end = spans[0]
        for next_start, next_end in spans[1:]:
            if next_start <= end + _TOLERANCE:
                end = max(end, next_end)
                continue
            if end - start >= _SHORTEST_RULE:
                yield place, start, end
            start, end = next_start, next_end
        if end - start >= _SHORTEST_RULE:
            yield place, start, end


def _snap(lines: Sequence[Line]) -> Iterator[tuple[float, list[tuple[float, float]]]]:
    """The mean place of parallel lines whose places follow each other closely, and from where to where they run, in order."""
    near: list[Line] = []
    for line in sorted(lines):
        if near and line[0] > near[-1][0] + _SNAP:
            yield _merged(near)
            near = []
        near.append(line)
    if near:
        yield _merged(near)


def _merged(lines: Sequence[Line]) -> tuple[float, list[tuple[float, float]]]:
    places, starts, ends = zip(*lines, strict=True)
    return sum(places) / len(places), sorted(zip(starts, ends, strict=True))


def _missing_outer_lines(lines: Lines) -> Lines:
    """Lines that close a table where its grid reaches further than its outline.

    A row continued on the next page has no rule above it there (洪泽 2023, page 3), and some forms leave their sides open.
    """
    added = Lines([], [])
    for group in _connected(lines):
        if len(group.vertical) < 2 or len(group.horizontal) < 2:
            continue
        left = min(group.vertical[0][0], min(start for _, start, _ in group.horizontal))
        right = max(group.vertical[-1][0], max(end for _, _, end in group.horizontal))
        top = min(group.horizontal[0][0], min(start for _, start, _ in group.vertical))
        bottom = max(group.horizontal[-1][0], max(end for _, _, end in group.vertical))
        added.horizontal.extend(
            (y, left, right) for y in (top, bottom) if not _covered(group.horizontal, y, left, right)
        )
        added.vertical.extend((x, top, bottom) for x in (left, right) if not _covered(group.vertical, x, top, bottom))
    return added


def _covered(lines: Sequence[Line], place: float, start: float, end: float) -> bool:
    """Whether lines at a place reach from start to end without a gap."""
    reached = start + _TOLERANCE
    for low, high in sorted(line[1:] for line in lines if abs(line[0] - place) <= _TOLERANCE):
        if low > reached + _TOLERANCE:
            return False
        reached = max(reached, high)
    return reached >= end - _TOLERANCE


def _connected(lines: Lines) -> list[Lines]:
    """Lines grouped by touching: each group is one ruled area."""
    boxes = [(start, place, end, place) for place, start, end in lines.horizontal]
    boxes += [(place, start, place, end) for place, start, end in lines.vertical]
    parent = list(range(len(boxes)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    active: list[int] = []
    for number in sorted(range(len(boxes)), key=lambda number: boxes[number][1]):
        x0, top, x1, _ = boxes[number]
        active = [other for other in active if boxes[other][3] >= top - _TOLERANCE]
        for other in active:
            if boxes[other][0] - _TOLERANCE <= x1 and x0 - _TOLERANCE <= boxes[other][2]:
                parent[root(number)] = root(other)
        active.append(number)
    groups: dict[int, Lines] = defaultdict(lambda: Lines([], []))
    for number, line in enumerate(lines.horizontal):
        groups[root(number)].horizontal.append(line)
    for number, line in enumerate(lines.vertical, len(lines.horizontal)):
        groups[root(number)].vertical.append(line)
    return list(groups.values())


def cells_between(lines: Lines) -> list[Box]:
    """The smallest rectangle right below each crossing whose sides are lines, to a hundredth of a point."""
    down, across = _cross(lines)
    xs, ys = ([round(place, 2) for place in _places(some)] for some in (lines.vertical, lines.horizontal))
    cells: list[Box] = []
    for _, column in groupby(sorted(down), key=itemgetter(0)):
        places = list(column)
        for rank, corner in enumerate(places, 1):
            opposite = _opposite(corner, places[rank:], down, across)
            if opposite:
                cells.append((xs[corner[0]], ys[corner[1]], xs[opposite[0]], ys[opposite[1]]))
    return cells


def _places(lines: Sequence[Line]) -> list[float]:
    return sorted({line[0] for line in lines})


def _cross(lines: Lines) -> tuple[_Crossings, _Crossings]:
    """The crossings of lines, which may miss each other by less than the tolerance, each as set bits: of those vertical
    lines at its x that go through it (a line may have gaps), and of the columns that its horizontal lines reach."""
    down: _Crossings = defaultdict(int)
    across: _Crossings = defaultdict(int)
    if not lines.horizontal or not lines.vertical:
        return down, across
    columns, rows = _numbered(lines.vertical), _numbered(lines.horizontal)
    place, start, end = np.array(lines.horizontal).T
    crossings: list[tuple[_Place, int, int]] = []
    reached = [0] * len(lines.horizontal)
    block = max(1, _MOST_COMPARED // len(lines.horizontal))
    for first in range(0, len(lines.vertical), block):
        x, top, bottom = np.array(lines.vertical[first : first + block]).T[:, :, None]
        meets = (top <= place + _TOLERANCE) & (bottom >= place - _TOLERANCE)
        meets &= (x >= start - _TOLERANCE) & (x <= end + _TOLERANCE)
        for vertical, horizontal in np.argwhere(meets).tolist():
            column, bit = columns[first + vertical]
            reached[horizontal] |= 1 << column
            crossings.append(((column, rows[horizontal][0]), bit, horizontal))
    for at, bit, horizontal in crossings:
        down[at] |= bit
        across[at] |= reached[horizontal]
    return down, across


def _numbered(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """For each line the number of its place, and a bit of its own among the lines at that place."""
    number = {place: index for index, place in enumerate(_places(lines))}
    seen: dict[float, int] = defaultdict(int)
    numbered: list[tuple[int, int]] = []
    for place, _, _ in lines:
        numbered.append((number[place], 1 << seen[place]))
        seen[place] += 1
    return numbered


def _opposite(corner: _Place, below: Sequence[_Place], down: _Crossings, across: _Crossings) -> _Place | None:
    """The lower right corner of the smallest cell whose upper left corner this is, among the crossings below it."""
    to_the_right = across[corner] & -(2 << corner[0])
    for lower in below:
        if not down[corner] & down[lower]:
            continue
        columns = to_the_right & across[lower]
        while columns:
            nearest = columns & -columns
            column = nearest.bit_length() - 1
            if down[column, corner[1]] & down[column, lower[1]]:
                return column, lower[1]
            columns ^= nearest
    return None


def tables_of(cells: Sequence[Box]) -> list[list[Box]]:
    """Cells that touch at a corner, directly or through others, as one table; a cell alone is none."""
    table_at: dict[tuple[float, float], int] = {}
    tables: dict[int, list[Box]] = {}
    for number, cell in enumerate(cells):
        x0, top, x1, bottom = cell
        corners = (x0, top), (x0, bottom), (x1, top), (x1, bottom)
        touched = {table_at[corner] for corner in corners if corner in table_at}
        table = touched.pop() if touched else number
        for other in touched:
            tables[table] += tables.pop(other)
            table_at.update((corner, table) for corner, at in list(table_at.items()) if at == other)
        tables.setdefault(table, []).append(cell)
        for corner in corners:
            table_at[corner] = table
    found = [sorted(table) for table in tables.values() if len(table) > 1]
    return sorted(found, key=lambda table: min((cell[1], cell[0]) for cell in table))
