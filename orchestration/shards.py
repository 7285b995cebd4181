"""Shards of work: some files to extract, or some documents to parse, as pure functions of a store and the shard.

The same function runs in this process, in another, or on another machine; what it returns is small, and what it leaves
behind is the same however often it runs. Which shards there are and where they run is decided elsewhere; what a file
says is decided in `disclosure`.
"""

from __future__ import annotations

import ctypes
import signal
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import pyarrow as pa

from catalogue.load import load_catalogue
from disclosure.decisions import DecisionBook
from disclosure.document import Document
from disclosure.extract import extract_many
from disclosure.extract.workers import Item
from disclosure.findings import FindingCode, finding
from disclosure.parse import parse_report
from disclosure.parse.metadata import read_metadata
from disclosure.report import Asserted, Report
from disclosure.stage import tables_of
from orchestration.document_store import DocumentStore
from orchestration.partitions import UNDATED, partition_of
from orchestration.stores import Store

SECONDS_PER_REPORT = 60.0

Job = tuple[str, Asserted]  # sha256 of a stored document, and what the inbox says about the filing


class MissingDocumentError(Exception):
    """A document that should have been extracted is not in the store: run the extract stage again."""


class FileToExtract(NamedTuple):
    """A file of the store, what it is, the name it came under and what the inbox says about it."""

    key: str
    media_type: str
    sha256: str
    file_name: str
    asserted: Asserted


@dataclass(frozen=True, slots=True)
class Extracted:
    """What is entered of an extracted file; its document is in the store."""

    sha256: str
    reader: str
    reader_version: str
    partition: str
    findings: tuple[str, ...]  # codes
    seconds: float  # that the reader took


@dataclass(frozen=True, slots=True)
class ParsedReport:
    """What is entered and told of a parsed report; its rows are in the shard."""

    sha256: str
    report_id: str
    status: str
    agency_name: str | None
    report_year: int | None
    form_version: str | None
    cells: int
    broken: int  # identities that must hold and do not
    findings: tuple[str, ...]  # codes
    seconds: float  # that the parser took


@dataclass(frozen=True, slots=True)
class ParsedShard:
    """Parsed reports with their rows for staging: in hand, or in the store under `key` and a table's name."""

    reports: tuple[ParsedReport, ...]
    rows: dict[str, pa.Table] | None = None
    keys: dict[str, str] | None = None  # by table


def extract_shard(store: Store, files: Sequence[FileToExtract]) -> list[Extracted]:
    """Extract some files with one isolated reader process, keep their documents and tell their report years."""
    by_sha256 = {file.sha256: file for file in files}
    with tempfile.TemporaryDirectory(prefix="gouji-") as folder:
        items = [item_of(store, file, Path(folder)) for file in files]
        taken: dict[str, float] = {}
        return [
            keep_document(store, document, by_sha256[document.sha256].asserted, taken)
            for document in extract_many(items, 1, timed=taken.__setitem__)
        ]


def item_of(store: Store, file: FileToExtract, folder: Path) -> Item:
    return Item(store.local_path(file.key, folder), file.media_type, file.sha256, file.file_name)


def keep_document(store: Store, document: Document, asserted: Asserted, taken: dict[str, float]) -> Extracted:
    """Store an extracted document and tell which partition it belongs to. `taken` has the seconds it took, and loses them."""
    DocumentStore(store).save(document)
    codes = tuple(found.code.value for found in document.findings)
    partition = date_document(document, asserted)
    seconds = taken.pop(document.sha256, 0.0)
    return Extracted(document.sha256, document.reader, document.reader_version, partition, codes, seconds)


def date_document(document: Document, asserted: Asserted) -> str:
    """The partition of a document, by its report year."""
    if not document.blocks:
        return UNDATED
    try:
        metadata, _ = read_metadata(document, asserted, load_catalogue())
    except Exception:  # the parse stage meets the same error and records it as a finding of this filing
        return UNDATED
    return partition_of(metadata.report_year)


