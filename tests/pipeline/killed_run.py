"""`gouji run` in a process of its own, killed (kill -9) with all it has started as soon as it is seen at work on a stage."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from orchestration.state import read_state

GOUJI = Path(sys.executable).parent / "gouji"
GIVE_UP_SECONDS = 900.0

# What shows that a run is at work on a stage, in the order in which a home without a release reaches them.
AT_WORK: dict[str, Callable[[Path], bool]] = {
    "extract": lambda home: any((home / "documents").glob("*/*.zst")),
    "parse": lambda home: (home / "staging" / "reports" / "2020.parquet").exists(),
    "dbt": lambda home: (home / "warehouse" / "warehouse.duckdb").exists() and not read_state(home, "model"),
    "gate": lambda home: (home / "state" / "validate.json").exists() and not read_state(home, "validate"),
    "publish": lambda home: any((home / "releases").glob(".building-*")),
}


def start_run(inbox: Path, home: Path, moment: str, *options: str) -> subprocess.Popen[str]:
    """Start `gouji run` at a fixed moment of receipt, as the head of a process group."""
    command = [str(GOUJI), "run", "--inbox", str(inbox), "--home", str(home), "--workers", "1", *options]
    environment = os.environ | {"SOURCE_DATE_EPOCH": moment, "PYTHONWARNINGS": "ignore"}
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, env=environment, start_new_session=True, **output)  # type: ignore[call-overload,no-any-return]


def kill_at(stage: str, process: subprocess.Popen[str], home: Path) -> None:
    """Kill a run and its children when it is at work on the stage. Raises AssertionError when it ends before."""
    give_up_at = time.monotonic() + GIVE_UP_SECONDS
    with process:
        while not AT_WORK[stage](home):
            assert process.poll() is None, f"the run ended before {stage}: {process.communicate()[0]}"
            assert time.monotonic() < give_up_at, f"the run has not reached {stage}"
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert process.returncode == -signal.SIGKILL


def published_files(release: Path) -> dict[str, bytes]:
    """The bytes of every table of a release, as Parquet and as CSV."""
    files = (path for kind in ("parquet", "csv") for path in (release / kind).rglob("*") if path.is_file())
    return {str(path.relative_to(release)): path.read_bytes() for path in sorted(files)}
