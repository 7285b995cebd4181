"""Publish a release: refuse what the gate has not passed, build beside, move in one step, turn the pointer last.

At every moment `latest` names a whole release: a run that dies leaves at most a `.building-*` folder or a release that
nothing points at. Releases are never changed or removed here.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import duckdb

from disclosure.publish.copy import copy_tables, detach_marts, export_parquet
from disclosure.publish.fingerprint import WAREHOUSE, attach_warehouse, fingerprint_tables
from disclosure.publish.manifest import (
    MARTS_FILE,
    content_hash,
    describe_table,
    hash_file,
    read_manifest,
    summarize_gate,
    write_manifest,
)
from disclosure.publish.tables import PublishedTable, published_tables, text_literal

LATEST = "latest"
BUILDING = ".building-"


class ReleaseRefused(Exception):  # noqa: N818 - a verdict, not a failure
    """The warehouse may not be published. `rule` is gate_passed, gate_fingerprint or marts_present."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(f"{rule}: {reason}")
        self.rule = rule
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Release:
    """A published release. `is_new` is False when the content equals the latest release, which then stays."""

    release_id: str
    path: Path
    manifest: dict[str, Any]
    is_new: bool

    @property
    def marts(self) -> Path:
        return self.path / MARTS_FILE


def publish_release(
    warehouse: Path,
    releases: Path,
    gate: Mapping[str, Any],
    *,
    versions: Mapping[str, str] | None = None,
    created_at: datetime | None = None,
    memory_limit: str | None = None,
) -> Release:
    """Publish the marts and quality schemas of a warehouse that the gate has passed.

    `gate` is the stored verdict: `passed` must be true and `fingerprint` that of the warehouse as it is now (see
    `fingerprint_warehouse`). `versions` names what made the figures (parser, catalogue); the version of the package is
    added. Raises ReleaseRefused, and duckdb.Error or OSError when reading or writing fails; `latest` then points where
    it pointed before. When nothing changed since the latest release, that release is returned and nothing is written.
    """
    if gate.get("passed") is not True:
        raise ReleaseRefused("gate_passed", "the gate has not passed this warehouse; see its reasons")
    releases.mkdir(parents=True, exist_ok=True)
    previous = latest_release(releases)
    moment = created_at or datetime.now(UTC)
    building = _fresh_building(releases)
    try:
        with duckdb.connect() as connection:
            _configure(connection, building, memory_limit)
            tables = _audited_tables(connection, warehouse, gate)
            if previous and previous.manifest.get("fingerprint") == gate["fingerprint"]:
                return previous
            described = _build(connection, tables, building)
        content = content_hash(described)
        if previous and previous.manifest.get("content_hash") == content:
            return previous
        release_id = f"{moment:%Y%m%dT%H%M%SZ}-{content[:8]}"
        manifest = {
            "release_id": release_id,
            "created_at": moment.isoformat(),
            "previous_release_id": previous.release_id if previous else None,
            "versions": {"gouji": _package_version(), **(versions or {})},
            "fingerprint": gate["fingerprint"],
            "content_hash": content,
            "gate": summarize_gate(gate),
            "database": {"path": MARTS_FILE, "sha256": hash_file(building / MARTS_FILE)},
            "tables": described,
        }
        write_manifest(building, manifest)
        flush_tree(building)
        move_into_place(building, releases / release_id)
        point_latest(releases, release_id)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return Release(release_id, releases / release_id, read_manifest(releases / release_id), is_new=True)


def latest_release(releases: Path) -> Release | None:
    """The release that `latest` points at; None when there is none yet."""
    pointer = releases / LATEST
    if not pointer.is_symlink():
        return None
    folder = releases / pointer.readlink().name
    return Release(folder.name, folder, read_manifest(folder), is_new=False)


def flush_tree(folder: Path) -> None:
    """Force every file and folder to the disk, so that the move that follows cannot outrun them."""
    for path in [*folder.rglob("*"), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def move_into_place(building: Path, release: Path) -> None:
    """The finished folder gets its name in one step. One of that name has the same content (its hash is part of the
    name): a run that died before it turned the pointer left it, and it stays."""
    if release.exists():
        return
    building.rename(release)
    _flush_folder(release.parent)


def point_latest(releases: Path, release_id: str) -> None:
    """Turn the pointer in one step; a reader that follows it sees the old release or the new one, never neither."""
    draft = releases / f".{LATEST}-{os.getpid()}"
    draft.unlink(missing_ok=True)
    draft.symlink_to(release_id, target_is_directory=True)
    draft.replace(releases / LATEST)
    _flush_folder(releases)


def _fresh_building(releases: Path) -> Path:
    """An empty folder to build in; what dead runs left is removed, for only one process publishes at a time."""
    for leftover in releases.glob(f"{BUILDING}*"):
        shutil.rmtree(leftover)
    building = releases / f"{BUILDING}{os.getpid()}"
    building.mkdir()
    return building


def _configure(connection: duckdb.DuckDBPyConnection, building: Path, memory_limit: str | None) -> None:
    connection.execute(f"SET temp_directory = {text_literal(str(building / 'spill'))}")
    if memory_limit:
        connection.execute(f"SET memory_limit = {text_literal(memory_limit)}")


def _audited_tables(
    connection: duckdb.DuckDBPyConnection, warehouse: Path, gate: Mapping[str, Any]
) -> tuple[PublishedTable, ...]:
    """The tables to publish, after making sure that they are what the gate has passed."""
    attach_warehouse(connection, warehouse)
    tables = published_tables(connection, WAREHOUSE)
    if not any(table.schema == "marts" for table in tables):
        raise ReleaseRefused("marts_present", f"{warehouse} has no table in the schema marts")
    found = fingerprint_tables(connection, tables)
    if gate.get("fingerprint") != found:
        raise ReleaseRefused(
            "gate_fingerprint",
            f"the gate passed a warehouse with fingerprint {gate.get('fingerprint')}, {warehouse} now has {found}; "
            "validate it again",
        )
    return tables


def _build(
    connection: duckdb.DuckDBPyConnection, tables: tuple[PublishedTable, ...], building: Path
) -> list[dict[str, Any]]:
    """Write the database file and the Parquet files; the description of each table."""
    copy_tables(connection, tables, building / MARTS_FILE)
    described = []
    for table in tables:
        parquet = building / "parquet" / table.schema / f"{table.name}.parquet"
        rows = export_parquet(connection, table, parquet)
        described.append(describe_table(table, rows, building, parquet))
    detach_marts(connection)
    shutil.rmtree(building / "spill", ignore_errors=True)
    return described


def _package_version() -> str:
    try:
        return version("gouji")
    except PackageNotFoundError:
        return "unknown"


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
