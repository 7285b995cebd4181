"""The changes of a release as files: every line as Parquet and CSV, a page to read, and their sums for the manifest.

What counts as a change and why is decided in `changes` and `change_causes`; here it is only added up and worded.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from disclosure.publish.change_causes import CAUSES
from disclosure.publish.changes import CHANGES, COLUMNS
from disclosure.publish.files import export_csv, export_parquet

SHOWN = 50
PARQUET, CSV, PAGE = "changes.parquet", "changes.csv.gz", "changes.md"


def write_changes(connection: duckdb.DuckDBPyConnection, folder: Path, previous: str | None) -> dict[str, Any]:
    """Write changes.parquet, changes.csv.gz and changes.md from the table of changes; their sums, for the manifest."""
    ordered = f"(SELECT * FROM {CHANGES} ORDER BY table_name, change, key, column_name, before, after, cause)"
    export_parquet(connection, ordered, folder / PARQUET)
    export_csv(connection, ordered, {name: kind.split()[0] for name, kind in COLUMNS.items()}, folder / CSV)
    summary = summarize_changes(connection, previous)
    (folder / PAGE).write_text(_compose_page(connection, summary), encoding="utf-8")
    return summary


def summarize_changes(connection: duckdb.DuckDBPyConnection, previous: str | None) -> dict[str, Any]:
    """Rows and cells by kind of change, for each table and for each cause."""
    count = "sum(CASE WHEN change = 'cell_changed' THEN 1 ELSE rows END)::BIGINT"
    tables: dict[str, dict[str, int]] = {}
    for table, change, lines in connection.execute(
        f"SELECT table_name, change, {count} FROM {CHANGES} GROUP BY ALL ORDER BY ALL"
    ).fetchall():
        tables.setdefault(table, {})[change] = lines
    causes = connection.execute(f"SELECT cause, {count} FROM {CHANGES} GROUP BY ALL ORDER BY ALL").fetchall()
    return {"previous_release_id": previous, "tables": tables, "causes": dict(causes)}


def describe_changes(summary: dict[str, Any]) -> str:
    """The sums in one sentence."""
    if summary["previous_release_id"] is None:
        return "This is the first release."
    sums: dict[str, int] = {}
    for changes in summary["tables"].values():
        for change, lines in changes.items():
            sums[change] = sums.get(change, 0) + lines
    if not sums:
        return f"No published row or cell differs from release `{summary['previous_release_id']}`."
    told = [
        f"{lines} {words}"
        for change, words in (
            ("row_added", "rows added"),
            ("row_removed", "rows removed"),
            ("cell_changed", "cells changed"),
        )
        if (lines := sums.get(change))
    ]
    schema = sorted(set(sums) - {"row_added", "row_removed", "cell_changed"})
    told += [f"{change.replace('_', ' ')} in the schema" for change in schema]
    return f"Since release `{summary['previous_release_id']}`: {', '.join(told)}."


def _compose_page(connection: duckdb.DuckDBPyConnection, summary: dict[str, Any]) -> str:
    parts = ["# Changes\n", describe_changes(summary), ""]
    if not summary["tables"]:
        return "\n".join(parts)
    parts += [_tables(summary), "## Why\n", _causes(summary)]
    parts += _reports(connection)
    parts += _figures(connection)
    parts.append(
        "Every line stands in `changes.parquet` and `changes.csv.gz`. Rows are matched by key; all rows of a report that only "
        "one release has are one line there. Columns that say where and how a figure was read are not compared."
    )
    return "\n".join(parts) + "\n"


def _tables(summary: dict[str, Any]) -> str:
    kinds = ("row_added", "row_removed", "cell_changed")
    rows = []
    for table, changes in summary["tables"].items():
        other = ", ".join(kind.replace("_", " ") for kind in changes if kind not in kinds)
        rows.append((f"`{table}`", *(changes.get(kind, "") for kind in kinds), other))
    return _table(("table", "rows added", "rows removed", "cells changed", "schema"), rows)


def _causes(summary: dict[str, Any]) -> str:
    named = sorted({cause for causes in summary["causes"] for cause in causes.split(",")})
    words = "\n".join(f"* `{cause}`: {CAUSES[cause]}." for cause in named)
    return f"{_table(('cause', 'rows and cells'), list(summary['causes'].items()))}\n{words}\n"


def _reports(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The reports that came, went or were read differently."""
    found = connection.execute(
        "SELECT cause, agency_name, report_year, report_id, source FROM report_causes WHERE cause IS NOT NULL ORDER BY ALL"
    )
    return _listed("Reports", ("cause", "agency", "year", "report", "file"), found)


def _figures(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The published figures that changed."""
    found = connection.execute(
        "SELECT agency_id, report_year, table_name, key, before, after, cause "
        f"FROM {CHANGES} WHERE change = 'cell_changed' AND column_name = 'value' AND table_name LIKE 'marts.fct%' "
        "ORDER BY ALL"
    )
    lines = []
    for agency, year, table, key, before, after, cause in found.fetchmany(SHOWN):
        place = "/".join(str(part) for name, part in json.loads(key).items() if name in ("row_code", "column_code"))
        lines.append((agency, year, f"`{table}`", place, before, after, cause))
    return _section("Figures", ("agency", "year", "table", "row/column", "before", "after", "cause"), lines, found)


def _listed(title: str, columns: Sequence[str], found: duckdb.DuckDBPyConnection) -> list[str]:
    return _section(title, columns, found.fetchmany(SHOWN), found)


def _section(
    title: str, columns: Sequence[str], lines: Sequence[Sequence[object]], found: duckdb.DuckDBPyConnection
) -> list[str]:
    """A table of the first lines, and how many more there are."""
    if not lines:
        return []
    more = sum(len(block) for block in iter(lambda: found.fetchmany(10_000), []))
    return [f"## {title}\n", _table(columns, lines), *([f"and {more} more.\n"] if more else [])]


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    def cell(value: object) -> str:
        return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")

    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [f"| {' | '.join(cell(value) for value in row)} |" for row in rows]
    return "\n".join(lines) + "\n"
