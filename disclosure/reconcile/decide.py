"""What decisions do to the cells of a table: before the identities judge it, and after.

A decided figure is judged like a printed one: when an identity still contradicts it, it is withheld like any other. A
decision is in force only while the cell prints what it printed when the decision was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from disclosure.decisions import Action, Decision, DecisionOutcome, DecisionState
from disclosure.findings import Finding, FindingCode, Where, finding
from disclosure.report import Cell, CellKey, CellState, TableReading, ValueSource


def take_decisions(reading: TableReading, decisions: Mapping[CellKey, Decision]) -> TableReading:
    """The table as the people who decided want it judged: corrected figures in place, confirmed readings trusted."""
    if not decisions:
        return reading
    return replace(reading, cells=tuple(_take(cell, decisions.get(cell.key)) for cell in reading.cells))


def in_force(reading: TableReading, decisions: Iterable[Decision]) -> dict[CellKey, Decision]:
    """The decisions about cells of this table that still print what the decision expects."""
    printed = {cell.key: cell.printed for cell in reading.cells}
    return {each.key: each for each in decisions if each.key in printed and matches(each, printed[each.key])}


def matches(decision: Decision, printed: str | None) -> bool:
    return decision.expect.strip() == (printed or "").strip()


def publish_decided(original: Cell, judged: Cell, decision: Decision | None) -> Cell:
    """The cell as printed, with what the judgement of the decided figure lets it publish."""
    if decision is None:
        return judged
    released = judged.value_source is ValueSource.PRINTED
    source = judged.value_source
    if released and decision.action is not Action.CONFIRM_PRINTED:
        source = ValueSource.CORRECTED
    return original._replace(
        value_suggested=judged.value_suggested,
        value_published=judged.value_published,
        value_source=source,
    )


def report_outcomes(decisions: Iterable[Decision], cells: Sequence[Cell]) -> tuple[DecisionOutcome, ...]:
    """What became of each decision about a report, by its published cells."""
    taken = tuple(decisions)
    by_key = {cell.key: cell for cell in cells} if taken else {}
    return tuple(_outcome(decision, by_key.get(decision.key)) for decision in taken)


def describe_lapsed(outcomes: Iterable[DecisionOutcome]) -> tuple[Finding, ...]:
    """A warning for every decision that no longer fits what is printed."""
    return tuple(
        finding(
            FindingCode.DECISION_LAPSED,
            f"{each.decision.cell}，{each.decision.who} {each.decision.decided_on} 决定时印为“{each.decision.expect}”，"
            + ("现报告中没有此格" if each.printed is None else f"现印为“{each.printed}”")
            + "，该决定不再适用",
            Where(None, *each.decision.key, text=each.printed),
        )
        for each in outcomes
        if each.state is DecisionState.LAPSED
    )


def describe_superseded(decisions: Iterable[Decision]) -> tuple[Finding, ...]:
    """A warning for every decision that was made on another version of this report."""
    return tuple(
        finding(
            FindingCode.DECISION_LAPSED,
            f"{each.cell}，{each.who} {each.decided_on} 的决定针对本报告的另一版本（{each.report_id}），不适用于本文件",
            Where(None, *each.key),
        )
        for each in decisions
    )


def _take(cell: Cell, decision: Decision | None) -> Cell:
    if decision is None:
        return cell
    if decision.action is Action.CONFIRM_PRINTED:
        return cell._replace(suspect=False)
    return cell._replace(value=decision.value, state=CellState.REPORTED, suspect=False, approximate=False)


def _outcome(decision: Decision, cell: Cell | None) -> DecisionOutcome:
    printed = cell.printed if cell else None
    if cell is None or not matches(decision, printed):
        return DecisionOutcome(decision, DecisionState.LAPSED, printed)
    withheld = cell.value_source is ValueSource.WITHHELD
    return DecisionOutcome(decision, DecisionState.WITHHELD if withheld else DecisionState.APPLIED, printed)
