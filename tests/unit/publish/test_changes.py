"""The change report: what differs between two releases of a small warehouse, and the cause each line names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from disclosure.publish import Release, fingerprint_warehouse, publish_release

VERSIONS = {"parser": "3", "catalogue": "c1"}
REPORTS = (("r1", "a", 2020), ("r2", "a", 2021), ("r3", "b", 2020))

Line = tuple[Any, ...]
Publish = Callable[..., Release]


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """Three reports of two agencies, two cells each."""
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA marts; CREATE SCHEMA quality")
        connection.execute(
            "CREATE TABLE marts.dim_report (report_id VARCHAR PRIMARY KEY, agency_id VARCHAR, report_year INTEGER, "
            "reporting_scope VARCHAR, title VARCHAR, reader_version VARCHAR, parser_version VARCHAR, "
            "catalogue_version VARCHAR)"
        )
        connection.execute("CREATE TABLE marts.dim_agency (agency_id VARCHAR PRIMARY KEY, report_count BIGINT)")
        connection.execute("INSERT INTO marts.dim_agency VALUES ('a', 2), ('b', 1)")
        connection.execute(
            "CREATE TABLE marts.fct_applications (agency_id VARCHAR, report_year INTEGER, reporting_scope VARCHAR, "
            "report_id VARCHAR, row_code VARCHAR, value DECIMAL(20,6), value_source VARCHAR, page INTEGER, "
            "PRIMARY KEY (agency_id, report_year, reporting_scope, row_code))"
        )
        connection.execute("CREATE TABLE marts.dim_line_item (row_code VARCHAR PRIMARY KEY, row_chinese VARCHAR)")
        connection.execute("INSERT INTO marts.dim_line_item VALUES ('received', '新收'), ('granted', '予以公开')")
        connection.execute(
            "CREATE TABLE quality.coverage (receipt_id VARCHAR PRIMARY KEY, report_id VARCHAR, agency_id VARCHAR, "
            "agency_name VARCHAR, report_year INTEGER, source VARCHAR)"
        )
        connection.execute("CREATE TABLE quality.findings (report_id VARCHAR, message VARCHAR)")
        connection.execute(
            "CREATE TABLE quality.corrections (report_id VARCHAR, row_code VARCHAR, decided_value DECIMAL(20,6), "
            "who VARCHAR, PRIMARY KEY (report_id, row_code))"
        )
        for report_id, agency, year in REPORTS:
            add_report(connection, report_id, agency, year)
    return path


def add_report(connection: duckdb.DuckDBPyConnection, report_id: str, agency: str, year: int, granted: int = 7) -> None:
    connection.execute(
        "INSERT INTO marts.dim_report VALUES (?, ?, ?, 'agency', '年度报告', 'html 1', '3', 'c1')",
        [report_id, agency, year],
    )
    connection.execute(
        "INSERT INTO quality.coverage VALUES (?, ?, ?, ?, ?, ?)",
        [f"in/{report_id}", report_id, agency, f"{agency}局", year, f"in/{report_id}.html"],
    )
    connection.execute(
        "INSERT INTO marts.fct_applications VALUES ($1, $2, 'agency', $3, 'received', 9, 'printed', 1), "
        "($1, $2, 'agency', $3, 'granted', $4, 'printed', 1)",
        [agency, year, report_id, granted],
    )


@pytest.fixture
def publish(warehouse: Path, tmp_path: Path) -> Publish:
    """Publish once; then, for each call, change the warehouse as told and publish again."""
    releases = tmp_path / "releases"

    def again(change: Callable[[duckdb.DuckDBPyConnection], object] | str = "SELECT 1", **versions: str) -> Release:
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute(change) if isinstance(change, str) else change(connection)
        gate = {"passed": True, "fingerprint": fingerprint_warehouse(warehouse)}
        moment = datetime(2026, 2, 1 + len(list(releases.glob("2*"))), tzinfo=UTC)
        return publish_release(warehouse, releases, gate, versions=VERSIONS | versions, created_at=moment)

    again()
    return again


def lines(release: Release, columns: str, where: str = "true") -> list[Line]:
    return duckdb.sql(
        f"SELECT {columns} FROM '{release.path / 'changes.parquet'}' WHERE {where} ORDER BY ALL"
    ).fetchall()


def test_a_first_release_has_an_empty_report(publish: Publish, tmp_path: Path) -> None:
    first = publish()
    assert not first.is_new
    assert lines(first, "count(*)") == [(0,)]
    assert first.manifest["changes"] == {"previous_release_id": None, "tables": {}, "causes": {}}
    assert "first release" in (first.path / "changes.md").read_text(encoding="utf-8")


def test_a_new_report_is_one_line_for_all_its_rows(publish: Publish) -> None:
    release = publish(lambda connection: add_report(connection, "r4", "b", 2021))
    assert lines(release, "table_name, change, cause, rows, agency_id, report_year, report_id") == [
        ("marts.dim_report", "row_added", "new_file", 1, "b", 2021, "r4"),
        ("marts.fct_applications", "row_added", "new_file", 2, "b", 2021, "r4"),
        ("quality.coverage", "row_added", "new_file", 1, "b", 2021, "r4"),
    ]
    assert release.manifest["changes"]["causes"] == {"new_file": 4}


def test_a_reissued_report_shows_the_figures_that_differ(publish: Publish) -> None:
    def reissue(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("DELETE FROM marts.dim_report WHERE report_id = 'r1'")
        connection.execute("DELETE FROM marts.fct_applications WHERE report_id = 'r1'")
        add_report(connection, "r9", "a", 2020, granted=8)

    release = publish(reissue)
    assert lines(release, "change, cause, report_id, key, column_name, before, after", "table_name LIKE '%fct%'") == [
        (
            "cell_changed", "new_file", "r9",
            '{"agency_id":"a","report_year":2020,"reporting_scope":"agency","row_code":"granted"}',
            "value", "7.000000", "8.000000",
        )
    ]  # fmt: skip
    assert lines(release, "change, cause, report_id", "table_name = 'marts.dim_report'") == [
        ("row_added", "new_file", "r9"),
        ("row_removed", "new_file", "r1"),
    ]
    page = (release.path / "changes.md").read_text(encoding="utf-8")
    assert "| a | 2020 | `marts.fct_applications` | granted | 7.000000 | 8.000000 | new_file |" in page
    assert "in/r9.html" in page


def test_a_decision_is_the_cause_of_what_it_changes(publish: Publish) -> None:
    release = publish(
        "INSERT INTO quality.corrections VALUES ('r1', 'granted', 6, '某人'); "
        "UPDATE marts.fct_applications SET value = 6, value_source = 'corrected' "
        "WHERE report_id = 'r1' AND row_code = 'granted'"
    )
    assert lines(release, "column_name, before, after, cause", "table_name LIKE '%fct%'") == [
        ("value", "7.000000", "6.000000", "new_decision"),
        ("value_source", "printed", "corrected", "new_decision"),
    ]


def test_another_parser_is_a_cause_and_where_it_read_is_no_change(publish: Publish) -> None:
    release = publish(
        "UPDATE marts.dim_report SET parser_version = '4'; UPDATE marts.fct_applications SET page = 2; "
        "UPDATE marts.fct_applications SET value = NULL WHERE report_id = 'r3' AND row_code = 'granted'",
        parser="4",
    )
    assert lines(release, "table_name, cause, report_id, column_name, before, after") == [
        ("marts.fct_applications", "new_parser", "r3", "value", "7.000000", None)
    ]


def test_a_label_of_the_catalogue_changes_by_the_catalogue(publish: Publish) -> None:
    release = publish(
        "UPDATE marts.dim_report SET catalogue_version = 'c2'; "
        "UPDATE marts.dim_line_item SET row_chinese = '新收申请' WHERE row_code = 'received'",
        catalogue="c2",
    )
    assert lines(release, "table_name, cause, column_name, before, after") == [
        ("marts.dim_line_item", "new_catalogue", "row_chinese", "新收", "新收申请")
    ]


def test_a_report_that_follows_another_says_so(publish: Publish) -> None:
    def add_next_year(connection: duckdb.DuckDBPyConnection) -> None:
        add_report(connection, "r4", "b", 2021)
        connection.execute("UPDATE marts.dim_agency SET report_count = 2 WHERE agency_id = 'b'")
        connection.execute("INSERT INTO quality.findings VALUES ('r3', '与下一年度不符')")

    release = publish(add_next_year)
    assert lines(release, "cause", "table_name = 'quality.findings'") == [("elsewhere",)]
    assert lines(release, "cause, key", "table_name = 'marts.dim_agency'") == [("new_file", '{"agency_id":"b"}')]


def test_a_change_without_a_cause_in_the_reports_was_recomputed(publish: Publish) -> None:
    release = publish("UPDATE marts.dim_agency SET report_count = 5 WHERE agency_id = 'b'")
    assert lines(release, "cause, before, after") == [("recomputed", "1", "5")]


def test_rows_without_a_key_are_counted(publish: Publish) -> None:
    add = "INSERT INTO quality.findings VALUES ('r1', '行数不符'), ('r1', '行数不符'), ('r2', '表头')"
    release = publish(add)
    assert lines(release, "change, rows, report_id") == [("row_added", 1, "r2"), ("row_added", 2, "r1")]
    release = publish(
        "DELETE FROM quality.findings WHERE report_id = 'r1'; INSERT INTO quality.findings VALUES ('r1', '行数不符')"
    )
    assert lines(release, "change, rows, report_id") == [("row_removed", 1, "r1")]


def test_tables_and_columns_that_come_and_go_are_told(publish: Publish) -> None:
    release = publish(
        "ALTER TABLE quality.findings ADD COLUMN code VARCHAR; DROP TABLE marts.dim_line_item; "
        "CREATE TABLE marts.extra AS SELECT 1 AS one"
    )
    assert lines(release, "table_name, change, cause, rows, column_name, after") == [
        ("marts.dim_line_item", "table_removed", "new_schema", 2, None, None),
        ("marts.extra", "table_added", "new_schema", 1, None, None),
        ("quality.findings", "column_added", "new_schema", 0, "code", "VARCHAR"),
    ]


def test_a_table_that_is_new_to_its_key_is_compared_by_whole_rows(publish: Publish) -> None:
    publish("CREATE OR REPLACE TABLE quality.corrections AS SELECT report_id, who FROM quality.corrections")
    release = publish(
        "CREATE OR REPLACE TABLE quality.corrections (report_id VARCHAR, row_code VARCHAR PRIMARY KEY, who VARCHAR); "
        "INSERT INTO quality.corrections VALUES ('r1', 'granted', '某人')"
    )
    assert lines(release, "change, rows, key", "table_name = 'quality.corrections' AND change LIKE 'row%'") == [
        ("row_added", 1, '{"report_id":"r1"}')
    ]


def test_the_report_is_the_same_twice(publish: Publish, warehouse: Path, tmp_path: Path) -> None:
    """Also as bytes, whatever order the warehouse holds its rows in."""
    release = publish(lambda connection: add_report(connection, "r4", "b", 2021))
    files = ("changes.parquet", "changes.csv.gz", "changes.md")
    expected = [(release.path / name).read_bytes() for name in files]
    latest = tmp_path / "releases" / "latest"
    latest.unlink()
    latest.symlink_to(release.manifest["previous_release_id"])
    shuffle = "CREATE OR REPLACE TABLE quality.findings AS FROM quality.findings ORDER BY message DESC"
    assert [(publish(shuffle).path / name).read_bytes() for name in files] == expected
