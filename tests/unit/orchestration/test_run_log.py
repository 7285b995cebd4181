"""How the end of a run is told, and what is tried again."""

import errno
import json
import sqlite3
from pathlib import Path

import dagster as dg
import pytest

from orchestration.engines import EngineError
from orchestration.resources import Home
from orchestration.retries import MAX_RETRIES, is_transient, retrying_transient
from orchestration.run_log import WHAT_FOR, tell_failure, tell_success


@pytest.mark.parametrize(
    ("error", "transient"),
    [
        (sqlite3.OperationalError("database is locked"), True),
        (sqlite3.OperationalError("no such table: receipts"), False),
        (OSError(errno.ESTALE, "stale file handle"), True),
        (OSError(errno.ENOSPC, "no space left on device"), False),
        (ConnectionResetError("reset"), True),
        (EngineError("no scheduler answers"), True),
        (ValueError("a figure that is none"), False),
    ],
)
def test_what_passes_by_itself_is_tried_again(error: Exception, transient: bool) -> None:
    assert is_transient(error) is transient


def run_job(home: Path, *failures: Exception) -> tuple[dg.ExecuteInProcessResult, int]:
    """A job whose only step fails with each of these in turn, and how often it was tried."""
    tries = 0

    @dg.op(name="release")
    def release(context: dg.OpExecutionContext) -> None:
        nonlocal tries
        tries += 1
        with retrying_transient(context):  # type: ignore[arg-type]
            if tries <= len(failures):
                raise failures[tries - 1]

    @dg.job(hooks={tell_success, tell_failure})
    def whole() -> None:
        release()

    result = whole.execute_in_process(
        resources={"home": Home(folder=str(home))}, tags={WHAT_FOR: "a test"}, raise_on_error=False
    )
    return result, tries


def lines_of(home: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (home / "logs" / "runs.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.retries.FIRST_WAIT_SECONDS", 0.0)


def test_a_run_that_ends_well_says_so(tmp_path: Path) -> None:
    result, tries = run_job(tmp_path, ConnectionResetError("reset"))
    assert (result.success, tries) == (True, 2)
    (line,) = lines_of(tmp_path)
    assert (line["outcome"], line["for"], line["job"]) == ("published", "a test", "whole")


def test_a_verdict_is_not_tried_again_and_the_failure_is_told(tmp_path: Path) -> None:
    result, tries = run_job(tmp_path, ValueError("a figure that is none"), ValueError("again"))
    assert (result.success, tries) == (False, 1)
    (line,) = lines_of(tmp_path)
    assert (line["outcome"], line["step"], line["error"]) == ("failed", "release", "ValueError: a figure that is none")


def test_tries_come_to_an_end(tmp_path: Path) -> None:
    result, tries = run_job(tmp_path, *(ConnectionResetError("reset") for _ in range(10)))
    assert (result.success, tries) == (False, MAX_RETRIES + 1)


def test_a_program_of_the_operator_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "notify"
    program.write_text(f"#!/bin/sh\ncat >> {tmp_path}/told\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("GOUJI_NOTIFY", str(program))
    run_job(tmp_path)
    assert json.loads((tmp_path / "told").read_text(encoding="utf-8"))["outcome"] == "published"


def test_a_program_that_is_not_there_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOUJI_NOTIFY", str(tmp_path / "nowhere"))
    assert run_job(tmp_path)[0].success
