"""Documents composed for the parser's tests, from the labels of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from catalogue.model import Table
from disclosure.document import Document, Grid, GridCell, GridRow, Layout, Paragraph
from disclosure.report import TableReading


def grid_of(rows: Iterable[Sequence[str]], layout: Layout = Layout.GRID) -> Grid:
    """A grid with one cell per text, in columns 0, 1, 2 ..."""
    return Grid(
        tuple(
            GridRow(index, tuple(GridCell(text, column) for column, text in enumerate(row)))
            for index, row in enumerate(rows)
        ),
        layout,
    )


def document_of(*blocks: Grid | Paragraph) -> Document:
    return Document("0" * 64, "text/plain", "composed", "1", blocks)


def lines_of(*lines: str) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(line) for line in lines)


def application_rows(table: Table, values: dict[str, Sequence[str]], default: str = "0") -> list[list[str]]:
    """T3 as printed: the note and the column words, then a line a row; `values` overrides the cells of a row."""
    names = [column.chinese for column in table.columns]
    rows = [["（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", "申请人情况"], names]
    for row in table.rows:
        rows.append([(row.number or "") + row.chinese, *values.get(row.code, [default] * len(row.columns))])
    return rows


def values_of(readings: Iterable[TableReading], table: str) -> dict[tuple[str, str], Decimal | None]:
    """The values of all readings of a table by row and column code."""
    return {
        (cell.row_code, cell.column_code): cell.value
        for reading in readings
        if reading.table == table
        for cell in reading.cells
    }
