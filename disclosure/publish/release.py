"""Publish a release: refuse what the gate has not passed, build beside, move in one step, turn the pointer last.

At every moment `latest` names a whole release: a run that dies leaves at most a `.building-*` folder or a release that
nothing points at. Releases are never changed or removed here.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import duckdb

from catalogue.published import PublishedTable as Declared
from disclosure import clock
from disclosure.publish.change_report import describe_changes, write_changes
from disclosure.publish.changes import PREVIOUS, compare_releases, create_changes
from disclosure.publish.copy import copy_tables, detach_marts
from disclosure.publish.data_package import DATA_PACKAGE, describe_package
from disclosure.publish.files import CSV_ROWS, count_rows, export_csv, export_parquet, read_files
from disclosure.publish.fingerprint import attach_warehouse, fingerprint_tables
from disclosure.publish.limits import memory_limit
from disclosure.publish.manifest import (
    MANIFEST,
    MARTS_FILE,
    content_hash,
    describe_file,
    describe_table,
    describe_view,
    read_manifest,
    summarize_gate,
    write_json,
)
from disclosure.publish.notices import write_notices
from disclosure.publish.tables import WAREHOUSE, PublishedTable, published_tables, quote, text_literal

LAYOUT = 5  # of the folder and its files; another number makes a new release of the same rows
LATEST = "latest"
BUILDING = ".building-"
EXPORTS_AT_ONCE = 2


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
    declared: Iterable[Declared] = (),
    versions: Mapping[str, str] | None = None,
    created_at: datetime | None = None,
) -> Release:
    """Publish the marts and quality schemas of a warehouse that the gate has passed.

    `gate` is the stored verdict: `passed` must be true and `fingerprint` that of the warehouse as it is now (see
    `fingerprint_warehouse`). `declared` are the catalogue's published tables: keys, references and words for the data
    package. `versions` names what made the figures (parser, catalogue); the version of the package is added. Raises
    ReleaseRefused, and duckdb.Error or OSError when reading or writing fails; `latest` then points where it pointed
    before. When nothing changed since the latest release, that release is returned and nothing is written.
    """
    if gate.get("passed") is not True:
        raise ReleaseRefused("gate_passed", "the gate has not passed this warehouse; see its reasons")
    releases.mkdir(parents=True, exist_ok=True)
    previous = latest_release(releases)
    moment = created_at or clock.now()
    stated = {"gouji": _package_version(), **(versions or {})}
    building = _fresh_building(releases)
    try:
        with duckdb.connect() as connection:
            _configure(connection, building)
            tables = _audited_tables(connection, warehouse, gate, declared)
            if previous and _is_same(previous, "fingerprint", gate["fingerprint"]):
                return previous
            described = _export_all(connection, [table for table in tables if not table.is_view], building)
            entries = [entry for _, entry in described]
            views = [describe_view(table) for table in tables if table.is_view]
            content = content_hash(entries, views)
            if previous and _is_same(previous, "content_hash", content):
                return previous
            parquet = {
                table.title: [building / file["path"] for file in entry["parquet"]] for table, entry in described
            }
            copy_tables(connection, tables, parquet, building / MARTS_FILE)
            changes = _report_changes(connection, tables, entries, previous, stated, building)
            detach_marts(connection)
        shutil.rmtree(building / "spill", ignore_errors=True)
        release_id = f"{moment:%Y%m%dT%H%M%SZ}-{content[:8]}"
        write_json(building / DATA_PACKAGE, describe_package(release_id, moment, described))
        write_notices(building, release_id, moment, tables, entries, describe_changes(changes))
        manifest = {
            "release_id": release_id,
            "layout": LAYOUT,
            "created_at": moment.isoformat(),
            "previous_release_id": previous.release_id if previous else None,
            "versions": stated,
            "fingerprint": gate["fingerprint"],
            "content_hash": content,
            "gate": summarize_gate(gate),
            "database": describe_file(building, building / MARTS_FILE),
            "tables": entries,
            "views": views,
            "changes": changes,
            "files": [describe_file(building, path) for path in sorted(building.iterdir()) if path.is_file()],
        }
        write_json(building / MANIFEST, manifest)
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


def published_as(releases: Path, fingerprint: str) -> Release | None:
    """The latest release, if it was made of a warehouse with this fingerprint; else None."""
    latest = latest_release(releases)
    return latest if latest and _is_same(latest, "fingerprint", fingerprint) else None


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


def _configure(connection: duckdb.DuckDBPyConnection, building: Path) -> None:
    connection.execute(f"SET temp_directory = {text_literal(str(building / 'spill'))}")
    connection.execute(f"SET memory_limit = {text_literal(memory_limit())}")


def _audited_tables(
    connection: duckdb.DuckDBPyConnection, warehouse: Path, gate: Mapping[str, Any], declared: Iterable[Declared]
) -> tuple[PublishedTable, ...]:
    """The tables to publish, after making sure that they are what the gate has passed."""
    attach_warehouse(connection, warehouse)
    tables = published_tables(connection, WAREHOUSE, declared)
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


def _is_same(previous: Release, proof: str, found: str) -> bool:
    """Whether the latest release is laid out as releases are and holds what is to be published."""
    return bool(previous.manifest.get("layout") == LAYOUT and previous.manifest.get(proof) == found)


def _export_all(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[PublishedTable], building: Path
) -> list[tuple[PublishedTable, dict[str, Any]]]:
    """Every table with its entry in the manifest, in the order given. A text file is written by one processor, so that two
    tables are written side by side; the largest files are begun first."""
    begin = sorted(tables, key=lambda table: len(table.columns), reverse=True)
    with ThreadPoolExecutor(EXPORTS_AT_ONCE) as pool:
        begun = {table.title: pool.submit(_export, connection.cursor(), table, building) for table in begin}
        return [(table, begun[table.title].result()) for table in tables]


def _export(connection: duckdb.DuckDBPyConnection, table: PublishedTable, building: Path) -> dict[str, Any]:
    """Write a table of the warehouse as Parquet in the order of its key, and that as CSV; its entry in the manifest. A table
    that the warehouse keeps in a file a report year has been written already: its files are copied.

    A table with more rows than CSV_ROWS has no CSV: no spreadsheet would open it, and writing the cells of a million
    reports as text would take longer than all the rest of their release.
    """
    parquet = building / "parquet" / table.schema / f"{table.name}.parquet"
    if table.files:
        files = _copy_files(connection, table, parquet.with_suffix(""))
    else:
        export_parquet(
            connection, f"(SELECT * FROM {quote(WAREHOUSE)}.{table.qualified} ORDER BY {table.order})", parquet
        )
        files = [parquet]
    rows = sum(count_rows(connection, path) for path in files)
    if rows > CSV_ROWS:
        return describe_table(table, rows, building, files, None)
    csv = building / "csv" / table.schema / f"{table.name}.csv.gz"
    columns = {column.name: column.type for column in table.columns}
    export_csv(connection, read_files(files), columns, csv)
    return describe_table(table, rows, building, files, csv)


def _copy_files(connection: duckdb.DuckDBPyConnection, table: PublishedTable, folder: Path) -> list[Path]:
    """The files of a table kept by report year under their years' names, without the years that have no rows."""
    folder.mkdir(parents=True)
    filled = [path for path in table.files if count_rows(connection, path)]
    copied = []
    for path in filled or table.files[:1]:
        year = path.stem.rpartition(".")[2]
        copied.append(shutil.copyfile(path, folder / f"{year}.parquet"))
    return copied


