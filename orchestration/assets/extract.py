"""EXTRACT: what is new in the archive, as one kind of document whatever its format, and the report year it belongs to."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import dagster as dg

from catalogue.load import load_catalogue
from disclosure.archive import Archive, Receipt
from disclosure.document import Document
from disclosure.extract import extract_many
from disclosure.extract.workers import Item
from disclosure.parse import PARSER_VERSION
from disclosure.parse.metadata import read_metadata
from disclosure.report import Asserted
from disclosure.stage import stage_filings
from orchestration.assets.archive import filings
from orchestration.document_store import DocumentStore
from orchestration.locks import hold_home
from orchestration.partitions import UNDATED, partition_of
from orchestration.plan import plan_extraction
from orchestration.preview import preview
from orchestration.progress import Tracker
from orchestration.reading_log import ReadingLog
from orchestration.reading_plan import EXTRACTED, Reason, assertion_of, staged_assertions
from orchestration.resources import Home, Workers
from orchestration.state import read_state, write_state


@dg.asset(deps=[filings], group_name="extract", kinds={"python", "parquet"})
def documents(context: dg.AssetExecutionContext, home: Home, workers: Workers) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Every filing as ordered paragraphs and grids, extracted once per version of its reader, with its report year."""
    tracker = Tracker(context, "extract", None)
    with hold_home(home.path, wait=True), closing(Archive(home.path)) as archive:
        extraction = Extraction(home, archive)
        waiting = sum(1 for _ in extraction.new_items())
        tracker.advance(done=0, total=waiting)
        with ReadingLog(home.path, context.run_id, "extract") as log:
            for document in extract_many(extraction.new_items(), workers.count if waiting > 1 else 1):
                extraction.keep(document, log)
                tracker.advance()
        moved = extraction.date_again()
        stage_filings(home.path, archive.receipts(), extraction.partition_in_register)
        partitions = Counter(reading.partition for reading in archive.register.readings())
    extracted = sum(extraction.readers.values())
    tracker.finish(f"{extracted} extracted" if extracted else "unchanged: nothing new to extract")
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(partitions.values()),
            "extracted": extracted,
            "moved_to_another_year": moved,
            "readers": preview(("reader", "extracted now"), extraction.readers.most_common()),
            "reasons": preview(("reason", "extracted now"), extraction.reasons.most_common()),
            "troubles": preview(("finding", "files"), extraction.troubles.most_common()),
            "preview": preview(("report year", "documents"), sorted(partitions.items()), limit=len(partitions)),
        }
    )


class Extraction:
    """Which files need extracting or dating, and what has been kept of them so far."""

    def __init__(self, home: Home, archive: Archive) -> None:
        self._home, self._archive = home, archive
        self._store = DocumentStore(home.path)
        self._catalogue = load_catalogue()
        self._versions = {"parser": PARSER_VERSION, "catalogue": self._catalogue.version}
        self._asserted: dict[str, Asserted] = {}  # of the files now being extracted
        self._reasons: dict[str, Reason] = {}  # of the same
        self.readers: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.troubles: Counter[str] = Counter()
        if next(archive.register.readings(), None) is None:
            self._remember_versions()  # every reading to come is dated by these

    def new_items(self) -> Iterator[Item]:
        """Files that were never extracted, or by another version of their reader."""
        for receipt, reason in plan_extraction(self._archive, self._store):
            self._asserted.setdefault(receipt.sha256, receipt.asserted)
            self._reasons[receipt.sha256] = reason
            path = self._archive.object_path(receipt.sha256)
            yield Item(path, receipt.media_type, receipt.sha256, receipt.file_name)

    def keep(self, document: Document, log: ReadingLog) -> None:
        """Store the document, then enter the reading: a killed run extracts at most the files in hand again."""
        self._store.save(document)
        partition = self._enter(document, self._asserted.get(document.sha256, Asserted()))
        self.readers[document.reader] += 1
        codes = [found.code.value for found in document.findings]
        self.troubles.update(codes)
        reason = self._reasons[document.sha256]
        self.reasons[reason.value] += 1
        log.enter(document.sha256, reason.value, reader=document.reader, partition=partition, findings=codes)

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
        document, reading = self._store.load(receipt.sha256), self._archive.reading(receipt.sha256)
        if document is None or reading is None:
            return False
        return self._enter(document, receipt.asserted) != reading.partition

    def _enter(self, document: Document, asserted: Asserted) -> str:
        """Enter the reading as extracted, not yet parsed; returns its partition."""
        partition = self._partition_of(document, asserted)
        self._archive.set_reading(document.sha256, document.reader, document.reader_version, partition, EXTRACTED)
        return partition

    def _partition_of(self, document: Document, asserted: Asserted) -> str:
        if not document.blocks:
            return UNDATED
        try:
            metadata, _ = read_metadata(document, asserted, self._catalogue)
        except Exception:  # the parse stage meets the same error and records it as a finding of this filing
            return UNDATED
        return partition_of(metadata.report_year)

    def partition_in_register(self, sha256: str) -> str | None:
        reading = self._archive.reading(sha256)
        return reading.partition if reading else None

    def _remember_versions(self) -> None:
        write_state(self._home.path, "extract", self._versions)
