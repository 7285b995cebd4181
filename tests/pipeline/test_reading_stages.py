"""The stages that read filings, from inbox to staging: killed and started again, year by year, one partition at a time."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest
from pipeline_run import staged_bytes

from orchestration.assets.archive import filings
from orchestration.assets.extract import documents
from orchestration.assets.parse import reports
from orchestration.jobs import all_partitions, year_range
from orchestration.plan import plan_run
from orchestration.resources import Cluster, Home, Workers

READING = [filings, documents, reports]

READ_IN_A_PROCESS = """
import os, sys
import dagster as dg
from orchestration.assets.archive import filings
from orchestration.assets.extract import documents
from orchestration.assets.parse import reports
from orchestration.jobs import all_partitions
from orchestration.resources import Cluster, Home, Workers
home, inbox = sys.argv[1:]
resources = {"home": Home(folder=home, inbox_folder=inbox), "workers": Workers(processes=1), "cluster": Cluster()}
dg.materialize([filings, documents, reports], resources=resources, tags=all_partitions())
"""


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


def read(
    inbox: Path, home: Path, instance: dg.DagsterInstance, tags: dict[str, str], assets: list[dg.AssetsDefinition]
) -> dg.ExecuteInProcessResult:
    resources = {
        "home": Home(folder=str(home), inbox_folder=str(inbox)),
        "workers": Workers(processes=1),
        "cluster": Cluster(),
    }
    selection = [key for asset in assets for key in asset.keys]
    return dg.materialize(READING, resources=resources, tags=tags, instance=instance, selection=selection)


def partitions_of(home: Path) -> set[str]:
    import pyarrow.parquet as pq

    files = (home / "staging" / "reports").glob("*.parquet")
    return {path.stem for path in files if pq.read_metadata(path).num_rows}


def test_a_killed_run_started_again_ends_the_same(samples: Path, tmp_path: Path, instance: dg.DagsterInstance) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    read(samples, whole, instance, all_partitions(), READING)

    environment = os.environ | {"DAGSTER_HOME": "", "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-c", READ_IN_A_PROCESS, str(killed), str(samples)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while not list((killed / "documents").glob("*/*.zst")) and process.poll() is None:
            time.sleep(0.01)
        process.kill()
    assert not list((killed / "staging").glob("reports/2020.parquet")), "it was to be killed before it staged"
    read(samples, killed, instance, all_partitions(), READING)
    assert staged_bytes(killed) == staged_bytes(whole)


def test_only_the_years_asked_for_are_read_and_the_undated(
    samples: Path, tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    shutil.copytree(samples, inbox)
    (inbox / "empty.txt").touch()
    read(inbox, home, instance, year_range(2019, 2021), READING)
    assert partitions_of(home) == {"2020", "undated"}
    read(inbox, home, instance, all_partitions(), READING)
    assert partitions_of(home) == {"2017", "2020", "2023", "undated"}


def test_a_filing_lost_between_archive_and_stage_stops_the_run(
    samples: Path, tmp_path: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.assets.parse.Reading.carry_out", lambda *_: None)
    with pytest.raises(RuntimeError, match=r"filings of 20\d\d were parsed and do not stand in"):
        read(samples, tmp_path, instance, all_partitions(), READING)


def test_one_partition_by_click(samples: Path, tmp_path: Path, instance: dg.DagsterInstance) -> None:
    read(samples, tmp_path, instance, {}, [filings, documents])
    read(samples, tmp_path, instance, {"dagster/partition": "2023"}, [reports])
    assert partitions_of(tmp_path) == {"2023"}
    assert instance.get_materialized_partitions(reports.key) == {"2023"}


def test_without_a_partition_everything_is_read(samples: Path, tmp_path: Path, instance: dg.DagsterInstance) -> None:
    read(samples, tmp_path, instance, {}, READING)
    assert partitions_of(tmp_path) == {"2017", "2020", "2023"}


def test_what_the_inbox_asserts_anew_is_read_anew(samples: Path, tmp_path: Path, instance: dg.DagsterInstance) -> None:
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    shutil.copytree(samples, inbox)
    read(inbox, home, instance, all_partitions(), READING)
    name = next(inbox.glob("*.html")).name
    (inbox / "sources.csv").write_text(f"path,url\n{name},https://example.org/report\n", encoding="utf-8")
    unchanged = read(inbox, home, instance, all_partitions(), READING)
    assert parsed_by(unchanged) == 0, "a URL changes nothing that is read"
    (inbox / "sources.csv").write_text(f"path,year,url\n{name},2020,https://example.org/report\n", encoding="utf-8")
    assert parsed_by(read(inbox, home, instance, all_partitions(), READING)) == 1
    assert parsed_by(read(inbox, home, instance, all_partitions(), READING)) == 0


def parsed_by(result: dg.ExecuteInProcessResult) -> int:
    """How many filings the run parsed: partitions report their own share beside the whole, in no fixed order."""
    counts = [event.metadata["parsed"].value for event in result.asset_materializations_for_node("reports")]
    return max(count for count in counts if isinstance(count, int))


def test_another_parser_version_reads_everything_again(
    samples: Path, tmp_path: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    shutil.copytree(samples, inbox)
    assert parsed_by(read(inbox, home, instance, all_partitions(), READING)) == 5
    assert plan_run(home, inbox).reads_nothing
    for module in ("disclosure.parse", "orchestration.assets.extract", "orchestration.plan"):
        monkeypatch.setattr(f"{module}.PARSER_VERSION", "another")
    planned = plan_run(home, inbox)
    assert (planned.parse.total(), planned.extract.total(), planned.arrivals) == (5, 0, 0)
    assert {reason for _, reason in planned.parse} == {"another version of the parser"}
    assert parsed_by(read(inbox, home, instance, all_partitions(), READING)) == 5
    assert parsed_by(read(inbox, home, instance, all_partitions(), READING)) == 0
    first, second = sorted((home / "logs" / "readings").glob("*-parse.jsonl"))
    lines = [json.loads(line) for line in second.read_text(encoding="utf-8").splitlines()]
    assert {line["reason"] for line in lines} == {"another version of the parser"}
    assert {line["report_id"] for line in lines} == {
        json.loads(line)["report_id"] for line in first.read_text(encoding="utf-8").splitlines()
    }


def test_cells_that_another_reading_changes_are_counted_and_listed(
    samples: Path, tmp_path: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    from disclosure.parse import parse_report

    read(samples, tmp_path, instance, all_partitions(), READING)

    def read_one_cell_otherwise(document, *others):  # type: ignore[no-untyped-def]
        report = parse_report(document, *others)
        if document.reader == "docx" and report.cells:
            report = replace(report, cells=(report.cells[0]._replace(printed="otherwise"), *report.cells[1:]))
        return report

    for module in ("disclosure.parse", "orchestration.assets.extract", "orchestration.plan"):
        monkeypatch.setattr(f"{module}.PARSER_VERSION", "another")
    monkeypatch.setattr("orchestration.shards.parse_report", read_one_cell_otherwise)
    read(samples, tmp_path, instance, all_partitions(), READING)
    (listed,) = (tmp_path / "logs" / "changed_cells").glob("*.csv")
    header, line = listed.read_text(encoding="utf-8").splitlines()
    assert "otherwise" in line and "printed_after" in header
    assert not list(tmp_path.glob("staging/cells/.*.before"))


def test_two_runs_at_once_both_finish_as_one(samples: Path, tmp_path: Path, instance: dg.DagsterInstance) -> None:
    alone, shared = tmp_path / "alone", tmp_path / "shared"
    read(samples, alone, instance, all_partitions(), READING)
    environment = os.environ | {"DAGSTER_HOME": "", "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-c", READ_IN_A_PROCESS, str(shared), str(samples)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    both = [subprocess.Popen(command, env=environment, **quiet) for _ in range(2)]  # type: ignore[call-overload]
    assert [process.wait() for process in both] == [0, 0]
    assert staged_bytes(shared) == staged_bytes(alone)


def test_a_parser_that_fails_on_one_filing_stops_no_other(
    samples: Path, tmp_path: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow.parquet as pq

    from disclosure.parse import parse_report

    def fail_on_word(document, *others):  # type: ignore[no-untyped-def]
        if document.reader == "docx" and document.blocks:
            raise ValueError("a case nobody thought of")
        return parse_report(document, *others)

    monkeypatch.setattr("orchestration.shards.parse_report", fail_on_word)
    result = read(samples, tmp_path, instance, all_partitions(), READING)
    assert parsed_by(result) == 5
    findings = pq.read_table(tmp_path / "staging" / "findings").to_pylist()
    assert ["a case nobody thought of" in row["message"] for row in findings if row["code"] == "reader_failed"] == [
        True
    ]
    statuses = pq.read_table(tmp_path / "staging" / "reports").column("status").to_pylist()
    assert sorted(statuses) == ["read"] * 4 + ["unreadable"]
