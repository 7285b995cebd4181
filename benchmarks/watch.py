"""Watches the memory of a process and of all it starts (Linux). What is run is decided by the benchmarks."""

from __future__ import annotations

import os
import threading
from pathlib import Path

SAMPLE_SECONDS = 0.5


class Watch(threading.Thread):
    """Adds up the resident memory of a process and its descendants now and then (Linux)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._ended = pid, threading.Event()
        self.together = self.largest = 0.0

    def run(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            sizes = [_resident(pid) for pid in _descendants(self._pid)]
            self.together = max(self.together, sum(sizes))
            self.largest = max(self.largest, *sizes, 0.0)

    def stop(self) -> None:
        self._ended.set()
        self.join()


def _descendants(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return found


def _resident(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2
