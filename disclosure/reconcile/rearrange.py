"""Figures that are right but stand in the wrong place: two rows or columns swapped, a row or column moved by one.

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
    ROW_SHIFTED = "row_shifted"
    COLUMN_SHIFTED = "column_shifted"


@dataclass(frozen=True, slots=True)
class Rearrangement:
    """What was moved (codes of rows or columns), and the value each affected cell would have; None is unknown."""

    pattern: Pattern
    lines: tuple[str, ...]
    values: dict[int, Decimal | None]


def find_rearrangements(
    compiled: CompiledTable, values: Values, broken: Sequence[Evaluation], elsewhere: Collection[int] = ()
) -> Iterator[Rearrangement]:
    """Every single rearrangement of the printed figures that leaves no must-hold identity broken.

    `elsewhere` are the places of rules that are broken for another reason."""
    first = {each.rule.place for each in broken}
    sums = [rule for rule in compiled.rules if rule.must_hold and rule.is_sum and rule.place not in elsewhere]
    # most attempts leave broken what was broken: judged first, they cost next to nothing
    judged = sorted(sums, key=lambda rule: rule.place not in first)
    for pattern, lines, moved in _moves(compiled):
        if any(not moved.keys() & each.rule.weights.keys() for each in broken):
            continue
        if (changed := _apply(compiled, values, moved, judged)) is not None:
            yield Rearrangement(pattern, lines, changed)


Move = dict[int, int | None]  # a cell -> the cell whose figure belongs there; None: no figure is left for it


def _moves(compiled: CompiledTable) -> Iterator[tuple[Pattern, tuple[str, ...], Move]]:
    rows = _lines(compiled, 1)
    columns = _lines(compiled, 2)
    for pattern, lines in ((Pattern.ROWS_SWAPPED, rows), (Pattern.COLUMNS_SWAPPED, columns)):
        for (one, cells), (other, others) in combinations(lines.items(), 2):
            if len(cells) == len(others):
                moved: Move = dict(zip((*cells, *others), (*others, *cells), strict=True))
                yield pattern, (one, other), moved
    for pattern, lines in ((Pattern.ROW_SHIFTED, rows), (Pattern.COLUMN_SHIFTED, columns)):
        for code, cells in lines.items():
            for start in range(len(cells) - 2):
                for tail in (cells[start:], cells[start:][::-1]):
                    yield pattern, (code,), _shift(tail)


def _lines(compiled: CompiledTable, part: int) -> dict[str, tuple[int, ...]]:
    """The cells of each row (part 1 of a key) or column (part 2), in print order."""
    lines: dict[str, list[int]] = {}
    for index, key in enumerate(compiled.keys):
        lines.setdefault(key[part], []).append(index)
    return {code: tuple(cells) for code, cells in lines.items()}


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
