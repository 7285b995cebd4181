"""What a release changes against the one before: rows added and removed, cells changed, each with its cause.

Here belong the comparison and its result as rows of one table. Why a report reads differently is in `change_causes`, the
page for people in `change_report`. Rows are matched by key. Rows of a report that only one release has are counted on
one line; within a report that both have, every row and cell has a line of its own. Columns that say where and how a
figure was read (PROVENANCE) are no content: a difference there is a cause.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from disclosure.publish.change_causes import Traced, fallback_cause, trace_causes, traced_by
from disclosure.publish.copy import MARTS, SCHEMA_IN_FILE, name_in_file
from disclosure.publish.tables import PublishedTable, quote, text_literal

PREVIOUS = "previous_file"
CHANGES = "changes"

PROVENANCE = frozenset(
    {
        *("report_id", "related_report_id", "sha256", "source", "file_name", "media_type", "received_at", "size_bytes"),
        *("reader", "reader_version", "parser_version", "catalogue_version"),
        *("page", "box", "grid", "grid_row", "grid_column", "confidence"),
    }
)
# Rows of one report, or of one agency and year, are compared only when something in them differs.
UNITS = (("report_id",), ("agency_id", "report_year", "reporting_scope"))

COLUMNS = {
    "table_name": "VARCHAR NOT NULL",
    "change": "VARCHAR NOT NULL",
    "cause": "VARCHAR NOT NULL",
    "rows": "BIGINT NOT NULL",
    "agency_id": "VARCHAR",
    "report_year": "INTEGER",
    "report_id": "VARCHAR",
    "key": "VARCHAR",
    "column_name": "VARCHAR",
    "before": "VARCHAR",
    "after": "VARCHAR",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One table in two releases: `old` and `new` are its rows in SQL, `key` identifies a row, `content` are the columns
    compared, `unit` is the part of the key that rows are grouped by first, if any, `carried` the column outside the key
    that tells whose row it is."""

    title: str
    old: str
    new: str
    key: tuple[str, ...]
    content: tuple[str, ...]
    unit: tuple[str, ...]
    carried: tuple[str, ...]
    traced: Traced


def compare_releases(
    connection: duckdb.DuckDBPyConnection,
    tables: tuple[PublishedTable, ...],
    equal: frozenset[str],
    versions_before: Mapping[str, str],
    versions_after: Mapping[str, str],
) -> None:
    """Fill the temporary table `changes` with what differs between the attached previous file and the new one.

    `equal` names tables (schema.name) known to hold the same rows, which are not looked at; views show what tables hold
    and are not looked at either. The versions are those of the two manifests.
    """
    create_changes(connection)
    before = _columns_before(connection)
    tables = tuple(table for table in tables if not table.is_view)
    trace_causes(connection, before, {table.title for table in tables}, versions_before, versions_after)
    for table in tables:
        columns = before.pop(table.title, None)
        if columns is None:
            _tell_table(connection, table.title, "table_added", name_in_file(table))
            continue
        _tell_columns(connection, table, columns)
        if table.title not in equal:
            _compare(connection, _plan_comparison(connection, table, columns))
    for title in before:
        _tell_table(connection, title, "table_removed", name_before(title))


def create_changes(connection: duckdb.DuckDBPyConnection) -> None:
    """An empty table of changes, which is also that of a first release."""
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {CHANGES} ({columns})")


def name_before(title: str) -> str:
    """The full name of a table in the attached file of the previous release."""
    schema, name = title.split(".", 1)
    return f"{quote(PREVIOUS)}.{quote(SCHEMA_IN_FILE.get(schema, schema))}.{quote(name)}"


