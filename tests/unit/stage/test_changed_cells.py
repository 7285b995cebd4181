"""Which cells another reading has changed."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from disclosure.stage import write_changed_cells
from disclosure.stage.schema import CELLS

Staged = tuple[str, str, str | None, int | None]  # report, column, printed, published


def staged_cells(path: Path, *cells: Staged) -> Path:
    rows = [
        {
            **{field.name: None for field in CELLS},
            "report_id": report,
            "table_code": "T3",
            "edition": "table_2021",
            "row_code": "outcomes_total",
            "column_code": column,
            "printed": printed,
            "state": "reported" if printed else "blank",
            "approximate": False,
            "suspect": False,
            "reader": "text 1",
            "value_source": "printed",
            "value_published": None if published is None else Decimal(published),
        }
        for report, column, printed, published in cells
    ]
    pq.write_table(pa.Table.from_pylist(rows, CELLS), path)
    return path


def test_cells_that_differ_are_listed_with_both_readings(tmp_path: Path) -> None:
    before = staged_cells(
        tmp_path / "before.parquet", ("a", "total", "3", 3), ("a", "person", "2", 2), ("b", "total", "1", 1)
    )
    after = staged_cells(
        tmp_path / "after.parquet", ("a", "total", "8", 8), ("a", "person", "2", 2), ("a", "org", None, None)
    )
    assert write_changed_cells(before, after, {"a"}, tmp_path / "log" / "changed.csv") == 2
    with (tmp_path / "log" / "changed.csv").open(encoding="utf-8") as file:
        changed = {row["column_code"]: row for row in csv.DictReader(file)}
    assert changed.keys() == {"total", "org"}
    assert (changed["total"]["printed_before"], changed["total"]["printed_after"]) == ("3", "8")
    assert (changed["org"]["state_before"], changed["org"]["state_after"]) == ("", "blank")


def test_without_a_difference_there_is_no_file(tmp_path: Path) -> None:
    before = staged_cells(tmp_path / "before.parquet", ("a", "total", "3", 3))
    assert write_changed_cells(before, before, {"a"}, tmp_path / "changed.csv") == 0
    assert not (tmp_path / "changed.csv").exists()