def parse_shard(store: Store, book: DecisionBook, jobs: Sequence[Job]) -> ParsedShard:
    """Parse some stored documents, with the decisions about them. Raises MissingDocumentError."""
    reports, described = [], []
    for job in jobs:
        began = time.monotonic()
        report = parse_stored(store, job, book)
        reports.append(report)
        described.append(describe_report(report, time.monotonic() - began))
    return ParsedShard(tuple(described), tables_of(reports))


def parse_shard_to_store(store: Store, book: DecisionBook, prefix: str, jobs: Sequence[Job]) -> ParsedShard:
    """`parse_shard` with the rows left in the store as Parquet, for a worker that shares no memory with the caller."""
    parsed = parse_shard(store, book, jobs)
    assert parsed.rows is not None
    keys = {
        name: f"{prefix}/{jobs[0][0]}/{name}.parquet" for name in parsed.rows
    }  # a shard is known by its first report
    for name, rows in parsed.rows.items():
        store.write(keys[name], to_parquet(rows))
    return ParsedShard(parsed.reports, keys=keys)


def rows_of(store: Store, shard: ParsedShard) -> dict[str, pa.Table]:
    """The rows of a shard; those in the store are read and removed."""
    if shard.rows is not None:
        return shard.rows
    assert shard.keys is not None
    rows = {name: from_parquet(store.read(key)) for name, key in shard.keys.items()}
    store.remove(shard.keys.values())
    return rows


def to_parquet(rows: pa.Table) -> bytes:
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink, compression="zstd")
    return bytes(sink.getvalue())


def from_parquet(data: bytes) -> pa.Table:
    import pyarrow.parquet as pq

    return pq.read_table(pa.BufferReader(data))


def describe_report(report: Report, seconds: float) -> ParsedReport:
    return ParsedReport(
        sha256=report.sha256,
        report_id=report.report_id,
        status=report.status.value,
        agency_name=report.metadata.agency_name,
        report_year=report.metadata.report_year,
        form_version=report.form_version,
        cells=len(report.cells),
        broken=sum(outcome.outcome == "broken" for outcome in report.identities),
        findings=tuple(found.code.value for found in report.findings),
        seconds=seconds,
    )


def parse_stored(store: Store, job: Job, book: DecisionBook) -> Report:
    """The report of one stored document. A failure of the parser is recorded as a finding and stops no other filing."""
    sha256, asserted = job
    document = DocumentStore(store).load(sha256)
    if document is None:
        raise MissingDocumentError(f"no document of {sha256} in the store; run the extract stage again")
    try:
        with time_limit(SECONDS_PER_REPORT):
            return parse_report(document, asserted, load_catalogue(), book)
    except TimeoutError:
        return refuse(document, asserted, book, FindingCode.READER_TIMEOUT, f"解析超过 {SECONDS_PER_REPORT:.0f} 秒")
    except Exception as error:
        return refuse(
            document, asserted, book, FindingCode.READER_FAILED, f"解析出错：{type(error).__name__}: {error}"[:200]
        )


def refuse(document: Document, asserted: Asserted, book: DecisionBook, code: FindingCode, detail: str) -> Report:
    """The report of a document that could not be parsed: unreadable, with the reason."""
    emptied = replace(document, blocks=(), findings=(*document.findings, finding(code, detail)))
    return parse_report(emptied, asserted, load_catalogue(), book)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in this thread when the block takes longer. Python code is interrupted, a native call is not."""
    if threading.current_thread() is threading.main_thread():
        with _alarm(seconds):
            yield
    else:
        with _raising_from_outside(seconds):
            yield


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def expire(signal_number: int, frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _raising_from_outside(seconds: float) -> Iterator[None]:
    """For the threads of a cluster's workers, where signals cannot be set: a timer raises the error in this thread."""
    thread = ctypes.c_ulong(threading.get_ident())
    done = threading.Lock()  # held by whichever of the two comes first

    def expire() -> None:
        if done.acquire(blocking=False):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(TimeoutError))

    timer = threading.Timer(seconds, expire)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        done.acquire(blocking=False)
        timer.cancel()
