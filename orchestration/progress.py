"""How far a run has come: assets report it, and whoever started the run may listen.

In the Dagster UI progress goes to the run's log; `gouji run` listens and draws bars. Nothing is decided on it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import dagster as dg

LOG_EVERY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` units of a stage; total is None while it is not known."""

    stage: str
    done: int = 0
    total: int | None = None
    note: str = ""
    finished: bool = False


Listener = Callable[[Progress], None]
_listeners: list[Listener] = []


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Call `listener` with every Progress that this process reports."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


class Tracker:
    """Counts the units of one stage, telling listeners at once and the Dagster log now and then."""

    def __init__(
        self, context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext, stage: str, total: int | None
    ) -> None:
        self._context, self._stage, self._total = context, stage, total
        self._done = 0
        self._began = self._logged_at = time.monotonic()
        self._tell(Progress(stage, 0, total))

    def advance(self, done: int | None = None, total: int | None = None) -> None:
        """One more unit is done, or `done` units in all."""
        self._done = self._done + 1 if done is None else done
        self._total = self._total if total is None else total
        self._tell(Progress(self._stage, self._done, self._total))
        if time.monotonic() - self._logged_at > LOG_EVERY_SECONDS:
            self._logged_at = time.monotonic()
            self._context.log.info(f"{self._stage}: {self._done} of {self._total}")

    def rate(self) -> float:
        """Units per second since the stage began."""
        return round(self._done / max(time.monotonic() - self._began, 0.001), 1)

    def finish(self, note: str) -> None:
        """The stage is over; `note` says in a few words what it did."""
        self._context.log.info(f"{self._stage}: {note}")
        self._tell(Progress(self._stage, self._done, self._total, note, finished=True))

    @staticmethod
    def _tell(progress: Progress) -> None:
        for listener in _listeners:
            listener(progress)
