"""Copy the published tables into a new database file and into Parquet, in a fixed order of rows.

The new file is written in the oldest storage format so that old DuckDB clients read it. Nothing is computed here.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from disclosure.publish.fingerprint import WAREHOUSE
from disclosure.publish.tables import PublishedTable, quote, text_literal

MARTS = "marts_file"

# DuckDB calls a file's database by the file's name. In marts.duckdb a schema `marts` would make every `marts.fct_...`
# ambiguous, so the marts stand in the main schema: `marts.fct_applications` then means database marts, main schema.
SCHEMA_IN_FILE = {"marts": "main"}
STORAGE_VERSION = "v1.0.0"
ROW_GROUP_ROWS = 122_880


def copy_tables(connection: duckdb.DuckDBPyConnection, tables: tuple[PublishedTable, ...], target: Path) -> None:
    """Write `target` with every table of the attached warehouse, its keys, not-nulls and comments, rows in order."""
    connection.execute(
        f"ATTACH {text_literal(str(target))} AS {quote(MARTS)} (STORAGE_VERSION {text_literal(STORAGE_VERSION)})"
    )
    for schema in sorted({table.schema for table in tables} - set(SCHEMA_IN_FILE)):
        connection.execute(f"CREATE SCHEMA {quote(MARTS)}.{quote(schema)}")
    for table in tables:
        target_name = name_in_file(table)
        connection.execute(f"CREATE TABLE {target_name} ({_definition(table)})")
        connection.execute(
            f"INSERT INTO {target_name} SELECT * FROM {quote(WAREHOUSE)}.{table.qualified} ORDER BY {table.order}"
        )
        _comment(connection, table, target_name)
    connection.execute(f"CHECKPOINT {quote(MARTS)}")


def name_in_file(table: PublishedTable) -> str:
    """The full name of a table of the warehouse in the attached marts file."""
    return f"{quote(MARTS)}.{quote(SCHEMA_IN_FILE.get(table.schema, table.schema))}.{quote(table.name)}"


def export_parquet(connection: duckdb.DuckDBPyConnection, table: PublishedTable, target: Path) -> int:
    """Write one copied table as Parquet, in the order it was copied in; the number of rows."""
    target.parent.mkdir(parents=True, exist_ok=True)
    row = connection.execute(
        f"COPY {name_in_file(table)} TO {text_literal(str(target))} "
        f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP_ROWS})"
    ).fetchone()
    return int(row[0]) if row else 0


def detach_marts(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"DETACH {quote(MARTS)}")


def _definition(table: PublishedTable) -> str:
    columns = [
        f"{quote(column.name)} {column.type}{' NOT NULL' if column.required else ''}" for column in table.columns
    ]
    if table.primary_key:
        columns.append(f"PRIMARY KEY ({', '.join(quote(name) for name in table.primary_key)})")
    return ", ".join(columns)


def _comment(connection: duckdb.DuckDBPyConnection, table: PublishedTable, target_name: str) -> None:
    if table.comment:
        connection.execute(f"COMMENT ON TABLE {target_name} IS {text_literal(table.comment)}")
    for column in table.columns:
        if column.comment:
            connection.execute(
                f"COMMENT ON COLUMN {target_name}.{quote(column.name)} IS {text_literal(column.comment)}"
            )
