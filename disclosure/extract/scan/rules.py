"""The drawn rules of a straightened page and the cells between them, in pixels.

A rule is sought by the darkness along a stretch much longer than a stroke of print, so that a hairline that scanning broke up or
left grey is still one. Strokes of large print are told apart by their ends: a rule ends on rules. What does not belong here:
print.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import cv2
import numpy as np

from disclosure.extract.scan.raster import Pixels

PixelBox = tuple[int, int, int, int]  # x0, top, x1, bottom

_STRETCH = {"h": 41, "v": 25}  # pixels over which darkness is averaged
_SHORTEST = {"h": 40, "v": 26}
_FAINTEST = 36  # how much the faintest rule is darker than what lies beside it
_DARK_ENOUGH = 90  # darker counts no more: short black strokes are not to outweigh their gaps
_BESIDE = 4  # pixels on either side of a rule that are looked at
_THICKEST = 9
_SOLID = 0.72  # share of a stretch that is drawn; a row of printed strokes has more gaps
_MEETS = 6  # pixels by which rules may miss each other
_LONG = 150  # pixels; no row or column of printed strokes is as long and as solid
_SAME_LINE = 7  # pixels within which segments are one line of the grid
_COVERED = 0.5  # share of a side that has to be drawn
_COVERED_BY_RULES = 0.8  # share of it that makes it a part of a rule
_LONGEST_OVERSHOT = 15  # pixels by which a rule may pass its last corner


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a rule: `at` is its row (horizontal) or column (vertical), from `start` to `end` along it."""

    horizontal: bool
    at: float
    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class RuledTable:
    """The cells of one ruled area, from the top left, and the lines of its grid."""

    cells: tuple[PixelBox, ...]
    xs: tuple[int, ...]
    ys: tuple[int, ...]

    @property
    def box(self) -> PixelBox:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]


@dataclass(frozen=True, slots=True)
class Ridges:
    """Per pixel, by how much it is darker than the paper on both sides of a line through it, across and down (transposed)."""

    across: Pixels
    down: Pixels


def find_ridges(ink: Pixels) -> Ridges:
    return Ridges(_ridge(ink), _ridge(np.asarray(cv2.transpose(ink), np.uint8)))


def _ridge(ink: Pixels) -> Pixels:
    smooth = cv2.blur(ink, (5, 1))
    beside = cv2.blur(smooth, (1, _BESIDE))
    reach = _BESIDE // 2 + _BESIDE
    padded = cv2.copyMakeBorder(beside, reach, reach, 0, 0, cv2.BORDER_REPLICATE)
    height = ink.shape[0]
    above, below = padded[:height], padded[2 * reach : 2 * reach + height]
    return np.asarray(cv2.subtract(smooth, cv2.max(above, below)), np.uint8)


def find_segments(ridges: Ridges) -> list[Segment]:
    """All straight stretches that could be rules, some strokes of print among them."""
    return [*_along(ridges.across, True), *_along(ridges.down, False)]


def _along(ridge: Pixels, horizontal: bool) -> Iterable[Segment]:
    """Stretches along the rows of `ridge` (which is transposed for vertical rules)."""
    stretch = _STRETCH["h" if horizontal else "v"]
    shortest = _SHORTEST["h" if horizontal else "v"]
    mean = cv2.blur(np.minimum(ridge, _DARK_ENOUGH), (stretch, 1))
    darkest = cv2.dilate(mean, np.ones((7, 1), np.uint8))
    line = cv2.bitwise_and(cv2.inRange(mean, _FAINTEST, 255), cv2.inRange(cv2.subtract(darkest, mean), 0, 3))  # type: ignore[call-overload]
    mask = np.asarray(cv2.dilate(line, np.ones((2, 1), np.uint8)), np.uint8)
    for left, top, width, height in _pieces(mask, shortest, _THICKEST + 6):
        at = top + _centre_of_rows(np.asarray(mean, np.uint8)[top : top + height, left : left + width])
        ends = _trim(ridge, round(at), left, left + width)
        if ends is not None and ends[1] - ends[0] >= shortest:
            yield Segment(horizontal, at, *ends)


def _pieces(mask: Pixels, shortest: int, tallest: int) -> list[list[int]]:
    """Left, top, width and height of the connected pieces that are long and low enough. Rules cover little of a page, so that
    looking at their pixels alone costs a fraction of the statistics over all pixels."""
    count, labels = cv2.connectedComponents(mask, connectivity=8)
    places = np.flatnonzero(mask > 0)
    if not len(places):
        return []
    holder = labels.ravel()[places]
    order = np.argsort(holder, kind="stable")  # within a piece still from the top down
    starts = np.searchsorted(holder[order], np.arange(1, count))
    rows, columns = np.divmod(places[order], mask.shape[1])
    left, right = np.minimum.reduceat(columns, starts), np.maximum.reduceat(columns, starts) + 1
    top, bottom = rows[starts], rows[np.append(starts[1:], len(rows)) - 1] + 1
    found = np.stack([left, top, right - left, bottom - top], axis=1)
    return found[(found[:, 2] >= shortest) & (found[:, 3] <= tallest)].tolist()


