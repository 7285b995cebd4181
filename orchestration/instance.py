"""The Dagster instance of a home: HOME/dagster, with telemetry off and one run at a time.

Runs and asset events live there, so `gouji run` and the UI show one history.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.instance.ref import InstanceRef
from dagster._core.instance.runs.run_domain import RunDomain
from dagster._core.storage.dagster_run import NOT_FINISHED_STATUSES, DagsterRun

SETTINGS = """\
instance_class:
  module: orchestration.instance
  class: HomeInstance
nux:
  enabled: false
telemetry:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
  pools:
    granularity: op
    default_limit: 1
run_monitoring:
  enabled: true
  free_slots_after_run_end_seconds: 60
"""
STARTED_BY = "gouji/started_by"


class YearsOfPartitioned(RunDomain):
    """Creates runs whose years are told by their tags alone. A run that also holds them as a subset is taken by Dagster for one in
    which every asset has years: it would plan each table of the warehouse once for every year, thousands of events."""

    def construct_run_with_snapshots(self, *args: Any, **told: Any) -> DagsterRun:
        return super().construct_run_with_snapshots(*args, **told)._replace(partitions_subset=None)


class HomeInstance(dg.DagsterInstance):
    """The instance of a home."""

    @cached_property
    def run_domain(self) -> RunDomain:
        return YearsOfPartitioned(self)

    @classmethod
    def config_schema(cls) -> dict[str, Any]:
        """No settings of its own; Dagster asks every class it is told of."""
        return {}

    @classmethod
    def config_defaults(cls, base_dir: str) -> Mapping[str, Any]:
        return InstanceRef.config_defaults(base_dir)


def prepare_instance(home: Path) -> Path:
    """Write the instance's settings where they are missing or old; returns its folder (DAGSTER_HOME)."""
    folder = home.resolve() / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "dagster.yaml"
    if not settings.exists() or settings.read_text(encoding="utf-8") != SETTINGS:
        temporary = folder / f".dagster.yaml.{os.getpid()}"
        temporary.write_text(SETTINGS, encoding="utf-8")
        temporary.replace(settings)
    return folder


def close_dead_runs(instance: dg.DagsterInstance) -> int:
    """Mark runs of a killed `gouji run` as failed and free what they held. The caller holds the home's lock, so none
    of them can be alive."""
    dead = instance.get_runs(dg.RunsFilter(tags={STARTED_BY: "gouji run"}, statuses=list(NOT_FINISHED_STATUSES)))
    for run in dead:
        instance.report_run_failed(run, "the process that ran it ended before the run did")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return len(dead)
