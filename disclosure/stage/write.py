"""Replace the Parquet files of a partition: rows of kept reports from the old files, rows of new reports added.

Each file is replaced in one step, `reports` last: it names the versions that read each report, so a run that dies in
between reads those reports again. Equal content makes equal bytes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from disclosure.report import Report
from disclosure.stage.merge import Run, merge_runs, read_kept, read_spilled, sorted_run, spill, write_parquet
from disclosure.stage.rows import REPORT_TABLES, tables_of
from disclosure.stage.schema import FILINGS, SCHEMAS

UNDATED = "undated"
RUN_REPORTS = 2_000  # some 400,000 cells, about 150 MB while they are held
BATCH_REPORTS = 200
BATCH_FILINGS = 20_000

Item = TypeVar("Item")
PartitionKeys = dict[str, tuple[str, str, str, str]]  # report_id -> reader, parser, catalogue and decisions version


class ReceivedFile(Protocol):
    """What is staged of a receipt of the archive."""

    @property
    def receipt_id(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def file_name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def media_type(self) -> str: ...
    @property
    def asserted_year(self) -> int | None: ...
    @property
    def asserted_agency(self) -> str | None: ...
    @property
    def received_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class StageSummary:
    """What a partition holds now: reports added and kept, and rows per table."""

    partition: str
    added: int
    kept: int
    rows: dict[str, int] = field(default_factory=dict)


def stage_reports(home: Path, partition: str, reports: Iterable[Report], keep: frozenset[str]) -> StageSummary:
    """`stage_rows` for reports."""
    shards = (tables_of(_without_repeats(some)) for some in in_batches(reports, BATCH_REPORTS))
    return stage_rows(home, partition, shards, keep)


def stage_rows(
    home: Path, partition: str, shards: Iterable[Mapping[str, pa.Table]], keep: frozenset[str]
) -> StageSummary:
    """Rewrite the files of one partition (a report year, or "undated") under HOME/staging.

    A shard holds the rows of some reports in every staging table, as `tables_of` lays them out. Rows of reports in `keep`
    stay as staged, all other old rows go, the shards come in; of two reports with the same report_id the first counts, and
    it replaces a kept one. Rows are sorted by report: in whatever order the shards come, the files are the same. Memory is
    bounded by RUN_REPORTS reports and one shard. Raises ValueError when kept rows were staged in another schema: then
    nothing of the partition can be kept.
    """
    staging = home / "staging"
    _prepare(staging)
    files = _partition_files(staging, partition)
    spilling = staging / f".spill-{partition}-{os.getpid()}"
    shutil.rmtree(spilling, ignore_errors=True)
    try:
        runs = _Runs(spilling)
        for shard in shards:
            runs.add(shard)
        kept = keep - runs.report_ids
        if kept:
            _require_current_schema(files)
        rows, drafts = {}, {}
        for name in REPORT_TABLES:
            drafts[name] = files[name].with_suffix(".parquet.part")
            sources = runs.of(name)
            if kept and files[name].exists():
                sources.append(read_kept(files[name], kept))
            rows[name] = write_parquet(merge_runs(sources), SCHEMAS[name], drafts[name])
        for name in REPORT_TABLES:
            drafts[name].replace(files[name])
    finally:
        shutil.rmtree(spilling, ignore_errors=True)
    return StageSummary(partition, len(runs.report_ids), rows["reports"] - len(runs.report_ids), rows)


def read_partition_keys(home: Path, partition: str) -> PartitionKeys:
    """The versions that read each staged report of a partition.

    Empty when a file is missing or was written in another schema: then every report has to be staged anew.
    """
    files = _partition_files(home / "staging", partition)
    if not all(files[name].exists() and _has_current_schema(name, files[name]) for name in REPORT_TABLES):
        return {}
    versions = ("reader_version", "parser_version", "catalogue_version", "decisions_version")
    table = pq.ParquetFile(files["reports"]).read(columns=["report_id", *versions])
    report_ids, *columns = (table.column(name).to_pylist() for name in table.column_names)
    return dict(zip(report_ids, zip(*columns, strict=True), strict=True)) if report_ids else {}


def stage_filings(home: Path, receipts: Iterable[tuple[ReceivedFile, str | None]]) -> int:
    """Rewrite HOME/staging/filings.parquet, one row per receipt in the given order; the number of rows.

    Each receipt comes with the partition in which its bytes are staged; None is "undated".
    """
    staging = home / "staging"
    _prepare(staging)
    target = staging / "filings.parquet"
    draft = target.with_suffix(".parquet.part")
    rows = write_parquet(_filing_batches(receipts), FILINGS, draft)
    draft.replace(target)
    return rows


class _Runs:
    """The new reports as sorted runs per table: full ones on the disk, the last one in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._spilled = 0
        self._waiting: list[dict[str, pa.Table]] = []
        self._reports_waiting = 0
        self.report_ids: set[str] = set()

    def add(self, shard: Mapping[str, pa.Table]) -> None:
        """Take the rows of a shard, without those of reports that came before."""
        arrived = shard["reports"].column("report_id").to_pylist()
        fresh = set(arrived) - self.report_ids
        if not fresh:
            return
        self._waiting.append(dict(shard) if len(fresh) == len(arrived) else _first_of_each(shard, fresh))
        self.report_ids |= fresh
        self._reports_waiting += len(fresh)
        if self._reports_waiting >= RUN_REPORTS:
            self._spill()

    def of(self, name: str) -> list[Run]:
        """The runs of one table."""
        spilled: list[Run] = [read_spilled(self._path(name, number)) for number in range(self._spilled)]
        return [*spilled, self._in_memory(name).to_batches()]

    def _in_memory(self, name: str) -> pa.Table:
        tables = [tables[name] for tables in self._waiting]
        return sorted_run(pa.concat_tables(tables)) if tables else SCHEMAS[name].empty_table()

    def _spill(self) -> None:
        self._folder.mkdir(exist_ok=True)
        for name in REPORT_TABLES:
            spill(self._in_memory(name), self._path(name, self._spilled))
        self._spilled += 1
        self._waiting, self._reports_waiting = [], 0

    def _path(self, name: str, number: int) -> Path:
        return self._folder / f"{name}-{number}.arrow"


