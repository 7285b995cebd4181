"""What `gouji run` refuses before it touches anything, and how a killed run is closed."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from orchestration.instance import STARTED_BY, close_dead_runs, prepare_instance
from orchestration.run import COULD_NOT_RUN, check_order, run_pipeline


def test_paths_are_checked_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_pipeline(tmp_path / "nowhere", tmp_path / "home") == COULD_NOT_RUN
    assert "is not a folder" in capsys.readouterr().out
    assert run_pipeline(tmp_path, tmp_path / "home") == COULD_NOT_RUN
    assert "lies inside the inbox" in capsys.readouterr().out
    assert run_pipeline(tmp_path, tmp_path.parent / "home", years="2023..2019") == COULD_NOT_RUN
    assert "--years 2023..2019" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_a_hidden_home_may_lie_in_the_inbox(tmp_path: Path) -> None:
    assert check_order(tmp_path, tmp_path / ".home", None, None).home == tmp_path / ".home"


def test_a_killed_run_is_closed_and_gives_up_its_pool(tmp_path: Path) -> None:
    with dg.DagsterInstance.from_config(str(prepare_instance(tmp_path))) as instance:
        storage = instance.event_log_storage
        dead = dg.DagsterRun(job_name="whole_run", tags={STARTED_BY: "gouji run"}, status=dg.DagsterRunStatus.STARTED)
        from_the_ui = dg.DagsterRun(job_name="whole_run", status=dg.DagsterRunStatus.STARTED)
        for run in (dead, from_the_ui):
            instance.add_run(run)
        storage.set_concurrency_slots("duckdb_writer", 1)
        storage.claim_concurrency_slot("duckdb_writer", dead.run_id, "dbt_models")
        assert storage.get_concurrency_info("duckdb_writer").active_run_ids == {dead.run_id}

        assert close_dead_runs(instance) == 1
        closed, untouched = instance.get_run_by_id(dead.run_id), instance.get_run_by_id(from_the_ui.run_id)
        assert closed is not None and closed.status == dg.DagsterRunStatus.FAILURE
        assert untouched is not None and untouched.status == dg.DagsterRunStatus.STARTED
        assert storage.get_concurrency_info("duckdb_writer").active_run_ids == set()


def test_telemetry_is_off_in_every_instance(tmp_path: Path) -> None:
    with dg.DagsterInstance.from_config(str(prepare_instance(tmp_path))) as instance:
        assert instance.telemetry_enabled is False
