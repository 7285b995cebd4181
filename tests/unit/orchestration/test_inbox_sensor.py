"""When the inbox sensor asks for a run, and when it waits."""

from __future__ import annotations

import os
from pathlib import Path

import dagster as dg
import pytest

from orchestration.jobs import RANGE_END, RANGE_START, whole_run
from orchestration.partitions import last_report_year
from orchestration.resources import Home
from orchestration.sensors import inbox_sensor, read_inbox_state

LONG_AGO = 1_600_000_000


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def drop(inbox: Path, name: str, text: str = "x", modified: int = LONG_AGO) -> None:
    path = inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (modified, modified))


def evaluate(inbox: Path, cursor: str | None, instance: dg.DagsterInstance) -> dg.SensorResult | dg.SkipReason:
    context = dg.build_sensor_context(
        instance=instance, cursor=cursor, resources={"home": Home(folder=str(inbox.parent), inbox_folder=str(inbox))}
    )
    answer = inbox_sensor(context)
    assert isinstance(answer, dg.SensorResult | dg.SkipReason)
    return answer


def test_new_files_become_one_request_for_everything(inbox: Path) -> None:
    drop(inbox, "2020/a.txt")
    drop(inbox, "2021/b.txt")
    with dg.DagsterInstance.ephemeral() as instance:
        answer = evaluate(inbox, None, instance)
        assert isinstance(answer, dg.SensorResult)
        (request,) = answer.run_requests or []
        assert request.tags[RANGE_START] == "2008"
        assert request.tags[RANGE_END] == str(last_report_year())
        again = evaluate(inbox, answer.cursor, instance)
        assert isinstance(again, dg.SkipReason)
        assert "nothing new among 2 files" in str(again.skip_message)


def test_a_changed_file_asks_again_under_another_run_key(inbox: Path) -> None:
    drop(inbox, "a.txt")
    with dg.DagsterInstance.ephemeral() as instance:
        first = evaluate(inbox, None, instance)
        assert isinstance(first, dg.SensorResult)
        drop(inbox, "a.txt", "other bytes")
        second = evaluate(inbox, first.cursor, instance)
    assert isinstance(second, dg.SensorResult)
    assert (first.run_requests or [])[0].run_key != (second.run_requests or [])[0].run_key


def test_it_waits_while_files_arrive_or_a_run_is_at_work(inbox: Path) -> None:
    drop(inbox, "a.txt", modified=4_000_000_000)
    with dg.DagsterInstance.ephemeral() as instance:
        arriving = evaluate(inbox, None, instance)
        assert isinstance(arriving, dg.SkipReason) and "arriving" in str(arriving.skip_message)
        drop(inbox, "a.txt")
        run = dg.DagsterRun(job_name=whole_run.name, run_id="7d5a0d2c-0000-4000-8000-000000000000")
        instance.add_run(run.with_status(dg.DagsterRunStatus.STARTED))
        busy = evaluate(inbox, None, instance)
        assert isinstance(busy, dg.SkipReason) and "at work" in str(busy.skip_message)


def test_an_empty_or_missing_inbox_is_told(inbox: Path) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        empty = evaluate(inbox, None, instance)
        inbox.rmdir()
        missing = evaluate(inbox, None, instance)
    assert isinstance(empty, dg.SkipReason) and "is empty" in str(empty.skip_message)
    assert isinstance(missing, dg.SkipReason) and "does not exist" in str(missing.skip_message)


def test_hidden_files_do_not_count(inbox: Path) -> None:
    drop(inbox, ".part")
    drop(inbox, ".cache/a.txt")
    assert read_inbox_state(inbox).files == 0
