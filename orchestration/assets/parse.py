"""PARSE: documents as reports with cells, metadata, facts and reconciled identities, staged as Parquet per report year."""

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import dagster as dg
import pyarrow as pa

from catalogue.load import load_catalogue
from disclosure.archive import Archive
from disclosure.decisions import DecisionBook, check_reports_known, home_decisions
from disclosure.report import Asserted
from disclosure.stage import in_batches, read_partition_keys, stage_rows, write_changed_cells
from orchestration.assets.extract import documents
from orchestration.engines import Engine, open_engine
from orchestration.locks import hold_home
from orchestration.partitions import UNDATED, partition_keys, report_years
from orchestration.plan import plan_parsing
from orchestration.preview import preview
from orchestration.progress import Tracker
from orchestration.reading_log import ReadingLog
from orchestration.reading_plan import PartitionPlan, report_id_of
from orchestration.records import KEPT, Largest
from orchestration.resources import Cluster, Home, Workers
from orchestration.retries import retrying_transient
from orchestration.shards import ParsedReport, ParsedShard, parse_shard, parse_shard_to_store, rows_of
from orchestration.stores import Store

REPORTS_PER_SHARD = 50
FEWEST_FOR_PROCESSES = 200  # below this, starting processes costs more than it saves
SAMPLES = 8
CHANGED_CELLS = Path("logs") / "changed_cells"
PREVIEW_COLUMNS = ("report id", "status", "agency", "year", "form", "cells", "broken identities", "findings")


