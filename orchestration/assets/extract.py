"""EXTRACT: what is new in the archive, as one kind of document whatever its format, and the report year it belongs to."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from functools import partial

import dagster as dg

from catalogue.load import load_catalogue
from disclosure.archive import Archive, Receipt
from disclosure.extract import extract_many
from disclosure.extract.workers import Item
from disclosure.parse import PARSER_VERSION
from disclosure.report import Asserted
from disclosure.stage import in_batches, stage_filings
from orchestration.assets.archive import fetched_filings, filings
from orchestration.document_store import DocumentStore
from orchestration.engines import open_engine
from orchestration.locks import hold_home
from orchestration.plan import plan_extraction
from orchestration.preview import preview
from orchestration.progress import Tracker
from orchestration.reading_log import ReadingLog
from orchestration.reading_plan import EXTRACTED, Reason, assertion_of, staged_assertions
from orchestration.records import KEPT, Largest
from orchestration.reference_lists import stage_reference_lists
from orchestration.resources import Cluster, Home, Workers
from orchestration.retries import retrying_transient
from orchestration.shards import Extracted, FileToExtract, date_document, extract_shard, keep_document
from orchestration.state import read_state, write_state
from orchestration.stores import FolderStore, Store, copy_missing

FILES_PER_SHARD = 100


@dg.asset(deps=[filings, fetched_filings], group_name="extract", kinds={"python", "parquet"})
def documents(
    context: dg.AssetExecutionContext, home: Home, workers: Workers, cluster: Cluster
) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Every filing as ordered paragraphs and grids, extracted once per version of its reader, with its report year."""
    tracker = Tracker(context, "extract", None)
    with retrying_transient(context), hold_home(home.path, wait=True), closing(Archive(home.path)) as archive:
        extraction = Extraction(home, archive, cluster.open_store(home))
        waiting = sum(1 for _ in extraction.new_files())
        tracker.advance(done=0, total=waiting)
        with ReadingLog(home.path, context.run_id, "extract") as log:
            to_extract = (
                extraction.extract(cluster.engine_setting, workers.count if waiting > 1 else 1) if waiting else ()
            )
            for file in to_extract:
                extraction.enter(file, log)
                tracker.advance()
        rate = tracker.rate()
        moved = extraction.date_again()
        stage_filings(home.path, staged_places(archive))
        listed = stage_reference_lists(home.path, archive)
        partitions = Counter(reading.partition for reading in archive.register.readings())
    extracted = sum(extraction.readers.values())
    tracker.finish(f"{extracted} extracted" if extracted else "unchanged: nothing new to extract")
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(partitions.values()),
            "extracted": extracted,
            "moved_to_another_year": moved,
            "lists": preview(("staged from lists", "rows"), sorted(listed.items()), limit=len(listed)),
            "readers": preview(("reader", "extracted now"), extraction.readers.most_common()),
            "reasons": preview(("reason", "extracted now"), extraction.reasons.most_common()),
            "troubles": preview(("finding", "files"), extraction.troubles.most_common()),
            "files_per_second": rate,
            "slowest": preview(("file", "reader", "report id", "seconds"), list(extraction.slowest), limit=KEPT),
            "largest": preview(("file", "reader", "report id", "bytes"), list(extraction.largest), limit=KEPT),
            "preview": preview(("report year", "documents"), sorted(partitions.items()), limit=len(partitions)),
        }
    )


def staged_places(archive: Archive) -> Iterator[tuple[Receipt, str | None]]:
    """Every receipt with the partition its bytes are staged in, if they were read."""
    for receipt, reading in archive.register.receipts_with_readings():
        yield receipt, reading.partition if reading else None


