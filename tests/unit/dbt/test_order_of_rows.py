"""The files of a report year are the same whenever and wherever they are made: their rows stand in one order."""

from __future__ import annotations

from pathlib import Path

import duckdb
from conftest import build

from benchmarks.national.panel import Plan, write_nation

REPORTS = 4_000  # of one year: enough for several row groups, which is where a join upsets the order
KEYS = {"cells_as_filed": "report_id", "fct_applications": "agency_id"}


def test_rows_stand_in_their_order_over_many_row_groups(tmp_path: Path) -> None:
    write_nation(Plan(tmp_path, REPORTS, (2022,)))
    warehouse = tmp_path / "warehouse" / "warehouse.duckdb"
    warehouse.parent.mkdir()
    tables = [f"+{table}" for table in KEYS]
    others = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    result = build(warehouse, tmp_path / "staging", "--select", *tables, *others)
    assert result.success
    for table, key in KEYS.items():
        file = f"{warehouse}.{table}.2022.parquet"
        (groups,) = duckdb.sql(f"SELECT count(DISTINCT row_group_id) FROM parquet_metadata('{file}')").fetchone() or (
            0,
        )
        assert groups > 3, table
        rows = f"SELECT {key} AS key, file_row_number AS place FROM read_parquet('{file}', file_row_number = true)"
        steps = f"SELECT key, lag(key) OVER (ORDER BY place) AS before FROM ({rows})"
        assert duckdb.sql(f"SELECT count(*) FROM ({steps}) WHERE key < before").fetchone() == (0,), table
