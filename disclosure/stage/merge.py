"""Sorted runs of rows, and their merge into one order by report, in bounded memory.

A run holds the rows of a table sorted by `report_id`, the rows of one report together. Runs are record batches: in
memory, spilled to an Arrow file, or read from a staged Parquet file. Nothing here knows what the rows mean.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator
from operator import itemgetter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROW_GROUP_ROWS = 122_880
READ_ROWS = 32_768

Run = Iterable[pa.RecordBatch]


def sorted_run(table: pa.Table) -> pa.Table:
    """The table by report, the rows of a report in the order they came in."""
    return table.take(pc.sort_indices(table.column("report_id"))).combine_chunks()


def spill(table: pa.Table, path: Path) -> None:
    """Put a run on the disk as an Arrow file."""
    with pa.ipc.new_file(path, table.schema) as sink:
        sink.write_table(table, max_chunksize=READ_ROWS)


def read_spilled(path: Path) -> Iterator[pa.RecordBatch]:
    """A spilled run, mapped into memory and read batch by batch."""
    with pa.memory_map(str(path)) as source:
        reader = pa.ipc.open_file(source)
        for index in range(reader.num_record_batches):
            yield reader.get_batch(index)


def read_kept(path: Path, keep: Collection[str]) -> Iterator[pa.RecordBatch]:
    """The rows of a staged file whose report is in `keep`; they are sorted already."""
    wanted = pa.array(sorted(keep), pa.string())
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=READ_ROWS):
            kept = batch.filter(pc.is_in(batch.column("report_id"), value_set=wanted))
            if kept.num_rows:
                yield kept


def merge_runs(runs: list[Run]) -> Iterator[pa.RecordBatch]:
    """The rows of all runs in one order by report. A report must not stand in two runs."""
    if len(runs) == 1:
        yield from runs[0]
        return
    for _, rows in heapq.merge(*(_by_report(run) for run in runs), key=itemgetter(0)):
        yield rows


def write_parquet(batches: Iterable[pa.RecordBatch], schema: pa.Schema, path: Path) -> int:
    """Write rows with row groups of a fixed size, whatever the batches, so that equal rows make equal bytes."""
    written, waiting, rows_waiting = 0, [], 0
    with pq.ParquetWriter(path, schema, compression="zstd", store_schema=True) as writer:
        for batch in batches:
            waiting.append(batch)
            rows_waiting += batch.num_rows
            if rows_waiting >= ROW_GROUP_ROWS:
                table = pa.Table.from_batches(waiting, schema)
                full = rows_waiting - rows_waiting % ROW_GROUP_ROWS
                written += _write_groups(writer, table.slice(0, full))
                waiting, rows_waiting = table.slice(full).combine_chunks().to_batches(), rows_waiting - full
        if rows_waiting:
            written += _write_groups(writer, pa.Table.from_batches(waiting, schema))
    return written


def _write_groups(writer: pq.ParquetWriter, table: pa.Table) -> int:
    # contiguous columns: page boundaries would otherwise follow the batches the rows came in
    writer.write_table(table.combine_chunks(), row_group_size=ROW_GROUP_ROWS)
    return table.num_rows


def _by_report(run: Run) -> Iterator[tuple[str, pa.RecordBatch]]:
    """A run cut into the rows of one report each."""
    for batch in run:
        if not batch.num_rows:
            continue
        encoded = pc.run_end_encode(batch.column("report_id"))
        start = 0
        for report_id, end in zip(encoded.values.to_pylist(), encoded.run_ends.to_pylist(), strict=True):
            yield report_id, batch.slice(start, end - start)
            start = end
