"""Labels that recognition read with faults: put right by the form's order, never against it, never in digital text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from composed import application_rows, document_of, grid_of

from disclosure.document import Document, Grid
from disclosure.findings import FindingCode
from disclosure.parse.tables import read_tables
from disclosure.report import CellState

ROWS = {
    "requests_received": ["3", "0", "0", "0", "0", "0", "3"],
    "denied_state_secret": ["3", "0", "0", "0", "0", "0", "3"],
    "outcomes_total": ["3", "0", "0", "0", "0", "0", "3"],
}


@pytest.fixture
def table(catalogue):
    return catalogue.edition("table_2021").table("T3")


def with_labels(table, labels: dict[str, str], confidence: float | None = 0.99) -> Document:
    """The table with the labels of some rows as they were read."""
    rows = application_rows(table, ROWS)
    for place, row in enumerate(table.rows):
        if row.code in labels:
            line = rows[2 + place]
            line[len(line) - 8] = labels[row.code]
    grid = grid_of(rows)
    lines = [replace(row, cells=tuple(cell._replace(confidence=confidence) for cell in row.cells)) for row in grid.rows]
    return document_of(Grid(tuple(lines), grid.layout))


def read(document, catalogue):
    reading = next(one for one in read_tables(document, catalogue) if one.table == "T3")
    missing = {each.where.row_code for each in reading.findings if each.code is FindingCode.ROW_MISSING}
    damaged = {each.where.row_code for each in reading.findings if each.code is FindingCode.LABEL_DAMAGED}
    return {(cell.row_code, cell.column_code): cell for cell in reading.cells}, missing, damaged


def test_a_misread_label_is_known_by_what_is_left_of_it_and_by_its_place(catalogue, table):
    cells, missing, damaged = read(with_labels(table, {"denied_state_secret": "1.禹于因家秘宓"}), catalogue)
    assert cells["denied_state_secret", "total"].value == 3
    assert (missing, damaged) == (set(), {"denied_state_secret"})


def test_a_label_like_nothing_between_two_sure_rows_is_known_by_its_place(catalogue, table):
    cells, missing, damaged = read(with_labels(table, {"denied_state_secret": "忄丨亍冖"}), catalogue)
    assert cells["denied_state_secret", "total"].value == 3
    assert (missing, damaged) == (set(), {"denied_state_secret"})


def test_a_strange_label_in_digital_text_is_a_strange_row(catalogue, table):
    cells, missing, _ = read(with_labels(table, {"denied_state_secret": "忄丨亍冖国防"}, None), catalogue)
    clean, _, _ = read(with_labels(table, {"denied_state_secret": "忄丨亍冖国防"}), catalogue)
    assert clean["denied_state_secret", "total"].value == 3
    assert cells["denied_state_secret", "total"].value in (3, None) and "requests_received" not in missing


def test_a_row_the_form_has_not_shifts_no_row(catalogue, table):
    """With one row more than the form, places tell nothing: the strange row is left out, the others keep their own."""
    document = with_labels(table, {})
    grid = document.grids[0]
    extra = replace(
        grid.rows[6],
        cells=tuple(
            cell._replace(text="甲乙丙丁") if cell.text and not cell.text.isdigit() else cell._replace(text="7")
            for cell in grid.rows[6].cells
        ),
    )
    rows = [*grid.rows[:7], extra, *grid.rows[7:]]
    grid = replace(grid, rows=tuple(replace(row, index=index) for index, row in enumerate(rows)))
    cells, missing, _ = read(document_of(grid), catalogue)
    assert cells["denied_state_secret", "total"].value == 3
    assert missing == set()
    assert not any(cell.value == 7 and cell.state is CellState.REPORTED for cell in cells.values())


def test_a_figure_with_a_speck_does_not_cost_the_whole_line_of_disputes(catalogue):
    figures = ["1", "0", "2", "0", "3", *["0"] * 10]
    words = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    grid = grid_of([["行政复议", "未经复议直接起诉", "复议后起诉"], words * 3, [*figures[:5], "2.", *figures[6:]]])
    rows = [replace(row, cells=tuple(cell._replace(confidence=0.99) for cell in row.cells)) for row in grid.rows]
    readings = read_tables(document_of(Grid(tuple(rows), grid.layout)), catalogue)
    cells = {(cell.row_code, cell.column_code): cell.value for cell in readings[0].cells}
    assert (readings[0].table, cells["reconsideration", "total"]) == ("T4", 3)
    assert cells["litigation_direct", "upheld"] is None
    assert read_tables(document_of(grid), catalogue) == ()
