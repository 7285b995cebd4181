"""Runs `parse_report` over stored documents, in several processes when there are many.

Only the running belongs here: which documents, in which process, for how long, and what is recorded when the parser itself
fails on one of them. What a document says is decided in `disclosure.parse`.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

from catalogue.load import load_catalogue
from disclosure.decisions import DecisionBook
from disclosure.document import Document
from disclosure.findings import FindingCode, finding
from disclosure.parse import parse_report
from disclosure.report import Asserted, Report
from orchestration.document_store import DocumentStore

Job = tuple[str, Asserted]  # sha256 of a stored document, and what the inbox says about the filing

SECONDS_PER_REPORT = 60.0
BATCH = 50
FEWEST_FOR_PROCESSES = 200  # below this, starting processes costs more than it saves


class MissingDocumentError(Exception):
    """A document that should have been extracted is not in the store: run the extract stage again."""


def parse_many(home: Path, jobs: Sequence[Job], workers: int, book: DecisionBook) -> Iterator[Report]:
    """The reports of the jobs, in their order, with the decisions about them. Raises MissingDocumentError."""
    if workers < 2 or len(jobs) < FEWEST_FOR_PROCESSES:
        for job in jobs:
            yield parse_stored(home, job, book)
        return
    context = multiprocessing.get_context("spawn")  # this process has threads, which a fork would copy half-way
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        pending = []
        for batch in batches(jobs):
            pending.append(pool.submit(parse_batch, home, batch, book))
            if len(pending) > 2 * workers:  # memory stays independent of the number of jobs
                yield from pending.pop(0).result()
        for future in pending:
            yield from future.result()


def batches(jobs: Sequence[Job]) -> Iterator[Sequence[Job]]:
    for start in range(0, len(jobs), BATCH):
        yield jobs[start : start + BATCH]


def parse_batch(home: Path, jobs: Sequence[Job], book: DecisionBook) -> list[Report]:
    return [parse_stored(home, job, book) for job in jobs]


def parse_stored(home: Path, job: Job, book: DecisionBook) -> Report:
    """The report of one stored document. A failure of the parser is recorded as a finding and stops no other filing."""
    sha256, asserted = job
    document = DocumentStore(home).load(sha256)
    if document is None:
        raise MissingDocumentError(f"no document of {sha256} in {home / 'documents'}; run the extract stage again")
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
    """Raise TimeoutError when the block takes longer; off the main thread, where signals cannot be set, no limit."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def expire(signal_number: int, frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
