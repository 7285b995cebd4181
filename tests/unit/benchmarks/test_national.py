"""The made nation: staged as a run would stage it, judged as the library judges it, and true to what it says it counted."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from benchmarks.national.mistakes import KINDS
from benchmarks.national.panel import Plan, write_nation
from catalogue.load import load_catalogue
from disclosure.parse.warn import judge_report
from disclosure.reconcile import reconcile
from disclosure.report import Cell, CellState, Metadata, NarrativeCount, ReadingStatus, Report, TableReading
from disclosure.stage.schema import SCHEMAS, WHOLE

YEARS = (2020, 2021, 2022)
REPORTS = 900


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("nation")
    write_nation(Plan(out, REPORTS, YEARS))
    return out


@pytest.fixture(scope="module")
def staged(nation: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for name in SCHEMAS:
        files = nation / "staging" / (f"{name}.parquet" if name in WHOLE else f"{name}/*.parquet")
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM '{files}'")
    for name in ("sums_by_region", "sums_by_function", "mistakes", "reports"):
        connection.execute(f"CREATE VIEW true_{name} AS SELECT * FROM '{nation}/truth/{name}/*.parquet'")
    return connection


def rows_by_report(connection: duckdb.DuckDBPyConnection, name: str, report_ids: list[str]) -> dict[str, list[dict]]:
    found = connection.execute(f"SELECT * FROM {name} WHERE report_id IN (SELECT unnest(?))", [report_ids])
    columns = [column[0] for column in found.description]
    rows: dict[str, list[dict]] = defaultdict(list)
    for row in found.fetchall():
        rows[row[columns.index("report_id")]].append(dict(zip(columns, row, strict=True)))
    return rows


def test_files_are_those_of_the_stage(nation: Path, staged: duckdb.DuckDBPyConnection) -> None:
    for path in (nation / "staging").rglob("*.parquet"):
        name = path.stem if path.stem in WHOLE else path.parent.name
        assert pq.read_schema(path).equals(SCHEMAS[name]), path
        if name not in WHOLE:
            report_ids = pq.read_table(path, columns=["report_id"]).column(0).to_pylist()
            assert report_ids == sorted(report_ids), path
    assert staged.execute("SELECT count(*), count(DISTINCT report_id) FROM filings").fetchone() == (REPORTS, REPORTS)
    assert staged.execute("SELECT count(*) FROM filings ANTI JOIN reports USING (report_id)").fetchone() == (0,)


def test_same_bytes_however_the_work_is_shared(nation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.national.governments.AT_ONCE", 70)
    again = Plan(tmp_path, REPORTS, YEARS)
    write_nation(again)
    files = sorted(path.relative_to(nation) for path in nation.rglob("*.parquet"))
    assert files == sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.parquet"))
    for path in files:
        digests = {hashlib.sha256((folder / path).read_bytes()).hexdigest() for folder in (nation, tmp_path)}
        assert len(digests) == 1, path


def test_reports_are_judged_as_the_library_judges_them(staged: duckdb.DuckDBPyConnection) -> None:
    """Those laid out from arrays: what is published, the ledger of what must hold, and the rules that warn."""
    chosen = [
        row[0]
        for row in staged.execute(
            "SELECT report_id FROM true_reports WHERE mistake IS NULL AND status = 'read' "
            "ORDER BY region_code LIKE '__0000' DESC, report_id LIMIT 120"
        ).fetchall()
    ]
    found = {name: rows_by_report(staged, name, chosen) for name in SCHEMAS if name not in {*WHOLE, "decisions"}}
    catalogue = load_catalogue()
    for report_id in chosen:
        cells, [said] = found["cells"][report_id], found["reports"][report_id]
        read = {table: [row for row in cells if row["table_code"] == table] for table in ("T2", "T3", "T4")}
        readings = tuple(
            TableReading(table, said["t3_form"], None, tuple(cell_of(row) for row in rows))
            for table, rows in read.items()
        )
        reconciled = reconcile(readings, catalogue)
        published = [(cell.key, cell.value_published, cell.value_source.value) for cell in reconciled.cells]
        keys = ("table_code", "row_code", "column_code")
        assert published == [
            (tuple(row[key] for key in keys), row["value_published"], row["value_source"]) for row in cells
        ]
        ledger = [
            (each.rule_id, each.table, each.scope, each.outcome.value, each.left, each.right)
            for each in reconciled.identities
        ]
        columns = ("rule_id", "table_code", "scope", "outcome", "left_value", "right_value")
        assert ledger == [tuple(row[name] for name in columns) for row in found["identities"][report_id]]
        judged = judge_report(report_of(said, reconciled.cells, found["narrative_facts"][report_id]), catalogue)
        warned = [
            (o.rule_id, o.table, o.scope, o.outcome.value, o.left, o.right, list(o.missing), o.matched)
            for o in (each.outcome for each in judged)
        ]
        columns = (*columns, "missing", "matched")
        assert sorted(warned, key=str) == sorted(
            (tuple(row[name] for name in columns) for row in found["plausibility"][report_id]), key=str
        )


def cell_of(row: dict) -> Cell:
    return Cell(
        row["table_code"], row["row_code"], row["column_code"], row["printed"], CellState(row["state"]), row["value"]
    )


def report_of(said: dict, cells: tuple[Cell, ...], facts: list[dict]) -> Report:
    metadata = Metadata(
        **{name: said[name] for name in Metadata.__dataclass_fields__ if name in said and name != "evidence"}
    )
    narrative = tuple(
        NarrativeCount(**{name: row[name] for name in NarrativeCount.__dataclass_fields__})
        for row in sorted(facts, key=lambda row: row["ordinal"])
    )
    empty = dict.fromkeys(("identities", "findings"), ())
    given = {name: said[name] for name in Report.__dataclass_fields__ if name in said}
    own = {"metadata": metadata, "cells": cells, "narrative": narrative, "status": ReadingStatus(said["status"])}
    return replace(Report(**{**given, **own, **empty}))


def test_truth_is_what_is_staged_but_for_the_mistakes(staged: duckdb.DuckDBPyConnection) -> None:
    """Sums of the figures as printed, with every mistake taken back, are the sums of what was counted."""
    for truth, keys in (
        ("true_sums_by_region", "region_code"),
        ("true_sums_by_function", "agency_level, function_category"),
    ):
        differing = staged.execute(f"""
            WITH printed AS (
                SELECT report_year, {keys}, reporting_scope, table_code, row_code, column_code, sum(value) AS value
                FROM cells JOIN reports USING (report_id) GROUP BY ALL
            ),
            mended AS (
                SELECT report.report_year, {", ".join(f"report.{key.strip()}" for key in keys.split(","))},
                    report.reporting_scope, table_code, row_code, column_code,
                    sum(counted) - coalesce(sum(printed), 0) AS value
                FROM true_mistakes JOIN reports AS report USING (report_id) WHERE table_code <> 'narrative' GROUP BY ALL
            ),
            found AS (
                SELECT report_year, {keys}, reporting_scope, table_code, row_code, column_code, sum(value) AS value
                FROM (FROM printed UNION ALL BY NAME FROM mended) GROUP BY ALL
            ),
            counted AS (
                SELECT report_year, {keys}, reporting_scope, table_code, row_code, column_code, sum(counted) AS value
                FROM {truth} GROUP BY ALL
            )
            SELECT count(*), count(*) FILTER (found.value IS DISTINCT FROM counted.value)
            FROM counted FULL JOIN found
                USING (report_year, {keys}, reporting_scope, table_code, row_code, column_code)
        """).fetchone()
        assert differing is not None and differing[0] > 1_000 and differing[1] == 0, truth


def test_years_of_an_agency_tie(staged: duckdb.DuckDBPyConnection) -> None:
    rows = staged.execute("""
        WITH figure AS (
            SELECT agency_id, report_year, row_code, column_code, value FROM cells
            JOIN reports USING (report_id) ANTI JOIN true_mistakes USING (report_id)
            WHERE table_code = 'T3' AND row_code IN ('requests_carried_in', 'requests_carried_out')
        )
        SELECT count(*), count(*) FILTER (earlier.value > 0), count(*) FILTER (earlier.value <> later.value)
        FROM figure AS earlier JOIN figure AS later USING (agency_id, column_code)
        WHERE later.report_year = earlier.report_year + 1 AND earlier.row_code = 'requests_carried_out'
            AND later.row_code = 'requests_carried_in'
    """).fetchone()
    assert rows is not None and rows[0] > 2_000 and rows[1] > 50 and rows[2] == 0


def test_governments_report_the_sum_of_their_agencies(staged: duckdb.DuckDBPyConnection) -> None:
    """Of a county whose agencies all filed a readable report on the same form."""
    rows = staged.execute("""
        WITH county AS (
            SELECT region_code, report_year FROM true_reports GROUP BY ALL
            HAVING bool_and(status = 'read') AND count(DISTINCT edition) = 1 AND region_code NOT LIKE '%00' AND count(*) > 40
        ),
        total AS (
            SELECT region_code, report_year, table_code, row_code, column_code,
                sum(counted) FILTER (reporting_scope = 'agency') AS agencies,
                sum(counted) FILTER (reporting_scope = 'jurisdiction') AS government
            FROM true_sums_by_region JOIN county USING (region_code, report_year)
            WHERE table_code IN ('T3', 'T4') GROUP BY ALL
        )
        SELECT count(*), sum(government), count(*) FILTER (agencies <> government) FROM total
    """).fetchone()
    assert rows is not None and rows[0] > 150 and rows[1] > Decimal(100) and rows[2] == 0


def test_every_kind_of_mistake_is_made_and_most_agencies_were_asked_nothing(staged: duckdb.DuckDBPyConnection) -> None:
    made = {row[0] for row in staged.execute("SELECT DISTINCT kind FROM true_mistakes").fetchall()}
    assert len(made) >= len(KINDS) - 3 and made <= set(KINDS)
    [asked] = staged.execute("""
        SELECT avg((value > 0)::INT) FROM cells JOIN reports USING (report_id)
        WHERE row_code = 'requests_received' AND column_code = 'total' AND agency_level IN ('county', 'township')
            AND reporting_scope = 'agency'
    """).fetchone() or (None,)
    assert 0.3 < asked < 0.6
