"""Which expected filers are missing: counted by year, level and function, named, and told by check, health and summary."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.checks.filers import expected_filers_are_in
from orchestration.filers import count_filers, count_missing, last_deadline, name_missing
from orchestration.health import State, examine_deadlines, examine_filers
from orchestration.resources import Home
from orchestration.run_log import RUN_LOG
from orchestration.summary import describe_missing

FILERS = [
    # agency, name, level, function, year, scope, expected by, status, reason, report
    ("a", "甲市司法局", "prefecture", "justice", 2023, "agency", "list", "published", None, "r1"),
    ("a", "甲市司法局", "prefecture", "justice", 2024, "agency", "list", "not_filed", None, None),
    ("b", "乙县财政局", "county", "finance", 2024, "agency", "list", "unreadable", "truncated", None),
    ("c", "丙县人民政府", "county", "government", 2024, "jurisdiction", "source_list", "not_filed", None, None),
    ("d", "丁县公安局", "county", "police", 2024, "agency", None, "not_filed", None, None),
    ("e", "戊县民政局", None, None, 2024, "agency", "list", "withheld_in_part", None, "r2"),
]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home whose warehouse holds nothing but these filers."""
    (tmp_path / "warehouse").mkdir()
    home = Home(folder=str(tmp_path))
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            """create table marts.coverage_by_agency (agency_id text, agency_name text, agency_level text,
            function_category text, report_year integer, reporting_scope text, expected_by text, status text, reason text,
            report_id text, is_expected boolean as (expected_by is not null))"""
        )
        insert = "insert into marts.coverage_by_agency values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        connection.executemany(insert, FILERS)
    return home


def test_years_count_who_is_expected_has_filed_is_unreadable_and_late(home: Home) -> None:
    before, after = count_filers(home.warehouse, date(2025, 2, 15))
    assert (before.report_year, before.expected, before.missing, before.overdue) == (2023, 1, 0, 0)
    assert (after.expected, after.filed, after.unreadable, after.missing) == (4, 1, 1, 3)


@pytest.mark.parametrize(
    ("today", "overdue"), [(date(2025, 1, 31), 0), (date(2025, 2, 1), 2), (date(2025, 3, 31), 2), (date(2025, 4, 1), 3)]
)
def test_departments_are_late_from_february_and_governments_from_april(home: Home, today: date, overdue: int) -> None:
    assert count_filers(home.warehouse, today)[-1].overdue == overdue


def test_the_missing_are_counted_by_level_and_function_and_named(home: Home) -> None:
    assert count_missing(home.warehouse) == [
        (2024, "county", "finance", 1, 1),
        (2024, "county", "government", 1, 1),
        (2024, "prefecture", "justice", 1, 1),
    ]
    named = name_missing(home.warehouse, 2024)
    assert {name for name, *_ in named} == {"甲市司法局", "乙县财政局", "丙县人民政府"}
    assert ("乙县财政局", "county", "finance", "list", "truncated") in named
    assert len(name_missing(home.warehouse, 2024, limit=1)) == 1


def test_the_check_warns_and_names_them(home: Home) -> None:
    result = expected_filers_are_in(home)
    assert isinstance(result, dg.AssetCheckResult)
    assert not result.passed and result.severity is dg.AssetCheckSeverity.WARN
    assert result.description == "2024: 3 of 4 expected filers are missing"
    assert "甲市司法局" in str(result.metadata["first_missing_of_2024"].value)
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("update marts.coverage_by_agency set report_id = 'r' where report_id is null")
    assert expected_filers_are_in(home).passed


def test_health_and_summary_name_them(home: Home) -> None:
    remark = examine_filers(home)
    assert remark.state is State.LOOK
    assert "2024: 3 of 4" in remark.words and "乙县财政局" in remark.words
    (line,) = describe_missing(home.path)
    assert "2024: 3 of 4" in line and "丙县人民政府" in line


def test_a_home_that_slept_through_a_deadline_is_told(home: Home) -> None:
    assert examine_deadlines(home, date(2025, 2, 3)).state is State.LOOK
    log = home.path / RUN_LOG
    log.parent.mkdir()
    lines = [
        {"at": "2025-02-01T06:10:00+00:00", "outcome": "published"},
        {"at": "2025-04-02T06:10:00+00:00", "outcome": "failed"},
    ]
    log.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert examine_deadlines(home, date(2025, 2, 3)).state is State.WELL
    assert examine_deadlines(home, date(2025, 4, 3)).state is State.LOOK


@pytest.mark.parametrize(
    ("today", "deadline"),
    [
        (date(2025, 1, 31), date(2024, 4, 1)),
        (date(2025, 2, 1), date(2025, 2, 1)),
        (date(2025, 3, 31), date(2025, 2, 1)),
        (date(2025, 12, 1), date(2025, 4, 1)),
    ],
)
def test_the_last_deadline(today: date, deadline: date) -> None:
    assert last_deadline(today) == deadline
