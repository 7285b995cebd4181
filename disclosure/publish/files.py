"""Tables as files that any tool reads: Parquet, and CSV compressed with gzip. The same rows give the same bytes.

Rows stand in the order of the key, of tables in a file a report year within each year, so that a reader of Parquet skips
the row groups of other agencies or reports by their statistics.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from disclosure.publish.tables import quote, text_literal

ROW_GROUP_ROWS = 122_880
CSV_ROWS = 2**20 - 1  # with the line of names as many lines as a sheet of a spreadsheet holds
GZIP_LEVEL = 1  # a third of the processor time of level 6 for a quarter more bytes; Parquet is the compact format
READ_BYTES = 1 << 20


def export_parquet(connection: duckdb.DuckDBPyConnection, source: str, target: Path) -> None:
    """Write what `source` names (a table, or a query in brackets) as Parquet, in its order."""
    target.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(
        f"COPY (FROM {source}) TO {text_literal(str(target))} "
        f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP_ROWS})"
    )


def read_files(files: Sequence[Path]) -> str:
    """SQL for the rows of Parquet files, one file after another."""
    return f"read_parquet([{', '.join(text_literal(str(path)) for path in files)}])"


def count_rows(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """The rows of a Parquet file, by its footer."""
    row = connection.execute(f"SELECT num_rows FROM parquet_file_metadata({text_literal(str(path))})").fetchone()
    return int(row[0]) if row else 0


def export_csv(connection: duckdb.DuckDBPyConnection, source: str, columns: Mapping[str, str], target: Path) -> None:
    """Write some columns (name -> DuckDB type) of a table or query as UTF-8 CSV, in its order, compressed:
    the tables of cells are twenty times as large uncompressed.

    Nulls are empty, lists are JSON, numbers have no trailing zeros, times are ISO 8601. DuckDB writes into a pipe and
    zlib compresses beside it, which takes a third of the time of DuckDB's own gzip and needs no space for the text.
    Raises duckdb.Error or OSError.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    pipe = target.with_name(f".{target.name}.pipe")
    os.mkfifo(pipe)
    problems: list[OSError] = []
    compressing = threading.Thread(target=_compress, args=(pipe, target, problems))
    compressing.start()
    selected = ", ".join(_csv_column(name, kind) for name, kind in columns.items())
    try:
        connection.execute(
            f"COPY (SELECT {selected} FROM {source}) TO {text_literal(str(pipe))} "
            "(FORMAT csv, HEADER, DELIMITER ',', DATEFORMAT '%Y-%m-%d', TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S.%fZ', "
            "USE_TMP_FILE false)"
        )
    except duckdb.Error as error:
        if problems:  # the pipe broke because its reader could not write
            raise problems[0] from error
        raise
    finally:
        _finish(compressing, pipe)
    if problems:
        raise problems[0]


def _csv_column(column: str, kind: str) -> str:
    name = quote(column)
    if kind.startswith("DECIMAL"):
        return f"rtrim(rtrim({name}::VARCHAR, '0'), '.') AS {name}"
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP")):
        return f"to_json({name})::VARCHAR AS {name}"
    return name


def _compress(pipe: Path, target: Path, problems: list[OSError]) -> None:
    """Compress what comes through the pipe until it is closed. No name and no time stand in the file's head."""
    try:
        with (
            pipe.open("rb", buffering=0) as text,
            target.open("wb") as file,
            gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=GZIP_LEVEL, mtime=0) as packed,
        ):
            while block := text.read(READ_BYTES):
                packed.write(block)
    except OSError as error:
        problems.append(error)


def _finish(compressing: threading.Thread, pipe: Path) -> None:
    """Wait for the reader of the pipe, and let it go if it waits for a writer that failed before it began."""
    while compressing.is_alive():
        with contextlib.suppress(OSError):
            os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
        compressing.join(0.02)
    pipe.unlink()
