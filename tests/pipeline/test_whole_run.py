"""The whole journey over the samples: what is published, what a second run does, what the gate refuses.

The tests share one home and follow each other in the order of the file.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from killed_run import kill_at, published_files, start_run
from pipeline_run import MOMENT, FirstRun, run_in_process

from orchestration.partitions import year_keys
from orchestration.state import read_state, stat_warehouse, write_state

BAD_FILES = {
    "truncated.pdf": {"truncated", "damaged"},
    "empty.txt": {"empty_file"},
    "archive.pdf": {"unsupported_type", "container_unpacked", "not_a_report"},
    "huge.txt": {"too_large"},
    "unknown_encoding.txt": {"unknown_encoding"},
}


def ask(database: Path, query: str) -> list[tuple]:  # type: ignore[type-arg]
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def latest(home: Path) -> Path:
    return (home / "releases" / "latest").resolve()


def snapshot(*folders: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file: anything written again shows."""
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in files}


def test_the_first_run_publishes(first_run: FirstRun) -> None:
    assert first_run.exit_code == 0, first_run.output
    manifest = json.loads((latest(first_run.home) / "manifest.json").read_text(encoding="utf-8"))
    rows = {f"{table['schema']}.{table['name']}": table["rows"] for table in manifest["tables"]}
    assert rows["marts.dim_report"] == 5
    assert rows["marts.agency_year"] == 5
    for table, count in rows.items():
        assert ask(latest(first_run.home) / "marts.duckdb", f"select count(*) from {table}") == [(count,)]


def test_every_file_received_is_accounted_for(first_run: FirstRun) -> None:
    dispositions = dict(
        ask(latest(first_run.home) / "marts.duckdb", "select disposition, count(*) from quality.coverage group by all")
    )
    received = sum(dispositions.values())
    assert (dispositions["published"], dispositions["withheld_in_part"]) == (4, 1)
    assert received >= 10, "what is packed in another file counts too"
    assert re.search(rf"received 收到\s*│\s*{received} ", first_run.output)
    assert re.search(rf"sum 合计\s*│\s*{received} ✓", first_run.output)


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_kept_out_with_its_reason(name: str, first_run: FirstRun) -> None:
    marts = latest(first_run.home) / "marts.duckdb"
    ((disposition, reason, report_id),) = ask(
        marts, f"select disposition, reason, report_id from quality.coverage where file_name = '{name}'"
    )
    assert disposition in ("quarantined", "not_a_report")
    assert reason in BAD_FILES[name]
    findings = ask(marts, f"select code, message from quality.findings where report_id = '{report_id}'")
    assert BAD_FILES[name] & {code for code, _ in findings}
    assert all(message for _, message in findings)


def test_files_of_a_container_are_filings_with_their_origin(first_run: FirstRun) -> None:
    found = ask(
        latest(first_run.home) / "marts.duckdb",
        "select file_name, disposition, reason from quality.coverage where source like '%archive.pdf%' order by source",
    )
    assert found == [
        ("archive.pdf", "not_a_report", "container_unpacked"),
        ("readme.txt", "not_a_report", "not_a_report"),
    ]


def test_a_run_reaches_for_nothing_outside_this_machine(first_run: FirstRun) -> None:
    assert first_run.exit_code == 0
    assert not first_run.connections.exists(), first_run.connections.read_text()


def test_every_asset_tells_its_rows_and_shows_some(first_run: FirstRun) -> None:
    from orchestration.assets.archive import fetched_filings
    from orchestration.definitions import defs

    silent = []
    with dg.DagsterInstance.from_config(str(first_run.home / "dagster")) as instance:
        for spec in defs.resolve_all_asset_specs():
            if spec.key == fetched_filings.key:  # only with --fetch
                continue
            event = instance.get_latest_materialization_event(spec.key)
            assert event is not None and event.asset_materialization is not None, spec.key
            metadata = event.asset_materialization.metadata
            counted = {"dagster/row_count", "dagster/partition_row_count"} & metadata.keys()
            if not counted or "preview" not in metadata:
                silent.append(spec.key.to_user_string())
    assert silent == []


