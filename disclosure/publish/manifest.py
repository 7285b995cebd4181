"""The manifest of a release: what is in it, what it was made from, and hashes to prove both.

Only the description of a release belongs here, not its making.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from disclosure.publish.tables import PublishedTable

MANIFEST = "manifest.json"
MARTS_FILE = "marts.duckdb"


def describe_table(
    table: PublishedTable, rows: int, folder: Path, parquet: Sequence[Path], csv: Path | None
) -> dict[str, Any]:
    """One published table: shape, number of rows, and its files relative to the release folder: Parquet files whose rows
    follow one another, and a CSV, null when there is none."""
    return {
        "schema": table.schema,
        "name": table.name,
        "rows": rows,
        "primary_key": list(table.key),
        "columns": _describe_columns(table),
        "parquet": [describe_file(folder, path) for path in parquet],
        "csv": describe_file(folder, csv) if csv else None,
    }


def describe_view(table: PublishedTable) -> dict[str, Any]:
    """A view of the database file; it has no files of its own."""
    return {
        "schema": table.schema,
        "name": table.name,
        "columns": _describe_columns(table),
        "definition_sha256": hashlib.sha256((table.definition or "").encode()).hexdigest(),
    }


def _describe_columns(table: PublishedTable) -> list[dict[str, Any]]:
    return [{"name": c.name, "type": c.type, "required": c.required, "comment": c.comment} for c in table.columns]


def describe_file(folder: Path, path: Path) -> dict[str, Any]:
    return {"path": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "sha256": hash_file(path)}


def content_hash(tables: Sequence[Mapping[str, Any]], views: Sequence[Mapping[str, Any]]) -> str:
    """The hash of the published content: the shapes of the tables and views and the hashes of the Parquet files.

    CSV says the same again, and its bytes depend on the zlib of the machine.
    """
    content = [*({name: part for name, part in table.items() if name != "csv"} for table in tables), *views]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def summarize_gate(gate: Mapping[str, Any]) -> dict[str, Any]:
    """The gate's verdict without its row-level detail: its plain values and its counts."""
    plain = {
        key: value
        for key, value in gate.items()
        if key != "warehouse" and isinstance(value, str | int | float | bool | None)  # no local path in a release
    }
    counts = gate.get("counts")
    return plain | ({"counts": dict(counts)} if isinstance(counts, Mapping) else {})


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a release folder. Raises OSError or ValueError when there is none that can be read."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if not isinstance(manifest, dict):
        raise ValueError(f"{folder / MANIFEST}: expected a JSON object, found {type(manifest).__name__}")
    return manifest


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def hash_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
