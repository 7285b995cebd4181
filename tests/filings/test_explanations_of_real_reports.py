"""What explains the broken tables of real reports, and what a clerk is told about them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from catalogue.load import load_catalogue
from disclosure.check_output import broken_must_hold
from disclosure.check_view import view_report
from disclosure.reading import read_filing_at
from disclosure.report import Cause, Explanation, Report

Place = tuple[str, str]


def read(real_reports: Path, pattern: str) -> Report:
    return read_filing_at(next(real_reports.glob(pattern)))


def ways(explanation: Explanation) -> list[dict[Place, Decimal | None]]:
    return [
        {(change.row_code, change.column_code): change.value for change in candidate.changes}
        for candidate in explanation.candidates
    ]


def test_one_cell_explains_the_breaks_of_the_provincial_report(real_reports: Path) -> None:
    report = read(real_reports, "seeds/000_*.txt")
    (explanation,) = report.explanations
    assert ways(explanation) == [{("granted_full", "org_business"): Decimal(0)}]
    assert set(explanation.broken) == {("T3-R02", "column:org_business"), ("T3-R03", "row:granted_full")}
    assert explanation.cause is Cause.UNDETERMINED, "the text is another program's reading of a PDF"
    (shown,) = view_report(report, "000", load_catalogue()).explanations
    assert len(shown.broken) == 2 and shown.ways == ()


@pytest.mark.parametrize("name", ["real/hongze-2023.txt", "real/hongze-2023.pdf"])
def test_totals_printed_0_have_candidates_and_no_pick(real_reports: Path, name: str) -> None:
    report = read(real_reports, name)
    first, second = report.explanations
    assert ways(first) == [{("reconsideration", "total"): Decimal(11)}]
    assert ways(second) == [
        {("litigation_after_reconsideration", "total"): Decimal(5)},
        {("litigation_after_reconsideration", "upheld"): Decimal(0)},
    ]
    assert {explanation.cause for explanation in report.explanations} == {Cause.FILER}
    assert all(cell.value_suggested is None for cell in report.cells)
    intervals = {(cell.row_code, cell.column_code): (cell.lowest, cell.highest) for cell in second.open_cells}
    assert intervals == {
        ("litigation_after_reconsideration", "total"): (0, 5),
        ("litigation_after_reconsideration", "upheld"): (0, 5),
    }


def test_a_clean_report_needs_no_explanation(real_reports: Path) -> None:
    report = read(real_reports, "real/suqian-2023.txt")
    assert broken_must_hold(report, load_catalogue()) == ()
    assert report.explanations == ()
    assert view_report(report, "suqian", load_catalogue()).verdict == "ties"


def test_the_deadline_is_judged_where_a_date_is_printed(real_reports: Path) -> None:
    report = read(real_reports, "seeds/002_*.txt")
    assert report.metadata.publication_date is not None
    told = view_report(report, "002", load_catalogue()).deadline
    assert told == f"{report.metadata.publication_date.isoformat()} 公布，未超过 2024-01-31 的时限"
