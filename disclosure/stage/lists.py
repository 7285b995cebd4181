"""The staged files of an operator's lists: names of agencies, filings to be expected, populations, and what is wrong with them.

Written whole by every run; equal content makes equal bytes. Here the rows are only laid out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pyarrow as pa

from disclosure.listed import AssertedAgency, ReadLists
from disclosure.stage.merge import write_parquet
from disclosure.stage.schema import SCHEMAS

Row = dict[str, Any]


def stage_lists(home: Path, lists: ReadLists, asserted: Iterable[AssertedAgency]) -> dict[str, int]:
    """Rewrite the staged files of the lists under HOME/staging; the rows of each."""
    rows: dict[str, Iterable[Row]] = {
        "listed_names": (_lay_out(name) for name in lists.names),
        "listed_filings": (_lay_out(filing) for filing in lists.filings),
        "asserted_agencies": (_lay_out(agency) for agency in asserted),
        "populations": (_lay_out(population) for population in lists.populations),
        "list_findings": (_lay_out(finding) for finding in lists.findings),
    }
    return {name: write_whole(home / "staging", name, found) for name, found in rows.items()}


def write_whole(staging: Path, name: str, rows: Iterable[Row]) -> int:
    """Replace the one file of a table in one step."""
    target = staging / f"{name}.parquet"
    draft = target.with_suffix(".parquet.part")
    staging.mkdir(parents=True, exist_ok=True)
    table = pa.Table.from_pylist(list(rows), schema=SCHEMAS[name])
    written = write_parquet(table.to_batches(), SCHEMAS[name], draft)
    draft.replace(target)
    return written


def _lay_out(entry: Any) -> Row:
    """The fields of an entry, those of the agency it names beside its own."""
    return dict(_fields(entry))


def _fields(entry: Any) -> Iterator[tuple[str, Any]]:
    for field in fields(entry):
        value = getattr(entry, field.name)
        if field.name == "named":
            yield from asdict(value).items()
        else:
            yield field.name, str(value) if field.name in ("role", "code") else value
