"""Real reports and excerpts against their hand-checked cells: complete ones exact, and nothing wrong without a finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.agreement import Agreement, agree, checked_sources
from disclosure.reading import read_filing
from disclosure.report import ReadingStatus, Report

COMPLETE = ("hongze-2023.pdf", "hongze-2023.txt", "suqian-2023.txt", "shanghai-bgt-2019.html")
CELLS_READ_RIGHT = 1241  # of 1243; raise it when a reader gets better


@pytest.fixture(scope="module")
def read(real_reports: Path) -> dict[str, tuple[Report, Agreement]]:
    """Every file of real/ as read, with its agreement."""
    result = {}
    for source in checked_sources(real_reports):
        if source.path.parent.name == "real":
            report = read_filing(source.path.read_bytes(), source.path.name)
            result[source.path.name] = (report, agree(report, source))
    return result


@pytest.mark.parametrize("name", COMPLETE)
def test_complete_reports_are_read_exactly(name: str, read: dict[str, tuple[Report, Agreement]]) -> None:
    agreement = read[name][1]
    assert (agreement.wrong, agreement.missing, agreement.extra) == ((), (), ())


def test_no_value_is_wrong_without_a_finding(read: dict[str, tuple[Report, Agreement]]) -> None:
    silent = {name: agreement.silently_wrong for name, (_, agreement) in read.items() if agreement.silently_wrong}
    assert silent == {}


def test_a_text_that_is_no_report_yields_no_cell(read: dict[str, tuple[Report, Agreement]]) -> None:
    for name, (report, _) in read.items():
        if name.startswith("NEG-"):
            assert report.status is ReadingStatus.NOT_A_REPORT
            assert report.cells == ()


def test_a_table_whose_cells_are_lost_yields_no_number(read: dict[str, tuple[Report, Agreement]]) -> None:
    report, _ = read["hl-jyj-2024-tables-stripped.txt"]
    assert [cell.key for cell in report.cells if cell.value is not None or cell.value_published is not None] == []


def test_hardly_a_checked_cell_is_lost(read: dict[str, tuple[Report, Agreement]]) -> None:
    """All but two of the cells with a hand-checked value, over complete reports, excerpts and mirrors together."""
    assert sum(agreement.right for _, agreement in read.values()) >= CELLS_READ_RIGHT
