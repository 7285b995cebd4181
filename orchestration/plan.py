"""What a run would read, and why: the plan that the assets carry out and that `gouji plan` shows beforehand.

Looks and compares only; nothing is received, read or written here. The comparison of versions is in `reading_plan`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from catalogue.load import load_catalogue
from disclosure.archive import Archive, Receipt
from disclosure.archive.register import Reading
from disclosure.archive.store import walk_files
from disclosure.decisions import DecisionBook, home_decisions
from disclosure.extract import reader_version_for
from disclosure.parse import PARSER_VERSION
from disclosure.stage import read_partition_keys
from orchestration.document_store import DocumentStore
from orchestration.partitions import partition_keys
from orchestration.reading_plan import EXTRACTED, PartitionPlan, Reason, Versions, plan_partition, report_id_of
from orchestration.stores import FolderStore, Store


def plan_extraction(archive: Archive, store: DocumentStore) -> Iterator[tuple[Receipt, Reason]]:
    """Files that have to be extracted and why; each once, by its first receipt."""
    handed_out: set[str] = set()
    held = store.held()
    for receipt, reading in archive.register.receipts_with_readings():
        if receipt.sha256 in handed_out:
            continue
        handed_out.add(receipt.sha256)
        reason = reason_to_extract(receipt, reading, receipt.sha256 in held)
        if reason is not None:
            yield receipt, reason


def reason_to_extract(receipt: Receipt, reading: Reading | None, is_held: bool) -> Reason | None:
    """Why the file of a receipt has to be extracted; None when its document is held and stands."""
    if reading is None:
        return Reason.NEW
    if reading.reader_version != reader_version_for(receipt.media_type):
        return Reason.READER
    return None if is_held else Reason.DOCUMENT_MISSING


def plan_parsing(home: Path, archive: Archive, book: DecisionBook) -> Iterator[PartitionPlan]:
    """What every partition needs, by the readings of the archive and what is staged."""
    members: dict[str, dict[str, Versions]] = defaultdict(dict)
    unread: set[str] = set()
    now = (PARSER_VERSION, load_catalogue().version)
    for reading in archive.register.readings():
        decided = book.version_of(report_id_of(reading.sha256))
        members[reading.partition][reading.sha256] = (reading.reader_version, *now, decided)
        if reading.status == EXTRACTED:
            unread.add(reading.sha256)
    for partition in partition_keys():
        staged = read_partition_keys(home, partition)
        yield plan_partition(partition, members[partition], staged, frozenset(unread))


@dataclass
class RunPlan:
    """What a run over an inbox would do to a home. Partitions are those of the last reading: what is read again may turn
    out to belong to another year."""

    arrivals: int = 0  # files of the inbox that are new or have changed
    received: int = 0  # files in the archive
    extract: Counter[tuple[str, str]] = field(default_factory=Counter)  # by partition and reason
    parse: Counter[tuple[str, str]] = field(default_factory=Counter)  # by partition and reason
    leaving: Counter[str] = field(default_factory=Counter)  # staged reports that have no place in their partition

    @property
    def reads_nothing(self) -> bool:
        return not (self.arrivals or self.extract or self.parse or self.leaving)

    def as_dict(self) -> dict[str, object]:
        """The plan as JSON values."""
        return {
            "arrivals": self.arrivals,
            "received": self.received,
            "extract": _as_rows(self.extract),
            "parse": _as_rows(self.parse),
            "leaving": dict(self.leaving),
        }


def plan_run(home: Path, inbox: Path | None, store: Store | None = None) -> RunPlan:
    """Look at a home, whose documents may be in a store of their own, and at an inbox when one is named. Raises FileNotFoundError when the home has no archive."""
    if not (home / "archive" / "register.sqlite").exists():
        raise FileNotFoundError(f"{home} is no home of gouji: it has no archive")
    plan, store = RunPlan(), store or FolderStore(home)
    with closing(Archive(home)) as archive:
        plan.received = archive.register.count_receipts()
        plan.arrivals = count_arrivals(archive, inbox) if inbox else 0
        extracted_again = set()
        for receipt, reason in plan_extraction(archive, DocumentStore(store)):
            reading = archive.reading(receipt.sha256)
            plan.extract[reading.partition if reading else "not yet known", reason.value] += 1
            extracted_again.add(receipt.sha256)
        for partition in plan_parsing(home, archive, home_decisions(load_catalogue(), home)):
            for sha256, why in partition.reasons.items():
                if sha256 not in extracted_again:
                    plan.parse[partition.partition, why.value] += 1
            if partition.leaving:
                plan.leaving[partition.partition] = partition.leaving
    return plan


def count_arrivals(archive: Archive, inbox: Path) -> int:
    """Files of the inbox that were never received, or have changed since. Source lists count until they are received."""
    arrivals = 0
    for path in walk_files(inbox.resolve()):
        status = path.stat()
        arrivals += archive.register.unchanged(str(path), status.st_size, status.st_mtime_ns) is None
    return arrivals


def _as_rows(counts: Counter[tuple[str, str]]) -> list[dict[str, object]]:
    rows = sorted(counts.items())
    return [{"partition": partition, "reason": reason, "files": files} for (partition, reason), files in rows]
