"""What a home remembers between runs so that an unchanged stage does no work: small JSON files in HOME/state.

A state is only ever a reason to skip work that would give the same result; without it everything is done again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def read_state(home: Path, name: str) -> dict[str, Any]:
    """The remembered state, or an empty one when there is none that can be read."""
    try:
        state = json.loads((home / "state" / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def write_state(home: Path, name: str, state: dict[str, Any]) -> None:
    folder = home / "state"
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{name}.json.tmp"
    temporary.write_text(json.dumps(state, ensure_ascii=False, indent=1), encoding="utf-8")
    temporary.replace(folder / f"{name}.json")


def fingerprint_files(paths: Iterable[Path]) -> str:
    """Changes when a file is added, removed, resized or written again."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        status = path.stat()
        digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def hash_file(path: Path) -> str:
    """sha256 of a file's bytes; "" when there is none."""
    if not path.exists():
        return ""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def stat_warehouse(warehouse: Path) -> str:
    """Identity of the warehouse file as it stands: any write to it gives another one; "" when there is none."""
    return fingerprint_files([warehouse]) if warehouse.exists() else ""
