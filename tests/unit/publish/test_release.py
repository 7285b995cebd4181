"""Publishing: what is refused, what a release holds, and that a run that dies moves nothing."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from catalogue.load import load_catalogue
from catalogue.published import load_published
from disclosure.publish import Release, ReleaseRefused, fingerprint_warehouse, latest_release, publish_release
from disclosure.publish import release as release_module
from disclosure.publish.notices import list_tables
from disclosure.publish.tables import PublishedTable

FIRST = datetime(2026, 2, 1, 8, tzinfo=UTC)
SECOND = datetime(2026, 4, 1, 8, tzinfo=UTC)


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA marts; CREATE SCHEMA quality; CREATE SCHEMA staging")
        connection.execute("CREATE TABLE staging.scratch AS SELECT 1 AS leftover")
        connection.execute(
            "CREATE TABLE marts.fct_applications (agency_id VARCHAR NOT NULL, report_year INTEGER NOT NULL, "
            "row_code VARCHAR NOT NULL, value DECIMAL(20, 6), PRIMARY KEY (agency_id, report_year, row_code))"
        )
        connection.execute("COMMENT ON TABLE marts.fct_applications IS '表三'")
        connection.execute("COMMENT ON COLUMN marts.fct_applications.value IS '件数''，公布值'")
        connection.execute(
            "INSERT INTO marts.fct_applications VALUES ('b', 2020, 'granted_full', 3), "
            "('a', 2021, 'granted_full', NULL), ('a', 2020, 'granted_full', 7)"
        )
        connection.execute("CREATE TABLE quality.findings (code VARCHAR, missing VARCHAR[])")
        connection.execute("INSERT INTO quality.findings VALUES ('row_missing', ['x/y', 'z']), ('cell_twice', [])")
        connection.execute(
            "CREATE VIEW quality.coverage AS SELECT report_year, count(*) AS reports "
            "FROM warehouse.marts.fct_applications GROUP BY report_year"
        )
    return path


def change(warehouse: Path, statement: str) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(statement)


def passed(warehouse: Path) -> dict[str, object]:
    return {
        "run_id": "run-1",
        "passed": True,
        "fingerprint": fingerprint_warehouse(warehouse),
        "counts": {"passed": 12, "failed": 0},
        "checks": [{"name": "long list"}],
    }


def publish(warehouse: Path, releases: Path, moment: datetime = FIRST) -> Release:
    versions = {"parser": "3", "catalogue": "abc"}
    return publish_release(warehouse, releases, passed(warehouse), versions=versions, created_at=moment)


def pointed_at(releases: Path) -> str:
    return (releases / "latest").readlink().name


def test_a_release_holds_the_published_schemas_and_nothing_else(warehouse: Path, tmp_path: Path) -> None:
    release = publish(warehouse, tmp_path / "releases")
    assert pointed_at(tmp_path / "releases") == release.release_id
    with duckdb.connect(str(release.marts), read_only=True) as connection:
        found = connection.execute("SELECT schema_name, table_name FROM duckdb_tables() ORDER BY ALL").fetchall()
        assert found == [("main", "fct_applications"), ("quality", "findings")]
        assert connection.execute("SELECT agency_id, report_year, value FROM marts.fct_applications").fetchall() == [
            ("a", 2020, 7),
            ("a", 2021, None),
            ("b", 2020, 3),
        ]
        assert connection.execute("SELECT * FROM quality.coverage").fetchall() == [(2020, 2), (2021, 1)]


def test_a_view_is_published_as_a_view_of_the_file_whatever_it_is_called(warehouse: Path, tmp_path: Path) -> None:
    release = publish(warehouse, tmp_path / "releases")
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{release.marts}' AS another (READ_ONLY)")
        assert connection.execute(
            "SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal"
        ).fetchall() == [("quality", "coverage")]
        assert connection.execute("FROM another.quality.coverage ORDER BY ALL").fetchall() == [(2020, 2), (2021, 1)]
    assert [view["name"] for view in release.manifest["views"]] == ["coverage"]
    assert not list(release.path.rglob("coverage*"))


def test_a_view_on_what_is_not_published_is_published_as_its_rows_in_order(warehouse: Path, tmp_path: Path) -> None:
    parquet = tmp_path / "staged.parquet"
    duckdb.execute(f"COPY (SELECT unnest([3, 1, 2]) AS n) TO '{parquet}'")
    change(warehouse, "CREATE VIEW quality.inside AS FROM warehouse.staging.scratch")
    change(warehouse, f"CREATE VIEW quality.staged AS FROM read_parquet('{parquet}')")
    release = publish(warehouse, tmp_path / "releases")
    parquet.unlink()
    with duckdb.connect(str(release.marts), read_only=True) as connection:
        tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'quality'").fetchall()
        assert {("inside",), ("staged",)} <= set(tables)
        assert connection.execute("FROM quality.staged").fetchall() == [(1,), (2,), (3,)]


def test_a_view_on_files_that_changed_after_the_gate_is_refused(warehouse: Path, tmp_path: Path) -> None:
    parquet = tmp_path / "staged.parquet"
    duckdb.execute(f"COPY (SELECT 1 AS n) TO '{parquet}'")
    change(warehouse, f"CREATE VIEW quality.staged AS FROM read_parquet('{parquet}')")
    verdict = passed(warehouse)
    duckdb.execute(f"COPY (SELECT 2 AS n) TO '{parquet}'")
    with pytest.raises(ReleaseRefused, match="gate_fingerprint"):
        publish_release(warehouse, tmp_path / "releases", verdict)


def test_another_view_is_another_release(warehouse: Path, tmp_path: Path) -> None:
    first = publish(warehouse, tmp_path / "releases")
    change(warehouse, "CREATE OR REPLACE VIEW quality.coverage AS SELECT 1 AS one")
    second = publish(warehouse, tmp_path / "releases", SECOND)
    assert (second.is_new, second.release_id != first.release_id) == (True, True)


def test_not_nulls_and_comments_are_kept_and_keys_declared(warehouse: Path, tmp_path: Path) -> None:
    """A key as a constraint would be an index, and a file with an index cannot be opened before DuckDB 1.1."""
    release = publish(warehouse, tmp_path / "releases")
    with duckdb.connect(str(release.marts), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM duckdb_indexes()").fetchone() == (0,)
        assert connection.execute(
            "SELECT count(*) FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'"
        ).fetchone() == (0,)
        columns = connection.execute(
            "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns() "
            "WHERE table_name = 'fct_applications' ORDER BY column_index"
        ).fetchall()
        assert columns[0] == ("agency_id", "VARCHAR", False, None)
        assert columns[3] == ("value", "DECIMAL(20,6)", True, "件数'，公布值")
        table = connection.execute("SELECT comment FROM duckdb_tables() WHERE table_name = 'fct_applications'")
        assert table.fetchone() == ("表三",)
    package = json.loads((release.path / "datapackage.json").read_text(encoding="utf-8"))
    keys = {resource["name"]: resource["schema"].get("primaryKey") for resource in package["resources"]}
    assert keys == {"marts.fct_applications": ["agency_id", "report_year", "row_code"], "quality.findings": None}


def test_the_file_is_written_in_the_old_storage_format(warehouse: Path, tmp_path: Path) -> None:
    release = publish(warehouse, tmp_path / "releases")
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{release.marts}' AS published (READ_ONLY)")
        tags = connection.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'published'").fetchone()
    assert tags is not None and tags[0]["storage_version"].startswith("v1.0.0")


def test_the_manifest_proves_the_files(warehouse: Path, tmp_path: Path) -> None:
    release = publish(warehouse, tmp_path / "releases")
    manifest = json.loads((release.path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest == release.manifest
    tables = {f"{table['schema']}.{table['name']}": table for table in manifest["tables"]}
    assert {name: table["rows"] for name, table in tables.items()} == {
        "marts.fct_applications": 3,
        "quality.findings": 2,
    }
    described = [manifest["database"], *manifest["files"]]
    for table in manifest["tables"]:
        described += [*table["parquet"], table["csv"]]
        (parquet,) = table["parquet"]
        assert duckdb.sql(f"FROM '{release.path / parquet['path']}'").count("*").fetchone() == (table["rows"],)
    for file in described:
        stored = release.path / file["path"]
        assert (stored.stat().st_size, hashlib.sha256(stored.read_bytes()).hexdigest()) == (
            file["bytes"],
            file["sha256"],
        )
    there = {path.relative_to(release.path).as_posix() for path in release.path.rglob("*") if path.is_file()}
    assert there == {file["path"] for file in described} | {"manifest.json"}
    assert manifest["versions"] | {"gouji": ""} == {"gouji": "", "parser": "3", "catalogue": "abc"}
    assert manifest["gate"]["counts"] == {"passed": 12, "failed": 0}
    assert "checks" not in manifest["gate"]
    assert manifest["created_at"] == "2026-02-01T08:00:00+00:00"
    assert manifest["previous_release_id"] is None
    assert sorted(path.name for path in release.path.iterdir()) == [
        "CITATION.cff", "LICENSE.md", "README.md", "changes.csv.gz", "changes.md", "changes.parquet", "csv",
        "datapackage.json", "manifest.json", "marts.duckdb", "parquet",
    ]  # fmt: skip


def test_a_table_too_long_for_a_spreadsheet_has_no_csv(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release_module, "CSV_ROWS", 2)
    release = publish(warehouse, tmp_path / "releases")
    long, short = release.manifest["tables"]
    assert (long["rows"], long["csv"], short["rows"]) == (3, None, 2)
    assert [path.name for path in release.path.rglob("*.csv.gz") if path.parent != release.path] == ["findings.csv.gz"]
    package = json.loads((release.path / "datapackage.json").read_text(encoding="utf-8"))
    (parquet,) = long["parquet"]
    files = {
        resource["name"]: (resource["format"], resource["path"], resource["hash"]) for resource in package["resources"]
    }
    assert files == {
        "marts.fct_applications": ("parquet", parquet["path"], f"sha256:{parquet['sha256']}"),
        "quality.findings": ("csv", short["csv"]["path"], f"sha256:{short['csv']['sha256']}"),
    }


@pytest.mark.parametrize("verdict", [False, None, "true", 1])
def test_a_warehouse_the_gate_did_not_pass_is_refused(warehouse: Path, tmp_path: Path, verdict: object) -> None:
    with pytest.raises(ReleaseRefused) as refusal:
        publish_release(warehouse, tmp_path / "releases", passed(warehouse) | {"passed": verdict})
    assert refusal.value.rule == "gate_passed"
    assert not (tmp_path / "releases").exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE marts.fct_applications SET value = 8 WHERE agency_id = 'b'",
        "DELETE FROM quality.findings WHERE code = 'cell_twice'",
        "INSERT INTO quality.findings VALUES ('row_missing', ['x/y', 'z'])",
        "ALTER TABLE quality.findings RENAME missing TO lost",
        "CREATE TABLE marts.extra AS SELECT 1 AS one",
    ],
)
def test_a_warehouse_changed_after_the_gate_is_refused(warehouse: Path, tmp_path: Path, statement: str) -> None:
    releases = tmp_path / "releases"
    first = publish(warehouse, releases)
    gate = passed(warehouse)
    change(warehouse, statement)
    with pytest.raises(ReleaseRefused) as refusal:
        publish_release(warehouse, releases, gate)
    assert refusal.value.rule == "gate_fingerprint"
    assert pointed_at(releases) == first.release_id
    assert sorted(path.name for path in releases.iterdir()) == sorted([first.release_id, "latest"])


def test_a_warehouse_without_marts_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "warehouse.duckdb"
    duckdb.connect(str(empty)).close()
    with pytest.raises(ReleaseRefused, match="marts_present"):
        publish_release(empty, tmp_path / "releases", passed(empty))


def test_the_fingerprint_ignores_the_order_of_rows_and_unpublished_schemas(warehouse: Path) -> None:
    before = fingerprint_warehouse(warehouse)
    change(warehouse, "INSERT INTO staging.scratch VALUES (2)")
    change(warehouse, "CREATE OR REPLACE TABLE quality.findings AS SELECT * FROM quality.findings ORDER BY code DESC")
    assert fingerprint_warehouse(warehouse) == before


def test_publishing_the_same_content_again_changes_nothing(warehouse: Path, tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    first = publish(warehouse, releases)
    before = {path: path.stat().st_mtime_ns for path in releases.rglob("*")}
    again = publish(warehouse, releases, SECOND)
    assert (again.release_id, again.is_new, first.is_new) == (first.release_id, False, True)
    assert {path: path.stat().st_mtime_ns for path in releases.rglob("*")} == before


def test_equal_content_is_recognised_without_an_equal_fingerprint(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fingerprints of another DuckDB are not comparable; the Parquet hashes still are."""
    releases = tmp_path / "releases"
    first = publish(warehouse, releases)
    monkeypatch.setattr(release_module, "fingerprint_tables", lambda *_: "of another version")
    again = publish_release(warehouse, releases, {"passed": True, "fingerprint": "of another version"})
    assert (again.release_id, again.is_new) == (first.release_id, False)


