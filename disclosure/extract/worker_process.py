"""The process behind `workers`: reads items on standard input, writes documents on standard output, until told to end.

Run as `python -m disclosure.extract.worker_process MEMORY_BYTES`. What does not belong here: the supervision.
"""

from __future__ import annotations

import logging
import os
import resource
import sys
import warnings

from disclosure.extract.workers import Item, extract_here, read_message, write_message


def serve(memory_bytes: int) -> None:
    """Extract item after item. What libraries print goes to standard error, never between the messages."""
    requests = sys.stdin.buffer
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        while True:
            try:
                item = read_message(requests)
            except EOFError:
                return
            assert isinstance(item, Item)
            write_message(answers, extract_here(item))


if __name__ == "__main__":
    serve(int(sys.argv[1]))
