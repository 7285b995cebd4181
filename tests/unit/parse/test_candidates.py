"""Scanned cells: identities choose among readings, nothing is guessed, and what nothing checks is flagged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from composed import application_rows, document_of, grid_of

from disclosure.document import Document, Grid, Paragraph
from disclosure.findings import FindingCode
from disclosure.parse.tables import read_tables
from disclosure.report import CellState

ROWS = {
    "requests_received": ["13", "2", "0", "0", "0", "0", "15"],
    "granted_full": ["8", "2", "0", "0", "0", "0", "10"],
    "denied_state_secret": ["5", "0", "0", "0", "0", "0", "5"],
    "outcomes_total": ["13", "2", "0", "0", "0", "0", "15"],
}
DISCLOSURE = [
    ["第二十条第（一）项"],
    ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
    ["规章", "1", "0", "4"],
    ["行政规范性文件", "2", "0", "9"],
]


@pytest.fixture
def table(catalogue):
    return catalogue.edition("table_2021").table("T3")


def scanned(rows, unsure=None, agreed=True) -> Document:
    """A grid as recognition gives it; `unsure` maps (row index, column index) to text, confidence and other readings."""
    grid = grid_of(rows)
    lines = []
    for row in grid.rows:
        cells = []
        for cell in row.cells:
            text, confidence, others = (unsure or {}).get((row.index, cell.column), (cell.text, 0.99, ()))
            sure = agreed if (row.index, cell.column) not in (unsure or {}) else False
            cells.append(cell._replace(text=text, confidence=confidence, alternatives=tuple(others), agreed=sure))
        lines.append(replace(row, cells=tuple(cells)))
    return document_of(Grid(tuple(lines), grid.layout))


def line_of(table, row_code: str) -> int:
    return 2 + [row.code for row in table.rows].index(row_code)


def read(document, catalogue, code="T3"):
    reading = next(one for one in read_tables(document, catalogue) if one.table == code)
    return {(cell.row_code, cell.column_code): cell for cell in reading.cells}, [
        found.code for found in reading.findings
    ]


def test_the_reading_that_ties_is_chosen_and_said(catalogue, table):
    unsure = {(line_of(table, "granted_full"), 1): ("3", 0.55, [("8", 0.4)])}
    cells, codes = read(scanned(application_rows(table, ROWS), unsure), catalogue)
    cell = cells["granted_full", "natural_person"]
    assert (cell.value, cell.printed, cell.state) == (8, "8", CellState.REPORTED)
    assert codes.count(FindingCode.OCR_CHOSEN) == 1
    assert FindingCode.OCR_ILLEGIBLE not in codes


def test_an_unsure_reading_that_ties_both_ways_stands(catalogue, table):
    unsure = {(line_of(table, "granted_full"), 1): ("8", 0.55, [("3", 0.4)])}
    cells, codes = read(scanned(application_rows(table, ROWS), unsure), catalogue)
    assert cells["granted_full", "natural_person"].value == 8
    assert not {FindingCode.OCR_CHOSEN, FindingCode.OCR_ILLEGIBLE} & set(codes)


def test_no_reading_that_ties_is_illegible_not_a_guess(catalogue, table):
    unsure = {(line_of(table, "granted_full"), 1): ("3", 0.55, [("6", 0.4)])}
    cells, codes = read(scanned(application_rows(table, ROWS), unsure), catalogue)
    cell = cells["granted_full", "natural_person"]
    assert (cell.value, cell.state, cell.printed) == (None, CellState.ILLEGIBLE, "3")
    assert codes.count(FindingCode.OCR_ILLEGIBLE) == 1


def test_several_assignments_that_tie_decide_nothing(catalogue, table):
    """The same figure misread alike wherever it stands ties as well as the right one."""
    rows = {
        code: ["3", "0", "0", "0", "0", "0", "3"] for code in ("requests_received", "granted_full", "outcomes_total")
    }
    unsure = {(line_of(table, code), column): ("3", 0.6, [("8", 0.3)]) for code in rows for column in (1, 7)}
    cells, codes = read(scanned(application_rows(table, rows), unsure), catalogue)
    assert {cells[code, column].state for code in rows for column in ("natural_person", "total")} == {
        CellState.ILLEGIBLE
    }
    assert codes.count(FindingCode.OCR_ILLEGIBLE) == 6


def test_a_filers_mistake_is_not_read_away(catalogue, table):
    """Sure cells are never touched, even where another figure would tie."""
    rows = {**ROWS, "granted_full": ["7", "2", "0", "0", "0", "0", "10"]}
    cells, codes = read(scanned(application_rows(table, rows)), catalogue)
    assert cells["granted_full", "natural_person"].value == 7
    assert FindingCode.OCR_CHOSEN not in codes


def test_cells_that_no_identity_checks_ask_for_review_unless_read_twice_alike(catalogue):
    cells, codes = read(scanned(DISCLOSURE, agreed=None), catalogue, "T2")
    assert cells["rules", "in_force_total"].value == 4
    assert codes.count(FindingCode.OCR_REVIEW) == 2  # one a row
    _, codes = read(scanned(DISCLOSURE, agreed=True), catalogue, "T2")
    assert FindingCode.OCR_REVIEW not in codes


def test_figures_of_a_table_without_rules_need_the_identities_and_are_told(catalogue, table):
    """A line of text is recognised as a whole: how sure one of its figures is, nobody knows."""
    lines = ["三、收到和处理政府信息公开申请情况"]
    lines += [" ".join(row) for row in application_rows(table, ROWS)]
    document = document_of(*(Paragraph(line, page=2, confidence=0.99) for line in lines))
    cells, codes = read(document, catalogue)
    assert cells["granted_full", "natural_person"].value == 8
    assert codes.count(FindingCode.OCR_UNRULED) == 1
    broken = {**ROWS, "granted_full": ["3", "2", "0", "0", "0", "0", "10"]}
    lines = [lines[0], *(" ".join(row) for row in application_rows(table, broken))]
    cells, _ = read(document_of(*(Paragraph(line, page=2, confidence=0.99) for line in lines)), catalogue)
    assert cells["granted_full", "natural_person"].value is None


def test_an_unsure_cell_that_no_identity_checks_is_illegible(catalogue):
    cells, codes = read(scanned(DISCLOSURE, {(2, 3): ("4", 0.8, [("9", 0.2)])}), catalogue, "T2")
    assert (cells["rules", "in_force_total"].value, codes.count(FindingCode.OCR_ILLEGIBLE)) == (None, 1)