def _report_changes(
    connection: duckdb.DuckDBPyConnection,
    tables: tuple[PublishedTable, ...],
    entries: Sequence[Mapping[str, Any]],
    previous: Release | None,
    versions: Mapping[str, str],
    building: Path,
) -> dict[str, Any]:
    """Compare with the previous release and write what changed; the sums. A first release has changed nothing."""
    if previous is None:
        create_changes(connection)
        return write_changes(connection, building, None)
    before = {_name_of(table): table for table in previous.manifest.get("tables", ())}
    equal = {
        _name_of(entry) for entry in entries if (old := before.get(_name_of(entry))) and _hashes(old) == _hashes(entry)
    }
    connection.execute(f"ATTACH {text_literal(str(previous.marts))} AS {quote(PREVIOUS)} (READ_ONLY)")
    compare_releases(connection, tables, frozenset(equal), previous.manifest.get("versions", {}), versions)
    summary = write_changes(connection, building, previous.release_id)
    connection.execute(f"DETACH {quote(PREVIOUS)}")
    return summary


def _hashes(entry: Mapping[str, Any]) -> list[str]:
    """Of a table's Parquet files: equal hashes hold equal rows in equal order."""
    return [file["sha256"] for file in entry["parquet"]]


def _name_of(entry: Mapping[str, Any]) -> str:
    return f"{entry['schema']}.{entry['name']}"


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
