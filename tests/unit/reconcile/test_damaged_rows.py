"""A row that lost a value, ran two together or holds one too many is absorbed or withheld, never published wrong.

Whole documents are composed and read through the parser; what was drawn is the truth every published figure is held to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printed_tables import APPLICANTS, CATALOGUE, COLUMNS, CellName

from catalogue.model import Table
from disclosure.document import Document, Grid, GridCell, GridRow, Layout
from disclosure.findings import Finding
from disclosure.parse.tables import read_tables
from disclosure.reconcile import reconcile
from disclosure.report import Cell, ValueSource

SETTINGS = settings(max_examples=100, deadline=None)
FORMS = [table for edition in ("table_2019", "table_2021") if (table := CATALOGUE.edition(edition).table("T3"))]
LAYOUTS = list(Layout)

Figures = dict[CellName, int]


@dataclass(frozen=True)
class Drawn:
    """A table that ties: the form, and its figures that are not 0."""

    form: Table = field(repr=False)
    figures: Figures

    @property
    def rows(self) -> list[str]:
        return [row.code for row in self.form.rows]


@st.composite
def tables(draw: st.DrawFn) -> Drawn:
    form = draw(st.sampled_from(FORMS))
    leaves = [row.code for row in form.rows if row.leaf]
    cells = st.tuples(st.sampled_from(leaves), st.sampled_from(APPLICANTS))
    drawn: Figures = dict(draw(st.dictionaries(cells, st.integers(1, 60), min_size=1, max_size=10)))
    for column in APPLICANTS:
        outcomes = sum(drawn.get((row, column), 0) for row in leaves)
        carried_out = draw(st.sampled_from([0, 0, 0, 2, 13]))
        carried_in = draw(st.integers(0, min(outcomes + carried_out, 11)))
        drawn["outcomes_total", column], drawn["requests_carried_out", column] = outcomes, carried_out
        drawn["requests_carried_in", column] = carried_in
        drawn["requests_received", column] = outcomes + carried_out - carried_in
    for row in form.rows:
        drawn[row.code, "total"] = sum(drawn.get((row.code, column), 0) for column in APPLICANTS)
    return Drawn(form, drawn)


def printed_row(drawn: Drawn, code: str) -> list[str]:
    return [str(drawn.figures.get((code, column), 0)) for column in COLUMNS]


def drop(values: list[str], place: int, token: str) -> list[str]:
    return values[:place] + values[place + 1 :]


def merge(values: list[str], place: int, token: str) -> list[str]:
    place = min(place, len(values) - 2)
    return [*values[:place], values[place] + values[place + 1], *values[place + 2 :]]


def add(values: list[str], place: int, token: str) -> list[str]:
    return [*values[:place], token, *values[place:]]


def split(values: list[str], place: int, token: str) -> list[str]:
    """20 -> 2|0, where a number has two digits."""
    place = next((at for at, value in enumerate(values) if len(value) > 1), place)
    return [*values[:place], *values[place], *values[place + 1 :]]


TOKENS = st.sampled_from(["0", "1", "7", "60", "/", "—"])  # what a surplus cell may hold
DAMAGES = [drop, merge, add, split]


def compose(drawn: Drawn, damaged: dict[str, list[str]], layout: Layout) -> Document:
    head = ["（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", "申请人情况"]
    lines: list[Sequence[str]] = [head, [column.chinese for column in drawn.form.columns]]
    for row in drawn.form.rows:
        values = damaged.get(row.code, printed_row(drawn, row.code))
        lines.append([(row.number or "") + row.chinese, *values])
    rows = tuple(
        GridRow(index, tuple(GridCell(text, column) for column, text in enumerate(line)))
        for index, line in enumerate(lines)
    )
    return Document("0" * 64, "text/plain", "composed", "1", (Grid(rows, layout),))


def read(document: Document) -> tuple[list[Cell], list[Finding]]:
    readings = read_tables(document, CATALOGUE)
    result = reconcile(readings, CATALOGUE)
    found = [each for reading in readings for each in reading.findings]
    return [cell for cell in result.cells if cell.table == "T3"], [*found, *result.findings]


def wrong(cells: Sequence[Cell], drawn: Drawn) -> list[tuple[CellName, Decimal | None, int]]:
    """Published figures that are not those drawn."""
    pairs = [(cell, drawn.figures.get((cell.row_code, cell.column_code), 0)) for cell in cells]
    return [
        ((cell.row_code, cell.column_code), cell.value_published, truth)
        for cell, truth in pairs
        if cell.value_published not in (None, truth)
    ]


@pytest.mark.parametrize("damage", DAMAGES)
@SETTINGS
@given(tables(), st.data())
def test_a_damaged_row_is_never_published_wrong(damage, drawn: Drawn, data: st.DataObject) -> None:  # type: ignore[no-untyped-def]
    code = data.draw(st.sampled_from(drawn.rows))
    values = damage(printed_row(drawn, code), data.draw(st.integers(0, 6)), data.draw(TOKENS))
    cells, findings = read(compose(drawn, {code: values}, data.draw(st.sampled_from(LAYOUTS))))
    assert wrong(cells, drawn) == []
    assert {cell.row_code for cell in cells} >= set(drawn.rows) - {code}
    others = [cell for cell in cells if cell.row_code != code]
    assert all(cell.value_source in (ValueSource.PRINTED, ValueSource.IMPUTED, ValueSource.WITHHELD) for cell in others)
    published = [cell for cell in cells if cell.row_code == code and cell.value_published is not None]
    assert len(published) == len(COLUMNS) or findings, "what is not published is told"


@SETTINGS
@given(tables(), st.data())
def test_two_damaged_rows_are_never_published_wrong(drawn: Drawn, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(drawn.rows), min_size=2, max_size=2, unique=True))
    damaged = {
        code: data.draw(st.sampled_from(DAMAGES))(
            printed_row(drawn, code), data.draw(st.integers(0, 6)), data.draw(TOKENS)
        )
        for code in chosen
    }
    cells, _ = read(compose(drawn, damaged, data.draw(st.sampled_from(LAYOUTS))))
    assert wrong(cells, drawn) == []


def test_a_merged_row_beside_a_short_one_is_not_published() -> None:
    """1|0 read as 10, and the row it would be held to short of the same column: nothing checks the 10."""
    rows = ("requests_received", "outcomes_total", "granted_full")
    drawn = Drawn(FORMS[1], {(row, column): 1 for row in rows for column in ("natural_person", "total")})
    damaged = {
        "requests_received": merge(printed_row(drawn, "requests_received"), 0, ""),
        "outcomes_total": drop(printed_row(drawn, "outcomes_total"), 0, ""),
    }
    for layout in LAYOUTS:
        assert wrong(read(compose(drawn, damaged, layout))[0], drawn) == []
