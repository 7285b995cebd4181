"""Runs a measurement in a process of its own, so that its memory is its own."""

from __future__ import annotations

import multiprocessing
import resource
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_apart(task: Callable[..., Result], *arguments: Any) -> tuple[Result, float]:
    """What the task returns, and the peak memory of its process in MB. Raises RuntimeError when the process dies."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(sender, task, arguments))
    process.start()
    sender.close()
    try:
        return receiver.recv()
    except EOFError as error:
        raise RuntimeError(f"{task.__name__} ended without a result") from error
    finally:
        process.join()


def _work(sender: Connection, task: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    result = task(*arguments)
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    sender.send((result, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit))
    sender.close()
