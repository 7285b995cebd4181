"""The register beside the store: receipts (what came from where), seen paths, and readings (what was made of the bytes).

One SQLite file in WAL mode; several processes may use it at once, and a killed one leaves it consistent. What does not
belong here: the bytes themselves (`store`), and anything a filing says.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from disclosure.archive.lists import ListKind, ReceivedList, SourceRow
from disclosure.report import Asserted

_BUSY_SECONDS = 60.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS receipts (
    receipt_id TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    path TEXT NOT NULL,
    source TEXT NOT NULL,
    file_name TEXT NOT NULL,
    asserted_year INTEGER,
    asserted_agency TEXT,
    received_at TEXT NOT NULL,
    container_sha256 TEXT,
    UNIQUE (path, sha256)
);
CREATE TABLE IF NOT EXISTS unpacked (
    receipt_id TEXT PRIMARY KEY,
    version TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS receipts_by_sha256 ON receipts (sha256);
CREATE TABLE IF NOT EXISTS seen (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lists (
    path TEXT PRIMARY KEY,
    folder TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    sha256 TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS readings (
    sha256 TEXT PRIMARY KEY,
    reader TEXT NOT NULL,
    reader_version TEXT NOT NULL,
    partition TEXT NOT NULL,
    status TEXT NOT NULL,
    updated_at TEXT NOT NULL
) WITHOUT ROWID;
"""
_RECEIPT_COLUMNS = (
    "receipt_id, sha256, size, media_type, path, source, file_name, asserted_year, asserted_agency, received_at, "
    "container_sha256"
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """One arrival of some bytes from one place. `source` is the URL of the source list, else the path."""

    receipt_id: str
    sha256: str
    size: int
    media_type: str
    path: str
    source: str
    file_name: str
    asserted_year: int | None
    asserted_agency: str | None
    received_at: datetime  # UTC; all files of one intake share the moment it began
    container_sha256: str | None = (
        None  # the ZIP or mail it came in; then the path goes on with "!" and the name in there
    )

    @property
    def asserted(self) -> Asserted:
        return Asserted(self.asserted_year, self.asserted_agency, self.source)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was last made of some bytes: by which reader, and in which partition it was staged."""

    sha256: str
    reader: str
    reader_version: str
    partition: str
    status: str
    updated_at: datetime


class Register:
    """The SQLite register. Every write is its own transaction. Raises sqlite3.Error when the file is no register."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        self._connection.execute(f"PRAGMA busy_timeout = {int(_BUSY_SECONDS * 1000)}")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(_SCHEMA)
        self._add_missing_column()
        self._has_source_rows = False

    def close(self) -> None:
        self._connection.close()

    def _add_missing_column(self) -> None:
        """Registers begun before containers were taken apart lack the column that names them."""
        columns = {row[1] for row in self._connection.execute("PRAGMA table_info(receipts)")}
        if "container_sha256" not in columns:
            self._connection.execute("ALTER TABLE receipts ADD COLUMN container_sha256 TEXT")

    def is_unpacked(self, receipt_id: str, version: str) -> bool:
        """Whether the files of a container were registered, by this version of the unpacking."""
        found = self._connection.execute("SELECT version FROM unpacked WHERE receipt_id = ?", (receipt_id,)).fetchone()
        return found == (version,)

    def mark_unpacked(self, receipt_id: str, version: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO unpacked VALUES (?, ?)", (receipt_id, version))

    def unchanged(self, path: str, size: int, mtime_ns: int) -> Receipt | None:
        """The receipt of a path that has not changed since it was last received, else None."""
        row = self._connection.execute(
            f"SELECT {_RECEIPT_COLUMNS} FROM receipts WHERE path = ?1 AND sha256 = "
            "(SELECT sha256 FROM seen WHERE path = ?1 AND size = ?2 AND mtime_ns = ?3)",
            (path, size, mtime_ns),
        ).fetchone()
        return _receipt(row) if row else None

    def mark_seen(self, path: str, size: int, mtime_ns: int, sha256: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)", (path, size, mtime_ns, sha256))

    def add_receipt(self, receipt: Receipt) -> bool:
        """Add a receipt; False when this path with these bytes was received before."""
        cursor = self._connection.execute(
            f"INSERT OR IGNORE INTO receipts ({_RECEIPT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                receipt.receipt_id,
                receipt.sha256,
                receipt.size,
                receipt.media_type,
                receipt.path,
                receipt.source,
                receipt.file_name,
                receipt.asserted_year,
                receipt.asserted_agency,
                receipt.received_at.isoformat(),
                receipt.container_sha256,
            ),
        )
        return cursor.rowcount == 1

    def receipt(self, path: str, sha256: str) -> Receipt | None:
        row = self._connection.execute(
            f"SELECT {_RECEIPT_COLUMNS} FROM receipts WHERE path = ? AND sha256 = ?", (path, sha256)
        ).fetchone()
        return _receipt(row) if row else None

    def assert_again(self, receipt_id: str, source: str, asserted: Asserted) -> None:
        """Record what the folder or list says now: assertions may be mended after the bytes arrived."""
        self._connection.execute(
            "UPDATE receipts SET source = ?, asserted_year = ?, asserted_agency = ? WHERE receipt_id = ?",
            (source, asserted.report_year, asserted.agency_name, receipt_id),
        )

    def receipts(self) -> Iterator[Receipt]:
        """All receipts, oldest first, then by path: the same order on every machine."""
        cursor = self._connection.cursor()
        cursor.execute(f"SELECT {_RECEIPT_COLUMNS} FROM receipts ORDER BY received_at, path, sha256")
        for row in cursor:
            yield _receipt(row)

    def latest_receipts(self, count: int) -> list[Receipt]:
        """The last of the receipts, in the order of all."""
        rows = self._connection.execute(
            f"SELECT {_RECEIPT_COLUMNS} FROM receipts ORDER BY received_at DESC, path DESC, sha256 DESC LIMIT ?",
            (count,),
        ).fetchall()
        return [_receipt(row) for row in reversed(rows)]

    def count_receipts(self) -> int:
        (count,) = self._connection.execute("SELECT count(*) FROM receipts").fetchone()
        return int(count)

    def count_media_types(self) -> dict[str, int]:
        """Receipts by the type of their bytes, the most frequent first."""
        query = "SELECT media_type, count(*) FROM receipts GROUP BY media_type ORDER BY count(*) DESC, media_type"
        return dict(self._connection.execute(query).fetchall())

    def receipt_ids(self) -> set[str]:
        return {receipt_id for (receipt_id,) in self._connection.execute("SELECT receipt_id FROM receipts")}

    def asserted_agencies(self) -> set[tuple[str | None, int | None]]:
        """What folders and lists say of agency and report year, each pair once."""
        return set(self._connection.execute("SELECT DISTINCT asserted_agency, asserted_year FROM receipts"))

    def receipts_with_readings(self) -> Iterator[tuple[Receipt, Reading | None]]:
        """All receipts in the same order, each with what was last made of its bytes."""
        columns = ", ".join(f"receipts.{name}" for name in _RECEIPT_COLUMNS.split(", "))
        cursor = self._connection.execute(
            f"SELECT {columns}, readings.* FROM receipts LEFT JOIN readings USING (sha256) "
            "ORDER BY received_at, path, receipts.sha256"
        )
        width = columns.count(",") + 1
        for row in cursor:
            yield _receipt(row[:width]), _reading(row[width:]) if row[width] is not None else None

    def set_reading(self, sha256: str, reader: str, reader_version: str, partition: str, status: str) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?, ?, ?)",
            (sha256, reader, reader_version, partition, status, datetime.now(UTC).isoformat()),
        )

    def reading(self, sha256: str) -> Reading | None:
        row = self._connection.execute("SELECT * FROM readings WHERE sha256 = ?", (sha256,)).fetchone()
        return _reading(row) if row else None

    def readings(self) -> Iterator[Reading]:
        cursor = self._connection.cursor()
        for row in cursor.execute("SELECT * FROM readings ORDER BY sha256"):
            yield _reading(row)

    def set_lists(self, folder: str, lists: list[ReceivedList]) -> None:
        """Replace what is known of the lists of a folder."""
        self._connection.execute("BEGIN")
        self._connection.execute("DELETE FROM lists WHERE folder = ?", (folder,))
        rows = [(each.path, each.folder, each.name, each.kind.value, each.sha256) for each in lists]
        self._connection.executemany("INSERT OR REPLACE INTO lists VALUES (?, ?, ?, ?, ?)", rows)
        self._connection.execute("COMMIT")

    def lists(self) -> Iterator[ReceivedList]:
        for path, folder, name, kind, sha256 in self._connection.execute("SELECT * FROM lists ORDER BY path"):
            yield ReceivedList(path, folder, name, ListKind(kind), sha256)

    def receipt_at(self, path: str) -> str | None:
        """The latest receipt of a path, if anything was received under it."""
        row = self._connection.execute(
            "SELECT receipt_id FROM receipts WHERE path = ? ORDER BY received_at DESC, receipt_id LIMIT 1", (path,)
        ).fetchone()
        return row[0] if row else None

    def load_source_rows(self, rows: Iterator[SourceRow]) -> None:
        """Hold the rows of the source lists for this connection, in a temporary table that may spill to disk."""
        self._has_source_rows = False
        self._connection.execute("DROP TABLE IF EXISTS temp.source_rows")
        self._connection.execute("CREATE TEMP TABLE source_rows (path TEXT PRIMARY KEY, year, agency, url)")
        self._connection.execute("BEGIN")
        inserted = self._connection.executemany("INSERT OR REPLACE INTO temp.source_rows VALUES (?, ?, ?, ?)", rows)
        self._has_source_rows = inserted.rowcount > 0
        self._connection.execute("COMMIT")

    def source_row(self, path: str) -> SourceRow | None:
        """What the loaded source lists say about a path relative to the inbox."""
        if not self._has_source_rows:
            return None
        row = self._connection.execute("SELECT * FROM temp.source_rows WHERE path = ?", (path,)).fetchone()
        return SourceRow(*row) if row else None


def _receipt(row: tuple[Any, ...]) -> Receipt:
    return Receipt(*(*row[:-2], datetime.fromisoformat(row[-2]), row[-1]))


def _reading(row: tuple[Any, ...]) -> Reading:
    return Reading(*(*row[:-1], datetime.fromisoformat(row[-1])))
