"""What a release says about itself to people: a README, how to cite it, and under which licence it stands.

Only words belong here; what machines read is in `manifest` and `data_package`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from catalogue.load import CATALOGUE_ROOT
from disclosure.publish.data_package import DESCRIPTION, LICENCE, TITLE
from disclosure.publish.files import CSV_ROWS
from disclosure.publish.tables import PublishedTable

README = "README.md"
CITATION = "CITATION.cff"
LICENCE_NOTE = "LICENSE.md"
NOTE = Path(__file__).with_name("licence_note.md")
LICENCE_TEXT = CATALOGUE_ROOT.parent / "LICENSE"
ATTRIBUTION = CATALOGUE_ROOT / "regions" / "ATTRIBUTION.md"


def write_notices(
    folder: Path,
    release_id: str,
    created_at: datetime,
    tables: Sequence[PublishedTable],
    entries: Sequence[Mapping[str, Any]],
    changes: str,
) -> None:
    """Write README.md, CITATION.cff and LICENSE.md into the release. `entries` are the manifest's, of the tables that are no
    views; `changes` says in a line what is new in it."""
    listing = list_tables(tables, {f"{entry['schema']}.{entry['name']}": entry["rows"] for entry in entries})
    (folder / README).write_text(compose_readme(release_id, created_at, listing, changes), encoding="utf-8")
    (folder / CITATION).write_text(compose_citation(release_id, created_at), encoding="utf-8")
    parts = [path.read_text(encoding="utf-8") for path in (NOTE, LICENCE_TEXT, ATTRIBUTION)]
    (folder / LICENCE_NOTE).write_text("\n---\n\n".join(parts), encoding="utf-8")


def compose_citation(release_id: str, created_at: datetime) -> str:
    """The release as a citable data set (Citation File Format 1.2.0)."""
    citation = {
        "cff-version": "1.2.0",
        "message": "Please cite the release you used.",
        "type": "dataset",
        "title": TITLE,
        "abstract": DESCRIPTION,
        "authors": [{"name": "The Gouji authors"}],
        "version": release_id,
        "date-released": created_at.date(),
        "license": LICENCE["name"],
    }
    return yaml.safe_dump(citation, allow_unicode=True, sort_keys=False, width=100)


def list_tables(tables: Sequence[PublishedTable], rows: Mapping[str, int]) -> str:
    """A line per table with its rows, what it holds and what one row is; views are computed when they are asked."""
    lines = []
    for table in tables:
        count = f"{rows[table.title]:,}" if table.title in rows else "view"
        holds = (table.declared.english, table.declared.grain) if table.declared else ("", "")
        lines.append(f"| `{table.title}` | {count} | {' | '.join(holds)} |\n")
    return "".join(lines)


def compose_readme(release_id: str, created_at: datetime, listing: str, changes: str) -> str:
    return f"""# {TITLE}

Release `{release_id}` of {created_at:%Y-%m-%d}. {DESCRIPTION}

{changes} What changed since the release before stands in `changes.md`, line by line in `changes.parquet`.

| file | what |
|---|---|
| `marts.duckdb` | all tables; any DuckDB from 1.0 on opens it. Open it under this name: `marts.agency_year` means table `agency_year` of the file `marts` |
| `parquet/SCHEMA/TABLE.parquet` | the same tables as Parquet; the tables of cells in a file a report year: `parquet/SCHEMA/TABLE/YEAR.parquet` |
| `csv/SCHEMA/TABLE.csv.gz` | the same tables as UTF-8 CSV, where they have at most {CSV_ROWS:,} rows; nulls are empty, lists are JSON |
| `datapackage.json` | the tables as a Frictionless data package: types, units, keys, references |
| `manifest.json` | hashes, row counts, versions of parser and catalogue, verdict of the gate |
| `CITATION.cff`, `LICENSE.md` | how to cite it, what you may do with it |

## Before you count

* Null is unknown, never 0. `value_source` says whether a figure is printed, imputed, corrected or withheld.
* Never add `reporting_scope` agency and jurisdiction: a government's report contains its departments.
* 2018/2019, 2020/2021 and 2023/2024 are breaks in the series.
* Every column is explained in `marts.dictionary`, with its unit, clause and caveat.
* `quality.cell_lineage` leads from a figure to its file, page, printed text, identities and decisions.

This folder never changes. A reader of several files of the pointer `latest` should resolve it once and stay with the folder.

## Tables

| table | rows | holds | grain |
|---|---|---|---|
{listing}"""