def _columns_before(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Column -> type of every table of the previous release, by the table's schema and name. Codes kept as an ENUM are
    texts, as they are in the Parquet files."""
    outside = {inside: schema for schema, inside in SCHEMA_IN_FILE.items()}
    found: dict[str, dict[str, str]] = {}
    rows = connection.execute(
        "SELECT schema_name, table_name, column_name, "
        "CASE WHEN data_type LIKE 'ENUM%' THEN 'VARCHAR' ELSE data_type END FROM duckdb_columns() "
        "SEMI JOIN duckdb_tables() USING (database_name, schema_name, table_name) "
        "WHERE database_name = ? ORDER BY schema_name, table_name, column_index",
        [PREVIOUS],
    ).fetchall()
    for schema, table, column, kind in rows:
        found.setdefault(f"{outside.get(schema, schema)}.{table}", {})[column] = kind
    return found


def _tell_table(connection: duckdb.DuckDBPyConnection, title: str, change: str, name: str) -> None:
    connection.execute(
        f"INSERT INTO {CHANGES} (table_name, change, cause, rows) "
        f"SELECT {text_literal(title)}, '{change}', 'new_schema', count(*) FROM {name}"
    )


def _tell_columns(connection: duckdb.DuckDBPyConnection, table: PublishedTable, before: Mapping[str, str]) -> None:
    now = {column.name: column.type for column in table.columns}
    told: list[tuple[str, str, str | None, str | None]]
    told = [("column_added", name, None, kind) for name, kind in now.items() if name not in before]
    told += [("column_removed", name, kind, None) for name, kind in before.items() if name not in now]
    told += [
        ("column_type_changed", name, kind, now[name]) for name, kind in before.items() if now.get(name, kind) != kind
    ]
    for change, name, old, new in told:
        connection.execute(
            f"INSERT INTO {CHANGES} (table_name, change, cause, rows, column_name, before, after) "
            "VALUES (?, ?, 'new_schema', 0, ?, ?, ?)",
            [table.title, change, name, old, new],
        )


def _plan_comparison(
    connection: duckdb.DuckDBPyConnection, table: PublishedTable, before: Mapping[str, str]
) -> Comparison:
    """By its key; a table that has none, or whose key the previous release lacks, is compared by whole rows."""
    now = {column.name: column.type for column in table.columns}
    shared = [name for name, kind in now.items() if before.get(name) == kind]
    key: tuple[str, ...] = table.key if set(table.key) <= set(shared) else ()
    content = tuple(name for name in shared if name not in key and name not in PROVENANCE)
    if not key:
        key, content = (*(["report_id"] if "report_id" in shared else []), *content), ()
    unit = next((unit for unit in UNITS if set(unit) <= set(key)), ())
    carried = () if unit or "report_id" not in shared else ("report_id",)
    return Comparison(
        table.title,
        _spelled_out(name_before(table.title), before),
        _spelled_out(name_in_file(table, MARTS), now),
        key,
        content,
        unit,
        carried,
        traced_by((*key, *carried), fallback_cause(connection, (*key, *carried))),
    )


def _spelled_out(name: str, columns: Mapping[str, str]) -> str:
    """The rows of a table with codes as texts: an ENUM is hashed by its number, and two files number differently."""
    texts = ", ".join(
        f"{quote(column)}::VARCHAR AS {quote(column)}" for column, kind in columns.items() if kind == "VARCHAR"
    )
    return f"(SELECT * REPLACE ({texts}) FROM {name})" if texts else name


def _compare(connection: duckdb.DuckDBPyConnection, comparison: Comparison) -> None:
    if comparison.unit:
        _find_units(connection, comparison)
        _tell_units(connection, comparison)
    _pair_rows(connection, comparison)
    _tell_rows(connection, comparison)
    for column in comparison.content:
        _tell_cells(connection, comparison, column)


def _find_units(connection: duckdb.DuckDBPyConnection, comparison: Comparison) -> None:
    """The temporary table `units`: the reports, or agencies and years, in which anything differs."""
    unit = _listed(comparison.unit)
    line = _listed((*comparison.key, *comparison.content))
    summed = (
        f"SELECT {{}} AS is_new, {unit}, count(*) AS rows, sum(hash({line})::HUGEINT) AS hashes FROM {{}} GROUP BY ALL"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE units AS SELECT {unit}, "
        "count(*) FILTER (NOT is_new) AS stood, count(*) FILTER (is_new) AS stands, sum(rows) AS rows "
        f"FROM ({summed.format('false', comparison.old)} UNION ALL {summed.format('true', comparison.new)}) "
        f"GROUP BY {unit} HAVING count(DISTINCT (rows, hashes)) > 1 OR count(*) = 1"
    )


def _tell_units(connection: duckdb.DuckDBPyConnection, comparison: Comparison) -> None:
    """One line for all rows of a unit that only one release has."""
    connection.execute(
        f"INSERT INTO {CHANGES} SELECT {text_literal(comparison.title)}, "
        f"CASE WHEN stands > 0 THEN 'row_added' ELSE 'row_removed' END, {comparison.traced.columns('lines.rows')}, "
        f"{_json(comparison.unit)}, NULL, NULL, NULL FROM units AS lines {comparison.traced.join} "
        "WHERE stood = 0 OR stands = 0"
    )


def _pair_rows(connection: duckdb.DuckDBPyConnection, comparison: Comparison) -> None:
    """The temporary table `pairs`: the rows that differ, before and after, and how often each stands there."""
    columns = _listed((*comparison.key, *comparison.content, *comparison.carried))
    within = ""
    if comparison.unit:
        same = " AND ".join(f"side.{quote(name)} = units.{quote(name)}" for name in comparison.unit)
        within = f" AS side SEMI JOIN (FROM units WHERE stood > 0 AND stands > 0) AS units ON {same}"
    sides = "".join(f", any_value({quote(name)}) AS {quote(name)}" for name in comparison.carried)
    sides += "".join(
        f", any_value({quote(name)}) FILTER (NOT is_new) AS {quote(f'{name} before')}"
        f", any_value({quote(name)}) FILTER (is_new) AS {quote(f'{name} after')}"
        for name in comparison.content
    )
    differs = "".join(
        f" OR {quote(f'{name} before')} IS DISTINCT FROM {quote(f'{name} after')}" for name in comparison.content
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE pairs AS SELECT {_listed(comparison.key)}, "
        f"count(*) FILTER (NOT is_new) AS stood, count(*) FILTER (is_new) AS stands{sides} "
        f"FROM (SELECT false AS is_new, {columns} FROM {comparison.old}{within} "
        f"UNION ALL SELECT true AS is_new, {columns} FROM {comparison.new}{within}) "
        f"GROUP BY {_listed(comparison.key)} HAVING stood <> stands{differs}"
    )


def _tell_rows(connection: duckdb.DuckDBPyConnection, comparison: Comparison) -> None:
    connection.execute(
        f"INSERT INTO {CHANGES} SELECT {text_literal(comparison.title)}, "
        "CASE WHEN stands > stood THEN 'row_added' ELSE 'row_removed' END, "
        f"{comparison.traced.columns('abs(stands - stood)')}, {_json(comparison.key)}, NULL, NULL, NULL "
        f"FROM pairs AS lines {comparison.traced.join} WHERE stood <> stands"
    )


def _tell_cells(connection: duckdb.DuckDBPyConnection, comparison: Comparison, column: str) -> None:
    before, after = quote(f"{column} before"), quote(f"{column} after")
    connection.execute(
        f"INSERT INTO {CHANGES} SELECT {text_literal(comparison.title)}, 'cell_changed', "
        f"{comparison.traced.columns('1')}, {_json(comparison.key)}, {text_literal(column)}, "
        f"{before}::VARCHAR, {after}::VARCHAR FROM pairs AS lines {comparison.traced.join} "
        f"WHERE stood = 1 AND stands = 1 AND {before} IS DISTINCT FROM {after}"
    )


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(quote(name) for name in names)


def _json(names: tuple[str, ...]) -> str:
    return f"json_object({', '.join(f'{text_literal(name)}, lines.{quote(name)}' for name in names)})::VARCHAR"
