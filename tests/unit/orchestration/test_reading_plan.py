"""What a partition has to read again."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.reading_plan import plan_partition, staged_assertions

NOW = ("text 1", "1", "c1", "")
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


def test_what_was_extracted_or_asserted_anew_is_read_again() -> None:
    plan = plan_partition("2020", {A: NOW, B: NOW}, {A[:16]: NOW, B[:16]: NOW}, frozenset({B}))
    assert plan.read == (B,)


def test_assertions_are_compared_with_those_of_the_last_staging(tmp_path: Path) -> None:
    assert staged_assertions(tmp_path) == set()
    rows = {"receipt_id": ["r1", "r2"], "asserted_year": [2020, None], "asserted_agency": [None, "某局"]}
    pq.write_table(pa.table(rows), tmp_path / "filings.parquet")
    assert staged_assertions(tmp_path) == {("r1", 2020, None), ("r2", None, "某局")}
