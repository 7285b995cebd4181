"""What assets are given to work with: the home folder, the number of workers, the dbt command.

The values come from the environment when a run starts (GOUJI_HOME, GOUJI_INBOX, GOUJI_WORKERS, GOUJI_ENGINE,
GOUJI_STORE), so that the same definitions serve `gouji run`, the UI and the tests.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource
from packaging.version import Version

from disclosure.archive.fetch import Manners
from orchestration.stores import Store, open_store

PROJECT = Path(__file__).resolve().parent.parent
DBT_PROJECT = PROJECT / "dbt_project"
DEFAULT_HOME = PROJECT / ".home"
DEFAULT_INBOX = PROJECT / "samples" / "filings"


class Home(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The folders of one installation. An empty value stands for the environment's, then for the project's own."""

    folder: str = ""
    inbox_folder: str = ""

    @property
    def path(self) -> Path:
        return Path(self.folder or os.environ.get("GOUJI_HOME") or DEFAULT_HOME).resolve()

    @property
    def inbox(self) -> Path:
        return Path(self.inbox_folder or os.environ.get("GOUJI_INBOX") or DEFAULT_INBOX).resolve()

    @property
    def staging(self) -> Path:
        return self.path / "staging"

    @property
    def warehouse(self) -> Path:
        return self.path / "warehouse" / "warehouse.duckdb"

    @property
    def validation(self) -> Path:
        return self.path / "validation"

    @property
    def releases(self) -> Path:
        return self.path / "releases"


class Workers(dg.ConfigurableResource):  # type: ignore[type-arg]
    """How many processes read files at the same time; 0 means one per core."""

    processes: int = 0

    @property
    def count(self) -> int:
        return self.processes or int(os.environ.get("GOUJI_WORKERS") or 0) or os.cpu_count() or 1


class Web(dg.ConfigurableResource):  # type: ignore[type-arg]
    """How hosts of source lists are asked. `contact` (GOUJI_CONTACT) is an address or page for their operators."""

    contact: str = ""
    delay_seconds: float = 2.0
    recheck_days: float = 7.0

    def manners(self) -> Manners:
        contact = self.contact or os.environ.get("GOUJI_CONTACT") or ""
        agent = f"gouji/{installed_version('gouji')}"
        return Manners(user_agent=f"{agent} (+{contact})" if contact else agent, delay=self.delay_seconds)

    @property
    def recheck_after(self) -> timedelta:
        return timedelta(days=self.recheck_days)


class Cluster(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Where filings are read: `engine` and `store` as in `engines` and `stores`; empty for this machine and the home."""

    engine: str = ""
    store: str = ""

    @property
    def engine_setting(self) -> str:
        return self.engine or os.environ.get("GOUJI_ENGINE") or ""

    def open_store(self, home: Home) -> Store:
        return open_store(self.store or os.environ.get("GOUJI_STORE") or "", home.path)


class Dbt(DbtCliResource):
    """The dbt command of this environment, without the adapter and version probes that cost seconds per run."""

    @property
    def _cli_version(self) -> Version:  # type: ignore[override]
        return Version(installed_version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Any) -> Any:
        """Row counts are read from the finished warehouse instead, so no adapter is needed here."""
        return None


def find_dbt() -> Dbt:
    """dbt of the interpreter that runs this, whether or not its folder is on PATH."""
    return Dbt(
        project_dir=str(DBT_PROJECT),
        profiles_dir=str(DBT_PROJECT),
        dbt_executable=str(Path(sys.executable).parent / "dbt"),
    )
