"""PUBLISH: the validated marts as a new release folder, and `latest` moved onto it last."""

import json
from datetime import timedelta
from typing import Any

import dagster as dg

from disclosure.publish.change_report import PAGE, describe_changes
from disclosure.publish.release import Release, ReleaseRefused, publish_release, published_as
from orchestration.checks.gate import asset_key_of, gated_tables
from orchestration.locks import hold_home
from orchestration.partitions import TIMEZONE
from orchestration.preview import describe_relations, preview
from orchestration.progress import Tracker
from orchestration.resources import Home
from orchestration.retries import retrying_transient
from orchestration.validation import last_validation

# by noon of the day after the schedule's run: what was published up to a deadline of the Regulation is in the release
AFTER_EACH_DEADLINE = dg.FreshnessPolicy.cron("0 12 2 2,4 *", lower_bound_delta=timedelta(hours=36), timezone=TIMEZONE)
PREVIEWED = ("marts", "agency_year")


@dg.asset(
    deps=[asset_key_of(table) for table in gated_tables()],
    group_name="publish",
    kinds={"duckdb", "parquet"},
    freshness_policy=AFTER_EACH_DEADLINE,
)
def release(context: dg.AssetExecutionContext, home: Home) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """What analysts read: marts.duckdb, Parquet and CSV files with their description, and what changed since the release
    before, in a folder of their own that never changes."""
    tracker = Tracker(context, "publish", None)
    with retrying_transient(context), hold_home(home.path, wait=True):
        try:
            published = publish_candidate(home)
        except ReleaseRefused as refused:
            raise dg.Failure(f"refused: {refused}; the last release stands", allow_retries=False) from refused
    tracker.finish(f"{'release' if published.is_new else 'unchanged: release'} {published.release_id}")
    tables = [(f"{table['schema']}.{table['name']}", table["rows"]) for table in published.manifest["tables"]]
    described = describe_relations(home.warehouse, {"wide": PREVIEWED})
    changes = published.manifest["changes"]
    lines = [(table, change, count) for table, kinds in changes["tables"].items() for change, count in kinds.items()]
    return dg.MaterializeResult(
        metadata={
            "release_id": published.release_id,
            "new": published.is_new,
            "dagster/row_count": sum(rows for _, rows in tables),
            "folder": dg.MetadataValue.path(published.path),
            "marts": dg.MetadataValue.path(published.marts),
            "tables": preview(("table", "rows"), tables, limit=len(tables)),
            "preview": described["wide"]["preview"],
            "changed": describe_changes(changes),
            "changes": preview(("table", "change", "rows or cells"), lines, limit=len(lines)),
            "causes": preview(("cause", "rows and cells"), list(changes["causes"].items())),
            "change_report": dg.MetadataValue.path(published.path / PAGE),
        }
    )


def publish_candidate(home: Home) -> Release:
    """Publish the warehouse as the gate last saw it. Raises ReleaseRefused."""
    from catalogue.load import load_catalogue
    from catalogue.published import load_published
    from disclosure.parse import PARSER_VERSION

    gate = read_gate(home)
    if gate.get("passed") is True and last_validation(home) is not None:
        published = published_as(home.releases, gate["fingerprint"])
        if published is not None:
            return published  # nobody has written to the warehouse since the gate saw it: no need to look at every row
    catalogue = load_catalogue()
    return publish_release(
        home.warehouse,
        home.releases,
        gate,
        declared=load_published(catalogue).tables,
        versions={"parser": PARSER_VERSION, "catalogue": catalogue.version},
    )


def read_gate(home: Home) -> dict[str, Any]:
    """The stored verdict of the last validation; an empty one, which passes nothing, when there is none."""
    try:
        verdict = json.loads((home.validation / "latest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return verdict if isinstance(verdict, dict) else {}
