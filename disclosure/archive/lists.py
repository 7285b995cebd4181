"""Lists an operator lays beside the filings: CSV files at the root of the inbox or of the home, told apart by their header.

Their bytes are kept in the archive as filings are, and read from there. What their values mean is decided in `parse`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from disclosure.listed import year_of

SOURCES = "sources"  # folder of the home whose lists name filings by URL
_SIZE_LIMIT = 1024 * 1024 * 1024


class ListKind(StrEnum):
    FILINGS = "filings"  # has `path`, and one of year, agency, url; or has `url` and `year`
    AGENCIES = "agencies"  # has `agency` and no `path`
    POPULATIONS = "populations"  # has `region_code`, `year` and `population`


@dataclass(frozen=True, slots=True)
class ReceivedList:
    """A list as it was last received from a folder."""

    path: str
    folder: str
    name: str  # tells apart lists of one file name in the inbox and in the home
    kind: ListKind
    sha256: str


class SourceRow(NamedTuple):
    """One row of a source list that names a file; `path` is relative to the inbox, with forward slashes."""

    path: str
    year: int | None
    agency: str | None
    url: str | None


def find_lists(folder: Path) -> list[tuple[Path, ListKind]]:
    """The CSV files at the root of a folder whose header is that of a list, by name."""
    candidates = sorted(path for path in folder.glob("*.csv") if path.is_file() and not path.name.startswith("."))
    kinds = ((path, kind_of(header_of(path))) for path in candidates if path.stat().st_size <= _SIZE_LIMIT)
    return [(path, kind) for path, kind in kinds if kind is not None]


def kind_of(header: frozenset[str]) -> ListKind | None:
    """What kind of list has this header, if any."""
    if {"url", "year"} <= header:
        return ListKind.FILINGS
    if "path" in header:
        return ListKind.FILINGS if header & {"year", "agency", "url"} else None
    if {"region_code", "year", "population"} <= header:
        return ListKind.POPULATIONS
    return ListKind.AGENCIES if "agency" in header else None


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a list that are not empty, with their line in the file; columns in lower case, values trimmed."""
    with path.open(encoding=encoding_of(path), errors="replace", newline="") as file:
        reader = csv.DictReader(file)
        reader.fieldnames = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        for row in reader:
            values = {name: (value or "").strip() for name, value in row.items() if name and isinstance(value, str)}
            if any(values.values()):
                yield reader.line_num, values


def read_source_list(path: Path) -> Iterator[SourceRow]:
    """The rows of a source list that name a file, one by one; a year that is no year is left out, never guessed."""
    for _, row in read_rows(path):
        listed = row.get("path", "")
        if listed:
            yield SourceRow(
                path=PurePosixPath(listed.replace("\\", "/")).as_posix(),
                year=year_of(row.get("year", "")),
                agency=row.get("agency") or None,
                url=row.get("url") or None,
            )


def header_of(path: Path) -> frozenset[str]:
    """The column names of a CSV file, in lower case."""
    with path.open("rb") as file:
        header = file.readline(64 * 1024)
    return frozenset(name.strip().strip('"').lower() for name in _decode(header).split(","))


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")


def encoding_of(path: Path) -> str:
    """utf-8 unless some line is not: spreadsheet programs in Chinese offices save CSV in GB18030."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for _ in file:
                pass
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"
