"""Typed Parquet: what was read of each filing, one file per table and report year, for dbt's staging views.

Here belong the schemas (`schema`), the rows a report becomes (`rows`), the sorted merge of kept and new rows (`merge`)
the replacement of the files (`write`), and the comparison of two readings (`compare`). What does not belong here: deciding which filings to read again, and
anything computed from the figures.
"""

from disclosure.stage.compare import write_changed_cells
from disclosure.stage.lists import stage_lists
from disclosure.stage.rows import tables_of
from disclosure.stage.write import (
    StageSummary,
    in_batches,
    read_partition_keys,
    stage_filings,
    stage_reports,
    stage_rows,
)

__all__ = [
    "StageSummary",
    "in_batches",
    "read_partition_keys",
    "stage_filings",
    "stage_lists",
    "stage_reports",
    "stage_rows",
    "tables_of",
    "write_changed_cells",
]
