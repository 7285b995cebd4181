"""What must be true of every table of requests, whatever its figures: tables are drawn, then spoilt on purpose."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
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


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_cell_of_the_form_is_located_whatever_it_prints(edition: str) -> None:
    """Not drawn but counted out: a busy table, each cell 0, too high, below 0, absurd."""
    table = busy_table(edition)
    failed = []
    for index, cell in enumerate(table.cells):
        assert cell.value is not None
        for printed in {0, int(cell.value) + 1, -7, 20212022} - {cell.value}:
            result = run(misprint(table, index, int(printed)))
            withheld = {
                i: c.value_suggested for i, c in enumerate(result.cells) if c.value_source is ValueSource.WITHHELD
            }
            if withheld != {index: cell.value}:
                failed.append((cell.key, printed, withheld))
    assert failed == []


def busy_table(edition: str) -> TableReading:
    """No two figures of a column alike, something carried in and out by every kind of applicant."""
    leaves = [row.code for row in form(edition).rows if row.code not in OTHER_ROWS]
    figures: dict[CellName, int] = {}
    for place, column in enumerate(APPLICANTS, start=1):
        figures |= {(row, column): place * 3 + order * 7 for order, row in enumerate(leaves)}
        outcomes = sum(figures[row, column] for row in leaves)
        figures |= {("outcomes_total", column): outcomes, ("requests_carried_out", column): 4 + place}
        figures |= {("requests_carried_in", column): 2 * place, ("requests_received", column): outcomes + 4 - place}
    for row in [*leaves, *OTHER_ROWS]:
        figures[row, "total"] = sum(figures[row, column] for column in APPLICANTS)
    return reading("T3", edition, {name: str(number) for name, number in figures.items()})


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


@st.composite
def two_errors(draw: st.DrawFn) -> tuple[TableReading, dict[int, int]]:
    """A table and two wrong figures, often in one row or column, often among the rows that two identities share, and often
    equal or opposite: so they hide best."""
    table = draw(consistent_tables())
    places = {(c.row_code, c.column_code): i for i, c in enumerate(table.cells)}
    rows, columns = sorted({row for row, _ in places}), sorted({column for _, column in places})
    row = st.one_of(st.sampled_from(sorted(OTHER_ROWS)), st.sampled_from(rows))
    first = (draw(row), draw(st.sampled_from(columns)))
    beside = draw(st.sampled_from(["row", "column", "anywhere"]))
    second = (
        first[0] if beside == "row" else draw(row),
        first[1] if beside == "column" else draw(st.sampled_from(columns)),
    )
    assume(second != first)
    error = draw(st.integers(1, 400))
    other = draw(st.one_of(st.just(error), st.just(-error), st.integers(-30, 400).filter(bool)))
    return table, {
        places[name]: int(table.cells[places[name]].value or 0) + off for name, off in ((first, error), (second, other))
    }


@settings(max_examples=100, deadline=None)
@given(two_errors())
def test_two_independent_errors_are_withheld_and_contradict_nothing(drawn: tuple[TableReading, dict[int, int]]) -> None:
    """No two wrong cells look like one other wrong cell: neither is published, and nothing published breaks an identity."""
    table, errors = drawn
    spoilt = table
    for index, printed in errors.items():
        spoilt = misprint(spoilt, index, printed)
    result = run(spoilt)
    assert contradictions(result, spoilt) == []
    assert all(result.cells[index].value_source is ValueSource.WITHHELD for index in errors)
    published = [(c.value_published, table.cells[i].value) for i, c in enumerate(result.cells)]
    assert all(value in (None, right) for value, right in published)
