"""PARSE: documents as reports with cells, metadata, facts and reconciled identities, staged as Parquet per report year."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field

import dagster as dg

from catalogue.load import load_catalogue
from disclosure.archive import Archive
from disclosure.decisions import DecisionBook, check_reports_known, home_decisions
from disclosure.parse import PARSER_VERSION
from disclosure.report import Asserted, Report
from disclosure.stage import read_partition_keys, stage_reports
from orchestration.assets.extract import documents
from orchestration.locks import hold_home
from orchestration.parse_workers import parse_many
from orchestration.partitions import UNDATED, partition_keys, report_years
from orchestration.preview import preview
from orchestration.progress import Tracker
from orchestration.reading_plan import (
    EXTRACTED,
    PartitionPlan,
    Versions,
    plan_partition,
    report_id_of,
)
from orchestration.resources import Home, Workers

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
    with hold_home(home.path, wait=True), closing(Archive(home.path)) as archive:
        check_reports_known(home.path, load_catalogue(), known_reports(archive))
        reading = Reading(home, archive, home_decisions(load_catalogue(), home.path))
        plans = [plan for plan in reading.plan() if plan.partition in {*asked, UNDATED} or plan.leaving]
        changed = [plan for plan in plans if not plan.is_unchanged]
        tracker.advance(done=0, total=sum(len(plan.read) for plan in changed))
        for plan in changed:
            reading.carry_out(plan, workers.count, tracker)
            log_changes(context, plan, asked)
    for key in asked if names_partitions(context) else ():
        context.add_asset_metadata({"year": key, **reading.describe(key)}, partition_key=key)
    note = f"{reading.parsed} parsed in {len(changed)} partitions" if changed else "unchanged: nothing new to parse"
    tracker.finish(note)
    return dg.MaterializeResult(
        metadata={
            "parsed": reading.parsed,
            "partitions_changed": ", ".join(plan.partition for plan in changed) or "none",
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


@dataclass
class Reading:
    """Parses what the plans ask for and counts what came of it."""

    home: Home
    archive: Archive
    book: DecisionBook
    parsed: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    samples: list[tuple[object, ...]] = field(default_factory=list)
    counts: dict[str, PartitionCount] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)  # status of what was parsed but not yet entered, by sha256

    def plan(self) -> Iterator[PartitionPlan]:
        """What every partition needs, by the readings of the archive and what is staged."""
        members: dict[str, dict[str, Versions]] = defaultdict(dict)
        unread: set[str] = set()
        now = (PARSER_VERSION, load_catalogue().version)
        for reading in self.archive.register.readings():
            decided = self.book.version_of(report_id_of(reading.sha256))
            members[reading.partition][reading.sha256] = (reading.reader_version, *now, decided)
            if reading.status == EXTRACTED:
                unread.add(reading.sha256)
        for partition in partition_keys():
            staged = read_partition_keys(self.home.path, partition)
            yield plan_partition(partition, members[partition], staged, frozenset(unread))

    def carry_out(self, plan: PartitionPlan, workers: int, tracker: Tracker) -> None:
        """Stage the partition: what is kept, and what is parsed now. The readings say so afterwards, never before."""
        assertions = self._assertions(frozenset(plan.read))
        jobs = [(sha256, assertions[sha256]) for sha256 in plan.read]
        parsed = self._watch(parse_many(self.home.path, jobs, workers, self.book), tracker)
        stage_reports(self.home.path, plan.partition, parsed, plan.keep)
        for sha256 in plan.read:
            self._mark_parsed(sha256)
        self.counts[plan.partition] = PartitionCount(len(plan.read), len(plan.keep), plan.leaving)

    def describe(self, partition: str) -> dict[str, object]:
        """Metadata of one partition."""
        count = self.counts.get(partition)
        if count is None:
            staged = len(read_partition_keys(self.home.path, partition))
            return {"dagster/partition_row_count": staged, "unchanged": True}
        rows = {"dagster/partition_row_count": count.parsed + count.kept, "unchanged": False}
        return {**rows, "parsed": count.parsed, "kept": count.kept, "left": count.left}

    def _assertions(self, wanted: frozenset[str]) -> dict[str, Asserted]:
        """What the first receipt of each file asserts."""
        found: dict[str, Asserted] = {}
        for receipt in self.archive.receipts():
            if receipt.sha256 in wanted:
                found.setdefault(receipt.sha256, receipt.asserted)
        return found

    def _watch(self, parsed: Iterable[Report], tracker: Tracker) -> Iterator[Report]:
        """Count the reports as they pass."""
        for report in parsed:
            self.parsed += 1
            self.statuses[report.status.value] += 1
            self.outcomes[report.sha256] = report.status.value
            self.troubles.update(found.code.value for found in report.findings)
            if len(self.samples) < 8:
                self.samples.append(describe_sample(report))
            tracker.advance()
            yield report

    def _mark_parsed(self, sha256: str) -> None:
        reading = self.archive.reading(sha256)
        if reading is not None:
            status = self.outcomes.pop(sha256)
            self.archive.set_reading(sha256, reading.reader, reading.reader_version, reading.partition, status)


def describe_sample(report: Report) -> tuple[object, ...]:
    broken = sum(outcome.outcome == "broken" for outcome in report.identities)
    metadata = report.metadata
    head = (report.report_id, report.status.value, metadata.agency_name, metadata.report_year, report.form_version)
    return (*head, len(report.cells), broken, len(report.findings))
