"""A release of the five samples as `gouji run` makes it, without the gate and without Dagster's record keeping: seconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from catalogue.load import load_catalogue
from catalogue.published import load_published
from disclosure.clock import FIXED
from disclosure.publish import Release, fingerprint_warehouse, publish_release
from orchestration.assets.archive import filings
from orchestration.assets.extract import documents
from orchestration.assets.parse import reports
from orchestration.jobs import all_partitions
from orchestration.resources import DBT_PROJECT, Cluster, Home, Workers

MOMENT = "1769904000"  # 2026-02-01


@dataclass(frozen=True)
class SampleRelease:
    """A home with a published warehouse."""

    home: Home
    release: Release

    @property
    def marts(self) -> Path:
        return self.release.marts


def release_samples(folder: Path, inbox: Path, *build_settings: str) -> SampleRelease:
    """Take an inbox through archive, reading, dbt and publication below `folder`, at a fixed moment."""
    home = Home(folder=str(folder), inbox_folder=str(inbox))
    with fixed_moment():
        read_inbox(home)
        build_warehouse(home, *build_settings)
        return SampleRelease(home, publish_warehouse(home))


@contextmanager
def fixed_moment(moment: str = MOMENT) -> Iterator[None]:
    """Receipts and releases of one moment, as SOURCE_DATE_EPOCH asks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FIXED, moment)
        yield


def read_inbox(home: Home) -> None:
    resources = {"home": home, "workers": Workers(processes=1), "cluster": Cluster()}
    with dg.DagsterInstance.ephemeral() as instance:
        dg.materialize([filings, documents, reports], resources=resources, tags=all_partitions(), instance=instance)


def build_warehouse(home: Home, *settings: str) -> None:
    """Seeds and models, in this process; the tests of the models have a build of their own."""
    run_dbt(home, "build", "--resource-type", "seed", "--resource-type", "model", *settings)


def run_dbt(home: Home, *command: str) -> None:
    """A dbt command on the warehouse of a home; raises AssertionError with dbt's words when it fails."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    home.warehouse.parent.mkdir(parents=True, exist_ok=True)
    folders = ("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT))
    beside = ("--target-path", str(home.warehouse.parent / "dbt"), "--log-path", str(home.path / "logs"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOUJI_WAREHOUSE", str(home.warehouse))
        patch.setenv("GOUJI_STAGING", str(home.staging))
        patch.setenv("DO_NOT_TRACK", "1")
        try:
            result = dbtRunner().invoke(["--quiet", *command, *folders, *beside])
        finally:
            DuckDBConnectionManager.close_all_connections()  # the adapter holds the file open until the process ends
    assert result.success, result.exception or result.result


def publish_warehouse(home: Home, verdict: dict[str, Any] | None = None) -> Release:
    """Publish with the verdict of the gate, or as one that was not asked."""
    catalogue = load_catalogue()
    gate = verdict or {"passed": True, "fingerprint": fingerprint_warehouse(home.warehouse)}
    versions = {"parser": "of the samples", "catalogue": catalogue.version}
    return publish_release(
        home.warehouse, home.releases, gate, declared=load_published(catalogue).tables, versions=versions
    )
