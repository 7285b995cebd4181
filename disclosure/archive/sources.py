"""Fetches what the source lists of a home name by URL into its archive, and remembers what became of each.

The lists are the CSV files of HOME/sources with a column `url` (docs/operations.md). How a host is asked is in `fetch`,
what is remembered between fetchings in `fetches`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from disclosure.archive.fetch import Fetched, FetchState, Manners, fetch_all
from disclosure.archive.fetches import Checked, Fetches
from disclosure.archive.lists import SOURCES, ListKind, find_lists, read_rows
from disclosure.archive.store import Archive
from disclosure.listed import year_of
from disclosure.report import Asserted

RECHECK_AFTER = timedelta(days=7)
FAILURES_KEPT = 1000


@dataclass
class Fetching:
    """What a fetching did: URLs listed and due, how many ended in which state, and the first that failed."""

    listed: int = 0
    due: int = 0
    states: Counter[str] = field(default_factory=Counter)
    new: int = 0  # files the archive did not have from this URL
    failures: list[Checked] = field(default_factory=list)


def listed_urls(folder: Path) -> Iterator[tuple[str, Asserted]]:
    """The URLs of the source lists in a folder, with what the list asserts of them. The last row about a URL counts."""
    for path, kind in find_lists(folder) if folder.is_dir() else ():
        if kind is ListKind.FILINGS:
            for _, row in read_rows(path):
                url = row.get("url", "")
                if url and not row.get("path"):
                    yield url, Asserted(year_of(row.get("year", "")), row.get("agency") or None, url)


def fetch_sources(
    home: Path,
    archive: Archive,
    manners: Manners,
    recheck_after: timedelta = RECHECK_AFTER,
    progress: Callable[[int, int], None] | None = None,
) -> Fetching:
    """Fetch the URLs of HOME/sources that are due into the archive; what fails is remembered, never raised.

    It may be stopped at any time and goes on where it was. `progress` is told how many of the due URLs are done. Raises
    OSError when this machine fails.
    """
    fetching = Fetching()
    asserted = dict(listed_urls(home / SOURCES))
    if not asserted:
        return fetching
    with closing(Fetches(home, recheck_after)) as fetches:
        fetches.list_urls(asserted)
        fetching.listed, fetching.due = len(asserted), fetches.count_due()
        for done, fetched in enumerate(fetch_all(fetches.due_by_host(), archive.incoming, manners), 1):
            fetching.new += _keep(archive, fetches, fetched, asserted[fetched.url])
            if progress:
                progress(done, fetching.due)
        for checked in fetches.checked():
            fetching.states[checked.state or "not yet"] += 1
            if checked.sha256:
                archive.assert_again(checked.url, checked.sha256, asserted[checked.url])
            if checked.state not in (FetchState.FETCHED, FetchState.UNCHANGED) and _room_for(fetching):
                fetching.failures.append(checked)
    return fetching


def _keep(archive: Archive, fetches: Fetches, fetched: Fetched, asserted: Asserted) -> bool:
    """Archive the bytes that came, then remember the state; whether they are new."""
    sha256, new = None, False
    if fetched.path is not None:
        try:
            receipt, new = archive.receive_fetched(fetched.path, fetched.url, fetched.file_name or "", asserted)
        finally:
            fetched.path.unlink(missing_ok=True)
        sha256 = receipt.sha256
    fetches.enter(fetched, sha256)
    return new


def _room_for(fetching: Fetching) -> bool:
    return len(fetching.failures) < FAILURES_KEPT
