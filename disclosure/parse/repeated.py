"""Rows printed more than once with different figures (S-07): a page's repetition, last year's table, a second report.

A repetition that agrees is dropped. Of one row printed differently the identities may leave one reading; of whole tables
nobody can say which is meant, and the cells that differ are illegible. Nothing is published because it came first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from catalogue.model import Catalogue, Table
from disclosure.findings import Finding, FindingCode, Where, finding
from disclosure.parse.rows import RowRecord
from disclosure.parse.tokens import BLANK
from disclosure.reconcile import reconcile
from disclosure.report import Cell, CellKey, CellState, Outcome, TableReading

_WHOLE_TABLE = 3  # so many rows printed twice are a second table, not a slip


@dataclass(frozen=True, slots=True)
class Printings:
    """The records of a table, one for each row, as printed first and, where rows differ, as printed last."""

    first: tuple[RowRecord, ...]
    last: tuple[RowRecord, ...] | None
    findings: tuple[Finding, ...]
    whole_table: bool = False


def part_printings(records: Iterable[RowRecord], table: Table, form_variant: str | None) -> Printings:
    """Records in the order of the form. A record without figures gives way to one with figures, a label that hardly fits
    to one that does."""
    on_form = {row.code: index for index, row in enumerate(table.rows) if row.form_variant in (None, form_variant)}
    first: dict[str, RowRecord] = {}
    last: dict[str, RowRecord] = {}
    findings: dict[str, Finding] = {}
    late: list[str] = []  # rows that only the second table has
    for record in records:
        code = record.row_code
        if code not in on_form:
            continue
        earlier = first.get(code)
        if earlier is None or not _figures(earlier) or (record.sure and not earlier.sure):
            first[code] = last[code] = record
            if earlier is None and len(findings) >= _WHOLE_TABLE:
                late.append(code)
        elif _figures(record) and _figures(record) != _figures(earlier):
            if record.sure or not earlier.sure:
                last[code] = record
            findings.setdefault(code, _describe(record, table))
    whole = len(findings) >= _WHOLE_TABLE
    for code in late if whole else ():
        del first[code], last[code]
    differs = any(last[code] is not first[code] for code in first)
    return Printings(
        tuple(sorted(first.values(), key=lambda record: on_form[record.row_code])),
        tuple(sorted(last.values(), key=lambda record: on_form[record.row_code])) if differs else None,
        tuple(findings.values()),
        whole,
    )


def _figures(record: RowRecord) -> list[str]:
    return [token.plain for token in record.values if token.kind is not BLANK]


def _describe(record: RowRecord, table: Table) -> Finding:
    where = Where(record.values[0].page, table.code, record.row_code, text=" ".join(_figures(record)))
    return finding(FindingCode.CELL_TWICE, record.label or table.row(record.row_code).chinese, where)


def settle_repeated(first: TableReading, last: TableReading, whole_table: bool, catalogue: Catalogue) -> TableReading:
    """The reading under which the identities hold, where the other breaks them; else what both have in common."""
    if not whole_table:
        for reading, other in ((first, last), (last, first)):
            if _broken(other, catalogue) and not _broken(reading, catalogue):
                return replace(reading, findings=first.findings)
    values = {cell.key: (cell.state, cell.value) for cell in last.cells}
    cells = tuple(
        cell if values[cell.key] == (cell.state, cell.value) else _make_illegible(cell) for cell in first.cells
    )
    return replace(first, cells=cells)


def settle_orders(first: TableReading, others: Sequence[TableReading], table: Table) -> TableReading:
    """What readings have in common that differ in the order of the columns: no identity can tell which is meant."""
    values = [{cell.key: (cell.state, cell.value) for cell in other.cells} for other in others]
    differing = {cell.key for cell in first.cells if any(each[cell.key] != (cell.state, cell.value) for each in values)}
    cells = tuple(_make_illegible(cell) if cell.key in differing else cell for cell in first.cells)
    columns = dict.fromkeys(cell.column_code for cell in first.cells if cell.key in differing)
    findings = tuple(
        finding(
            FindingCode.ALIGNMENT_AMBIGUOUS,
            f"表头的栏目次序与规定格式不同：{table.column(code).chinese}",
            Where(table=table.code, column_code=code),
        )
        for code in columns
    )
    return replace(first, cells=cells, findings=(*first.findings, *findings))


def settle_printings(
    first: Sequence[TableReading], later: Sequence[TableReading], catalogue: Catalogue
) -> Iterator[TableReading]:
    """One reading of each table of a text that prints tables of two reports or years: what both printings have in common, and
    what only the first has. Nobody can say which is meant, and what only the later one has is not the first report's."""
    others = {reading.table: reading for reading in later}
    for reading in first:
        other = others.pop(reading.table, None)
        if other is None:
            yield reading
        elif (other.edition, other.form_variant) == (reading.edition, reading.form_variant):
            values = {cell.key: cell.value for cell in other.cells if cell.state is not CellState.ABSENT}
            yield _without_figures(
                reading,
                {cell.key for cell in reading.cells if values.get(cell.key, cell.value) != cell.value},
                catalogue,
            )
        else:
            yield _without_figures(reading, {cell.key for cell in reading.cells}, catalogue)
    for reading in others.values():
        yield _without_figures(reading, {cell.key for cell in reading.cells}, catalogue)


def _without_figures(reading: TableReading, keys: set[CellKey], catalogue: Catalogue) -> TableReading:
    """The reading with some cells illegible, and a finding for each row that loses a figure by it."""
    lost = [cell for cell in reading.cells if cell.key in keys and cell.value is not None]
    table = catalogue.edition(reading.edition).table(reading.table)
    findings = tuple(
        finding(
            FindingCode.CELL_TWICE,
            f"{table.row(code).chinese if table else code}（文中另有一张同样的表格）",
            Where(table=reading.table, row_code=code),
        )
        for code in dict.fromkeys(cell.row_code for cell in lost)
    )
    gone = {cell.key for cell in lost}
    cells = tuple(_make_illegible(cell) if cell.key in gone else cell for cell in reading.cells)
    return replace(reading, cells=cells, findings=(*reading.findings, *findings))


def _broken(reading: TableReading, catalogue: Catalogue) -> bool:
    outcomes = reconcile((reading,), catalogue).identities
    return any(each.outcome is Outcome.BROKEN for each in outcomes)


def _make_illegible(cell: Cell) -> Cell:
    return cell._replace(state=CellState.ILLEGIBLE, value=None, suspect=False)
