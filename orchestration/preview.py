"""Markdown previews of tables for asset metadata."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg

if TYPE_CHECKING:
    import duckdb

PREVIEW_ROWS = 8
CELL_WIDTH = 60
VIEW_SECONDS = 6.0
IDENTITIES_SECONDS = 60.0
NOT_COUNTED = "(a view whose rows take long to count; ask the warehouse)"


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


def describe_relations(
    warehouse: Path, relations: dict[str, tuple[str, str]], view_seconds: float = VIEW_SECONDS
) -> dict[str, dict[str, Any]]:
    """Row count and preview of each (schema, table) of a warehouse file, under the caller's names.

    To count a view is to run its whole query: views share `view_seconds`, and one for which they do not suffice says so.
    """
    import duckdb

    described: dict[str, dict[str, Any]] = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        views = set(connection.execute("select schema_name, view_name from duckdb_views()").fetchall())
        left = view_seconds
        for name, relation in sorted(relations.items(), key=lambda item: item[1] in views):
            began = time.monotonic()
            try:
                # one slow view must not use up the time of the others
                with _interrupted_after(connection, min(left, view_seconds / 3) if relation in views else None):
                    described[name] = _describe(connection, relation)
            except (duckdb.InterruptException, TimeoutError):
                described[name] = {"preview": dg.MetadataValue.md(NOT_COUNTED)}
            if relation in views:
                left -= time.monotonic() - began
    return described


def _describe(connection: duckdb.DuckDBPyConnection, relation: tuple[str, str]) -> dict[str, Any]:
    schema, table = relation
    source = f'"{schema}"."{table}"'
    counted = connection.execute(f"select count(*) from {source}").fetchone()
    sample = connection.execute(f"select * from {source} limit {PREVIEW_ROWS}")
    columns = [column[0] for column in sample.description or []]
    return {
        "dagster/row_count": counted[0] if counted else 0,
        "preview": preview(columns, sample.fetchall()),
    }


def describe_identities(warehouse: Path) -> dict[str, Any]:
    """How often each identity holds, the worst first, as metadata of the ledger; nothing when that takes too long."""
    import duckdb

    query = """
        select rule_id, severity, count(*) filter (outcome = 'holds'), count(*) filter (outcome = 'broken'),
            count(*) filter (outcome not in ('holds', 'broken'))
        from quality.identity_ledger group by rule_id, severity
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        try:
            with _interrupted_after(connection, IDENTITIES_SECONDS):
                counts = connection.execute(query).fetchall()
        except duckdb.InterruptException:
            return {}
    rates = sorted((rate_of(held, broken), *rule, held, broken, open_) for *rule, held, broken, open_ in counts)
    lines = [
        (rule, severity, held, broken, open_, f"{rate:.2%}" if held + broken else None)
        for rate, rule, severity, held, broken, open_ in rates
    ]
    columns = ("rule", "severity", "holds", "broken", "terms missing", "pass rate")
    return {"identities": preview(columns, lines, limit=len(lines))}


def rate_of(held: int, broken: int) -> float:
    """The share of identities that hold among those that could be judged; where none could, 1, which sorts last."""
    return held / (held + broken) if held + broken else 1.0


@contextmanager
def _interrupted_after(connection: duckdb.DuckDBPyConnection, seconds: float | None) -> Iterator[None]:
    """Interrupt what the connection does when the block takes longer; None lets it take its time. Raises TimeoutError
    when there is no time left to begin with."""
    if seconds is None:
        yield
        return
    if seconds <= 0:
        raise TimeoutError
    timer = threading.Timer(seconds, connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
