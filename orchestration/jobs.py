"""The jobs of the pipeline. Each runs in one process, which starts those that read files."""

from __future__ import annotations

import dagster as dg

from orchestration.assets.archive import fetched_filings
from orchestration.checks.gate import validate
from orchestration.partitions import year_keys
from orchestration.run_log import tell_failure, tell_success

RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"

HOOKS = frozenset({tell_success, tell_failure})

whole_run = dg.define_asset_job(
    "whole_run",
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets(fetched_filings),
    hooks=HOOKS,
    description="Receive the inbox, read what is new, model, validate and publish.",
    executor_def=dg.in_process_executor,
)

fetch_and_run = dg.define_asset_job(
    "fetch_and_run",
    selection=dg.AssetSelection.all(),
    hooks=HOOKS,
    description="Fetch what the source lists name and is due, then do a whole run.",
    executor_def=dg.in_process_executor,
)

validate_and_publish = dg.define_asset_job(
    "validate_and_publish",
    selection=dg.AssetSelection.assets("release") | dg.AssetSelection.checks(validate),
    hooks=HOOKS,
    description="Validate the warehouse as it stands, and publish it if the gate passes.",
    executor_def=dg.in_process_executor,
)


def all_partitions() -> dict[str, str]:
    """Run tags that make one run cover every report year; the undated filings come with every run."""
    keys = year_keys()
    return {RANGE_START: keys[0], RANGE_END: keys[-1]}


def year_range(first: int, last: int) -> dict[str, str]:
    """Run tags that make one run cover the report years from `first` to `last`."""
    return {RANGE_START: str(first), RANGE_END: str(last)}
