"""What is tried again, and what is not: trouble that passes by itself is, a verdict on a file or a figure never is.

Transient are a register or database that another process holds, a file system or network that does not answer, a cluster
without workers. Everything else would fail the same way again.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from orchestration.engines import EngineError

MAX_RETRIES = 3
FIRST_WAIT_SECONDS = 15.0
_TRANSIENT_ERRNO = frozenset(
    {
        errno.EAGAIN,
        errno.EBUSY,
        errno.ECONNABORTED,
        errno.ECONNREFUSED,
        errno.ECONNRESET,
        errno.EHOSTUNREACH,
        errno.EINTR,
        errno.EIO,
        errno.ENETUNREACH,
        errno.ESTALE,
        errno.ETIMEDOUT,
    }
)


def is_transient(error: BaseException) -> bool:
    """Whether the same step may succeed a little later."""
    if isinstance(error, EngineError | TimeoutError | ConnectionError):
        return True
    if isinstance(error, sqlite3.OperationalError):
        return any(word in str(error) for word in ("locked", "busy"))
    return isinstance(error, OSError) and error.errno in _TRANSIENT_ERRNO


@contextmanager
def retrying_transient(context: dg.AssetExecutionContext) -> Iterator[None]:
    """Ask Dagster to run the step again, each time after twice as long, when it fails of something transient."""
    try:
        yield
    except Exception as error:
        if not is_transient(error):
            raise
        tried = context.op_execution_context.retry_number
        wait = FIRST_WAIT_SECONDS * 2**tried
        context.log.warning(f"{type(error).__name__}: {error}; trying again in {wait:.0f} s")
        raise dg.RetryRequested(max_retries=MAX_RETRIES, seconds_to_wait=wait) from error
