"""One writer per home: the lock that keeps two runs from changing the same folders at the same time.

The lock is a POSIX record lock on HOME/.lock: the system drops it when the process ends, however it ends, and a child
does not inherit it, so a killed run never leaves a home locked.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO


class HomeBusyError(RuntimeError):
    """Another process is writing to the home; `holder` describes it."""

    def __init__(self, home: Path, holder: str) -> None:
        super().__init__(f"{home} is in use by {holder}; wait for it to end or name another --home")
        self.home, self.holder = home, holder


_held: dict[Path, tuple[IO[str], int]] = {}  # a process that holds the lock may take it again
_guard = threading.Lock()


@contextmanager
def hold_home(home: Path, *, wait: bool) -> Iterator[None]:
    """Hold the home for writing. Without `wait`, raises HomeBusyError when another process holds it."""
    path = home.resolve() / ".lock"
    with _guard:
        if path in _held:
            handle, depth = _held[path]
            _held[path] = (handle, depth + 1)
        else:
            _held[path] = (_acquire(path, wait), 1)
    try:
        yield
    finally:
        with _guard:
            handle, depth = _held[path]
            if depth > 1:
                _held[path] = (handle, depth - 1)
            else:
                del _held[path]
                handle.close()


def _acquire(path: Path, wait: bool) -> IO[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = path.open("a+", encoding="utf-8")
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError as error:
        handle.seek(0)
        holder = handle.read().strip() or "another process"
        handle.close()
        raise HomeBusyError(path.parent, holder) from error
    handle.seek(0)
    handle.truncate()
    handle.write(f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
    handle.flush()
    return handle
