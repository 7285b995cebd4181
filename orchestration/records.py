"""The largest of something, for the metadata of a run: which files were slowest, which were largest."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

KEPT = 10


class Largest:
    """Keeps the entries with the greatest measures, whatever their number."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._heap: list[tuple[float, int, tuple[object, ...]]] = []
        self._entered = 0

    def enter(self, measure: float, *entry: object) -> None:
        """One more entry; of equal ones those that came first stay."""
        self._entered += 1
        item = (measure, -self._entered, entry)
        if len(self._heap) < self._kept:
            heapq.heappush(self._heap, item)
        else:
            heapq.heappushpop(self._heap, item)

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        """The entries, the greatest measure first, with it at the end."""
        for measure, _, entry in sorted(self._heap, reverse=True):
            yield (*entry, round(measure, 2))
