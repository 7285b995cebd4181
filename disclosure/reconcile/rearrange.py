"""Figures that are right but stand in the wrong place: two rows or columns swapped (columns also from some row on, as after
a page break), a row or column moved by one.

A rearrangement explains a broken table only if it leaves no must-hold identity broken. It is an explanation for a
person to look at, never a value to publish.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import combinations

from disclosure.reconcile.compiled import CompiledTable, Rule
from disclosure.reconcile.evaluate import Evaluation, Values
from disclosure.reconcile.smallest import is_unbroken


class Pattern(StrEnum):
    ROWS_SWAPPED = "rows_swapped"
    COLUMNS_SWAPPED = "columns_swapped"
    COLUMNS_SWAPPED_FROM = "columns_swapped_from"
    ROW_SHIFTED = "row_shifted"
    COLUMN_SHIFTED = "column_shifted"


@dataclass(frozen=True, slots=True)
class Rearrangement:
    """What was moved (codes of rows or columns), and the value each affected cell would have; None is unknown. `start` is
    the row from which on two columns are swapped."""

    pattern: Pattern
    lines: tuple[str, ...]
    values: dict[int, Decimal | None]
    start: str | None = None


def find_rearrangements(
    compiled: CompiledTable, values: Values, broken: Sequence[Evaluation], elsewhere: Collection[int] = ()
) -> Iterator[Rearrangement]:
    """Every single rearrangement of the printed figures that leaves no must-hold identity broken.

    `elsewhere` are the places of rules that are broken for another reason."""
    first = {each.rule.place for each in broken}
    sums = [rule for rule in compiled.rules if rule.must_hold and rule.is_sum and rule.place not in elsewhere]
    # most attempts leave broken what was broken: judged first, they cost next to nothing
    judged = sorted(sums, key=lambda rule: rule.place not in first)
    told: list[dict[int, Decimal | None]] = []
    for pattern, lines, start, moved in _moves(compiled, values):
        if any(not moved.keys() & each.rule.weights.keys() for each in broken):
            continue
        changed = _apply(compiled, values, moved, judged)
        if changed is not None and changed not in told:
            told.append(changed)
            yield Rearrangement(pattern, lines, changed, start)


Move = dict[int, int | None]  # a cell -> the cell whose figure belongs there; None: no figure is left for it


def _moves(compiled: CompiledTable, values: Values) -> Iterator[tuple[Pattern, tuple[str, ...], str | None, Move]]:
    rows = _lines(compiled, 1)
    columns = _lines(compiled, 2)
    for pattern, lines in ((Pattern.ROWS_SWAPPED, rows), (Pattern.COLUMNS_SWAPPED, columns)):
        order = list(lines)
        # figures are taken to have strayed into an empty row only if it is the next one: else every empty row would do
        full = {code for code, cells in lines.items() if any(values[cell] for cell in cells)}
        for (one, cells), (other, others) in combinations(lines.items(), 2):
            if len(cells) != len(others):
                continue
            if pattern is Pattern.COLUMNS_SWAPPED or order.index(other) - order.index(one) == 1 or full >= {one, other}:
                yield pattern, (one, other), None, _swap(cells, others)
    for pattern, lines in ((Pattern.ROW_SHIFTED, rows), (Pattern.COLUMN_SHIFTED, columns)):
        for code, cells in lines.items():
            for stretch in (*_stretches(cells, values), *_stretches(cells[::-1], values)):
                yield pattern, (code,), None, _shift(stretch)
    for (one, cells), (other, others) in combinations(columns.items(), 2):
        for start in _beginnings(cells, others, values):
            row = compiled.keys[cells[start]][1]
            yield Pattern.COLUMNS_SWAPPED_FROM, (one, other), row, _swap(cells[start:], others[start:])


def _lines(compiled: CompiledTable, part: int) -> dict[str, tuple[int, ...]]:
    """The cells of each row (part 1 of a key) or column (part 2), in print order."""
    lines: dict[str, list[int]] = {}
    for index, key in enumerate(compiled.keys):
        lines.setdefault(key[part], []).append(index)
    return {code: tuple(cells) for code, cells in lines.items()}


def _stretches(cells: Sequence[int], values: Values) -> Iterator[Sequence[int]]:
    """The stretches of a line that may have moved by one cell, those left out that would change the same cells as a
    shorter one: the first figure differs from the next, and the last is a figure or stands at the end of the line."""
    for first in range(len(cells) - 2):
        if values[cells[first]] != values[cells[first + 1]]:
            for last in range(first + 2, len(cells)):
                if values[cells[last]] or last == len(cells) - 1:
                    yield cells[first : last + 1]


def _beginnings(cells: Sequence[int], others: Sequence[int], values: Values) -> Iterator[int]:
    """Where two columns may begin to stand the other way round: below the first row, at a row in which they differ."""
    if len(cells) == len(others):
        for start in range(1, len(cells) - 1):
            if values[cells[start]] != values[others[start]]:
                yield start


def _swap(cells: Sequence[int], others: Sequence[int]) -> Move:
    return dict(zip((*cells, *others), (*others, *cells), strict=True))


def _shift(cells: Sequence[int]) -> Move:
    """Each cell takes the figure of the next one; the figure of the last cell is lost and unknown."""
    return dict(zip(cells, (*cells[1:], None), strict=True))


def _apply(
    compiled: CompiledTable, values: Values, moved: Move, judged: Sequence[Rule]
) -> dict[int, Decimal | None] | None:
    """The cells that a move changes, with their new figures; None when it changes nothing or leaves a rule broken."""
    changed = {cell: None if source is None else values[source] for cell, source in moved.items()}
    changed = {cell: value for cell, value in changed.items() if value != values[cell]}
    if len(changed) < 2 or all(value is None for value in changed.values()):
        return None
    rearranged = list(values)
    for cell, value in changed.items():
        rearranged[cell] = value
    return changed if all(is_unbroken(compiled, rearranged, rule) for rule in judged) else None