def test_new_content_becomes_a_new_release_and_the_old_one_stays(warehouse: Path, tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    first = publish(warehouse, releases)
    old_bytes = first.marts.read_bytes()
    change(warehouse, "INSERT INTO marts.fct_applications VALUES ('c', 2022, 'granted_full', 1)")
    second = publish(warehouse, releases, SECOND)
    assert second.release_id != first.release_id
    assert second.manifest["previous_release_id"] == first.release_id
    assert pointed_at(releases) == second.release_id
    assert first.marts.read_bytes() == old_bytes
    assert latest_release(releases) == Release(second.release_id, second.path, second.manifest, is_new=False)


STEPS = (
    "attach_warehouse",
    "fingerprint_tables",
    "copy_tables",
    "export_parquet",
    "export_csv",
    "describe_table",
    "content_hash",
    "compare_releases",
    "write_changes",
    "describe_package",
    "write_notices",
    "write_json",
    "flush_tree",
    "move_into_place",
    "point_latest",
)


@pytest.mark.parametrize("step", STEPS)
def test_a_run_that_dies_leaves_the_old_release_in_place(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    releases = tmp_path / "releases"
    first = publish(warehouse, releases)
    change(warehouse, "INSERT INTO marts.fct_applications VALUES ('c', 2022, 'granted_full', 1)")
    gate = passed(warehouse)

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt(step)

    with monkeypatch.context() as patch:
        patch.setattr(release_module, step, die)
        with pytest.raises(KeyboardInterrupt):
            publish_release(warehouse, releases, gate, created_at=SECOND)
    assert pointed_at(releases) == first.release_id
    assert not list(releases.glob(".*"))
    recovered = publish_release(warehouse, releases, gate, created_at=SECOND)
    assert recovered.is_new
    assert pointed_at(releases) == recovered.release_id
    assert recovered.manifest["tables"][0]["rows"] == 4


def test_what_a_killed_run_left_is_removed(warehouse: Path, tmp_path: Path) -> None:
    leftover = tmp_path / "releases" / ".building-4711"
    leftover.mkdir(parents=True)
    (leftover / "marts.duckdb").write_bytes(b"half")
    publish(warehouse, tmp_path / "releases")
    assert not leftover.exists()


def test_the_readme_says_of_each_table_what_it_holds() -> None:
    declared = load_published(load_catalogue()).tables
    tables = [PublishedTable(each.schema_name, each.name, None, (), (), declared=each) for each in declared]
    page = list_tables(tables, {"marts.dim_agency": 3021})
    assert page.count("\n") == len(declared)
    assert page.startswith(f"| `marts.dim_agency` | 3,021 | {declared[0].english} | {declared[0].grain} |\n")
    assert all(f"| `{each.schema_name}.{each.name}` | view | {each.english} |" in page for each in declared[1:])


def test_readers_of_the_old_release_are_undisturbed(warehouse: Path, tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    first = publish(warehouse, releases)
    question = "SELECT count(*), sum(value) FROM marts.fct_applications"
    with duckdb.connect(str(first.marts), read_only=True) as reader:
        before = reader.execute(question).fetchone()
        for number in range(3):
            change(warehouse, f"INSERT INTO marts.fct_applications VALUES ('n{number}', 2022, 'granted_full', 5)")
            publish(warehouse, releases, SECOND)
            assert reader.execute(question).fetchone() == before
    with duckdb.connect(str(releases / "latest" / "marts.duckdb"), read_only=True) as reader:
        assert reader.execute(question).fetchone() == (6, 25)


READ_ON_AND_ON = """
import sys, duckdb
from pathlib import Path
latest, stop = Path(sys.argv[1]), Path(sys.argv[2])
question = "SELECT count(*), sum(value) FROM marts.fct_applications"
held = duckdb.connect(str(latest / "marts.duckdb"), read_only=True)
first = held.execute(question).fetchone()
seen = set()
while True:
    stopping = stop.exists()
    assert held.execute(question).fetchone() == first, "the release held open has changed"
    with duckdb.connect(str(latest / "marts.duckdb"), read_only=True) as opened:
        answer = opened.execute(question).fetchone()
    parquet = f"SELECT count(*) FROM '{latest}/parquet/marts/fct_applications.parquet'"
    assert duckdb.sql(parquet).fetchone()[0] >= answer[0], "a reader went back in time"
    if answer not in seen:
        seen.add(answer)
        print(*answer, flush=True)
    if stopping:
        break
"""


def test_a_process_that_reads_on_and_on_never_errs_while_releases_appear(warehouse: Path, tmp_path: Path) -> None:
    """It holds the first release open, and opens `latest` again and again: each answer is that of a whole release."""
    releases, stop = tmp_path / "releases", tmp_path / "stop"
    publish(warehouse, releases)
    expected = ["3 10.000000"]
    command = [sys.executable, "-c", READ_ON_AND_ON, str(releases / "latest"), str(stop)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None and reader.stderr is not None
        seen = [reader.stdout.readline().strip()]  # it reads before the first new release appears
        for number in range(1, 5):
            change(warehouse, f"INSERT INTO marts.fct_applications VALUES ('n{number}', 2022, 'granted_full', 5)")
            publish(warehouse, releases, SECOND + timedelta(days=number))
            expected.append(f"{3 + number} {10 + 5 * number}.000000")
        stop.touch()
        seen += reader.stdout.read().split("\n")
        problems = reader.stderr.read()
    assert (reader.returncode, problems) == (0, "")
    seen = [line for line in seen if line]
    assert seen == [line for line in expected if line in seen], "only whole releases, in their order"
    assert (seen[0], seen[-1]) == (expected[0], expected[-1])


def test_parquet_and_csv_are_the_same_bytes_whatever_the_order_in_the_warehouse(
    warehouse: Path, tmp_path: Path
) -> None:
    hashes: Callable[[Release], list[str]] = lambda release: [  # noqa: E731
        file["sha256"] for table in release.manifest["tables"] for file in (*table["parquet"], table["csv"])
    ]
    first = publish(warehouse, tmp_path / "one")
    change(warehouse, "CREATE OR REPLACE TABLE quality.findings AS SELECT * FROM quality.findings ORDER BY code DESC")
    assert hashes(publish(warehouse, tmp_path / "two")) == hashes(first)
