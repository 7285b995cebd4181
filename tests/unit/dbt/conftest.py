"""One dbt build over composed filings, shared by the tests of the models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from composed_filings import FILINGS
from staged_filings import stage_filings

PROJECT = Path(__file__).parents[3] / "dbt_project"


def build(warehouse: Path, staging: Path, *selection: str) -> Any:
    """`dbt build` in this process, with everything it writes beside the warehouse."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    folder = warehouse.parent
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GOUJI_WAREHOUSE", str(warehouse))
        environment.setenv("GOUJI_STAGING", str(staging))
        environment.setenv("DO_NOT_TRACK", "1")
        try:
            return dbtRunner().invoke(
                [
                    *("build", "--quiet", "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
                    *("--target-path", str(folder / "target"), "--log-path", str(folder / "logs")),
                    *selection,
                ]
            )
        finally:
            # the adapter holds the file open until the process ends
            DuckDBConnectionManager.close_all_connections()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, duckdb.DuckDBPyConnection]]:
    """The result of the build, and a connection to the warehouse it made."""
    home = tmp_path_factory.mktemp("home")
    stage_filings(home / "staging", FILINGS)
    (home / "warehouse").mkdir()
    warehouse = home / "warehouse" / "warehouse.duckdb"
    result = build(warehouse, home / "staging")
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        yield result, connection


@pytest.fixture
def warehouse(built: tuple[Any, duckdb.DuckDBPyConnection]) -> duckdb.DuckDBPyConnection:
    result, connection = built
    assert result.success, [
        f"{each.node.name}: {each.status} {each.message}"
        for each in result.result
        if each.status not in ("success", "pass")
    ]
    return connection
