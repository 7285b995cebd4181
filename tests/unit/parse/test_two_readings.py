"""Two readings of the same scanned pages: the identities choose, agreement confirms, what differs unchecked is in doubt."""

from __future__ import annotations

from dataclasses import replace

from composed import application_rows, document_of, grid_of

from disclosure.findings import FindingCode, finding
from disclosure.parse.tables import read_tables
from disclosure.parse.two_readings import choose_readings

GOOD = ["15", "1", "0", "0", "0", "0", "16"]
DISCLOSURE = [["第二十条第（一）项"], ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]]


def applications(catalogue, received):
    table = catalogue.edition("table_2021").table("T3")
    values = {"requests_received": received, "granted_full": GOOD, "outcomes_total": GOOD}
    return read_tables(document_of(grid_of(application_rows(table, values))), catalogue)


def disclosure(catalogue, *values):
    return read_tables(document_of(grid_of([*DISCLOSURE, ["规章", *values]])), catalogue)


def value_of(readings, row, column):
    return next(c for r in readings for c in r.cells if (c.row_code, c.column_code) == (row, column))


def test_the_reading_whose_identities_hold_wins_whichever_it_is(catalogue):
    right, wrong = applications(catalogue, GOOD), applications(catalogue, ["13", *GOOD[1:]])
    for first, second in ((right, wrong), (wrong, right)):
        chosen = choose_readings(first, second, catalogue)
        assert value_of(chosen, "requests_received", "natural_person").value == 15


def test_agreement_takes_the_mark_for_review_away(catalogue):
    (reading,) = disclosure(catalogue, "1", "2", "3")
    marked = replace(reading, findings=(*reading.findings, finding(FindingCode.OCR_REVIEW)))
    (chosen,) = choose_readings((marked,), (reading,), catalogue)
    assert FindingCode.OCR_REVIEW not in {found.code for found in chosen.findings}
    assert not any(cell.suspect for cell in chosen.cells)


def test_a_difference_that_no_identity_checks_is_in_doubt(catalogue):
    chosen = choose_readings(disclosure(catalogue, "1", "2", "3"), disclosure(catalogue, "1", "2", "8"), catalogue)
    assert value_of(chosen, "rules", "in_force_total").suspect
    assert not value_of(chosen, "rules", "issued_this_year").suspect
    (named,) = [found for reading in chosen for found in reading.findings if found.code is FindingCode.OCR_REVIEW]
    assert (named.where.row_code, named.where.column_code) == ("rules", "in_force_total")


def test_a_table_that_only_the_text_layer_has_is_marked_for_review(catalogue):
    chosen = choose_readings((), disclosure(catalogue, "1", "2", "3"), catalogue)
    assert {found.code for found in chosen[0].findings} >= {FindingCode.OCR_REVIEW}
