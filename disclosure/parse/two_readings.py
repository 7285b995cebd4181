"""The better of two readings of the same pages: a scan as recognised here, and the text a recognition program left under it.

The identities decide, table by table. A cell on which the readings differ and that no identity checks is in doubt. What does
not belong here: reading a table, and choosing between the candidates of one cell (`candidates`).
"""

from __future__ import annotations

from dataclasses import replace

from catalogue.model import Catalogue
from disclosure.findings import Finding, FindingCode, Where, finding
from disclosure.reconcile import reconcile
from disclosure.report import CellState, Outcome, TableReading


def choose_readings(
    first: tuple[TableReading, ...], second: tuple[TableReading, ...], catalogue: Catalogue
) -> tuple[TableReading, ...]:
    """One reading for each table that either has. The first wins where both are as good."""
    others = {reading.table: reading for reading in second}
    chosen = [_better(reading, others.pop(reading.table, None), catalogue) for reading in first]
    chosen += [_unchecked(reading) for reading in others.values()]
    return tuple(sorted(chosen, key=lambda reading: reading.table))


def _better(first: TableReading, second: TableReading | None, catalogue: Catalogue) -> TableReading:
    if second is None or (first.edition, first.form_variant) != (second.edition, second.form_variant):
        return first if second is None or _merit(first, catalogue) >= _merit(second, catalogue) else _unchecked(second)
    best, other = first, second
    if _merit(second, catalogue) > _merit(first, catalogue):
        best, other = second, first
    return _hold_against(best, other, catalogue)


def _merit(reading: TableReading, catalogue: Catalogue) -> tuple[int, int, int]:
    """More identities that hold, fewer that break, more cells with something printed."""
    outcomes = [result.outcome for result in reconcile((reading,), catalogue).identities]
    printed = sum(cell.state not in (CellState.ABSENT, CellState.ILLEGIBLE) for cell in reading.cells)
    return -outcomes.count(Outcome.BROKEN), outcomes.count(Outcome.HOLDS), printed


def _hold_against(best: TableReading, other: TableReading, catalogue: Catalogue) -> TableReading:
    """`best` with its differences from `other` in doubt, unless its identities settle them; agreement is confirmation."""
    values = {cell.key: cell.value for cell in other.cells}
    differing = {
        cell.key for cell in best.cells if cell.value is not None and values.get(cell.key) not in (None, cell.value)
    }
    unconfirmed = {cell.key for cell in best.cells if cell.value is not None and values.get(cell.key) != cell.value}
    findings = best.findings
    if not unconfirmed:
        findings = tuple(found for found in findings if found.code is not FindingCode.OCR_REVIEW)
    cells = tuple(cell._replace(suspect=True) if cell.key in differing else cell for cell in best.cells)
    return replace(best, cells=cells, findings=(*findings, *_differences(best, other, differing)))


def _differences(best: TableReading, other: TableReading, differing: set[tuple[str, str, str]]) -> tuple[Finding, ...]:
    printed = {cell.key: cell.printed for cell in other.cells}
    return tuple(
        finding(
            FindingCode.OCR_REVIEW,
            f"两次识别不同：{cell.printed} 与 {printed[cell.key]}",
            Where(cell.page, cell.table, cell.row_code, cell.column_code, cell.printed),
        )
        for cell in best.cells
        if cell.key in differing
    )


def _unchecked(reading: TableReading) -> TableReading:
    """A table that only the text layer gives: what no identity checks is marked for review."""
    page = next((cell.page for cell in reading.cells if cell.page), None)
    review = finding(FindingCode.OCR_REVIEW, "只有扫描件自带的文字层，未经核对", Where(page, reading.table))
    return replace(reading, findings=(*reading.findings, review))
