"""The one place that assembles the pipeline: assets by stage, checks, jobs, schedules, sensors and resources.

Nothing is computed while this module loads, except that a missing or stale dbt manifest is parsed.
"""

from __future__ import annotations

import warnings

import dagster as dg

warnings.filterwarnings("ignore", category=dg.BetaWarning)  # backfill policies, in use since their first release

from orchestration.assets.archive import fetched_filings, filings  # noqa: E402
from orchestration.assets.extract import documents  # noqa: E402
from orchestration.assets.model import dbt_models  # noqa: E402
from orchestration.assets.parse import reports  # noqa: E402
from orchestration.assets.publish import release  # noqa: E402
from orchestration.checks.archive import dispositions_add_up, objects_are_intact  # noqa: E402
from orchestration.checks.filers import expected_filers_are_in  # noqa: E402
from orchestration.checks.gate import validate  # noqa: E402
from orchestration.jobs import HOOKS, fetch_and_run, validate_and_publish, whole_run  # noqa: E402
from orchestration.resources import Cluster, Home, Web, Workers, find_dbt  # noqa: E402
from orchestration.schedules import after_the_deadlines, in_season  # noqa: E402
from orchestration.sensors import inbox_sensor, source_list_sensor  # noqa: E402

defs = dg.Definitions(
    # on the assets themselves, so that a run put together by click is told of like a job
    assets=[asset.with_hooks(HOOKS) for asset in (filings, fetched_filings, documents, reports, dbt_models, release)],
    asset_checks=[objects_are_intact, dispositions_add_up, expected_filers_are_in, validate.with_hooks(HOOKS)],
    jobs=[whole_run, fetch_and_run, validate_and_publish],
    schedules=[after_the_deadlines, in_season],
    sensors=[inbox_sensor, source_list_sensor],
    resources={"home": Home(), "workers": Workers(), "cluster": Cluster(), "web": Web(), "dbt": find_dbt()},
    executor=dg.in_process_executor,
)
