"""The definitions as the Dagster UI shows them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.dependency import NodeHandle

from orchestration.definitions import defs
from orchestration.jobs import RANGE_END, RANGE_START
from orchestration.partitions import year_keys

STAGES = {"archive", "extract", "parse", "catalogue", "staging", "intermediate", "marts", "quality", "publish"}


def test_every_asset_has_a_group_a_description_and_kinds() -> None:
    specs = list(defs.resolve_all_asset_specs())
    assert {spec.group_name for spec in specs} == STAGES
    assert [spec.key for spec in specs if not spec.description or not spec.kinds] == []


def test_the_journey_is_one_graph_from_inbox_to_release() -> None:
    graph = defs.resolve_asset_graph()
    upstream, pending = set(), [dg.AssetKey("release")]
    while pending:
        key = pending.pop()
        upstream.add(key)
        pending += [parent for parent in graph.get(key).parent_keys if parent not in upstream]
    assert {dg.AssetKey(name) for name in ("filings", "documents", "reports")} <= upstream
    assert dg.AssetKey(["marts", "fct_applications"]) in upstream


def test_every_published_table_is_gated_by_a_blocking_check() -> None:
    graph = defs.resolve_asset_graph()
    gated = {key.asset_key for key in graph.asset_check_keys if key.name == "gate" and graph.get(key).blocking}
    published = {spec.key for spec in defs.resolve_all_asset_specs() if spec.group_name in ("marts", "quality")}
    assert gated == published
    assert len(gated) >= 15


def test_reports_are_partitioned_by_year_and_backfilled_in_one_run() -> None:
    reports = defs.resolve_asset_graph().get(dg.AssetKey("reports"))
    assert reports.partitions_def is not None
    keys = reports.partitions_def.get_partition_keys()
    assert keys == year_keys()
    assert reports.backfill_policy == dg.BackfillPolicy.single_run()


def test_every_run_is_told_of_whether_a_job_or_put_together_by_click() -> None:
    by_click = defs.resolve_implicit_global_asset_job_def()
    for node in ("release", "dbt_models", "validate", "reports"):
        hooks = by_click.get_all_hooks_for_handle(NodeHandle(node, None))
        assert {hook.name for hook in hooks} == {"tell_success", "tell_failure"}, node


def test_one_writer_at_a_time() -> None:
    models = next(
        asset for asset in defs.assets or [] if isinstance(asset, dg.AssetsDefinition) and len(asset.keys) > 5
    )
    assert models.op.pool == "duckdb_writer"


@pytest.mark.parametrize(
    ("now", "year"), [(datetime(2027, 1, 31, 22, tzinfo=UTC), "2026"), (datetime(2027, 3, 31, 22, tzinfo=UTC), "2026")]
)
def test_the_schedule_asks_for_the_year_just_ended(now: datetime, year: str) -> None:
    schedule = next(each for each in defs.schedules or [] if each.name == "after_the_deadlines")
    assert isinstance(schedule, dg.ScheduleDefinition)
    assert schedule.cron_schedule == ["0 6 1 2 *", "0 6 1 4 *"]
    assert schedule.execution_timezone == "Asia/Shanghai"
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_schedule_context(instance=instance, scheduled_execution_time=now)
        (request,) = schedule.evaluate_tick(context).run_requests or []
    assert (request.tags[RANGE_START], request.tags[RANGE_END]) == (year, year)


def test_the_workspace_loads(project_root: Path, tmp_path: Path) -> None:
    command = [str(Path(sys.executable).parent / "dagster"), "definitions", "validate", "-w", "workspace.yaml"]
    environment = os.environ | {"DAGSTER_HOME": str(tmp_path), "DO_NOT_TRACK": "1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, cwd=project_root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "gouji" in done.stdout + done.stderr
