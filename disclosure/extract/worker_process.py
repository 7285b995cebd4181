"""The process behind `workers`: reads batches of items on standard input, writes documents on standard output, until told to end.

Run as `python -m disclosure.extract.worker_process MEMORY_BYTES`. What does not belong here: the supervision.
"""

from __future__ import annotations

import gc
import logging
import os
import resource
import sys
import time
import warnings
from collections.abc import Iterator

from disclosure.document import Document
from disclosure.extract.dispatch import failed_document, load_readers
from disclosure.extract.workers import (
    READY,
    Answer,
    Item,
    encode_message,
    extract_batch,
    extract_here,
    read_message,
    write_message,
)
from disclosure.findings import FindingCode


def serve(memory_bytes: int) -> None:
    """Extract item after item. What libraries print goes to standard error, never between the messages."""
    load_readers()
    requests = sys.stdin.buffer
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        gc.freeze()  # what is imported stays; going through it again and again would take a tenth of the time
        write_message(answers, READY)
        while True:
            try:
                batch = read_message(requests)
            except EOFError:
                return
            assert isinstance(batch, tuple)
            for answer in _answers(batch):
                answers.write(answer)
                answers.flush()


def _answers(batch: tuple[Item, ...]) -> Iterator[bytes]:
    """A message for each item, in their order."""
    documents = map(extract_here, batch) if len(batch) == 1 else extract_batch(batch)
    for item in batch:
        yield _answer(item, documents)


def _answer(item: Item, documents: Iterator[Document]) -> bytes:
    """The message for the next document; one too large to be sent is over the limit as much as one too large to be read."""
    began = time.monotonic()
    try:
        document = next(documents)
        return encode_message(Answer(document, time.monotonic() - began))
    except MemoryError:
        code = FindingCode.RESOURCE_LIMIT
        failed = failed_document(item.media_type, item.sha256, code, "读取结果超过内存上限")
        return encode_message(Answer(failed, time.monotonic() - began))


if __name__ == "__main__":
    serve(int(sys.argv[1]))
