"""Staging: what the Parquet files of a partition hold after a run, and that equal content makes equal bytes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from disclosure.findings import FindingCode, Where, finding
from disclosure.report import (
    Cell,
    CellState,
    Evidence,
    IdentityOutcome,
    Metadata,
    NarrativeCount,
    Outcome,
    ReadingStatus,
    Report,
    ValueSource,
)
from disclosure.stage import read_partition_keys, stage_filings, stage_reports, write
from disclosure.stage.schema import SCHEMAS

TABLES = ("reports", "cells", "narrative_facts", "identities", "plausibility", "findings", "candidates", "decisions")
COLUMNS = ("natural_person", "org_business", "total")


def a_report(number: int, parser_version: str = "1") -> Report:
    sha256 = f"{number * 7919:016x}" + "0" * 48
    cells = tuple(
        Cell(
            "T3",
            "granted_full",
            column,
            str(number),
            CellState.REPORTED,
            Decimal(number),
            value_published=Decimal(number),
            value_source=ValueSource.PRINTED,
            page=2,
            box=(1.0, 2.5, 3.0, 4.0),
        )
        for column in COLUMNS
    )
    fact = NarrativeCount("requests_received", f"{number}件", Decimal(number), "件", True, f"全年收到申请{number}件。")
    ledger = (
        IdentityOutcome("T3-R03", "T3", "row:granted_full", Outcome.BROKEN, Decimal(number), Decimal(2 * number)),
        IdentityOutcome(
            "T3-R01",
            "T3",
            "column:total",
            Outcome.NOT_ASSESSABLE,
            None,
            Decimal(0),
            (("T3", "requests_received", "total"),),
        ),
    )
    found = finding(FindingCode.IDENTITY_BROKEN, "相差1", Where(2, "T3", "granted_full"))
    stated = Metadata(
        agency_name=f"第{number}机关",
        report_year=2021,
        publication_date=date(2022, 1, 30),
        evidence=(Evidence("report_year", "2021", "title", "2021年度报告"),),
    )
    return Report(
        sha256[:16],
        sha256,
        "text/html",
        "html",
        "4",
        parser_version,
        "abc",
        ReadingStatus.READ,
        stated,
        "table_2021",
        None,
        None,
        "table_2021",
        None,
        None,
        cells,
        (fact,),
        ledger,
        (found,),
    )


def staged(home: Path, table: str, partition: str = "2021") -> list[dict[str, object]]:
    rows: list[dict[str, object]] = pq.read_table(home / "staging" / table / f"{partition}.parquet").to_pylist()
    return rows


def all_bytes(home: Path) -> dict[str, bytes]:
    return {str(p.relative_to(home)): p.read_bytes() for p in sorted((home / "staging").rglob("*")) if p.is_file()}


def test_a_report_becomes_typed_rows_in_every_table(tmp_path: Path) -> None:
    summary = stage_reports(tmp_path, "2021", [a_report(3)], frozenset())
    assert summary.rows == {
        "reports": 1, "cells": 3, "narrative_facts": 1, "identities": 2, "plausibility": 0, "findings": 1, "candidates": 0, "decisions": 0,
    }  # fmt: skip
    assert (summary.partition, summary.added, summary.kept) == ("2021", 1, 0)
    (report,) = staged(tmp_path, "reports")
    assert (report["status"], report["agency_name"], report["t3_form"]) == ("read", "第3机关", "table_2021")
    assert report["publication_date"] == date(2022, 1, 30)
    assert report["evidence"] == [{"field": "report_year", "value": "2021", "method": "title", "text": "2021年度报告"}]
    cell = staged(tmp_path, "cells")[1]
    assert (cell["edition"], cell["column_code"], cell["value"]) == ("table_2021", "org_business", Decimal(3))
    assert (cell["state"], cell["value_source"], cell["reader"]) == ("reported", "printed", "html")
    assert cell["box"] == [1.0, 2.5, 3.0, 4.0]
    first, second = staged(tmp_path, "identities")
    assert (first["outcome"], first["left_value"], first["right_value"], first["missing"]) == ("broken", 3, 6, [])
    assert (second["left_value"], second["missing"]) == (None, ["requests_received/total"])
    (found,) = staged(tmp_path, "findings")
    assert (found["ordinal"], found["code"], found["severity"]) == (0, "identity_broken", "warning")
    for table in TABLES:
        assert pq.read_schema(tmp_path / "staging" / table / "2021.parquet").equals(SCHEMAS[table])


def test_kept_reports_stay_others_go_new_ones_come(tmp_path: Path) -> None:
    first = [a_report(number) for number in (5, 1, 3)]
    stage_reports(tmp_path, "2021", first, frozenset())
    keep = frozenset({first[0].report_id, first[1].report_id})
    summary = stage_reports(tmp_path, "2021", [a_report(2), a_report(1, parser_version="2")], keep)
    assert (summary.added, summary.kept) == (2, 1)
    assert [(row["agency_name"], row["parser_version"]) for row in staged(tmp_path, "reports")] == [
        ("第1机关", "2"),
        ("第2机关", "1"),
        ("第5机关", "1"),
    ]
    cells = [(row["report_id"], row["column_code"]) for row in staged(tmp_path, "cells")]
    assert cells == [(a_report(n).report_id, column) for n in (1, 2, 5) for column in COLUMNS]


def test_the_same_content_makes_the_same_bytes_in_whatever_order_it_comes(tmp_path: Path) -> None:
    reports = [a_report(number) for number in range(40)]
    stage_reports(tmp_path / "one", "2021", reports, frozenset())
    random.Random(7).shuffle(reports)
    stage_reports(tmp_path / "two", "2021", reports[:15], frozenset())
    keep = frozenset(report.report_id for report in reports[:15])
    stage_reports(tmp_path / "two", "2021", reports[15:], keep)
    assert all_bytes(tmp_path / "one") == all_bytes(tmp_path / "two")
    stage_reports(tmp_path / "two", "2021", [], frozenset(report.report_id for report in reports))
    assert all_bytes(tmp_path / "one") == all_bytes(tmp_path / "two")


def test_runs_on_the_disk_give_the_same_files_as_runs_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = [a_report(number) for number in random.Random(1).sample(range(1000), 60)]
    stage_reports(tmp_path / "memory", "2021", reports, frozenset())
    monkeypatch.setattr(write, "RUN_REPORTS", 9)
    monkeypatch.setattr(write, "BATCH_REPORTS", 4)
    monkeypatch.setattr("disclosure.stage.merge.ROW_GROUP_ROWS", 122_880)
    monkeypatch.setattr("disclosure.stage.merge.READ_ROWS", 7)
    stage_reports(tmp_path / "disk", "2021", iter(reports), frozenset())
    assert all_bytes(tmp_path / "disk") == all_bytes(tmp_path / "memory")
    assert not list((tmp_path / "disk" / "staging").glob(".spill*"))


def test_row_groups_do_not_depend_on_how_the_rows_arrived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("disclosure.stage.merge.ROW_GROUP_ROWS", 10)
    reports = [a_report(number) for number in range(17)]
    stage_reports(tmp_path / "one", "2021", reports, frozenset())
    stage_reports(tmp_path / "two", "2021", reports[::2], frozenset())
    stage_reports(tmp_path / "two", "2021", reports[1::2], frozenset(r.report_id for r in reports[::2]))
    assert all_bytes(tmp_path / "one") == all_bytes(tmp_path / "two")
    file = pq.ParquetFile(tmp_path / "one" / "staging" / "cells" / "2021.parquet")
    sizes = [file.metadata.row_group(index).num_rows for index in range(file.metadata.num_row_groups)]
    assert sizes == [10, 10, 10, 10, 10, 1]


def test_an_emptied_partition_keeps_its_columns(tmp_path: Path) -> None:
    stage_reports(tmp_path, "2021", [a_report(1)], frozenset())
    summary = stage_reports(tmp_path, "2021", [], frozenset())
    assert summary.rows == dict.fromkeys(TABLES, 0)
    count = duckdb.sql(f"SELECT count(*) FROM read_parquet('{tmp_path}/staging/cells/*.parquet')").fetchone()
    assert count == (0,)
    assert pq.read_schema(tmp_path / "staging" / "cells" / "2021.parquet").equals(SCHEMAS["cells"])


def test_every_folder_has_an_undated_file_and_globs_read_only_whole_ones(tmp_path: Path) -> None:
    stage_reports(tmp_path, "2021", [a_report(1)], frozenset())
    for table in TABLES:
        assert sorted(p.name for p in (tmp_path / "staging" / table).iterdir()) == ["2021.parquet", "undated.parquet"]
        assert staged(tmp_path, table, "undated") == []
    stage_reports(tmp_path, "undated", [a_report(2)], frozenset())
    assert len(staged(tmp_path, "reports", "undated")) == 1
    stage_reports(tmp_path, "2021", [], frozenset())
    assert len(staged(tmp_path, "reports", "undated")) == 1


def test_keys_say_which_versions_read_a_report(tmp_path: Path) -> None:
    assert read_partition_keys(tmp_path, "2021") == {}
    stage_reports(tmp_path, "2021", [a_report(1), a_report(2, parser_version="9")], frozenset())
    assert read_partition_keys(tmp_path, "2021") == {
        a_report(1).report_id: ("4", "1", "abc", ""),
        a_report(2).report_id: ("4", "9", "abc", ""),
    }


def test_files_of_another_schema_are_not_kept(tmp_path: Path) -> None:
    stage_reports(tmp_path, "2021", [a_report(1)], frozenset())
    old = tmp_path / "staging" / "cells" / "2021.parquet"
    pq.write_table(pq.read_table(old).drop_columns(["confidence"]), old)
    assert read_partition_keys(tmp_path, "2021") == {}
    with pytest.raises(ValueError, match=r"cells/2021\.parquet was staged in another schema"):
        stage_reports(tmp_path, "2021", [], frozenset({a_report(1).report_id}))
    stage_reports(tmp_path, "2021", [a_report(1)], frozenset())
    assert len(read_partition_keys(tmp_path, "2021")) == 1


def test_a_run_that_dies_leaves_the_old_files(tmp_path: Path) -> None:
    stage_reports(tmp_path, "2021", [a_report(1)], frozenset())
    before = all_bytes(tmp_path)

    def dying() -> Iterator[Report]:
        yield a_report(2)
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        stage_reports(tmp_path, "2021", dying(), frozenset())
    assert all_bytes(tmp_path) == before


def test_reports_are_replaced_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the keys are there, the next run reads the reports again."""
    replaced: list[str] = []
    original = Path.replace

    def noting(self: Path, target: Path) -> Path:
        replaced.append(Path(target).parent.name)
        return original(self, target)

    stage_reports(tmp_path, "2021", [a_report(1)], frozenset())
    monkeypatch.setattr(Path, "replace", noting)
    stage_reports(tmp_path, "2021", [a_report(2)], frozenset())
    assert replaced[-1] == "reports" and sorted(replaced) == sorted(TABLES)


