"""What must be true of every table of requests, whatever its figures: tables are drawn, then spoilt on purpose."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from printed_tables import APPLICANTS, CATALOGUE, CellName, broken, by_name, contradictions, reading, run

from catalogue.model import Table
from disclosure.report import CellState, TableReading, ValueSource

SETTINGS = settings(max_examples=60, deadline=None)
EDITIONS = ("table_2019", "table_2021")
OTHER_ROWS = {"requests_received", "requests_carried_in", "requests_carried_out", "outcomes_total"}


def form(edition: str) -> Table:
    table = CATALOGUE.edition(edition).table("T3")
    assert table is not None
    return table


@st.composite
def consistent_tables(draw: st.DrawFn) -> TableReading:
    """A table that ties: outcomes and carried-out drawn, carried-in at most the inflow, the rest computed."""
    edition = draw(st.sampled_from(EDITIONS))
    leaves = [row.code for row in form(edition).rows if row.code not in OTHER_ROWS]
    small = st.integers(0, 30)
    filled = draw(st.dictionaries(st.tuples(st.sampled_from(leaves), st.sampled_from(APPLICANTS)), small, max_size=12))
    figures: dict[CellName, int] = dict(filled)
    for column in APPLICANTS:
        outcomes = sum(figures.get((row, column), 0) for row in leaves)
        carried_out = draw(small)
        carried_in = draw(st.integers(0, outcomes + carried_out))
        figures["outcomes_total", column] = outcomes
        figures["requests_carried_out", column] = carried_out
        figures["requests_carried_in", column] = carried_in
        figures["requests_received", column] = outcomes + carried_out - carried_in
    for row in [*leaves, *OTHER_ROWS]:
        figures[row, "total"] = sum(figures.get((row, column), 0) for column in APPLICANTS)
    return reading("T3", edition, {name: str(number) for name, number in figures.items()})


def misprint(table: TableReading, index: int, printed: int) -> TableReading:
    cells = list(table.cells)
    cells[index] = cells[index]._replace(printed=str(printed), value=Decimal(printed))
    return replace(table, cells=tuple(cells))


def blank(table: TableReading, indices: set[int]) -> TableReading:
    cells = [
        c._replace(printed="", state=CellState.BLANK, value=None) if i in indices else c
        for i, c in enumerate(table.cells)
    ]
    return replace(table, cells=tuple(cells))


def some_cell(data: st.DataObject, table: TableReading) -> int:
    return data.draw(st.integers(0, len(table.cells) - 1))


def other_value(data: st.DataObject, table: TableReading, index: int) -> int:
    right = table.cells[index].value
    return data.draw(st.integers(-5, 2000).filter(lambda number: number != right))


def truth(table: TableReading) -> dict[CellName, Decimal | None]:
    return {(c.row_code, c.column_code): c.value for c in table.cells}


@SETTINGS
@given(consistent_tables())
def test_a_table_that_ties_is_published_as_printed(table: TableReading) -> None:
    result = run(table)
    assert broken(result) == set()
    assert all(c.value_published == c.value and c.value_source is ValueSource.PRINTED for c in result.cells)


@SETTINGS
@given(consistent_tables(), st.data())
def test_any_single_wrong_cell_is_located_and_its_value_suggested(table: TableReading, data: st.DataObject) -> None:
    index = some_cell(data, table)
    result = run(misprint(table, index, other_value(data, table, index)))
    withheld = [i for i, c in enumerate(result.cells) if c.value_source is ValueSource.WITHHELD]
    assert withheld == [index]
    assert result.cells[index].value_suggested == table.cells[index].value
    assert [c.value_published for i, c in enumerate(result.cells) if i != index] == [
        c.value for i, c in enumerate(table.cells) if i != index
    ]


@SETTINGS
@given(consistent_tables(), st.data())
def test_one_blank_in_a_table_that_ties_is_always_filled_rightly(table: TableReading, data: st.DataObject) -> None:
    index = some_cell(data, table)
    filled = run(blank(table, {index})).cells[index]
    assert (filled.value_published, filled.value_source) == (table.cells[index].value, ValueSource.IMPUTED)


@SETTINGS
@given(consistent_tables(), st.data())
def test_blanks_never_publish_a_wrong_value(table: TableReading, data: st.DataObject) -> None:
    blanks = data.draw(st.sets(st.integers(0, len(table.cells) - 1), max_size=60))
    result = run(blank(table, blanks))
    right = truth(table)
    assert all(c.value_published in (None, right[name]) for name, c in by_name(result).items())
    assert all(c.value_source is not ValueSource.WITHHELD for c in result.cells)


@SETTINGS
@given(consistent_tables(), st.data())
def test_blank_rows_and_columns_never_publish_a_wrong_value(table: TableReading, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from([c.row_code for c in table.cells]))
    column = data.draw(st.sampled_from([c.column_code for c in table.cells]))
    region = {i for i, c in enumerate(table.cells) if row == c.row_code or column == c.column_code}
    right = truth(table)
    result = run(blank(table, region))
    assert all(c.value_published in (None, right[name]) for name, c in by_name(result).items())


@SETTINGS
@given(consistent_tables(), st.data())
def test_a_misprint_near_blanks_never_spreads(table: TableReading, data: st.DataObject) -> None:
    """One wrong figure and one blank: the blank is filled rightly or not at all."""
    wrong = some_cell(data, table)
    hidden = data.draw(st.integers(0, len(table.cells) - 1).filter(lambda i: i != wrong))
    spoilt = misprint(blank(table, {hidden}), wrong, other_value(data, table, wrong))
    result = run(spoilt)
    assert result.cells[hidden].value_published in (None, table.cells[hidden].value)
    assert contradictions(result, spoilt) == []


@SETTINGS
@given(consistent_tables(), st.data())
def test_published_values_never_break_an_identity(table: TableReading, data: st.DataObject) -> None:
    """Several errors, blanks and doubtful readings at once: the release gate must never find a contradiction."""
    spoilt = table
    for _ in range(data.draw(st.integers(1, 4))):
        index = some_cell(data, spoilt)
        spoilt = misprint(spoilt, index, other_value(data, table, index))
    spoilt = blank(spoilt, data.draw(st.sets(st.integers(0, len(table.cells) - 1), max_size=20)))
    doubtful = data.draw(st.sets(st.integers(0, len(table.cells) - 1), max_size=8))
    cells = [c._replace(suspect=i in doubtful) for i, c in enumerate(spoilt.cells)]
    spoilt = replace(spoilt, cells=tuple(cells))
    result = run(spoilt)
    assert contradictions(result, spoilt) == []
    assert [(c.printed, c.value) for c in result.cells] == [(c.printed, c.value) for c in spoilt.cells]


@SETTINGS
@given(consistent_tables(), st.data())
def test_two_independent_errors_are_withheld_or_contradict_nothing(table: TableReading, data: st.DataObject) -> None:
    first, second = some_cell(data, table), some_cell(data, table)
    spoilt = misprint(table, first, other_value(data, table, first))
    spoilt = misprint(spoilt, second, other_value(data, table, second))
    result = run(spoilt)
    assert contradictions(result, spoilt) == []
    for index in {first, second}:
        assert result.cells[index].value_source is ValueSource.WITHHELD