@dg.asset(
    deps=[documents],
    partitions_def=report_years,
    backfill_policy=dg.BackfillPolicy.single_run(),
    group_name="parse",
    kinds={"python", "parquet"},
)
def reports(context: dg.AssetExecutionContext, home: Home, workers: Workers, cluster: Cluster) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Filings of a report year as read: only what is new, or was read by another version, is parsed; the rest stands.

    The undated filings come with every run, since any of them may turn out to belong to the year asked for.
    """
    tracker = Tracker(context, "parse", None)
    asked = asked_partitions(context)
    with (
        retrying_transient(context),
        hold_home(home.path, wait=True),
        closing(Archive(home.path)) as archive,
        ReadingLog(home.path, context.run_id, "parse") as log,
    ):
        check_reports_known(home.path, load_catalogue(), known_reports(archive))
        book, store = home_decisions(load_catalogue(), home.path), cluster.open_store(home)
        reading = Reading(home, archive, book, store, log, context.run_id)
        plans = [
            plan
            for plan in plan_parsing(home.path, archive, reading.book)
            if plan.partition in {*asked, UNDATED} or plan.leaving
        ]
        changed = [plan for plan in plans if not plan.is_unchanged]
        to_parse = sum(len(plan.read) for plan in changed)
        tracker.advance(done=0, total=to_parse)
        with open_engine(cluster.engine_setting, workers.count if to_parse >= FEWEST_FOR_PROCESSES else 1) as engine:
            for plan in changed:
                reading.carry_out(plan, engine, tracker)
                log_changes(context, plan, asked)
        if changed:
            require_staged(home, archive, reading.book, {*asked, UNDATED})
    for key in asked if names_partitions(context) else ():
        context.add_asset_metadata({"year": key, **reading.describe(key)}, partition_key=key)
    note = f"{reading.parsed} parsed in {len(changed)} partitions" if changed else "unchanged: nothing new to parse"
    tracker.finish(note)
    return dg.MaterializeResult(
        metadata={
            "parsed": reading.parsed,
            "partitions_changed": ", ".join(plan.partition for plan in changed) or "none",
            "reasons": preview(("reason", "parsed now"), reading.reasons.most_common()),
            "cells_changed": sum(count.cells_changed for count in reading.counts.values()),
            "changed_cells": preview(("partition", "cells changed", "listed in"), reading.describe_changes()),
            "statuses": preview(("status", "parsed now"), reading.statuses.most_common()),
            "troubles": preview(("finding", "count"), reading.troubles.most_common()),
            "reports_per_second": tracker.rate(),
            "slowest": preview(("report id", "agency", "year", "cells", "seconds"), list(reading.slowest), limit=KEPT),
            "preview": preview(PREVIEW_COLUMNS, reading.samples),
        }
    )


def require_staged(home: Home, archive: Archive, book: DecisionBook, partitions: Collection[str]) -> None:
    """Raise RuntimeError when a filing of these partitions is still not staged: a row lost between archive and stage. Filings
    of years that nobody asked for wait for a run that does."""
    for plan in plan_parsing(home.path, archive, book):
        if plan.partition in partitions and plan.reasons:
            raise RuntimeError(
                f"{len(plan.reasons)} filings of {plan.partition} were parsed and do not stand in "
                f"{home.staging}/*/{plan.partition}.parquet; the first is {plan.read[0]}"
            )


def asked_partitions(context: dg.AssetExecutionContext) -> list[str]:
    """The partitions of this run; all of them when it names none."""
    return list(context.partition_keys) if names_partitions(context) else partition_keys()


def names_partitions(context: dg.AssetExecutionContext) -> bool:
    return context.has_partition_key or context.has_partition_key_range


def known_reports(archive: Archive) -> frozenset[str]:
    """The report ids of everything the home has received."""
    return frozenset(report_id_of(reading.sha256) for reading in archive.register.readings())


def log_changes(context: dg.AssetExecutionContext, plan: PartitionPlan, asked: list[str]) -> None:
    """Tell Dagster about a report year that changed although the run had not named it."""
    if plan.partition not in {*asked, UNDATED}:
        metadata = {"parsed": len(plan.read), "kept": len(plan.keep), "left": plan.leaving}
        context.log_event(dg.AssetMaterialization(context.asset_key, partition=plan.partition, metadata=metadata))


@dataclass
class PartitionCount:
    """What was done to one partition in this run."""

    parsed: int = 0
    kept: int = 0
    left: int = 0
    cells_changed: int = 0  # among the reports that were read again
    reasons: Counter[str] = field(default_factory=Counter)
    changes: Path | None = None  # where they are listed


@dataclass
class Reading:
    """Parses what the plans ask for and counts what came of it."""

    home: Home
    archive: Archive
    book: DecisionBook
    store: Store
    log: ReadingLog
    run_id: str
    parsed: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    samples: list[tuple[object, ...]] = field(default_factory=list)
    slowest: Largest = field(default_factory=Largest)
    counts: dict[str, PartitionCount] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)  # status of what was parsed but not yet entered, by sha256

    def carry_out(self, plan: PartitionPlan, engine: Engine, tracker: Tracker) -> None:
        """Stage the partition: what is kept, and what is parsed now. The readings say so afterwards, never before."""
        rows = self._watch(self._parse(plan, engine), plan, tracker)
        cells = self.home.staging / "cells" / f"{plan.partition}.parquet"
        with keeping_old_file(cells if plan.again else None) as before:
            stage_rows(self.home.path, plan.partition, rows, plan.keep)
            changes = self.home.path / CHANGED_CELLS / f"{self.run_id[:8]}-{plan.partition}.csv"
            changed = write_changed_cells(before, cells, plan.again, changes) if before else 0
        for sha256 in plan.read:
            self._mark_parsed(sha256)
        reasons = plan.count_reasons()
        self.reasons.update(reasons)
        self.counts[plan.partition] = PartitionCount(
            len(plan.read), len(plan.keep), plan.leaving, changed, reasons, changes if changed else None
        )

    def describe(self, partition: str) -> dict[str, object]:
        """Metadata of one partition."""
        count = self.counts.get(partition)
        if count is None:
            staged = len(read_partition_keys(self.home.path, partition))
            return {"dagster/partition_row_count": staged, "unchanged": True}
        rows = {"dagster/partition_row_count": count.parsed + count.kept, "unchanged": False}
        reasons = preview(("reason", "parsed"), count.reasons.most_common())
        counts = {"parsed": count.parsed, "kept": count.kept, "left": count.left, "cells_changed": count.cells_changed}
        return {**rows, **counts, "reasons": reasons}

    def describe_changes(self) -> list[tuple[object, ...]]:
        """Partitions in which reading again gave other cells, how many, and the file that lists them."""
        return [
            (partition, count.cells_changed, count.changes)
            for partition, count in self.counts.items()
            if count.cells_changed
        ]

    def _parse(self, plan: PartitionPlan, engine: Engine) -> Iterator[ParsedShard]:
        """The parsed shards of a partition, in order."""
        assertions = self._assertions(frozenset(plan.read))
        jobs = ((sha256, assertions[sha256]) for sha256 in plan.read)
        parse = partial(parse_shard, self.store, self.book)
        if not engine.shares_memory:
            prefix = f"shards/{self.run_id}/{plan.partition}"
            parse = partial(parse_shard_to_store, self.store, self.book, prefix)
        return engine.map(parse, in_batches(jobs, REPORTS_PER_SHARD))

    def _assertions(self, wanted: frozenset[str]) -> dict[str, Asserted]:
        """What the first receipt of each file asserts."""
        found: dict[str, Asserted] = {}
        for receipt in self.archive.receipts():
            if receipt.sha256 in wanted:
                found.setdefault(receipt.sha256, receipt.asserted)
        return found

    def _watch(
        self, parsed: Iterable[ParsedShard], plan: PartitionPlan, tracker: Tracker
    ) -> Iterator[dict[str, pa.Table]]:
        """The rows of the shards; on the way each report is counted, and entered in the log with the reason it was read
        for."""
        for shard in parsed:
            for report in shard.reports:
                self.parsed += 1
                self.statuses[report.status] += 1
                self.outcomes[report.sha256] = report.status
                self.troubles.update(report.findings)
                reason = plan.reasons[report.sha256].value
                self.log.enter(report.sha256, reason, **describe_reading(report, plan.partition))
                head = (report.report_id, report.agency_name, report.report_year, report.cells)
                self.slowest.enter(report.seconds, *head)
                if len(self.samples) < SAMPLES:
                    self.samples.append(describe_sample(report))
                tracker.advance()
            yield rows_of(self.store, shard)

    def _mark_parsed(self, sha256: str) -> None:
        reading = self.archive.reading(sha256)
        if reading is not None:
            status = self.outcomes.pop(sha256)
            self.archive.set_reading(sha256, reading.reader, reading.reader_version, reading.partition, status)


@contextmanager
def keeping_old_file(path: Path | None) -> Iterator[Path | None]:
    """A second name for a file that is about to be replaced, for the time of the block; None when there is none."""
    if path is None or not path.exists():
        yield None
        return
    before = path.with_name(f".{path.name}.before")
    before.unlink(missing_ok=True)
    os.link(path, before)
    try:
        yield before
    finally:
        before.unlink(missing_ok=True)


def describe_reading(report: ParsedReport, partition: str) -> dict[str, object]:
    """A report as a line of the reading log."""
    return {
        "partition": partition,
        "status": report.status,
        "agency": report.agency_name,
        "report_year": report.report_year,
        "cells": report.cells,
        "broken": report.broken,
        "findings": sorted(set(report.findings)),
        "seconds": round(report.seconds, 3),
    }


def describe_sample(report: ParsedReport) -> tuple[object, ...]:
    head = (report.report_id, report.status, report.agency_name, report.report_year, report.form_version)
    return (*head, report.cells, report.broken, len(report.findings))
