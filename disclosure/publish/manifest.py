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


def describe_table(table: PublishedTable, rows: int, folder: Path, parquet: Path) -> dict[str, Any]:
    """One published table: shape, number of rows, and its Parquet file relative to the release folder."""
    return {
        "schema": table.schema,
        "name": table.name,
        "rows": rows,
        "primary_key": list(table.primary_key),
        "columns": [
            {"name": c.name, "type": c.type, "required": c.required, "comment": c.comment} for c in table.columns
        ],
        "parquet": {"path": parquet.relative_to(folder).as_posix(), "sha256": hash_file(parquet)},
    }


def content_hash(tables: Sequence[Mapping[str, Any]]) -> str:
    """The hash of the published content: the shapes of the tables and the hashes of their Parquet files."""
    return hashlib.sha256(json.dumps(list(tables), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


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


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def hash_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