def test_a_report_that_comes_twice_is_staged_once(tmp_path: Path) -> None:
    summary = stage_reports(tmp_path, "2021", [a_report(1), a_report(1, parser_version="2")], frozenset())
    assert summary.added == 1
    assert [row["parser_version"] for row in staged(tmp_path, "reports")] == ["1"]


def test_an_absurd_figure_is_staged_as_unknown_beside_its_printed_text(tmp_path: Path) -> None:
    report = a_report(1)
    digits = "9" * 30
    cells = (
        report.cells[0]._replace(printed=digits, value=Decimal(digits)),
        report.cells[1]._replace(printed="0.12345678", value=Decimal("0.12345678")),
        report.cells[2]._replace(printed="12.5", value=Decimal("12.5")),
    )
    stage_reports(tmp_path, "2021", [replace(report, cells=cells), a_report(2)], frozenset())
    rows = [row for row in staged(tmp_path, "cells") if row["report_id"] == report.report_id]
    assert [(row["printed"], row["value"]) for row in rows] == [
        (digits, None),
        ("0.12345678", None),
        ("12.5", Decimal("12.5")),
    ]


def test_an_unreadable_filing_is_a_report_row_with_its_finding(tmp_path: Path) -> None:
    report = replace(
        a_report(1),
        status=ReadingStatus.UNREADABLE,
        metadata=Metadata(),
        form_version=None,
        t3_form=None,
        cells=(),
        narrative=(),
        identities=(),
        findings=(finding(FindingCode.TRUNCATED),),
    )
    stage_reports(tmp_path, "undated", [report], frozenset())
    (row,) = staged(tmp_path, "reports", "undated")
    assert (row["status"], row["report_year"], row["evidence"]) == ("unreadable", None, [])
    assert [row["code"] for row in staged(tmp_path, "findings", "undated")] == ["truncated"]
    assert staged(tmp_path, "cells", "undated") == []


