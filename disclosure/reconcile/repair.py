"""Which cells of a broken table are in doubt, and the one repair that would mend it (docs/methodology.md).

A suggestion is no fact: it is shown to the reader and never published. No printed value is changed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from disclosure.reconcile.compiled import CompiledTable
from disclosure.reconcile.evaluate import Evaluation, Values, evaluate_sum
from disclosure.reconcile.rearrange import Rearrangement, find_rearrangements
from disclosure.reconcile.smallest import Fault, accused_by, find_faults, merge_faults
from disclosure.report import Outcome


@dataclass(frozen=True, slots=True)
class Doubt:
    """The cells to withhold, the values of the unique smallest repair of the table, and the faults they come from."""

    cells: frozenset[int] = frozenset()
    suggestions: dict[int, Decimal] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    rearrangements: tuple[Rearrangement, ...] = ()  # of the fault that no single cell explains


def find_doubtful(compiled: CompiledTable, values: Values, evaluations: Sequence[Evaluation]) -> Doubt:
    """What to withhold of a table: the cell of its only single-cell repair, or else every suspect.

    Suggested are the values of the table's only smallest repair. Where two cells have to change and figures in the
    wrong place would explain the table as well, nothing is suggested.
    """
    faults = find_faults(compiled, values, evaluations)
    if not faults:
        return Doubt()
    if len(faults) == 1 and faults[0].has_single and (only := faults[0].only_repair):
        return Doubt(frozenset({only[0].cell}), {only[0].cell: only[0].lowest}, faults)
    faults, rearrangements = _join_hard(compiled, values, faults)
    suggestions = _suggest(faults, rearrangements)
    broken = [each for each in evaluations if each.rule.must_hold and each.outcome is Outcome.BROKEN]
    return Doubt(_suspects(compiled, values, broken) | frozenset(suggestions), suggestions, faults, rearrangements)


def _join_hard(
    compiled: CompiledTable, values: Values, faults: tuple[Fault, ...]
) -> tuple[tuple[Fault, ...], tuple[Rearrangement, ...]]:
    """The faults that no single cell explains as one fault, when two cells or a rearrangement explain all of them."""
    hard = [fault for fault in faults if not fault.has_single]
    if not hard:
        return faults, ()
    easy = [fault for fault in faults if fault.has_single]
    joined = hard[0] if len(hard) == 1 else merge_faults(compiled, values, hard)
    elsewhere = {each.rule.place for fault in easy for each in fault.broken}
    rearrangements = tuple(find_rearrangements(compiled, values, joined.broken, elsewhere))
    if joined.repairs or rearrangements:
        return (*easy, joined), rearrangements
    return faults, ()


def _suggest(faults: Sequence[Fault], rearrangements: Sequence[Rearrangement]) -> dict[int, Decimal]:
    repairs = [fault.only_repair for fault in faults]
    values = {change.cell: change.lowest for repair in repairs if repair is not None for change in repair}
    if any(repair is None for repair in repairs) or any(not _agrees(each, values) for each in rearrangements):
        return {}
    return values


def _agrees(rearrangement: Rearrangement, values: dict[int, Decimal]) -> bool:
    """Whether the rearrangement is only another way to say part of these changes."""
    return all(values.get(cell) == value for cell, value in rearrangement.values.items())


def _suspects(compiled: CompiledTable, values: Values, broken: Sequence[Evaluation]) -> frozenset[int]:
    """Offending cells, and the cells of broken sums that no identity of the other direction clears; a broken sum that
    keeps no suspect loses all its cells."""
    suspects: set[int] = set()
    for evaluation in broken:
        suspects.update(evaluation.offenders)
    sums = [cells for each in broken if each.rule.is_sum for cells in accused_by(values, each)]
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
