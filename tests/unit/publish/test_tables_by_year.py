"""Publishing a table that the warehouse keeps in a Parquet file a report year."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pytest

from catalogue.published import PublishedColumn as DeclaredColumn
from catalogue.published import PublishedTable as Declared
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


CODED = Declared(
    schema_name="quality",
    name="kept",
    chinese="表",
    english="A table of codes",
    grain="a row",
    primary_key=("report_id", "n"),
    columns=(
        DeclaredColumn(name="report_id", type="VARCHAR", chinese="报告", english="A report", required=True),
        DeclaredColumn(name="n", type="INTEGER", chinese="数", english="A number", required=True),
        DeclaredColumn(name="code", type="VARCHAR", chinese="代码", english="A code", coded=True),
        DeclaredColumn(name="none", type="VARCHAR", chinese="空", english="A code nothing has", coded=True),
        DeclaredColumn(name="words", type="VARCHAR", chinese="文字", english="Words"),
    ),
)


def publish_codes(warehouse: Path, releases: Path, codes: str) -> Release:
    """A table of a row for each code, published with what the catalogue declares of it."""
    path = Path(f"{warehouse}.kept.2022.parquet")
    duckdb.execute(
        "COPY (SELECT 'r1' AS report_id, row_number() OVER ()::INTEGER AS n, code, NULL::VARCHAR AS none, 'words' AS words "
        f"FROM (SELECT unnest({codes}) AS code)) TO '{path}'"
    )
    show(warehouse, [path])
    return publish_release(warehouse, releases, passed(warehouse), declared=[CODED])


def test_codes_of_a_table_kept_are_numbered_and_read_as_texts(warehouse: Path, tmp_path: Path) -> None:
    release = publish_codes(warehouse, tmp_path / "releases", "['c', 'a', NULL, '10', 'c']")
    with duckdb.connect(str(release.marts), read_only=True) as connection:
        types = {name: kind for name, kind, *_ in connection.execute("DESCRIBE quality.kept").fetchall()}
        assert {name for name, kind in types.items() if kind == "VARCHAR"} == {"report_id", "none", "words"}
        assert types["code"] == "ENUM('10', 'a', 'c')"
        read = "SELECT code FROM quality.kept WHERE code <> 'no code' ORDER BY code"
        assert connection.execute(read).fetchall() == [("10",), ("a",), ("c",), ("c",)]
        assert connection.execute("SELECT count(*) FROM quality.kept WHERE code IS NULL").fetchone() == (1,)
    (entry,) = (table for table in release.manifest["tables"] if table["name"] == "kept")
    assert {column["name"]: column["type"] for column in entry["columns"]}["code"] == "VARCHAR"


def test_codes_that_other_codes_number_anew_have_not_changed(warehouse: Path, tmp_path: Path) -> None:
    """The code of the second row is numbered 0 before and after, and is another one; that of the third is numbered anew."""
    changes = []
    publish_codes(warehouse, tmp_path / "releases", "['c', 'b', 'd']")
    for codes in ("['c', 'a', 'd']", "['c', 'a', 'd', 'b']"):
        release = publish_codes(warehouse, tmp_path / "releases", codes)
        columns = "change, key, column_name, before, after"
        changes.append(
            duckdb.sql(f"SELECT {columns} FROM '{release.path / 'changes.parquet'}' ORDER BY ALL").fetchall()
        )
    assert changes == [
        [("cell_changed", '{"report_id":"r1","n":2}', "code", "b", "a")],
        [("row_added", '{"report_id":"r1","n":4}', None, None, None)],
    ]