def _centre_of_rows(band: Pixels) -> float:
    """The row around which the darkness of a band gathers."""
    profile = cv2.reduce(band, 1, cv2.REDUCE_AVG, dtype=cv2.CV_64F).ravel().tolist()
    bar = 0.5 * max(profile)
    weights = [max(value - bar, 0.0) for value in profile]
    return sum(row * weight for row, weight in enumerate(weights)) / sum(weights)


def _trim(ridge: Pixels, at: int, start: int, end: int) -> tuple[int, int] | None:
    """Where a stretch really begins and ends; None when too little of it is drawn, as along a line of print."""
    darkest = cv2.reduce(ridge[max(0, at - 2) : at + 3, start:end], 0, cv2.REDUCE_MAX)
    places = np.flatnonzero(darkest >= _FAINTEST)
    if not len(places) or len(places) < _SOLID * (places[-1] - places[0] + 1):
        return None
    return start + int(places[0]), start + int(places[-1]) + 1


def find_tables(segments: list[Segment], ridges: Ridges) -> list[RuledTable]:
    """The ruled areas of a page from top to bottom, cut into cells; frames with one cell are left out."""
    tables = []
    for group in _connected(_drop_strokes(segments)):
        table = _cut(group, ridges)
        if table is not None and len(table.cells) > 1:
            tables.append(table)
    return sorted(tables, key=lambda table: table.ys[0])


def _drop_strokes(segments: list[Segment]) -> list[Segment]:
    """The long segments, and from them outwards the short ones that run from rule to rule; strokes of print do not."""
    trusted = [one for one in segments if one.length >= _LONG]
    waiting = [one for one in segments if one.length < _LONG]
    while True:
        cut = [(one, _between_rules(one, trusted)) for one in waiting]
        added = [rule for _, rule in cut if rule is not None]
        if not added:
            break
        trusted += added
        waiting = [one for one, rule in cut if rule is None]
    return [one for one in trusted if len(_meetings(one, trusted)) >= 2]


def _meetings(segment: Segment, rules: list[Segment]) -> list[float]:
    """The places along a segment where rules of the other direction meet it."""
    return [
        other.at
        for other in rules
        if other.horizontal != segment.horizontal
        and other.start - _MEETS <= segment.at <= other.end + _MEETS
        and segment.start - _MEETS <= other.at <= segment.end + _MEETS
    ]


def _between_rules(segment: Segment, rules: list[Segment]) -> Segment | None:
    """The segment from the first rule it meets to the last, without a stroke of print it ran on into; None for a stroke."""
    meeting = _meetings(segment, rules)
    if len(meeting) < 2 or max(meeting) - min(meeting) < _SHORTEST["v"] // 2:
        return None
    return replace(
        segment, start=max(segment.start, int(min(meeting)) - 1), end=min(segment.end, int(max(meeting)) + 2)
    )