@dataclass(frozen=True)
class SomeReceipt:
    receipt_id: str
    sha256: str
    source: str
    file_name: str = "年报.html"
    size: int = 12
    media_type: str = "text/html"
    asserted_year: int | None = 2021
    asserted_agency: str | None = None
    received_at: datetime = datetime(2026, 2, 1, tzinfo=UTC)


def test_filings_have_one_row_per_receipt(tmp_path: Path) -> None:
    receipts = [SomeReceipt("r1", "a" * 64, "inbox/一.html"), SomeReceipt("r2", "b" * 64, "inbox/二.html")]
    placed = list(zip(receipts, ("2021", None), strict=True))
    assert stage_filings(tmp_path, placed) == 2
    table = pq.read_table(tmp_path / "staging" / "filings.parquet")
    assert table.schema.equals(SCHEMAS["filings"])
    assert [
        (row["receipt_id"], row["report_id"], row["partition"], row["size_bytes"]) for row in table.to_pylist()
    ] == [
        ("r1", "a" * 16, "2021", 12),
        ("r2", "b" * 16, "undated", 12),
    ]
    first = (tmp_path / "staging" / "filings.parquet").read_bytes()
    stage_filings(tmp_path, iter(placed))
    assert (tmp_path / "staging" / "filings.parquet").read_bytes() == first


def test_no_receipts_is_an_empty_table(tmp_path: Path) -> None:
    assert stage_filings(tmp_path, []) == 0
    assert pq.read_table(tmp_path / "staging" / "filings.parquet").num_rows == 0
    assert isinstance(pq.read_schema(tmp_path / "staging" / "reports" / "undated.parquet"), pa.Schema)
