"""The process behind `workers`: reads items on standard input, writes documents on standard output, until told to end.

Run as `python -m disclosure.extract.worker_process MEMORY_BYTES`. What does not belong here: the supervision.
"""

from __future__ import annotations

import logging
import os
import resource
import sys
import warnings

from disclosure.extract.dispatch import failed_document
from disclosure.extract.workers import Item, encode_message, extract_here, read_message, write_message
from disclosure.findings import FindingCode


def serve(memory_bytes: int) -> None:
    """Extract item after item. What libraries print goes to standard error, never between the messages."""
    requests = sys.stdin.buffer
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        write_message(answers, "ready")
        while True:
            try:
                item = read_message(requests)
            except EOFError:
                return
            assert isinstance(item, Item)
            answers.write(_answer(item))
            answers.flush()


def _answer(item: Item) -> bytes:
    """The message for one item; a document too large to be sent is over the limit as much as one too large to be read."""
    try:
        return encode_message(extract_here(item))
    except MemoryError:
        code = FindingCode.RESOURCE_LIMIT
        return encode_message(failed_document(item.media_type, item.sha256, code, "读取结果超过内存上限"))


if __name__ == "__main__":
    serve(int(sys.argv[1]))
