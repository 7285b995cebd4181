"""A warehouse that another process has open is waited for, and named when it does not come free."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from orchestration.assets import model
from orchestration.progress import Tracker

OPEN_FOR_A_WHILE = """
import duckdb, sys, time
connection = duckdb.connect(sys.argv[1])
connection.execute("create or replace table t as select 1")
print("open", flush=True)
time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def tracker() -> Tracker:
    return Tracker(dg.build_asset_context(), "model", None)


def open_elsewhere(warehouse: Path, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", OPEN_FOR_A_WHILE, str(warehouse), str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "open\n"
    return process


def test_it_waits_until_the_file_is_free(tmp_path: Path, tracker: Tracker) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    with open_elsewhere(warehouse, 1.0) as process:
        model.wait_for_warehouse(warehouse, tracker)
        assert process.wait(timeout=5) == 0


def test_it_gives_up_in_words(tmp_path: Path, tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    monkeypatch.setattr(model, "WAIT_SECONDS", 0.0)
    with open_elsewhere(warehouse, 60.0) as process:
        with pytest.raises(TimeoutError, match="is open in another process"):
            model.wait_for_warehouse(warehouse, tracker)
        process.kill()


def test_a_missing_warehouse_is_nothing_to_wait_for(tmp_path: Path, tracker: Tracker) -> None:
    model.wait_for_warehouse(tmp_path / "warehouse.duckdb", tracker)
    assert list(tmp_path.iterdir()) == []
