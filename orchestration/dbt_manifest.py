"""Keeps the dbt manifest in step with the dbt project, so that definitions load fast and on a fresh clone.

`dbt parse` runs only when the manifest is missing or older than a file of the project.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from orchestration.resources import DBT_PROJECT

MANIFEST = DBT_PROJECT / "target" / "manifest.json"
SOURCES = ("*.sql", "*.yml", "*.yaml", "*.csv", "*.md")


class ManifestError(RuntimeError):
    """The dbt project does not parse."""


def current_manifest() -> Path:
    """The manifest, parsed again when it is stale. Raises ManifestError with dbt's words when the project is wrong."""
    if is_stale():
        MANIFEST.parent.mkdir(parents=True, exist_ok=True)
        with (MANIFEST.parent / ".parse.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # the UI loads definitions in several processes at once
            if is_stale():
                parse_project()
    return MANIFEST


def is_stale() -> bool:
    if not MANIFEST.exists():
        return True
    parsed_at = MANIFEST.stat().st_mtime
    return any(path.stat().st_mtime > parsed_at for path in project_files())


def project_files() -> Iterator[Path]:
    for folder in ("models", "macros", "seeds", "tests"):
        for pattern in SOURCES:
            yield from (DBT_PROJECT / folder).rglob(pattern)
    yield from DBT_PROJECT.glob("*.yml")


def parse_project() -> None:
    """Run `dbt parse` in a process of its own; the paths it is given only have to be well formed."""
    environment = os.environ | {
        "GOUJI_WAREHOUSE": ":memory:",
        "GOUJI_STAGING": str(DBT_PROJECT / "target" / "no_staging"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }
    command = [str(Path(sys.executable).parent / "dbt"), "--quiet", "parse"]
    folders = [
        "--project-dir",
        str(DBT_PROJECT),
        "--profiles-dir",
        str(DBT_PROJECT),
        "--log-path",
        str(MANIFEST.parent),
    ]
    with contextlib.suppress(FileNotFoundError):
        MANIFEST.unlink()
    parsed = subprocess.run([*command, *folders], env=environment, cwd=DBT_PROJECT, capture_output=True, text=True)
    if parsed.returncode != 0 or not MANIFEST.exists():
        raise ManifestError(f"dbt parse failed in {DBT_PROJECT}:\n{parsed.stdout}{parsed.stderr}")
