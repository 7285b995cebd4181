"""What the place of a file says about it: a year folder, an agency folder, a row of a source list.

These are assertions of whoever filled the inbox, kept as evidence. What the text says is decided in `parse`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from disclosure.report import Asserted

_YEAR_FOLDER = re.compile(r"(20\d{2})\s*(?:年度?)?")


class SourceRow(NamedTuple):
    """One row of a source list; `path` is relative to the inbox, with forward slashes."""

    path: str
    year: int | None
    agency: str | None
    url: str | None


def read_place(relative: PurePosixPath) -> Asserted:
    """What the folders above a file assert: 2020, 2020年 or 2020年度 is the report year, the folder in it the agency."""
    folders = relative.parts[:-1]
    for position, folder in enumerate(folders):
        year = _YEAR_FOLDER.fullmatch(folder.strip())
        if year:
            agency = folders[position + 1].strip() if position + 1 < len(folders) else None
            return Asserted(report_year=int(year[1]), agency_name=agency)
    return Asserted()


def year_of(text: str) -> int | None:
    """The report year a list writes as 2020, 2020年 or 2020年度; None when it writes none."""
    year = _YEAR_FOLDER.fullmatch(text.strip())
    return int(year[1]) if year else None


def header_of(path: Path) -> frozenset[str]:
    """The column names of a CSV file, in lower case."""
    with path.open("rb") as file:
        header = file.readline(64 * 1024)
    return frozenset(name.strip().strip('"').lower() for name in _decode(header).split(","))


def read_source_list(path: Path) -> Iterator[SourceRow]:
    """The rows of a source list, one by one; a year that is no year is left out, never guessed."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        reader = csv.DictReader(file)
        reader.fieldnames = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        for row in reader:
            listed = (row.get("path") or "").strip()
            if listed:
                yield SourceRow(
                    path=PurePosixPath(listed.replace("\\", "/")).as_posix(),
                    year=year_of(row.get("year") or ""),
                    agency=(row.get("agency") or "").strip() or None,
                    url=(row.get("url") or "").strip() or None,
                )


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
