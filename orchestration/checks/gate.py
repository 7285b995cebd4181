"""VALIDATE: the gate between the candidate marts and a release.

Great Expectations suites, built from the catalogue, run inside the candidate warehouse; the result of each published
table becomes a blocking asset check, so that a refused table stops the `release` asset. Rules are in `expectations`.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from expectations.results import CheckResult, ValidationRun
from orchestration.assets.model import MANIFEST_DATA
from orchestration.locks import hold_home
from orchestration.preview import preview
from orchestration.progress import Tracker
from orchestration.resources import Home

GATE = "gate"
GATED_SCHEMAS = ("marts", "quality")


def gated_tables() -> list[str]:
    """Every published table, as schema.table: the models of the marts and quality schemas."""
    nodes = (node for node in MANIFEST_DATA["nodes"].values() if node["resource_type"] == "model")
    return sorted(f"{node['schema']}.{node['alias']}" for node in nodes if node["schema"] in GATED_SCHEMAS)


def asset_key_of(table: str) -> dg.AssetKey:
    return dg.AssetKey(table.split("."))


@dg.multi_asset_check(
    name="validate",
    specs=[
        dg.AssetCheckSpec(
            GATE,
            asset=asset_key_of(table),
            blocking=True,
            additional_deps=[asset_key_of(other) for other in gated_tables() if other != table],
            description="The expectations of this table hold; a broken must-hold identity, a missing key or a check that could not run refuses the release.",
        )
        for table in gated_tables()
    ],
    compute_kind="greatexpectations",
    can_subset=True,  # a backfill in the UI builds in several runs what does not depend on report years
)
def validate(context: dg.AssetCheckExecutionContext, home: Home) -> Iterator[dg.AssetCheckResult]:
    """Validate the candidate warehouse once, and answer for each table of this run."""
    run = validate_candidate(context, home)
    selected = context.op_execution_context.selected_asset_check_keys
    for table in gated_tables():
        if dg.AssetCheckKey(asset_key_of(table), GATE) in selected:
            yield answer_for_table(table, [result for result in run.checks if result.table == table], run)


def validate_candidate(context: dg.AssetCheckExecutionContext, home: Home) -> ValidationRun:
    """The validation of the warehouse as it stands: the last one if nothing has been written since, else a new one."""
    from orchestration.validation import last_validation, validate_now

    tracker = Tracker(context, "validate", None)
    with hold_home(home.path, wait=True):
        last = last_validation(home)
        run = last or validate_now(home)
    counts = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in run.counts().items() if count)
    tracker.finish(f"{'unchanged: ' if last else ''}{counts}" + ("" if run.passed else "; REFUSED"))
    return run


def answer_for_table(table: str, results: list[CheckResult], run: ValidationRun) -> dg.AssetCheckResult:
    """Counts and the first failures of one table. A table nobody checked does not pass."""
    blocking = [result for result in results if result.blocks]
    failing = [result for result in results if result.blocks or result.state == "failed"]
    states = {state: sum(result.state == state for result in results) for state in run.counts()}
    metadata: dict[str, Any] = {
        **states,
        "checks": len(results),
        "run": run.run_id,
        "catalogue_version": run.catalogue_version,
        "first_failures": preview(FAILURE_COLUMNS, list(describe_failures(failing))),
        "report": dg.MetadataValue.path(f"{run.run_id}.json"),
    }
    if not run.passed and not blocking:
        metadata["refused_because"] = "; ".join(run.reasons)
    return dg.AssetCheckResult(
        asset_key=asset_key_of(table),
        check_name=GATE,
        passed=bool(results) and not blocking,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata=metadata,
    )


FAILURE_COLUMNS = ("rule", "state", "failing", "report", "agency", "year", "scope", "left", "right", "cells", "reason")


def describe_failures(results: list[CheckResult]) -> Iterator[tuple[object, ...]]:
    """One line per failing row, or one per check that shows no rows."""
    for result in sorted(results, key=lambda result: not result.blocks):
        head = (result.rule_id, result.state.value, result.unexpected)
        for row in result.rows:
            cells = " ".join(f"{cell.place}={cell.value}" for cell in row.cells) or " ".join(
                f"{k}={v}" for k, v in row.other
            )
            yield (
                *head,
                row.report_id,
                row.agency_name,
                row.report_year,
                row.scope,
                row.left,
                row.right,
                cells,
                result.reason,
            )
        if not result.rows:
            yield (*head, None, None, None, None, None, None, None, result.reason)
