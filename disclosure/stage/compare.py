"""Which cells of a partition another reading has changed: the staged cells before and after, compared as sets.

Only what a reader of the figures would notice counts: what is printed, its state, and what is published of it.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import duckdb
import pyarrow as pa

KEY = ("report_id", "table_code", "row_code", "column_code")
COMPARED = ("printed", "state", "value_published", "value_source")


def write_changed_cells(before: Path, after: Path, report_ids: Collection[str], target: Path) -> int:
    """Write the cells of `report_ids` that differ between two files of staged cells to the CSV file `target`; how many.

    One line per cell with both readings, an empty side where a reading has no such cell. No difference, no file.
    """
    wanted = pa.table({"report_id": pa.array(sorted(report_ids), pa.string())})
    sides = ", ".join(f"b.{name} as {name}_before, a.{name} as {name}_after" for name in COMPARED)
    differs = " or ".join(f"b.{name} is distinct from a.{name}" for name in COMPARED)
    query = f"""
        with wanted as (select report_id from wanted_reports),
        b as (select * from read_parquet($before) semi join wanted using (report_id)),
        a as (select * from read_parquet($after) semi join wanted using (report_id))
        select {", ".join(KEY)}, {sides}
        from b full join a using ({", ".join(KEY)})
        where {differs}
        order by {", ".join(KEY)}
    """
    with duckdb.connect() as connection:
        connection.register("wanted_reports", wanted)
        connection.execute(f"create temp table changed as {query}", {"before": str(before), "after": str(after)})
        counted = connection.execute("select count(*) from changed").fetchone()
        changed = int(counted[0]) if counted else 0
        if changed:
            target.parent.mkdir(parents=True, exist_ok=True)
            connection.execute("copy changed to $target (header)", {"target": str(target)})
    return changed
