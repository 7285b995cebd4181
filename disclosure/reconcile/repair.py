"""Which cells of a broken table are in doubt, and the one repair that would mend it (forms.md 2.8, step 4).

A suggestion is no fact: it is shown to the reader and never published. No printed value is changed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from disclosure.reconcile.compiled import CompiledTable
from disclosure.reconcile.evaluate import Evaluation, Values, evaluate_sum
from disclosure.reconcile.rearrange import Rearrangement, find_rearrangements
from disclosure.reconcile.smallest import Fault, accused_by, find_faults
from disclosure.report import Outcome


@dataclass(frozen=True, slots=True)
class Doubt:
    """The cells to withhold, the values of the unique smallest repair of the table, and the faults they come from."""

    cells: frozenset[int] = frozenset()
    suggestions: dict[int, Decimal] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    rearrangements: tuple[Rearrangement, ...] = ()


def find_doubtful(compiled: CompiledTable, values: Values, evaluations: Sequence[Evaluation]) -> Doubt:
    """What to withhold of a table: the cell of its only single-cell repair, or else every suspect.

    Suggested are the values of the table's only smallest repair. Where two cells have to change and figures in the
    wrong place would explain the table as well, nothing is suggested.
    """
    faults = find_faults(compiled, values, evaluations)
    if not faults:
        return Doubt()
    repairs = [fault.only_repair for fault in faults]
    determined = {
        change.cell: change.lowest
        for repair in repairs
        if repair is not None
        for change in repair
        if None not in repairs
    }
    if len(faults) == 1 and len(determined) == 1:
        return Doubt(frozenset(determined), determined, faults)
    rearrangements = (
        tuple(find_rearrangements(compiled, values, faults[0].broken)) if _may_be_rearranged(faults) else ()
    )
    suggestions = {} if any(not _agrees(each, determined) for each in rearrangements) else determined
    broken = [each for each in evaluations if each.rule.must_hold and each.outcome is Outcome.BROKEN]
    return Doubt(_suspects(compiled, values, broken) | frozenset(suggestions), suggestions, faults, rearrangements)


def _may_be_rearranged(faults: Sequence[Fault]) -> bool:
    """Figures in the wrong place are looked for only where no single cell explains what is broken."""
    return len(faults) == 1 and not any(len(repair) == 1 for repair in faults[0].repairs)


def _agrees(rearrangement: Rearrangement, determined: dict[int, Decimal]) -> bool:
    return rearrangement.values == determined


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
