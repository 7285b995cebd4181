"""Extraction of many files in separate long-lived processes, so that a hostile file costs only itself.

A worker is a fresh interpreter that reads requests on its standard input; the loop below keeps each one busy with one file
and kills it when the file takes too long. Legacy Word files go to a worker many at a time, since their converter is slow to
start; when such a batch fails, its files are tried once more one by one. What does not belong here: the readers, and any
order of the results.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import selectors
import struct
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from disclosure.document import Document
from disclosure.extract import legacy_word, office
from disclosure.extract.dispatch import extract_file, failed_document
from disclosure.extract.legacy_word import Conversion
from disclosure.extract.reading import MEGABYTE
from disclosure.findings import FindingCode

MEMORY_LIMIT = 2048 * MEGABYTE  # address space of one worker
TIMEOUT_SECONDS = 120.0
_FILES_PER_WORKER = 1000  # then it is replaced: leaks of native libraries stay bounded
_START_SECONDS = 300.0  # seconds to import the readers; on a crowded machine that is no fault of the file
_COMMAND = ("-m", "disclosure.extract.worker_process")
READY = "ready"  # the first message of a worker
_LENGTH = struct.Struct("!Q")


class Item(NamedTuple):
    """A file to extract: where its bytes are, what they are, and the name it came under."""

    path: Path
    media_type: str
    sha256: str
    file_name: str | None


class Answer(NamedTuple):
    """What a worker sends back of an item: its document, and the seconds it took to read."""

    document: Document
    seconds: float


def extract_many(
    items: Iterable[Item | tuple[Path, str, str, str | None]],
    workers: int = 2,
    timeout_seconds: float = TIMEOUT_SECONDS,
    memory_bytes: int = MEMORY_LIMIT,
    timed: Callable[[str, float], None] | None = None,
) -> Iterator[Document]:
    """A document for every item, as they come (`sha256` tells which). Never raises for a bad file.

    A file that takes longer than `timeout_seconds` gets the finding READER_TIMEOUT, one that kills its worker READER_FAILED, one
    that wants more than `memory_bytes` RESOURCE_LIMIT. With workers=0 everything is read in this process, without limits on
    time and memory. Items are taken only as workers become free: memory does not grow with their number. `timed` is told
    the sha256 of every item read by a worker and the seconds it took.
    """
    waiting = _Waiting(group_legacy(Item(*item) for item in items))
    if workers <= 0:
        for batch in waiting:
            yield from extract_batch(batch)
        return
    pool = [_Worker(timeout_seconds, memory_bytes) for _ in range(workers)]
    try:
        with selectors.DefaultSelector() as selector:
            for worker in pool:
                _feed(worker, waiting, selector)
            while selector.get_map():
                due = min(key.data.deadline for key in selector.get_map().values())
                ready = {key.data for key, _ in selector.select(max(0.0, due - time.monotonic()))}
                for worker in [key.data for key in list(selector.get_map().values())]:
                    if worker in ready or worker.deadline <= time.monotonic():
                        selector.unregister(worker.output)
                        # The caller may have held up this loop past the deadline: look again.
                        document = worker.collect(arrived=worker in ready or worker.has_answered())
                        waiting.put_back(worker.take_unread())
                        if worker.is_busy:
                            selector.register(worker.output, selectors.EVENT_READ, worker)
                        else:
                            _feed(worker, waiting, selector)  # it reads on while the caller looks at the document
                        if document is not None:
                            if timed:
                                timed(document.sha256, worker.seconds)
                            yield document
    finally:
        for worker in pool:
            worker.stop()


def group_legacy(items: Iterable[Item]) -> Iterator[tuple[Item, ...]]:
    """Legacy Word files in batches, everything else one by one, as it comes."""
    batch: list[Item] = []
    for item in items:
        if item.media_type not in legacy_word.MEDIA_TYPES or office.find_office() is None:
            yield (item,)
            continue
        batch.append(item)
        if len(batch) == office.BATCH_SIZE:
            yield tuple(batch)
            batch.clear()
    if batch:
        yield tuple(batch)


def extract_batch(batch: Sequence[Item]) -> Iterator[Document]:
    """The documents of a batch in its order, read in this process; its legacy Word files are converted together first."""
    legacy = [item.path for item in batch if item.media_type in legacy_word.MEDIA_TYPES]
    if len(legacy) < 2:
        yield from map(extract_here, batch)
        return
    converted = office.convert_batch(legacy)
    for item in batch:
        is_legacy = item.media_type in legacy_word.MEDIA_TYPES
        yield extract_here(item, Conversion(converted.get(item.path)) if is_legacy else None)


def extract_here(item: Item, conversion: Conversion | None = None) -> Document:
    """The document of one item, read in this process; a file that is gone is a finding too."""
    try:
        return extract_file(item.path, item.media_type, item.sha256, item.file_name, conversion)
    except OSError as error:
        return failed_document(
            item.media_type, item.sha256, FindingCode.READER_FAILED, f"文件无法打开：{error.strerror}"
        )


class _Waiting:
    """The batches to come; those that failed as a batch come back as single files, before the others."""

    def __init__(self, batches: Iterator[tuple[Item, ...]]) -> None:
        self._batches = batches
        self._again: deque[Item] = deque()

    def __iter__(self) -> Iterator[tuple[Item, ...]]:
        return self

    def __next__(self) -> tuple[Item, ...]:
        return (self._again.popleft(),) if self._again else next(self._batches)

    def put_back(self, items: Iterable[Item]) -> None:
        self._again.extend(items)


def _feed(worker: _Worker, waiting: Iterator[tuple[Item, ...]], selector: selectors.BaseSelector) -> None:
    batch = next(waiting, None)
    if batch is not None:
        worker.send(batch)
        selector.register(worker.output, selectors.EVENT_READ, worker)


class _Worker:
    """One worker process and the items it is busy with; the process is started when first needed."""

    def __init__(self, timeout_seconds: float, memory_bytes: int) -> None:
        self._timeout = timeout_seconds
        self._memory = memory_bytes
        self._process: subprocess.Popen[bytes] | None = None
        self._items: deque[Item] = deque()
        self._unread: list[Item] = []
        self._done = 0
        self._is_ready = False
        self._began = 0.0  # when the process was given what it is at work on
        self.deadline = 0.0
        self.seconds = 0.0  # that the item collected last took

    @property
    def output(self) -> BinaryIO:
        assert self._process is not None and self._process.stdout is not None
        return cast(BinaryIO, self._process.stdout)

    @property
    def is_busy(self) -> bool:
        return bool(self._items)

    def has_answered(self) -> bool:
        """Whether an answer, or the end of the process, is there to be collected."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.output, selectors.EVENT_READ)
            return bool(selector.select(0))

    def send(self, batch: tuple[Item, ...]) -> None:
        if self._done >= _FILES_PER_WORKER:
            self.stop()
        if self._process is None or self._process.poll() is not None:
            self._start()
        assert self._process is not None and self._process.stdin is not None
        self._items.extend(batch)
        self._set_deadline()
        with contextlib.suppress(OSError):  # when the process is gone, its closed output says so to collect()
            write_message(cast(BinaryIO, self._process.stdin), batch)

    def _set_deadline(self) -> None:
        """A file's time begins when the process has imported the readers; the first answer waits for a whole conversion."""
        allowed = self._timeout * len(self._items) if self._is_ready else _START_SECONDS
        self._began = time.monotonic()
        self.deadline = self._began + allowed

    def collect(self, arrived: bool) -> Document | None:
        """The document of the next item, or what befell it; a worker that failed is ended, the next item starts a new one.

        None when the process has only become ready, and when several items were in hand: which of them is to blame is found
        by reading them one by one.
        """
        if not arrived:
            was_ready = self._is_ready
            self.stop()
            if not was_ready:
                return self._fail(FindingCode.READER_FAILED, f"读取进程在 {_START_SECONDS:.0f} 秒内未能启动")
            return self._fail(FindingCode.READER_TIMEOUT, f"超过 {self._timeout:.0f} 秒，已停止读取该文件")
        try:
            answer = read_message(self.output)
        except (EOFError, OSError, pickle.UnpicklingError):
            answer = None
        if answer == READY and not self._is_ready:
            self._is_ready = True
            self._set_deadline()
            return None
        self._done += 1
        if not isinstance(answer, Answer):
            status = self.stop()
            return self._fail(FindingCode.READER_FAILED, f"读取进程意外结束（状态 {status}），该文件可能已损坏")
        self._items.popleft()
        self._began = time.monotonic()
        self.deadline = self._began + self._timeout
        self.seconds = answer.seconds
        if any(found.code == FindingCode.RESOURCE_LIMIT for found in answer.document.findings):
            self.stop()  # a process that ran out of memory once is not trusted with another file
            self._give_up()
        return answer.document

    def take_unread(self) -> list[Item]:
        """The items that were not read because the process ended; each is handed over once."""
        unread, self._unread = self._unread, []
        return unread

    def _give_up(self) -> None:
        self._unread.extend(self._items)
        self._items.clear()

    def _fail(self, code: FindingCode, detail: str) -> Document | None:
        if len(self._items) > 1:
            self._give_up()
            return None
        item = self._items.popleft()
        self.seconds = time.monotonic() - self._began
        return failed_document(item.media_type, item.sha256, code, detail)

    def stop(self) -> int | None:
        process, self._process = self._process, None
        self._done, self._is_ready = 0, False
        if process is None:
            return None
        status = process.poll()
        if status is None:
            process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        ended = process.wait()
        return status if status is not None else ended

    def _start(self) -> None:
        self.stop()
        root = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
        self._process = subprocess.Popen(
            [sys.executable, *_COMMAND, str(self._memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": path},
        )


def encode_message(message: object) -> bytes:
    content = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(content)) + content


def write_message(stream: BinaryIO, message: object) -> None:
    """One pickled object with its length before it. Only our own processes are at the other end."""
    data = memoryview(encode_message(message))
    while data:
        data = data[stream.write(data) :]
    stream.flush()


def read_message(stream: BinaryIO) -> object:
    """The next message. Raises EOFError when the other end has closed."""
    (length,) = _LENGTH.unpack(_read_exactly(stream, _LENGTH.size))
    return pickle.loads(_read_exactly(stream, length))


def _read_exactly(stream: BinaryIO, count: int) -> bytes:
    pieces: list[bytes] = []
    while count:
        piece = stream.read(count)
        if not piece:
            raise EOFError("the other end has closed")
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)
