"""Rows printed twice with other figures: the identities choose between them, or nothing is published."""

from __future__ import annotations

import pytest
from composed import application_rows, document_of, grid_of, lines_of

from disclosure.document import Layout
from disclosure.findings import FindingCode
from disclosure.parse.tables import read_tables
from disclosure.reconcile import reconcile
from disclosure.report import CellState

NINE = ["9", "0", "0", "0", "0", "0", "9"]
FOUR = ["4", "0", "0", "0", "0", "0", "4"]


def applications(catalogue, figures):
    table = catalogue.edition("table_2021").table("T3")
    return application_rows(table, {"requests_received": figures, "granted_full": figures, "outcomes_total": figures})


def read(catalogue, *blocks):
    readings = read_tables(document_of(*blocks), catalogue)
    published = {cell.key: cell.value_published for cell in reconcile(readings, catalogue).cells}
    return published, readings


@pytest.mark.parametrize("layout", [Layout.GRID, Layout.STREAM])
@pytest.mark.parametrize("right_first", [True, False])
def test_of_one_row_printed_twice_the_one_that_ties_is_read(catalogue, layout, right_first):
    rows = applications(catalogue, NINE)
    place = next(index for index, row in enumerate(rows) if "予以公开" in row[0])
    wrong = [rows[place][0], "6", *NINE[1:]]
    rows.insert(place + right_first, wrong)
    published, readings = read(catalogue, grid_of(rows, layout))
    assert published["T3", "granted_full", "natural_person"] == 9
    assert FindingCode.CELL_TWICE in {found.code for found in readings[0].findings}


def test_of_two_tables_that_both_tie_nobody_can_say_which_is_meant(catalogue):
    last_year, this_year = applications(catalogue, FOUR), applications(catalogue, NINE)
    published, readings = read(catalogue, grid_of(last_year), *lines_of("本年度数据："), grid_of(this_year))
    assert published["T3", "requests_received", "total"] is None
    assert published["T3", "granted_full", "natural_person"] is None
    assert published["T3", "denied_state_secret", "natural_person"] == 0
    states = {cell.key: cell.state for reading in readings for cell in reading.cells}
    assert states["T3", "requests_received", "total"] is CellState.ILLEGIBLE


def test_documents_printed_twice_with_other_figures_are_not_published(catalogue):
    block = [["第二十条第（一）项"], ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]]
    rows = [*block, ["规章", "0", "0", "2"], ["行政规范性文件", "5", "0", "8"], ["行政规范性文件", "6", "0", "8"]]
    published, _ = read(catalogue, grid_of(rows))
    assert published["T2", "normative_documents", "issued_this_year"] is None
    assert published["T2", "normative_documents", "in_force_total"] == 8
    assert published["T2", "rules", "in_force_total"] == 2


def test_two_lines_of_disputes(catalogue):
    header = [["行政复议", "行政诉讼"], ["未经复议直接起诉", "复议后起诉"]]
    one = ["1", "0", "0", "0", "1", *"0000000000"]
    other = ["2", "0", "0", "0", "2", *"0000000000"]
    published, _ = read(catalogue, grid_of([*header, one]), grid_of([*header, other]))
    assert published["T4", "reconsideration", "total"] is None
    assert published["T4", "litigation_direct", "total"] == 0
