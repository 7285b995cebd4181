"""The fingerprint of a warehouse's published content: what the gate audited is what gets published.

Content only: order of rows, the layout of the warehouse file and tables outside the published schemas do not matter. Of a
table kept in files of its own, which are published as they are, it is the content of the files.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb

from disclosure.publish.manifest import hash_file
from disclosure.publish.tables import WAREHOUSE, PublishedTable, published_tables, quote, text_literal


def fingerprint_warehouse(warehouse: Path) -> str:
    """A text that changes with any value, row, column or table of the published schemas.

    Opens the file read-only. Raises duckdb.Error when it cannot be read as a warehouse, OSError when a table's own files
    cannot be read. Comparable only under the same
    version of DuckDB, which is part of the fingerprint.
    """
    with duckdb.connect() as connection:
        attach_warehouse(connection, warehouse)
        return fingerprint_tables(connection, published_tables(connection, WAREHOUSE))


def attach_warehouse(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    """Attach the file read-only under the name dbt gave it, so that its views resolve, and as nothing else."""
    connection.execute(f"ATTACH {text_literal(str(warehouse))} AS {quote(WAREHOUSE)} (READ_ONLY)")


def fingerprint_tables(connection: duckdb.DuckDBPyConnection, tables: tuple[PublishedTable, ...]) -> str:
    """The fingerprint of tables of the attached warehouse: shape, rows and a sum of row hashes of each."""
    digest = hashlib.sha256(f"duckdb {duckdb.__version__}\n".encode())
    for table in tables:
        shape = [(column.name, column.type, column.comment) for column in table.columns]
        if table.is_view:  # it shows what the tables hold
            digest.update(f"{table.qualified} {table.comment} {shape} {table.definition}\n".encode())
            continue
        if table.files:
            hashes = [hash_file(path) for path in table.files]
            digest.update(f"{table.qualified} {table.comment} {shape} {hashes}\n".encode())
            continue
        # a sum, unlike an exclusive or, notices a row that stands there twice
        rows, content = connection.execute(
            f"SELECT count(*), sum(hash(line)::HUGEINT) FROM {quote(WAREHOUSE)}.{table.qualified} AS line"
        ).fetchone() or (0, 0)
        digest.update(f"{table.qualified} {table.comment} {shape} {table.primary_key} {rows} {content}\n".encode())
    return digest.hexdigest()