def test_the_reports_are_recorded_under_their_years(first_run: FirstRun) -> None:
    with dg.DagsterInstance.from_config(str(first_run.home / "dagster")) as instance:
        partitions = instance.get_materialized_partitions(dg.AssetKey("reports"))
    staged = {path.stem for path in (first_run.home / "staging" / "reports").glob("*.parquet")}
    assert {"2017", "2020", "2023", "undated"} == staged
    assert staged - {"undated"} < partitions


def test_only_what_has_years_is_planned_for_each_of_them(first_run: FirstRun) -> None:
    with dg.DagsterInstance.from_config(str(first_run.home / "dagster")) as instance:
        (run,) = instance.get_runs(limit=1)
        planned = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED)
    events = [entry.dagster_event for entry in planned if entry.dagster_event]
    by_year = {(event.asset_key, event.partition) for event in events if event.partition}
    assert {key for key, _ in by_year} == {dg.AssetKey("reports")}
    assert len(by_year) == len(year_keys())
    assert len(events) == len({(event.asset_key, event.partition) for event in events}), "and nothing twice"


def test_a_second_run_changes_nothing_and_reads_nothing(first_run: FirstRun, monkeypatch: pytest.MonkeyPatch) -> None:
    home = first_run.home
    watched = [home / name for name in ("archive/objects", "documents", "releases", "validation", "warehouse")]
    watched += [path for path in (home / "staging").iterdir() if path.is_dir()]
    before, release = snapshot(*watched), latest(home)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("nothing has changed, and yet a file is read")

    monkeypatch.setattr("orchestration.assets.extract.extract_many", lambda items, workers: [refuse() for _ in items])
    monkeypatch.setattr("orchestration.shards.parse_report", refuse)
    exit_code, output = run_in_process(first_run.inbox, home)
    assert exit_code == 0, output
    assert latest(home) == release
    assert snapshot(*watched) == before
    assert output.count("unchanged: ") >= 5


def test_a_home_is_well_after_a_run_and_says_what_is_missing(first_run: FirstRun, tmp_path: Path) -> None:
    from orchestration.health import State, examine
    from orchestration.resources import Cluster, Home

    home = tmp_path / "home"
    shutil.copytree(first_run.home, home, symlinks=True)
    well = {remark.subject: remark.state for remark in examine(Home(folder=str(first_run.home)), Cluster(), deep=True)}
    well.pop("disk")
    assert set(well.values()) == {State.WELL}, well

    obj = next(path for path in (home / "archive" / "objects").glob("*/*"))
    obj.chmod(0o644)
    obj.write_bytes(b"x" * obj.stat().st_size)
    next((home / "documents").glob("*/*")).unlink()
    (home / "releases" / "latest").unlink()
    sick = {remark.subject: remark.state for remark in examine(Home(folder=str(home)), Cluster(), deep=True)}
    assert (sick["archive"], sick["documents"], sick["release"]) == (State.BROKEN, State.LOOK, State.LOOK)
    assert sick["plan"] is State.LOOK