def _connected(segments: list[Segment]) -> list[list[Segment]]:
    """Segments grouped by crossing: each group is one ruled area."""
    parent = list(range(len(segments)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    vertical = [index for index, one in enumerate(segments) if not one.horizontal]
    for index, one in enumerate(segments):
        if not one.horizontal:
            continue
        for other in vertical:
            crossing = segments[other]
            if (
                one.start - _MEETS <= crossing.at <= one.end + _MEETS
                and crossing.start - _MEETS <= one.at <= crossing.end + _MEETS
            ):
                parent[root(other)] = root(index)
    groups: dict[int, list[Segment]] = defaultdict(list)
    for index, one in enumerate(segments):
        groups[root(index)].append(one)
    return [group for group in groups.values() if len(group) >= 3]


def _cut(group: list[Segment], ridges: Ridges) -> RuledTable | None:
    horizontal = [one for one in group if one.horizontal]
    vertical = [one for one in group if not one.horizontal]
    xs, ys = _positions(vertical), _positions(horizontal)
    if len(xs) < 2 or len(ys) < 2:
        return None
    across = _drawn_sides(ridges.across, xs, ys, horizontal)  # [row line][column]: the side above row i in column j
    down = _drawn_sides(ridges.down, ys, xs, vertical).T  # [row][column line]
    across[0, :] = across[-1, :] = 1.0
    down[:, 0] = down[:, -1] = 1.0
    cells = tuple(
        (xs[column], ys[row], xs[column_end], ys[row_end])
        for row, column, row_end, column_end in _regions(across, down)
    )
    return RuledTable(cells, tuple(xs), tuple(ys))


def _positions(segments: list[Segment]) -> list[int]:
    """The lines of the grid: places of segments, weighted by their length."""
    groups: list[list[Segment]] = []
    for one in sorted(segments, key=lambda one: one.at):
        if groups and one.at - _centre(groups[-1]) <= _SAME_LINE:
            groups[-1].append(one)
        else:
            groups.append([one])
    return [round(_centre(group)) for group in groups]


def _centre(group: list[Segment]) -> float:
    return sum(one.at * one.length for one in group) / sum(one.length for one in group)


def _drawn_sides(ridge: Pixels, along: list[int], lines: list[int], segments: list[Segment]) -> Any:
    """How much of each side between two neighbours of `along` is drawn on each of `lines`, as a share."""
    drawn = np.zeros((len(lines), len(along) - 1))
    for index, at in enumerate(lines):
        on_line = [one for one in segments if abs(one.at - at) <= _SAME_LINE]
        band = ridge[max(0, at - 4) : at + 5]
        for place, (start, end) in enumerate(pairwise(along)):
            inner = band[:, start + 3 : max(start + 4, end - 2)]
            drawn[index, place] = _share_drawn(inner, _is_on_rule(on_line, start, end)) if inner.size else 0.0
    return drawn


def _is_on_rule(rules: list[Segment], start: int, end: int) -> bool:
    """Whether rules cover a side from `start` to `end`, or half of it and one of them passes an end of it: of a rule that
    lies a little askew, thresholding leaves out stretches where it steps from one line of pixels to the next."""
    covered = [max(0, min(one.end, end) - max(one.start, start)) for one in rules]
    if sum(covered) >= _COVERED_BY_RULES * (end - start):
        return True
    passing = any(
        length and (one.start < start - _LONGEST_OVERSHOT or one.end > end + _LONGEST_OVERSHOT)
        for one, length in zip(rules, covered, strict=True)
    )
    return passing and sum(covered) >= _COVERED * (end - start)


def _share_drawn(band: Pixels, on_rule: bool) -> float:
    """The share of columns that are dark near the darkest row. Print that stands where a rule could be does not reach from
    corner to corner, so both ends have to be drawn, or one where a longer rule passes, or nearly all of it."""
    at = int(cv2.reduce(np.minimum(band, _DARK_ENOUGH), 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S).argmax())
    near = cv2.reduce(band[max(0, at - 1) : at + 2], 0, cv2.REDUCE_MAX).ravel() >= _FAINTEST
    end = min(8, len(near))
    ends = (np.count_nonzero(near[:end]) / end, np.count_nonzero(near[-end:]) / end)
    share = np.count_nonzero(near) / len(near)
    return 0.0 if share < _SOLID and (max(ends) if on_rule else min(ends)) < _COVERED else share


def _regions(across: Any, down: Any) -> list[tuple[int, int, int, int]]:
    """Rectangles of grid fields not separated by a drawn side: (row, column, row end, column end), in reading order."""
    rows, columns = down.shape[0], across.shape[1]
    for bar in (_COVERED, 0.3, 0.75):
        regions = _merge(across, down, rows, columns, bar)
        if regions is not None:
            return regions
    return _split_ragged(across, down, rows, columns)


def _merge(across: Any, down: Any, rows: int, columns: int, bar: float) -> list[tuple[int, int, int, int]] | None:
    """The rectangles, or None when some region is none, because part of a rule is lost."""
    regions = []
    for members in _components(across, down, rows, columns, bar):
        box = _extent(members)
        if (box[2] - box[0]) * (box[3] - box[1]) != len(members):
            return None
        regions.append(box)
    return sorted(regions)


def _split_ragged(across: Any, down: Any, rows: int, columns: int) -> list[tuple[int, int, int, int]]:
    """Rectangles where they are; of ragged regions every field by itself."""
    regions = []
    for members in _components(across, down, rows, columns, _COVERED):
        box = _extent(members)
        if (box[2] - box[0]) * (box[3] - box[1]) == len(members):
            regions.append(box)
        else:
            regions += [(row, column, row + 1, column + 1) for row, column in members]
    return sorted(regions)


def _extent(members: list[tuple[int, int]]) -> tuple[int, int, int, int]:
    return (
        min(row for row, _ in members),
        min(column for _, column in members),
        max(row for row, _ in members) + 1,
        max(column for _, column in members) + 1,
    )


def _components(across: Any, down: Any, rows: int, columns: int, bar: float) -> list[list[tuple[int, int]]]:
    seen: set[tuple[int, int]] = set()
    found = []
    for start in ((row, column) for row in range(rows) for column in range(columns)):
        if start in seen:
            continue
        members, waiting = [], [start]
        seen.add(start)
        while waiting:
            row, column = waiting.pop()
            members.append((row, column))
            steps = (
                (row - 1, column, row > 0 and across[row, column] < bar),
                (row + 1, column, row + 1 < rows and across[row + 1, column] < bar),
                (row, column - 1, column > 0 and down[row, column] < bar),
                (row, column + 1, column + 1 < columns and down[row, column + 1] < bar),
            )
            for near_row, near_column, is_open in steps:
                if is_open and (near_row, near_column) not in seen:
                    seen.add((near_row, near_column))
                    waiting.append((near_row, near_column))
        found.append(members)
    return found
