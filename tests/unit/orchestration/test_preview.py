"""What is told of the warehouse's tables: all tables, views while there is time, how often identities hold."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.preview import NOT_COUNTED, describe_identities, describe_relations


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema quality")
        connection.execute(
            """create table quality.identity_ledger as from (values
            ('T3-R02', 'must_hold', 'holds'), ('T3-R02', 'must_hold', 'broken'), ('T3-R03', 'must_hold', 'holds'),
            ('T4-R01', 'must_hold', 'not_assessable')) as t(rule_id, severity, outcome)"""
        )
        connection.execute("create view quality.quick as select 1 as one")
        connection.execute(
            "create view quality.slow as select sum(a.range * b.range) from range(10000000) a, range(1000000) b"
        )
    return path


def test_tables_and_views_tell_their_rows(warehouse: Path) -> None:
    described = describe_relations(warehouse, {"l": ("quality", "identity_ledger"), "q": ("quality", "quick")})
    assert {name: facts["dagster/row_count"] for name, facts in described.items()} == {"l": 4, "q": 1}
    assert "T3-R02" in described["l"]["preview"].md_str


def test_a_view_that_takes_too_long_is_not_counted_and_tables_still_are(warehouse: Path) -> None:
    relations = {"s": ("quality", "slow"), "l": ("quality", "identity_ledger")}
    described = describe_relations(warehouse, relations, view_seconds=0.2)
    assert described["s"]["preview"].md_str == NOT_COUNTED and "dagster/row_count" not in described["s"]
    assert described["l"]["dagster/row_count"] == 4


def test_the_identity_that_holds_least_often_comes_first(warehouse: Path) -> None:
    lines = describe_identities(warehouse)["identities"].md_str.splitlines()[2:]
    assert lines == [
        "| T3-R02 | must_hold | 1 | 1 | 0 | 50.00% |",
        "| T3-R03 | must_hold | 1 | 0 | 0 | 100.00% |",
        "| T4-R01 | must_hold | 0 | 0 | 1 |  |",
    ]
