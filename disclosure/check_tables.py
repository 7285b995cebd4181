"""The statutory tables as the form prints them, with every cell's mark: rows under their headings, a block per header.

Only what stands in which cell belongs here, in words of one language. A figure is shown as printed; a mark says what
became of it, and a suggested or determined value stands behind it, never in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from catalogue.model import Catalogue, GroupRow, Row, Table
from catalogue.wording import Language, load_wording
from disclosure.check_output import plain
from disclosure.reconcile.places import table_phrase, without_remark
from disclosure.report import Cell, CellState, IdentityOutcome, Report, ValueSource

ARROW = "→"


class Mark(StrEnum):
    NONE = "none"
    ZERO = "zero"  # nothing to see: 0, or nothing printed and nothing known
    WITHHELD = "withheld"
    IMPUTED = "imputed"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class ShownCell:
    printed: str
    determined: str  # the value suggested, imputed or corrected; "" when there is none
    mark: Mark


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A row of figures, or a heading without any."""

    label: str
    level: int
    cells: tuple[ShownCell, ...]
    broken: bool = False


@dataclass(frozen=True, slots=True)
class ShownColumn:
    label: str
    spanning: str  # the header above it, "" when there is none
    broken: bool


@dataclass(frozen=True, slots=True)
class ShownBlock:
    columns: tuple[ShownColumn, ...]
    lines: tuple[ShownLine, ...]


@dataclass(frozen=True, slots=True)
class ShownTable:
    title: str
    blocks: tuple[ShownBlock, ...]
    marked: bool  # whether anything in it needs the legend


@dataclass(frozen=True)
class _Sheet:
    """One table of a report, while it is laid out."""

    table: Table
    cells: Mapping[tuple[str, str], Cell]
    broken: frozenset[str]  # scopes
    language: Language

    def label(self, item: Row | GroupRow) -> str:
        if self.language != "zh":
            return item.english
        return f"{item.number or ''}{without_remark(item.chinese)}"

    def word(self, name: str) -> str:
        return load_wording().report[name].in_language(self.language)


def show_tables(
    report: Report, catalogue: Catalogue, language: Language, broken: Sequence[IdentityOutcome]
) -> tuple[ShownTable, ...]:
    """The tables the report has, in the order of the form."""
    shown = []
    for code, edition in sorted(report.forms.items()):
        table = catalogue.edition(edition).table(code)
        if table is not None:
            cells = {(cell.row_code, cell.column_code): cell for cell in report.cells if cell.table == code}
            scopes = frozenset(each.scope for each in broken if each.table == code)
            shown.append(_show_table(_Sheet(table, cells, scopes, language)))
    return tuple(shown)


def _show_table(sheet: _Sheet) -> ShownTable:
    rows = [row for row in sheet.table.rows if any((row.code, column) in sheet.cells for column in row.columns)]
    blocks = tuple(_show_block(sheet, columns, members) for columns, members in _blocks(rows))
    name = sheet.table.chinese if sheet.language == "zh" else sheet.table.english
    marks = {cell.mark for block in blocks for line in block.lines for cell in line.cells}
    marked = bool(sheet.broken) or bool(marks - {Mark.NONE, Mark.ZERO})
    return ShownTable(f"{table_phrase(sheet.table).in_language(sheet.language)}　{name}", blocks, marked)


def _blocks(rows: Sequence[Row]) -> Iterator[tuple[tuple[str, ...], list[Row]]]:
    """Rows that stand under the same columns one after the other: 表二 has a header per block."""
    members: list[Row] = []
    for row in rows:
        if members and members[-1].columns != row.columns:
            yield members[-1].columns, members
            members = []
        members.append(row)
    if members:
        yield members[-1].columns, members


def _show_block(sheet: _Sheet, columns: tuple[str, ...], rows: Sequence[Row]) -> ShownBlock:
    shown_columns = []
    for code in columns:
        column = sheet.table.column(code)
        label = column.chinese if sheet.language == "zh" else column.english
        spanning = (column.spanning or "") if sheet.language == "zh" else ""
        shown_columns.append(ShownColumn(label, spanning, f"column:{code}" in sheet.broken))
    return ShownBlock(tuple(shown_columns), tuple(_show_lines(sheet, rows)))


def _show_lines(sheet: _Sheet, rows: Sequence[Row]) -> Iterator[ShownLine]:
    """The rows, each heading once before the first row under it."""
    groups = {group.code: group for group in sheet.table.groups}
    levels = {row.code: row for row in sheet.table.rows}
    open_headings: list[str] = []
    for row in rows:
        headings = _headings(row, groups)
        for level, group in enumerate(headings):
            if group.code not in open_headings[: level + 1]:
                yield ShownLine(sheet.label(group), level, ())
        open_headings = [group.code for group in headings]
        depth = len(headings) + (1 if row.part_of in levels else 0)
        cells = tuple(_show_cell(sheet, sheet.cells.get((row.code, column))) for column in row.columns)
        yield ShownLine(sheet.label(row), depth, cells, f"row:{row.code}" in sheet.broken)


def _headings(row: Row, groups: Mapping[str, GroupRow]) -> list[GroupRow]:
    """The headings a row stands under, the outermost first."""
    headings: list[GroupRow] = []
    code = row.group
    while code is not None:
        headings.insert(0, groups[code])
        code = groups[code].parent
    return headings


def _show_cell(sheet: _Sheet, cell: Cell | None) -> ShownCell:
    if cell is None:
        return ShownCell("", "", Mark.ZERO)
    unprinted = {CellState.ABSENT: "absent", CellState.ILLEGIBLE: "illegible", CellState.BLANK: "blank"}
    printed = cell.printed or (sheet.word(unprinted[cell.state]) if cell.state in unprinted else "")
    if cell.value_source is ValueSource.WITHHELD:
        suggested = "" if cell.value_suggested is None else str(plain(cell.value_suggested))
        return ShownCell(printed, suggested, Mark.WITHHELD)
    if cell.value_source in (ValueSource.IMPUTED, ValueSource.CORRECTED):
        mark = Mark.IMPUTED if cell.value_source is ValueSource.IMPUTED else Mark.CORRECTED
        return ShownCell(printed, str(plain(cell.value_published)), mark)
    return ShownCell(printed, "", Mark.NONE if cell.value else Mark.ZERO)
