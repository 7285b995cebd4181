"""What there is to publish: the tables of the published schemas with their columns, keys and comments.

Only the shape of the tables is read here; rows are copied in `copy`.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

PUBLISHED_SCHEMAS = ("marts", "quality")


@dataclass(frozen=True, slots=True)
class PublishedColumn:
    name: str
    type: str
    required: bool
    comment: str | None


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A table or view of the warehouse; a view is published as a table."""

    schema: str
    name: str
    comment: str | None
    columns: tuple[PublishedColumn, ...]
    primary_key: tuple[str, ...]

    @property
    def qualified(self) -> str:
        return f"{quote(self.schema)}.{quote(self.name)}"

    @property
    def order(self) -> str:
        """The columns that fix the order of the rows: the primary key, or else every column."""
        return ", ".join(quote(name) for name in self.primary_key or [column.name for column in self.columns])


def quote(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def text_literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def published_tables(connection: duckdb.DuckDBPyConnection, database: str) -> tuple[PublishedTable, ...]:
    """Every table and view of the published schemas of an attached database, by schema and name."""
    found = connection.execute(
        """
        SELECT schema_name, table_name, comment FROM duckdb_tables() WHERE database_name = $database
        UNION ALL
        SELECT schema_name, view_name, comment FROM duckdb_views() WHERE database_name = $database AND NOT internal
        ORDER BY ALL
        """,
        {"database": database},
    ).fetchall()
    return tuple(
        PublishedTable(
            schema,
            name,
            comment,
            _columns(connection, database, schema, name),
            _key(connection, database, schema, name),
        )
        for schema, name, comment in found
        if schema in PUBLISHED_SCHEMAS
    )


def _columns(
    connection: duckdb.DuckDBPyConnection, database: str, schema: str, table: str
) -> tuple[PublishedColumn, ...]:
    rows = connection.execute(
        """
        SELECT column_name, data_type, NOT is_nullable, comment FROM duckdb_columns()
        WHERE database_name = ? AND schema_name = ? AND table_name = ? ORDER BY column_index
        """,
        [database, schema, table],
    ).fetchall()
    return tuple(PublishedColumn(*row) for row in rows)


def _key(connection: duckdb.DuckDBPyConnection, database: str, schema: str, table: str) -> tuple[str, ...]:
    row = connection.execute(
        """
        SELECT constraint_column_names FROM duckdb_constraints()
        WHERE database_name = ? AND schema_name = ? AND table_name = ? AND constraint_type = 'PRIMARY KEY'
        """,
        [database, schema, table],
    ).fetchone()
    return tuple(row[0]) if row else ()
