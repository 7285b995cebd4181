"""MODEL: dbt turns the staged Parquet files into the marts and quality tables of the warehouse.

The models, their tests and their columns are in `dbt_project`; here they become assets. dbt alone writes the warehouse.
"""

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets

from disclosure.stage.schema import WHOLE
from orchestration.dbt_manifest import current_manifest, project_files
from orchestration.locks import hold_home
from orchestration.preview import describe_identities, describe_relations
from orchestration.progress import Tracker
from orchestration.resources import Dbt, Home
from orchestration.retries import retrying_transient
from orchestration.state import fingerprint_files, hash_file, read_state, stat_warehouse, write_state

WAIT_SECONDS = 300.0
IDENTITY_LEDGER = "model.gouji.identity_ledger"
DESCRIBED = "described"  # state: rows and preview of every table of the last whole build

MANIFEST = current_manifest()
MANIFEST_DATA: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))


class StageTranslator(DagsterDbtTranslator):
    """Names dbt's tables as the rest of the pipeline does: key and group are the schema, sources are our assets."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey("documents" if dbt_resource_props["name"] in WHOLE else "reports")
        return super().get_asset_key(dbt_resource_props)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        if dbt_resource_props["resource_type"] == "source":
            return "extract" if dbt_resource_props["name"] in WHOLE else "parse"
        return str(dbt_resource_props["config"]["schema"])

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        described = dbt_resource_props.get("description") or ""
        kind = dbt_resource_props["resource_type"]
        return described or f"dbt {kind} `{dbt_resource_props['original_file_path']}`."


@dbt_assets(manifest=MANIFEST, dagster_dbt_translator=StageTranslator(), pool="duckdb_writer", name="dbt_models")
def dbt_models(context: dg.AssetExecutionContext, dbt: Dbt, home: Home) -> Iterator[Any]:
    """Build the selected models, or say that nothing they are made from has changed."""
    tracker = Tracker(context, "model", None)
    inputs = fingerprint_inputs(home)
    everything = not context.is_subset
    if everything and is_built_from(home, inputs):
        tracker.finish("unchanged: staging, catalogue and models are those of the last build")
        yield from report_unchanged(context, home)
        return
    with retrying_transient(context), hold_home(home.path, wait=True):
        write_state(home.path, "model", {})  # a build that is interrupted leaves no claim to be current
        yield from build_models(context, dbt, home, tracker)
        if everything:
            write_state(home.path, "model", {"inputs": inputs, "warehouse": stat_warehouse(home.warehouse)})
    tracker.finish("built")


def fingerprint_inputs(home: Home) -> str:
    """Changes with any staged file and any file of the dbt project, derived seeds included. The files that every run writes
    count by their content."""
    staged = home.staging.glob("*/*.parquet")
    whole = " ".join(hash_file(home.staging / f"{name}.parquet") for name in WHOLE)
    return f"{fingerprint_files([*staged, *project_files()])} {whole}"


def is_built_from(home: Home, inputs: str) -> bool:
    built = read_state(home.path, "model")
    return built.get("inputs") == inputs and built.get("warehouse") == stat_warehouse(home.warehouse)


def build_models(context: dg.AssetExecutionContext, dbt: Dbt, home: Home, tracker: Tracker) -> Iterator[Any]:
    """Run `dbt build` and pass its results on, each with the row count and a preview of its table."""
    home.warehouse.parent.mkdir(parents=True, exist_ok=True)
    wait_for_warehouse(home.warehouse, tracker)
    arguments = ["build", "--exclude-resource-type", "unit_test"]
    with dbt_environment(home):
        invocation = dbt.cli(arguments, context=context, target_path=home.warehouse.parent / "dbt")
    events: list[Any] = []
    try:
        for event in invocation.stream():
            events.append(event)
            tracker.advance()
    except Exception:
        yield from events  # what was built before the failure is reported as built
        raise
    described = describe_relations(home.warehouse, built_relations(events))
    if IDENTITY_LEDGER in described:
        described[IDENTITY_LEDGER] |= describe_identities(home.warehouse)
    if not context.is_subset:
        remember(home, described)
    for event in events:
        if isinstance(event, dg.Output):
            context.add_output_metadata(described.get(unique_id_of(event), {}), output_name=event.output_name)
        yield event


def wait_for_warehouse(warehouse: Path, tracker: Tracker) -> None:
    """Wait until no other process has the file open: the dbt of a killed run lives on until its model is built.

    Raises TimeoutError with what to do after WAIT_SECONDS."""
    import duckdb

    give_up_at = time.monotonic() + WAIT_SECONDS
    while warehouse.exists():
        try:
            duckdb.connect(str(warehouse)).close()
            return
        except duckdb.IOException as error:
            if time.monotonic() > give_up_at:
                raise TimeoutError(f"{warehouse} is open in another process; close it and run again. {error}") from None
            tracker.advance(done=0)
            time.sleep(1.0)


@contextmanager
def dbt_environment(home: Home) -> Iterator[None]:
    """The variables that profiles.yml and the sources read, for the time it takes to start dbt."""
    given = {"GOUJI_WAREHOUSE": str(home.warehouse), "GOUJI_STAGING": str(home.staging)}
    given["DBT_INDIRECT_SELECTION"] = "buildable"  # tests of tables neither built here nor before wait
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def built_relations(events: list[Any]) -> dict[str, tuple[str, str]]:
    """(schema, table) of every built node by its dbt id."""
    built = (unique_id_of(event) for event in events if isinstance(event, dg.Output))
    return {unique_id: relation_of(unique_id) for unique_id in built}


def remember(home: Home, described: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep what was told of the tables, so that a run over an unchanged warehouse need not ask it again."""
    plain = {
        unique_id: {
            name: value.md_str if isinstance(value, dg.MarkdownMetadataValue) else value
            for name, value in facts.items()
        }
        for unique_id, facts in described.items()
    }
    write_state(home.path, DESCRIBED, {"warehouse": stat_warehouse(home.warehouse), "tables": plain})


def describe_standing(home: Home, unique_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Rows and preview of the tables of the warehouse as it stands: as remembered, else asked of it."""
    known = read_state(home.path, DESCRIBED)
    if known.get("warehouse") != stat_warehouse(home.warehouse):
        return describe_relations(home.warehouse, {unique_id: relation_of(unique_id) for unique_id in unique_ids})
    return {
        unique_id: {
            name: dg.MetadataValue.md(value) if isinstance(value, str) else value for name, value in facts.items()
        }
        for unique_id, facts in known["tables"].items()
    }


def relation_of(unique_id: str) -> tuple[str, str]:
    node = MANIFEST_DATA["nodes"][unique_id]
    return (node["schema"], node["alias"])


def unique_id_of(event: dg.Output[Any]) -> str:
    return str(event.metadata["unique_id"].value)


def report_unchanged(context: dg.AssetExecutionContext, home: Home) -> Iterator[dg.MaterializeResult[Any]]:
    """Tell the row counts of the standing warehouse for the assets that did not have to be built, in dbt's order."""
    keys = {str(spec.metadata["dagster_dbt/unique_id"]): spec.key for spec in dbt_models.specs}
    described = describe_standing(home, keys)
    parents = {unique_id: [*MANIFEST_DATA["parent_map"][unique_id]] for unique_id in keys}
    for unique_id in TopologicalSorter(parents).static_order():
        if unique_id in keys and keys[unique_id] in context.selected_asset_keys:
            metadata = {**described.get(unique_id, {}), "unchanged": True}
            yield dg.MaterializeResult(asset_key=keys[unique_id], metadata=metadata)
