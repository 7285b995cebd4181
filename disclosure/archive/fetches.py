"""What became of the URLs of the source lists, between one fetching and the next: HOME/archive/fetches.sqlite.

Says which URLs are due and what their hosts said of the files. It may be lost: then every URL is asked for again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from disclosure.archive.fetch import Fetched, FetchState, Wanted, host_of

_SCHEMA = """
CREATE TABLE IF NOT EXISTS fetches (
    url TEXT PRIMARY KEY,
    host TEXT NOT NULL,
    state TEXT,
    detail TEXT NOT NULL DEFAULT '',
    http_status INTEGER,
    etag TEXT,
    last_modified TEXT,
    sha256 TEXT,
    checked_at TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS fetches_by_host ON fetches (host, url);
CREATE TEMP TABLE listed (url TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_DUE = f"state IS NULL OR state = '{FetchState.UNREACHABLE}' OR checked_at < ?"


@dataclass(frozen=True, slots=True)
class Checked:
    """A URL and what became of it when it was last asked for; `state` is None when it never was."""

    url: str
    state: FetchState | None
    detail: str
    http_status: int | None
    sha256: str | None
    checked_at: datetime | None


class Fetches:
    """The states of the URLs listed now. One process at a time."""

    def __init__(self, home: Path, recheck_after: timedelta) -> None:
        path = home / "archive" / "fetches.sqlite"
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.executescript(_SCHEMA)
        self._due_before = (datetime.now(UTC) - recheck_after).isoformat()

    def close(self) -> None:
        self._connection.close()

    def list_urls(self, urls: Iterable[str]) -> None:
        """Add URLs to those listed now; what is known of others stays, but they are not asked for."""
        self._connection.execute("BEGIN")
        for url in urls:
            self._connection.execute("INSERT OR IGNORE INTO temp.listed VALUES (?)", (url,))
            self._connection.execute(
                "INSERT OR IGNORE INTO fetches (url, host) VALUES (?, ?)", (url, host_of(url) or "")
            )
        self._connection.execute("COMMIT")

    def count_due(self) -> int:
        query = f"SELECT count(*) FROM fetches JOIN temp.listed USING (url) WHERE {_DUE}"
        return int(self._connection.execute(query, (self._due_before,)).fetchone()[0])

    def due_by_host(self) -> Iterator[list[Wanted]]:
        """The listed URLs that are due, host by host: never asked for, not reached, or asked for long ago."""
        query = f"SELECT DISTINCT host FROM fetches JOIN temp.listed USING (url) WHERE {_DUE} ORDER BY host"
        for (host,) in self._connection.execute(query, (self._due_before,)).fetchall():
            of_host = f"""SELECT url, etag, last_modified FROM fetches JOIN temp.listed USING (url)
                WHERE host = ? AND ({_DUE}) ORDER BY url"""
            yield [Wanted(*row) for row in self._connection.execute(of_host, (host, self._due_before))]

    def enter(self, fetched: Fetched, sha256: str | None) -> None:
        """Record what became of a URL. What a host said of an earlier file stays while it only fails to answer."""
        came = fetched.state in (FetchState.FETCHED, FetchState.UNCHANGED)
        self._connection.execute(
            """UPDATE fetches SET state = ?, detail = ?, http_status = ?, checked_at = ?, sha256 = coalesce(?, sha256),
                etag = CASE WHEN ? THEN ? ELSE etag END, last_modified = CASE WHEN ? THEN ? ELSE last_modified END
                WHERE url = ?""",
            (
                fetched.state.value,
                fetched.detail,
                fetched.http_status,
                datetime.now(UTC).isoformat(),
                sha256,
                came,
                fetched.etag,
                came,
                fetched.last_modified,
                fetched.url,
            ),
        )

    def checked(self) -> Iterator[Checked]:
        """All listed URLs with their state, by URL."""
        query = """SELECT url, state, detail, http_status, sha256, checked_at
            FROM fetches JOIN temp.listed USING (url) ORDER BY url"""
        for url, state, detail, http_status, sha256, checked_at in self._connection.execute(query):
            at = datetime.fromisoformat(checked_at) if checked_at else None
            yield Checked(url, FetchState(state) if state else None, detail, http_status, sha256, at)
