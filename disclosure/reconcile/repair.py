"""Which cells of a broken table are in doubt, and the one change that would mend it (forms.md 2.8, step 4).

A suggestion is no fact: it is shown to the reader and never published. No printed value is changed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from catalogue.model import Comparison
from disclosure.reconcile.compiled import CompiledTable, Rule
from disclosure.reconcile.evaluate import ZERO, Evaluation, Values, evaluate_sum, unknown_reach, violates
from disclosure.report import Outcome

LARGEST = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Doubt:
    """The cells to withhold, and for the unique single-cell repair of the table its value."""

    cells: frozenset[int] = frozenset()
    suggestions: dict[int, Decimal] = field(default_factory=dict)


def find_doubtful(compiled: CompiledTable, values: Values, evaluations: Sequence[Evaluation]) -> Doubt:
    """What to withhold of a table: the cell of its only single-cell repair, or else every suspect."""
    broken = [each for each in evaluations if each.rule.must_hold and each.outcome is Outcome.BROKEN]
    if not broken:
        return Doubt()
    repairs = [
        (cell, interval)
        for cell in _cells_in_all(values, broken)
        if (interval := _allowed(compiled, values, cell)) is not None
    ]
    if len(repairs) == 1:
        cell, (lowest, highest) = repairs[0]
        if lowest == highest:
            return Doubt(frozenset({cell}), {cell: lowest})
    return Doubt(_suspects(compiled, values, broken))


def _cells_in_all(values: Values, broken: Sequence[Evaluation]) -> list[int]:
    """A change of one cell mends the table only if the cell lies in every broken identity."""
    shared = set(_accused(values, broken[0]))
    for evaluation in broken[1:]:
        shared &= set(_accused(values, evaluation))
    return sorted(shared)


def _accused(values: Values, evaluation: Evaluation) -> Sequence[int]:
    """The printed cells that could be the cause of a broken identity."""
    if evaluation.rule.is_sum:
        return [cell for cell in evaluation.rule.weights if values[cell] is not None]
    # two offenders cannot both be mended by one change, so the intersection becomes empty by itself
    return evaluation.offenders if len(evaluation.offenders) == 1 else ()


def _allowed(compiled: CompiledTable, values: Values, cell: int) -> tuple[Decimal, Decimal] | None:
    """The values the cell could take so that no must-hold identity containing it is broken, as a closed interval."""
    highest = compiled.maximum[cell]
    lowest = ZERO if compiled.not_negative[cell] else -highest
    for rule in compiled.sums_of[cell]:
        low, high = _allowed_by(compiled, values, cell, rule)
        lowest, highest = max(lowest, low), min(highest, high)
    whole = [rule for rule in compiled.each_of[cell] if rule.instance.comparison is Comparison.EACH_INTEGER]
    if lowest > highest or (lowest == highest and any(violates(compiled, rule, cell, lowest) for rule in whole)):
        return None
    return lowest, highest


def _allowed_by(compiled: CompiledTable, values: Values, cell: int, rule: Rule) -> tuple[Decimal, Decimal]:
    """The values of the cell that one sum allows, given everything else."""
    others = [None if index == cell else value for index, value in enumerate(values)]
    evaluation = evaluate_sum(compiled, rule, others)
    weight = rule.weights[cell]
    if not weight:
        return -LARGEST, LARGEST
    can_rise, can_fall = unknown_reach(compiled, rule, tuple(i for i in evaluation.missing if i != cell))
    comparison = rule.instance.comparison
    # weight * value has to equal this, or to stay below it or above it
    balance = evaluation.known_right - evaluation.known_left
    bounded_above = not can_fall and comparison is not Comparison.AT_LEAST
    bounded_below = not can_rise and comparison is not Comparison.AT_MOST
    ends = balance / weight
    upper = ends if (bounded_above if weight > 0 else bounded_below) else LARGEST
    lower = ends if (bounded_below if weight > 0 else bounded_above) else -LARGEST
    return lower, upper


def _suspects(compiled: CompiledTable, values: Values, broken: Sequence[Evaluation]) -> frozenset[int]:
    """Offending cells, and the cells of broken sums that no identity of the other direction clears; a broken sum that
    keeps no suspect loses all its cells."""
    suspects: set[int] = set()
    for evaluation in broken:
        suspects.update(evaluation.offenders)
    sums = [_accused(values, evaluation) for evaluation in broken if evaluation.rule.is_sum]
    doubtful = {cell for cells in sums for cell in cells if not _is_cleared(compiled, values, cell)}
    for cells in sums:
        remaining = doubtful.intersection(cells)
        suspects.update(remaining or cells)
    return frozenset(suspects)


def _is_cleared(compiled: CompiledTable, values: Values, cell: int) -> bool:
    """A direction in which nothing containing the cell is broken and something holds speaks for the cell."""
    outcomes: dict[str, set[Outcome]] = {"row": set(), "column": set()}
    for rule in compiled.sums_of[cell]:
        if rule.direction in outcomes:
            outcomes[rule.direction].add(evaluate_sum(compiled, rule, values).outcome)
    return any(Outcome.HOLDS in found and Outcome.BROKEN not in found for found in outcomes.values())
