"""A row that lost a value, ran two together or holds one too many is absorbed or withheld, never published wrong.

Whole documents are composed and read through the parser; what was drawn is the truth every published figure is held to.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printed_tables import APPLICANTS, CATALOGUE, COLUMNS, CellName

from catalogue.model import Table
from disclosure.document import Document, Grid, GridCell, GridRow, Layout
from disclosure.parse.tables import read_tables
from disclosure.reconcile import reconcile
from disclosure.report import Cell, ValueSource

SETTINGS = settings(max_examples=40, deadline=None)
EDITION = "table_2021"


def form() -> Table:
    table = CATALOGUE.edition(EDITION).table("T3")
    assert table is not None
    return table


LEAVES = [row.code for row in form().rows if row.leaf]
ROWS = [row.code for row in form().rows]

Figures = dict[CellName, int]


@st.composite
def figures(draw: st.DrawFn) -> Figures:
    """A table that ties, nothing carried over: received are as many as the outcomes."""
    cells = st.tuples(st.sampled_from(LEAVES), st.sampled_from(APPLICANTS))
    drawn: Figures = dict(draw(st.dictionaries(cells, st.integers(1, 60), min_size=1, max_size=10)))
    for column in APPLICANTS:
        total = sum(drawn.get((row, column), 0) for row in LEAVES)
        drawn["requests_received", column] = drawn["outcomes_total", column] = total
    for row in ROWS:
        drawn[row, "total"] = sum(drawn.get((row, column), 0) for column in APPLICANTS)
    return drawn


def printed_row(drawn: Figures, code: str) -> list[str]:
    return [str(drawn.get((code, column), 0)) for column in COLUMNS]


def drop(values: list[str], place: int) -> list[str]:
    return values[:place] + values[place + 1 :]


def merge(values: list[str], place: int) -> list[str]:
    place = min(place, len(values) - 2)
    return [*values[:place], values[place] + values[place + 1], *values[place + 2 :]]


def add(values: list[str], place: int) -> list[str]:
    return [*values[:place], "7", *values[place:]]


def split(values: list[str], place: int) -> list[str]:
    """20 -> 2|0, where a number has two digits."""
    place = next((at for at, value in enumerate(values) if len(value) > 1), place)
    return [*values[:place], *values[place], *values[place + 1 :]]


def compose(drawn: Figures, damaged: dict[str, list[str]], layout: Layout) -> Document:
    head = ["（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", "申请人情况"]
    lines: list[Sequence[str]] = [head, [column.chinese for column in form().columns]]
    for row in form().rows:
        values = damaged.get(row.code, printed_row(drawn, row.code))
        lines.append([(row.number or "") + row.chinese, *values])
    rows = tuple(
        GridRow(index, tuple(GridCell(text, column) for column, text in enumerate(line)))
        for index, line in enumerate(lines)
    )
    return Document("0" * 64, "text/plain", "composed", "1", (Grid(rows, layout),))


def read(document: Document) -> list[Cell]:
    readings = read_tables(document, CATALOGUE)
    return [cell for cell in reconcile(readings, CATALOGUE).cells if cell.table == "T3"]


def wrong(cells: Sequence[Cell], drawn: Figures) -> list[tuple[CellName, Decimal | None, int]]:
    """Published figures that are not those drawn."""
    pairs = [(cell, drawn.get((cell.row_code, cell.column_code), 0)) for cell in cells]
    return [
        ((cell.row_code, cell.column_code), cell.value_published, truth)
        for cell, truth in pairs
        if cell.value_published not in (None, truth)
    ]


LAYOUTS = list(Layout)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("damage", [drop, merge, add, split])
@SETTINGS
@given(figures(), st.sampled_from(ROWS), st.integers(0, 6))
def test_a_damaged_row_is_never_published_wrong(layout, damage, drawn: Figures, code: str, place: int) -> None:  # type: ignore[no-untyped-def]
    values = damage(printed_row(drawn, code), place)
    cells = read(compose(drawn, {code: values}, layout))
    assert wrong(cells, drawn) == []
    assert {cell.row_code for cell in cells} >= set(ROWS) - {code}
    others = [cell for cell in cells if cell.row_code != code]
    assert all(cell.value_source in (ValueSource.PRINTED, ValueSource.IMPUTED, ValueSource.WITHHELD) for cell in others)


@SETTINGS
@given(figures(), st.data())
def test_two_damaged_rows_are_never_published_wrong(drawn: Figures, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(ROWS), min_size=2, max_size=2, unique=True))
    damaged = {
        code: data.draw(st.sampled_from([drop, merge, add]))(printed_row(drawn, code), data.draw(st.integers(0, 6)))
        for code in chosen
    }
    assert wrong(read(compose(drawn, damaged, LAYOUTS[0])), drawn) == []


def test_a_merged_row_beside_a_short_one_is_not_published() -> None:
    """1|0 read as 10, and the row it would be held to short of the same column: nothing checks the 10."""
    drawn: Figures = {("granted_full", "natural_person"): 1}
    for code in ("requests_received", "outcomes_total", "granted_full"):
        drawn[code, "natural_person"] = drawn[code, "total"] = 1
    damaged = {
        "requests_received": merge(printed_row(drawn, "requests_received"), 0),
        "outcomes_total": drop(printed_row(drawn, "outcomes_total"), 0),
    }
    for layout in LAYOUTS:
        assert wrong(read(compose(drawn, damaged, layout)), drawn) == []