def _without_repeats(reports: tuple[Report, ...]) -> tuple[Report, ...]:
    """The first report of each report_id."""
    first: dict[str, Report] = {}
    for report in reports:
        first.setdefault(report.report_id, report)
    return tuple(first.values())


def _first_of_each(shard: Mapping[str, pa.Table], fresh: set[str]) -> dict[str, pa.Table]:
    """A shard without the rows of reports that came before. Raises ValueError when it holds a report twice."""
    if len(set(shard["reports"].column("report_id").to_pylist())) < shard["reports"].num_rows:
        raise ValueError("a shard holds the rows of a report twice")
    wanted = pa.array(sorted(fresh), pa.string())
    return {name: rows.filter(pc.is_in(rows.column("report_id"), value_set=wanted)) for name, rows in shard.items()}


def in_batches(items: Iterable[Item], size: int) -> Iterator[tuple[Item, ...]]:
    """The items, `size` at a time."""
    iterator = iter(items)
    while some := tuple(islice(iterator, size)):
        yield some


def _partition_files(staging: Path, partition: str) -> dict[str, Path]:
    return {name: staging / name / f"{partition}.parquet" for name in REPORT_TABLES}


def _prepare(staging: Path) -> None:
    """Every table folder with at least one file, so that what reads `*.parquet` always finds columns."""
    for name, path in _partition_files(staging, UNDATED).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            draft = path.with_suffix(".parquet.part")
            write_parquet([], SCHEMAS[name], draft)
            draft.replace(path)


def _has_current_schema(name: str, path: Path) -> bool:
    return bool(pq.read_schema(path).equals(SCHEMAS[name]))


def _require_current_schema(files: dict[str, Path]) -> None:
    for name, path in files.items():
        if path.exists() and not _has_current_schema(name, path):
            raise ValueError(f"{path} was staged in another schema: read its reports again instead of keeping them")


def _filing_batches(receipts: Iterable[tuple[ReceivedFile, str | None]]) -> Iterator[pa.RecordBatch]:
    for some in in_batches(receipts, BATCH_FILINGS):
        files = [receipt for receipt, _ in some]
        columns = {
            "receipt_id": [file.receipt_id for file in files],
            "report_id": [file.sha256[:16] for file in files],
            "sha256": [file.sha256 for file in files],
            "source": [file.source for file in files],
            "file_name": [file.file_name for file in files],
            "size_bytes": [file.size for file in files],
            "media_type": [file.media_type for file in files],
            "asserted_year": [file.asserted_year for file in files],
            "asserted_agency": [file.asserted_agency for file in files],
            "received_at": [file.received_at for file in files],
            "partition": [partition or UNDATED for _, partition in some],
        }
        yield pa.RecordBatch.from_pydict(columns, schema=FILINGS)
