"""Publishing a table that the warehouse keeps in a Parquet file a report year."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pytest

from disclosure.publish import Release, ReleaseRefused, fingerprint_warehouse, publish_release
from disclosure.publish import release as release_module

ROWS = {"2022": "[3, 1]", "2023": "[2]", "undated": "[]::integer[]"}


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA marts; CREATE SCHEMA quality; CREATE TABLE marts.one AS SELECT 1 AS one")
    return path


@pytest.fixture
def kept(warehouse: Path) -> dict[str, Path]:
    """The files of the table quality.kept; the last has no rows."""
    files = {year: Path(f"{warehouse}.kept.{year}.parquet") for year in ROWS}
    for year, path in files.items():
        duckdb.execute(f"COPY (SELECT unnest({ROWS[year]}) AS n) TO '{path}'")
    show(warehouse, files.values())
    return files


def show(warehouse: Path, files: Iterable[Path]) -> None:
    listed = ", ".join(f"'{path}'" for path in files)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(f"CREATE OR REPLACE VIEW quality.kept AS SELECT * FROM read_parquet([{listed}])")


def passed(warehouse: Path) -> dict[str, object]:
    return {"passed": True, "fingerprint": fingerprint_warehouse(warehouse)}


def publish(warehouse: Path, releases: Path) -> Release:
    return publish_release(warehouse, releases, passed(warehouse))


def test_a_table_kept_is_published_in_its_files(warehouse: Path, kept: dict[str, Path], tmp_path: Path) -> None:
    release = publish(warehouse, tmp_path / "releases")
    folder = release.path / "parquet" / "quality" / "kept"
    assert {path.stem: path.read_bytes() for path in folder.iterdir()} == {
        year: kept[year].read_bytes() for year in ("2022", "2023")
    }
    (entry,) = (table for table in release.manifest["tables"] if table["name"] == "kept")
    assert entry["rows"] == 3
    assert [file["path"] for file in entry["parquet"]] == [
        f"parquet/quality/kept/{year}.parquet" for year in (2022, 2023)
    ]
    assert gzip.decompress((release.path / entry["csv"]["path"]).read_bytes()) == b"n\n3\n1\n2\n"
    with duckdb.connect(str(release.marts), read_only=True) as connection:
        assert connection.execute("SELECT sum(n), count(*) FROM quality.kept").fetchone() == (6, 3)


def test_a_table_kept_without_any_row_is_published(warehouse: Path, kept: dict[str, Path], tmp_path: Path) -> None:
    show(warehouse, [kept["undated"]])
    release = publish(warehouse, tmp_path / "releases")
    assert [path.name for path in (release.path / "parquet" / "quality" / "kept").iterdir()] == ["undated.parquet"]


def test_a_year_that_changed_after_the_gate_is_refused(warehouse: Path, kept: dict[str, Path], tmp_path: Path) -> None:
    verdict = passed(warehouse)
    duckdb.execute(f"COPY (SELECT 5 AS n) TO '{kept['2023']}'")
    with pytest.raises(ReleaseRefused, match="gate_fingerprint"):
        publish_release(warehouse, tmp_path / "releases", verdict)


def test_a_table_of_several_files_is_one_resource(
    warehouse: Path, kept: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release_module, "CSV_ROWS", 2)
    release = publish(warehouse, tmp_path / "releases")
    package = json.loads((release.path / "datapackage.json").read_text(encoding="utf-8"))
    (resource,) = (each for each in package["resources"] if each["name"] == "quality.kept")
    paths = [f"parquet/quality/kept/{year}.parquet" for year in (2022, 2023)]
    assert (resource["format"], resource["path"], resource["parquet"]) == ("parquet", paths, paths)
    assert resource["bytes"] == sum((release.path / path).stat().st_size for path in paths)