class Extraction:
    """Which files need extracting or dating, and what has been kept of them so far."""

    def __init__(self, home: Home, archive: Archive, store: Store) -> None:
        self._home, self._archive, self._store = home, archive, store
        self._versions = {"parser": PARSER_VERSION, "catalogue": load_catalogue().version}
        self._asserted: dict[str, Asserted] = {}  # of the files now being extracted
        self._reasons: dict[str, Reason] = {}  # of the same
        self._files: dict[str, tuple[str, int]] = {}  # name and bytes, of those handed out and not yet entered
        self.readers: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.troubles: Counter[str] = Counter()
        self.slowest, self.largest = Largest(), Largest()
        if next(archive.register.readings(), None) is None:
            self._remember_versions()  # every reading to come is dated by these

    def new_files(self) -> Iterator[FileToExtract]:
        """Files that were never extracted, or by another version of their reader."""
        for receipt, reason in plan_extraction(self._archive, DocumentStore(self._store)):
            self._asserted.setdefault(receipt.sha256, receipt.asserted)
            self._reasons[receipt.sha256] = reason
            self._files[receipt.sha256] = (receipt.file_name, receipt.size)
            key = str(self._archive.object_path(receipt.sha256).relative_to(self._home.path))
            yield FileToExtract(key, receipt.media_type, receipt.sha256, receipt.file_name, receipt.asserted)

    def extract(self, engine_setting: str, workers: int) -> Iterator[Extracted]:
        """Extract what is new, as it comes: by reader processes of this machine, or in shards by an engine."""
        if engine_setting:
            with open_engine(engine_setting, workers) as engine:
                for extracted in engine.map(partial(extract_shard, self._store), self._shards()):
                    yield from extracted
            return
        here = FolderStore(self._home.path)
        items = (Item(here.path(file.key), *file[1:4]) for file in self.new_files())
        taken: dict[str, float] = {}
        for document in extract_many(items, workers, timed=taken.__setitem__):
            yield keep_document(self._store, document, self._asserted.get(document.sha256, Asserted()), taken)

    def _shards(self) -> Iterator[tuple[FileToExtract, ...]]:
        """New files in shards, their bytes brought to where the workers find them."""
        here = FolderStore(self._home.path)
        for shard in in_batches(self.new_files(), FILES_PER_SHARD):
            copy_missing(here, self._store, (file.key for file in shard))
            yield shard

    def enter(self, extracted: Extracted, log: ReadingLog) -> None:
        """Enter the reading after its document is stored: a killed run extracts at most the files in hand again."""
        self._enter(extracted.sha256, extracted.reader, extracted.reader_version, extracted.partition)
        self.readers[extracted.reader] += 1
        self.troubles.update(extracted.findings)
        reason = self._reasons[extracted.sha256]
        self.reasons[reason.value] += 1
        name, size = self._files.pop(extracted.sha256)
        self.slowest.enter(extracted.seconds, name, extracted.reader, extracted.sha256[:16])
        self.largest.enter(size, name, extracted.reader, extracted.sha256[:16])
        facts = {
            "reader": extracted.reader,
            "partition": extracted.partition,
            "findings": extracted.findings,
            "bytes": size,
            "seconds": round(extracted.seconds, 3),
        }
        log.enter(extracted.sha256, reason.value, **facts)

    def date_again(self) -> int:
        """Decide the report year anew where the parser, the catalogue or what the inbox asserts has changed; returns
        how many filings moved to another year."""
        all_anew = read_state(self._home.path, "extract") != self._versions
        before = set() if all_anew else staged_assertions(self._home.staging)
        moved, seen = 0, set()
        for receipt in self._archive.receipts():
            if receipt.sha256 in seen:
                continue
            seen.add(receipt.sha256)
            is_new = receipt.sha256 in self._asserted
            if all_anew or (not is_new and assertion_of(receipt) not in before):
                moved += self._date(receipt)
        self._remember_versions()
        return moved

    def _date(self, receipt: Receipt) -> bool:
        document, reading = DocumentStore(self._store).load(receipt.sha256), self._archive.reading(receipt.sha256)
        if document is None or reading is None:
            return False
        partition = date_document(document, receipt.asserted)
        self._enter(document.sha256, document.reader, document.reader_version, partition)
        return partition != reading.partition

    def _enter(self, sha256: str, reader: str, reader_version: str, partition: str) -> None:
        """Enter the reading as extracted, not yet parsed."""
        self._archive.set_reading(sha256, reader, reader_version, partition, EXTRACTED)

    def _remember_versions(self) -> None:
        write_state(self._home.path, "extract", self._versions)
