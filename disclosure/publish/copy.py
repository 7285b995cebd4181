"""Load the published tables from their Parquet files into a new database file, and the views after them.

The file is written in the oldest storage format so that old DuckDB clients read it. Nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from disclosure.publish.files import read_files
from disclosure.publish.tables import WAREHOUSE_SCHEMA, PublishedTable, quote, text_literal

MARTS = "marts_file"

# DuckDB calls a file's database by the file's name. In marts.duckdb a schema `marts` would make every `marts.fct_...`
# ambiguous, so the marts stand in the main schema: `marts.fct_applications` then means database marts, main schema.
SCHEMA_IN_FILE = {"marts": "main"}
STORAGE_VERSION = "v1.0.0"


def copy_tables(
    connection: duckdb.DuckDBPyConnection,
    tables: tuple[PublishedTable, ...],
    parquet: Mapping[str, Sequence[Path]],
    target: Path,
) -> None:
    """Write `target` with every table and view, with not-nulls and comments; `parquet`: title of a table -> its files.

    Codes of large tables are ENUMs there, which read and compare as the texts they are. Keys are no constraints: clients before DuckDB 1.1 cannot open a file with an index. They are declared in
    marts.dictionary and in the data package.
    """
    attach_marts(connection, target)
    # Trying FSST on every block of texts takes a third of the time of loading and hardly ever wins over a dictionary.
    connection.execute("SET GLOBAL disabled_compression_methods = 'fsst'")
    for schema in sorted({table.schema for table in tables} - set(SCHEMA_IN_FILE)):
        connection.execute(f"CREATE SCHEMA {quote(MARTS)}.{quote(schema)}")
    for table in sorted(tables, key=lambda table: table.is_view):  # views read tables
        if table.is_view:
            _create_view(connection, table.definition or "")
        else:
            _load_table(connection, table, parquet[table.title])
        _comment(connection, table)
    connection.execute(f"CHECKPOINT {quote(MARTS)}")


def attach_marts(connection: duckdb.DuckDBPyConnection, target: Path) -> None:
    connection.execute(
        f"ATTACH {text_literal(str(target))} AS {quote(MARTS)} (STORAGE_VERSION {text_literal(STORAGE_VERSION)})"
    )


def detach_marts(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"DETACH {quote(MARTS)}")


def name_in_file(table: PublishedTable, database: str = MARTS) -> str:
    """The full name of a table of the warehouse in an attached marts file."""
    return f"{quote(database)}.{quote(SCHEMA_IN_FILE.get(table.schema, table.schema))}.{quote(table.name)}"


def _load_table(connection: duckdb.DuckDBPyConnection, table: PublishedTable, parquet: Sequence[Path]) -> None:
    """The rows of the Parquet files, in its order but for blocks that change places: kept in their order to the last, DuckDB
    would write every block a second time at the checkpoint, which doubles the cost of a release."""
    types = {column.name: column.type for column in table.columns} | _enumerations(connection, table, parquet)
    columns = ", ".join(
        f"{quote(column.name)} {types[column.name]}{' NOT NULL' if column.required else ''}" for column in table.columns
    )
    connection.execute(f"CREATE TABLE {name_in_file(table)} ({columns})")
    connection.execute("SET preserve_insertion_order = false")
    try:
        connection.execute(f"INSERT INTO {name_in_file(table)} SELECT * FROM {read_files(parquet)}")
    finally:
        connection.execute("RESET preserve_insertion_order")
    _give_lists_an_element(connection, table)


def _enumerations(
    connection: duckdb.DuckDBPyConnection, table: PublishedTable, parquet: Sequence[Path]
) -> dict[str, str]:
    """Of a table kept by report year, whose codes are the same few in millions of rows: column -> its type, an ENUM of the
    codes that occur, in the order of texts so that it sorts as they do. A third to a half of the time of loading is saved,
    and queries compare numbers."""
    coded = [column.name for column in table.columns if column.is_coded] if table.files else []
    if not coded:
        return {}
    occurring = ", ".join(
        f"list_sort(list(DISTINCT {quote(name)}) FILTER ({quote(name)} IS NOT NULL))" for name in coded
    )
    found = connection.execute(f"SELECT {occurring} FROM {read_files(parquet)}").fetchone() or ()
    return {
        name: f"ENUM ({', '.join(text_literal(code) for code in codes)})"
        for name, codes in zip(coded, found, strict=True)
        if codes
    }


def _give_lists_an_element(connection: duckdb.DuckDBPyConnection, table: PublishedTable) -> None:
    """DuckDB 1.0 cannot read a column of lists none of which has an element ("field id mismatch"). A row that is written with
    one and deleted again leaves it in the file, and no reader sees it."""
    name = name_in_file(table)
    lists = [column for column in table.columns if column.type.endswith("[]")]
    if not lists:
        return
    longest = ", ".join(f"max(len({quote(column.name)}))" for column in lists)
    found = connection.execute(f"SELECT count(*), {longest} FROM {name}").fetchone() or (0,)
    bare = [column for column, length in zip(lists, found[1:], strict=True) if not length]
    if not found[0] or not bare:
        return
    filled = ", ".join(f"[NULL]::{column.type} AS {quote(column.name)}" for column in bare)
    connection.execute(f"INSERT INTO {name} SELECT * REPLACE ({filled}) FROM {name} LIMIT 1")
    connection.execute(f"CHECKPOINT {quote(MARTS)}")
    connection.execute(f"DELETE FROM {name} WHERE rowid = (SELECT max(rowid) FROM {name})")


def _create_view(connection: duckdb.DuckDBPyConnection, definition: str) -> None:
    """Create the view on the tables of the file. Their names have no database, so that the file may be called anything
    and attached under any name."""
    moved = WAREHOUSE_SCHEMA.sub(lambda found: f"{SCHEMA_IN_FILE.get(found[1], found[1])}.", definition)
    (before,) = connection.execute("SELECT current_database()").fetchone() or ("memory",)
    connection.execute(f"USE {quote(MARTS)}")
    try:
        connection.execute(moved)
    finally:
        connection.execute(f"USE {quote(before)}")


def _comment(connection: duckdb.DuckDBPyConnection, table: PublishedTable) -> None:
    kind = "VIEW" if table.is_view else "TABLE"
    if table.comment:
        connection.execute(f"COMMENT ON {kind} {name_in_file(table)} IS {text_literal(table.comment)}")
    for column in table.columns:
        if column.comment:
            connection.execute(
                f"COMMENT ON COLUMN {name_in_file(table)}.{quote(column.name)} IS {text_literal(column.comment)}"
            )
