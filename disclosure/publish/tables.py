"""What there is to publish: the tables and views of the published schemas, and what the catalogue declares of them.

Only shapes are read here; rows are copied in `copy`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from catalogue.published import PublishedTable as Declared

WAREHOUSE = "warehouse"
PUBLISHED_SCHEMAS = ("marts", "quality")
WAREHOUSE_SCHEMA = re.compile(rf"\b{WAREHOUSE}\.({'|'.join(PUBLISHED_SCHEMAS)})\.")

_YEAR_FILES = re.compile(
    r"\bAS\s+SELECT \* FROM read_parquet\((?:main\.)?(?:list_value\(|\[)('[^\])]*')[\])]\)?;?\s*$", re.IGNORECASE
)
_STRAY = re.compile(rf"\b{WAREHOUSE}\.|\bread_\w+\s*\(")  # a relation that is not published, or a file


@dataclass(frozen=True, slots=True)
class PublishedColumn:
    """A column. `is_coded`: its texts are few and recur in row after row."""

    name: str
    type: str
    required: bool
    comment: str | None
    is_coded: bool = False


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A table or view of the warehouse. `definition` is the SQL of a view, `declared` what the catalogue says of it."""

    schema: str
    name: str
    comment: str | None
    columns: tuple[PublishedColumn, ...]
    primary_key: tuple[str, ...]  # as a constraint of the warehouse
    definition: str | None = None
    declared: Declared | None = None

    @property
    def is_view(self) -> bool:
        """Whether it shows what published tables hold, and so is published as a view. A view that reads anything else,
        staged files above all, is published as the table of its rows."""
        if self.definition is None:
            return False
        return not _STRAY.search(WAREHOUSE_SCHEMA.sub("", self.definition))

    @property
    def files(self) -> tuple[Path, ...]:
        """The Parquet files of a view that shows them as they are, one to a report year; none of any other table. Their rows
        stand in the order in which they are published."""
        found = _YEAR_FILES.search(self.definition or "")
        return (
            tuple(Path(name.replace("''", "'")) for name in re.findall(r"'((?:[^']|'')*)'", found[1])) if found else ()
        )

    @property
    def title(self) -> str:
        """Schema and name, as the documentation calls the table."""
        return f"{self.schema}.{self.name}"

    @property
    def qualified(self) -> str:
        return f"{quote(self.schema)}.{quote(self.name)}"

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that identify a row; none when the same row may stand there twice."""
        return self.primary_key or (self.declared.primary_key if self.declared else ())

    @property
    def order(self) -> str:
        """The columns that fix the order of the rows, so that equal content makes equal files: the key, or else every
        column."""
        return ", ".join(quote(name) for name in self.key or [column.name for column in self.columns])


def quote(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def text_literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def published_tables(
    connection: duckdb.DuckDBPyConnection, database: str, declared: Iterable[Declared] = ()
) -> tuple[PublishedTable, ...]:
    """Every table and view of the published schemas of an attached database, by schema and name."""
    known = {(table.schema_name, table.name): table for table in declared}
    found = connection.execute(
        """
        SELECT schema_name, table_name, comment, NULL FROM duckdb_tables() WHERE database_name = $database
        UNION ALL
        SELECT schema_name, view_name, comment, sql FROM duckdb_views() WHERE database_name = $database AND NOT internal
        ORDER BY ALL
        """,
        {"database": database},
    ).fetchall()
    return tuple(
        PublishedTable(
            schema,
            name,
            comment,
            _columns(connection, database, schema, name, known.get((schema, name))),
            _key(connection, database, schema, name),
            definition,
            known.get((schema, name)),
        )
        for schema, name, comment, definition in found
        if schema in PUBLISHED_SCHEMAS
    )


def _columns(
    connection: duckdb.DuckDBPyConnection, database: str, schema: str, table: str, declared: Declared | None
) -> tuple[PublishedColumn, ...]:
    """The columns; which of a view are never null, and which hold codes, only the catalogue can tell."""
    never_null = {column.name for column in declared.columns if column.required} if declared else set()
    coded = {column.name for column in declared.columns if column.coded or column.accepted} if declared else set()
    rows = connection.execute(
        """
        SELECT column_name, data_type, NOT is_nullable, comment FROM duckdb_columns()
        WHERE database_name = ? AND schema_name = ? AND table_name = ? ORDER BY column_index
        """,
        [database, schema, table],
    ).fetchall()
    return tuple(
        PublishedColumn(name, kind, required or name in never_null, comment, kind == "VARCHAR" and name in coded)
        for name, kind, required, comment in rows
    )


def _key(connection: duckdb.DuckDBPyConnection, database: str, schema: str, table: str) -> tuple[str, ...]:
    row = connection.execute(
        """
        SELECT constraint_column_names FROM duckdb_constraints()
        WHERE database_name = ? AND schema_name = ? AND table_name = ? AND constraint_type = 'PRIMARY KEY'
        """,
        [database, schema, table],
    ).fetchone()
    return tuple(row[0]) if row else ()
