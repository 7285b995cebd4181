"""PARSE: documents as reports with cells, metadata, facts and reconciled identities, staged as Parquet per report year."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg

from catalogue.load import load_catalogue
from disclosure.archive import Archive
from disclosure.decisions import DecisionBook, check_reports_known, home_decisions
from disclosure.report import Asserted, Report
from disclosure.stage import read_partition_keys, stage_reports, write_changed_cells
from orchestration.assets.extract import documents
from orchestration.locks import hold_home
from orchestration.parse_workers import parse_many
from orchestration.partitions import UNDATED, partition_keys, report_years
from orchestration.plan import plan_parsing
from orchestration.preview import preview
from orchestration.progress import Tracker
from orchestration.reading_log import ReadingLog
from orchestration.reading_plan import (
    PartitionPlan,
    report_id_of,
)
from orchestration.resources import Home, Workers

CHANGED_CELLS = Path("logs") / "changed_cells"
PREVIEW_COLUMNS = ("report id", "status", "agency", "year", "form", "cells", "broken identities", "findings")


@dg.asset(
    deps=[documents],
    partitions_def=report_years,
    backfill_policy=dg.BackfillPolicy.single_run(),
    group_name="parse",
    kinds={"python", "parquet"},
)
def reports(context: dg.AssetExecutionContext, home: Home, workers: Workers) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Filings of a report year as read: only what is new, or was read by another version, is parsed; the rest stands.

    The undated filings come with every run, since any of them may turn out to belong to the year asked for.
    """
    tracker = Tracker(context, "parse", None)
    asked = asked_partitions(context)
    with (
        hold_home(home.path, wait=True),
        closing(Archive(home.path)) as archive,
        ReadingLog(home.path, context.run_id, "parse") as log,
    ):
        check_reports_known(home.path, load_catalogue(), known_reports(archive))
        reading = Reading(home, archive, home_decisions(load_catalogue(), home.path), log)
        plans = [
            plan
            for plan in plan_parsing(home.path, archive, reading.book)
            if plan.partition in {*asked, UNDATED} or plan.leaving
        ]
        changed = [plan for plan in plans if not plan.is_unchanged]
        tracker.advance(done=0, total=sum(len(plan.read) for plan in changed))
        for plan in changed:
            reading.carry_out(plan, workers.count, tracker, context.run_id)
            log_changes(context, plan, asked)
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
            "preview": preview(PREVIEW_COLUMNS, reading.samples),
        }
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
    """Tell Dagster about a partition that changed although the run had not named it."""
    if plan.partition not in asked:
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
    log: ReadingLog
    parsed: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    samples: list[tuple[object, ...]] = field(default_factory=list)
    counts: dict[str, PartitionCount] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)  # status of what was parsed but not yet entered, by sha256

    def carry_out(self, plan: PartitionPlan, workers: int, tracker: Tracker, run_id: str) -> None:
        """Stage the partition: what is kept, and what is parsed now. The readings say so afterwards, never before."""
        assertions = self._assertions(frozenset(plan.read))
        jobs = [(sha256, assertions[sha256]) for sha256 in plan.read]
        parsed = self._watch(parse_many(self.home.path, jobs, workers, self.book), plan, tracker)
        cells = self.home.staging / "cells" / f"{plan.partition}.parquet"
        with keeping_old_file(cells if plan.again else None) as before:
            stage_reports(self.home.path, plan.partition, parsed, plan.keep)
            changes = self.home.path / CHANGED_CELLS / f"{run_id[:8]}-{plan.partition}.csv"
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

    def _assertions(self, wanted: frozenset[str]) -> dict[str, Asserted]:
        """What the first receipt of each file asserts."""
        found: dict[str, Asserted] = {}
        for receipt in self.archive.receipts():
            if receipt.sha256 in wanted:
                found.setdefault(receipt.sha256, receipt.asserted)
        return found

    def _watch(self, parsed: Iterable[Report], plan: PartitionPlan, tracker: Tracker) -> Iterator[Report]:
        """Count the reports as they pass, and enter each in the log with the reason it was read for."""
        for report in parsed:
            self.parsed += 1
            self.statuses[report.status.value] += 1
            self.outcomes[report.sha256] = report.status.value
            self.troubles.update(found.code.value for found in report.findings)
            self.log.enter(report.sha256, plan.reasons[report.sha256].value, **describe_reading(report, plan.partition))
            if len(self.samples) < 8:
                self.samples.append(describe_sample(report))
            tracker.advance()
            yield report

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


def describe_reading(report: Report, partition: str) -> dict[str, object]:
    """A report as a line of the reading log."""
    return {
        "partition": partition,
        "status": report.status.value,
        "agency": report.metadata.agency_name,
        "report_year": report.metadata.report_year,
        "cells": len(report.cells),
        "broken": count_broken(report),
        "findings": sorted({found.code.value for found in report.findings}),
    }


def count_broken(report: Report) -> int:
    """Identities of the report that must hold and do not."""
    return sum(outcome.outcome == "broken" for outcome in report.identities)


def describe_sample(report: Report) -> tuple[object, ...]:
    metadata = report.metadata
    head = (report.report_id, report.status.value, metadata.agency_name, metadata.report_year, report.form_version)
    return (*head, len(report.cells), count_broken(report), len(report.findings))
