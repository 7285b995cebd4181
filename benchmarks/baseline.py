"""What plain pdfplumber makes of a PDF: `extract_tables` with default settings over all pages, cells taken by position.

The yardstick of `reading`: no labels are looked at, only the order of tables, rows and cells. It knows nothing of the product.
"""

from __future__ import annotations

import io
from decimal import Decimal, InvalidOperation

import pdfplumber

from catalogue.model import Edition, Table

CellKey = tuple[str, str, str]
Row = list[str | None]


def read_by_position(data: bytes, edition: Edition, form_variant: str | None) -> dict[CellKey, Decimal | None]:
    """The cells of the three tables by their place; the right edition is given, which favours the yardstick."""
    with pdfplumber.open(io.BytesIO(data)) as document:
        tables = [table for page in document.pages for table in page.extract_tables() if table]
    if len(tables) < 3:
        return {}
    disclosure, *applications, disputes = tables
    cells: dict[CellKey, Decimal | None] = {}
    for table in edition.tables:
        if table.code == "T2":
            cells |= _by_row(disclosure, table, form_variant)
        elif table.code == "T3":
            cells |= _by_row([row for part in applications for row in part], table, form_variant)
        elif table.code == "T4":
            cells |= _last_line(disputes, table)
    return cells


def _by_row(rows: list[Row], table: Table, form_variant: str | None) -> dict[CellKey, Decimal | None]:
    """The n-th row that ends in numbers is the n-th row of the form."""
    with_numbers = [numbers for row in rows if (numbers := _numbers_at_end(row))]
    on_form = [row for row in table.rows if row.form_variant in (None, form_variant)]
    cells: dict[CellKey, Decimal | None] = {}
    for row, numbers in zip(on_form, with_numbers, strict=False):
        own = numbers[-len(row.columns) :]
        cells |= {(table.code, row.code, column): value for column, value in zip(row.columns, own, strict=False)}
    return cells


def _last_line(rows: list[Row], table: Table) -> dict[CellKey, Decimal | None]:
    keys = [(table.code, row.code, column) for row in table.rows for column in row.columns]
    return dict(zip(keys, _numbers_at_end(rows[-1]), strict=False))


def _numbers_at_end(row: Row) -> list[Decimal | None]:
    """The cells after the last label; cells covered by a merged one are None and left out."""
    texts = [cell.strip() for cell in row if cell is not None]
    place = len(texts)
    while place and (_number(texts[place - 1]) is not None or not texts[place - 1]):
        place -= 1
    return [_number(text) for text in texts[place:]]


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