def test_a_home_in_use_is_waited_for_or_refused_in_words(first_run: FirstRun) -> None:
    import subprocess
    import sys
    import threading

    hold = "import sys; from pathlib import Path; from orchestration.locks import hold_home\n"
    hold += "with hold_home(Path(sys.argv[1]), wait=False): print('held', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", hold, str(first_run.home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        exit_code, output = run_in_process(first_run.inbox, first_run.home, wait=False)
        threading.Timer(1.0, holder.stdin.close).start()  # type: ignore[union-attr]
        waited_exit_code, waited_output = run_in_process(first_run.inbox, first_run.home)
    assert exit_code == 2
    assert "is in use by process" in output
    assert waited_exit_code == 0
    assert "waiting for it to end" in waited_output


def test_a_broken_identity_in_the_candidate_stops_the_release(
    first_run: FirstRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One published cell of the warehouse is changed by hand: checks and release alone refuse it."""
    from orchestration.definitions import defs

    home, release = first_run.home, latest(first_run.home)
    report_id = break_a_cell(home)
    monkeypatch.setenv("GOUJI_HOME", str(home))
    with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        job = defs.resolve_job_def("validate_and_publish")
        result = job.execute_in_process(instance=instance, raise_on_error=False)
    refused = [item for item in result.get_asset_check_evaluations() if not item.passed]
    assert dg.AssetKey(["marts", "fct_applications"]) in {item.asset_key for item in refused}
    assert not [
        event for event in result.get_asset_materialization_events() if event.asset_key == dg.AssetKey("release")
    ]
    assert latest(home) == release
    verdict = json.loads((home / "validation" / "latest.json").read_text(encoding="utf-8"))
    assert verdict["passed"] is False
    assert any("T3-R03" in reason and report_id in reason for reason in verdict["reasons"])


def test_a_refused_run_says_which_rule_report_and_cells(first_run: FirstRun) -> None:
    """The broken warehouse is passed off as the one dbt built."""
    home, release = first_run.home, latest(first_run.home)
    report_id = last_broken_report(home)
    write_state(home, "model", read_state(home, "model") | {"warehouse": stat_warehouse(warehouse_of(home))})
    exit_code, output = run_in_process(first_run.inbox, home)
    assert exit_code == 1, output
    assert "T3-R03" in output
    assert report_id in output
    assert "granted_full/natural_person" in output
    assert latest(home) == release


def test_a_backfill_killed_twice_and_two_at_once_end_in_the_release_of_an_undisturbed_one(first_run: FirstRun) -> None:
    """A year has to be staged again and the broken warehouse to be built again. A backfill is killed while it parses, the next one
    while it publishes; then two over some of the years each are started at once. `kill_at` knows the other stages too."""
    home, years = first_run.home, ("--years", "2017..2020")
    undisturbed, kept = latest(home).name, home / "kept"
    (home / "releases").rename(kept)
    for staged in (home / "staging").glob("*/2020.parquet"):
        staged.unlink()
    write_state(home, "model", {})
    for stage in ("parse", "publish"):
        kill_at(stage, start_run(first_run.inbox, home, MOMENT, *years), home)
        assert not (home / "releases" / "latest").exists()
    assert list((home / "releases").glob(".building-*")), "it was to be killed before the release was whole"
    both = [start_run(first_run.inbox, home, MOMENT, *each) for each in (years, ("--years", "2020..2023"))]
    outputs = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    assert [output for output in outputs if "waiting for it to end" in output], "they were to meet"
    assert not [output for output in outputs if re.search(r"\block(?!ing)", output.lower())], outputs
    assert latest(home).name == undisturbed
    assert published_files(latest(home)) == published_files(kept / undisturbed)
    assert not list((home / "releases").glob(".building-*"))


def test_the_next_run_finds_nothing_to_do(first_run: FirstRun) -> None:
    home, release = first_run.home, latest(first_run.home)
    exit_code, output = run_in_process(first_run.inbox, home)
    assert exit_code == 0, output
    assert latest(home) == release, "equal content is the same release"
    assert output.count("unchanged: ") >= 5


def warehouse_of(home: Path) -> Path:
    return home / "warehouse" / "warehouse.duckdb"


def break_a_cell(home: Path) -> str:
    """Add one to a published cell that stands in a row identity; returns its report."""
    with duckdb.connect(str(warehouse_of(home))) as connection:
        ((report_id,),) = connection.execute(
            """select report_id from marts.fct_applications
            where row_code = 'granted_full' and value is not null
            group by report_id having count(*) = 7 order by report_id limit 1"""
        ).fetchall()
        connection.execute(
            """create temp table broken as
            select * replace (
                case
                    when report_id = ? and row_code = 'granted_full' and column_code = 'natural_person' then value + 1
                    else value
                end as value
            )
            from marts.fct_applications""",
            [report_id],
        )
        connection.execute("drop view marts.fct_applications; create table marts.fct_applications as from broken")
    return str(report_id)


def last_broken_report(home: Path) -> str:
    verdict = json.loads((home / "validation" / "latest.json").read_text(encoding="utf-8"))
    return next(
        row["report_id"]
        for check in verdict["checks"]
        if check["rule_id"] == "T3-R03" and check["state"] == "failed"
        for row in check["rows"]
    )
