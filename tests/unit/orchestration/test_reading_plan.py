"""What a partition has to read again."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.reading_plan import plan_partition, read_staged_versions

NOW = ("text", "text 1", "1", "c1")
A, B, C = ("a" * 64, "b" * 64, "c" * 64)


def test_nothing_new_is_no_work() -> None:
    plan = plan_partition("2020", {A: NOW, B: NOW}, {A[:16]: NOW, B[:16]: NOW}, frozenset())
    assert plan.is_unchanged
    assert plan.keep == {A[:16], B[:16]}


def test_new_filings_are_read_and_the_others_kept() -> None:
    plan = plan_partition("2020", {A: NOW, B: NOW}, {A[:16]: NOW}, frozenset())
    assert (plan.read, plan.keep, plan.leaving) == ((B,), {A[:16]}, 0)


def test_another_version_of_anything_is_read_again() -> None:
    for position in range(4):
        older = tuple("old" if place == position else version for place, version in enumerate(NOW))
        assert plan_partition("2020", {A: NOW}, {A[:16]: older}, frozenset()).read == (A,)


def test_a_filing_that_moved_to_another_year_leaves_this_one() -> None:
    plan = plan_partition("2020", {A: NOW}, {A[:16]: NOW, C[:16]: NOW}, frozenset())
    assert (plan.read, plan.leaving, plan.is_unchanged) == ((), 1, False)


def test_a_changed_assertion_is_read_again() -> None:
    plan = plan_partition("2020", {A: NOW, B: NOW}, {A[:16]: NOW, B[:16]: NOW}, frozenset({B[:16]}))
    assert plan.read == (B,)


def test_versions_come_from_the_staged_reports(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    names = ("report_id", "reader", "reader_version", "parser_version", "catalogue_version")
    pq.write_table(
        pa.table([[value] for value in ("r1", *NOW)], names=list(names)), tmp_path / "reports" / "2020.parquet"
    )
    assert read_staged_versions(tmp_path, "2020") == {"r1": NOW}
    assert read_staged_versions(tmp_path, "2021") == {}
