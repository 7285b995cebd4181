"""Markdown previews of tables for asset metadata."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dagster as dg

PREVIEW_ROWS = 8
CELL_WIDTH = 60


def markdown_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; long values are cut, so that a preview stays a preview."""
    if not rows:
        return "(no rows)"
    lines = [f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}"]
    lines += [f"| {' | '.join(_cell(value) for value in row)} |" for row in rows]
    return "\n".join(lines)


def preview(
    columns: Sequence[str], rows: Sequence[Sequence[object]], limit: int = PREVIEW_ROWS
) -> dg.MarkdownMetadataValue:
    """The first rows as metadata."""
    return dg.MetadataValue.md(markdown_table(columns, rows[:limit]))


def _cell(value: object) -> str:
    text = "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")
    return text if len(text) <= CELL_WIDTH else f"{text[:CELL_WIDTH]}…"


def describe_relations(warehouse: Path, relations: dict[str, tuple[str, str]]) -> dict[str, dict[str, Any]]:
    """Row count and preview of each (schema, table) of a warehouse file, under the caller's names."""
    import duckdb

    described: dict[str, dict[str, Any]] = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for name, (schema, table) in relations.items():
            source = f'"{schema}"."{table}"'
            counted = connection.execute(f"select count(*) from {source}").fetchone()
            sample = connection.execute(f"select * from {source} limit {PREVIEW_ROWS}")
            columns = [column[0] for column in sample.description or []]
            described[name] = {
                "dagster/row_count": counted[0] if counted else 0,
                "preview": preview(columns, sample.fetchall()),
            }
    return described
