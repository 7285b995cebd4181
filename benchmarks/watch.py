"""Watches the memory and the processor time of a process and of all it starts (Linux). What is run is decided by the
benchmarks."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.5
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Cost:
    """What a stage took: seconds by the clock, seconds of all processors, and the peaks of the resident memory of all
    processes together and of the largest one, in MB."""

    stage: str
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    together: float = 0.0
    largest: float = 0.0


class Watch(threading.Thread):
    """Samples the resident memory and the processor time of a process and its descendants, stage by stage where the caller
    says when one ends."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._ended, self._guard = pid, threading.Event(), threading.Lock()
        self._now, self._began, self._cpu_before, self._cpu = Cost(""), time.monotonic(), 0.0, 0.0
        self.stages: list[Cost] = []
        self.together = self.largest = 0.0

    def run(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            self._sample()

    def end_stage(self, stage: str) -> None:
        """What was measured since the last stage ended belongs to this one."""
        self._sample()
        with self._guard:
            ended, now = self._now, time.monotonic()
            ended.stage, ended.seconds = stage, now - self._began
            ended.cpu_seconds, self._cpu_before = self._cpu - self._cpu_before, self._cpu
            self.stages.append(ended)
            self._now, self._began = Cost(""), now

    def stop(self) -> None:
        self._ended.set()
        self.join()

    def _sample(self) -> None:
        processes = [_look_at(pid) for pid in _descendants(self._pid)]
        sizes = [size for _, size in processes]
        with self._guard:
            # processor time of ended processes is in that of their parents; one that has just ended is in neither for a moment
            self._cpu = max(self._cpu, sum(seconds for seconds, _ in processes))
            for peaks in (self, self._now):
                peaks.together = max(peaks.together, sum(sizes))
                peaks.largest = max(peaks.largest, *sizes, 0.0)


def _descendants(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return found


def _look_at(pid: int) -> tuple[float, float]:
    """Processor seconds of a process and of its children that have ended, and its resident memory in MB."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0, 0.0
    return sum(map(int, fields[11:15])) / TICKS, pages * os.sysconf("SC_PAGE_SIZE") / 1024**2
