"""`python -m benchmarks.scale --reports 10000 100000 1000000`: report-years from the staged stage to a release.

Makes a nation at the staged stage (`national`), then builds the models, validates them and publishes, each in a process
of its own as a run does; then the same with nothing but one more report year staged. Says seconds, peak memory of each
step, and what the ledger of identities takes of the building. Prints Markdown and writes benchmarks/results/scale.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.national.panel import Plan, write_nation
from benchmarks.watch import Watch
from disclosure.stage.schema import WHOLE

RESULTS = Path(__file__).parent / "results" / "scale.md"
YEARS = tuple(range(2019, 2025))
STEPS = ("model", "validate", "publish")
LEDGER = ("int_identity", "int_cells_not_zero", "int_cells_missing", "identity_ledger")
MEMORY_LIMIT = "6GB"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: seconds by the clock, processor seconds, and the peak of the resident memory of all its processes, in MB."""

    name: str
    seconds: float
    cpu_seconds: float
    peak: float


def model(home: Path) -> None:
    """`dbt build`, as the asset of the models runs it."""
    from orchestration.resources import DBT_PROJECT

    (home / "warehouse").mkdir(exist_ok=True)
    environment = os.environ | {
        "GOUJI_WAREHOUSE": str(home / "warehouse" / "warehouse.duckdb"),
        "GOUJI_STAGING": str(home / "staging"),
        "DBT_INDIRECT_SELECTION": "buildable",
    }
    folders = [f"--{name}-dir={DBT_PROJECT}" for name in ("project", "profiles")]
    paths = [f"--target-path={home / 'warehouse' / 'dbt'}", f"--log-path={home / 'warehouse' / 'dbt'}"]
    command = [str(Path(sys.executable).parent / "dbt"), "--quiet", "build", "--exclude-resource-type", "unit_test"]
    subprocess.run([*command, *folders, *paths], env=environment, check=True)


def validate(home: Path) -> None:
    """The suites of Great Expectations and the gate, as the asset check runs them. Raises RuntimeError when refused."""
    import pyarrow.parquet as pq

    from expectations import validate_warehouse

    receipts = pq.ParquetFile(home / "staging" / "filings.parquet").metadata.num_rows
    run = validate_warehouse(home / "warehouse" / "warehouse.duckdb", receipts=receipts)
    run.write_json(home / "validation")
    if not run.passed:
        raise RuntimeError("the gate refused: " + "; ".join(run.reasons))


def publish(home: Path) -> None:
    """A release, as the asset of that name makes it."""
    from orchestration.assets.publish import publish_candidate
    from orchestration.resources import Home

    publish_candidate(Home(folder=str(home)))


def run_step(name: str, home: Path) -> Step:
    """One step in a process of its own, watched. Raises CalledProcessError."""
    started, before = time.monotonic(), os.times()
    command = [sys.executable, "-m", "benchmarks.scale", "--step", name, "--home", str(home)]
    environment = {"GOUJI_MEMORY_LIMIT": MEMORY_LIMIT, **os.environ}
    with subprocess.Popen(command, env=environment) as process:
        watch = Watch(process.pid)
        watch.start()
        process.wait()
        watch.stop()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Step(name, time.monotonic() - started, cpu, watch.together)


def built_seconds(home: Path) -> dict[str, float]:
    """Seconds dbt spent on each node of the last build, by the node's name."""
    results = json.loads((home / "warehouse" / "dbt" / "run_results.json").read_text(encoding="utf-8"))["results"]
    return {result["unique_id"].split(".", 2)[2]: float(result["execution_time"]) for result in results}


def ledger_seconds(home: Path) -> float:
    return sum(seconds for name, seconds in built_seconds(home).items() if name.startswith(LEDGER))


def staged_files(home: Path, year: int) -> list[Path]:
    return [path for path in (home / "staging").glob(f"*/{year}.parquet") if path.parent.name not in WHOLE]


@contextmanager
def set_aside(home: Path, year: int) -> Iterator[None]:
    """The staged files of a year out of the way for a while."""
    moved = [(path, path.with_suffix(".aside")) for path in staged_files(home, year)]
    for path, aside in moved:
        path.rename(aside)
    try:
        yield
    finally:
        for path, aside in moved:
            aside.rename(path)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one size took. `whole` steps are from nothing; `added` those after one more year was staged."""

    reports: int
    whole: tuple[Step, ...]
    whole_ledger: float
    again: tuple[Step, ...]
    again_ledger: float
    release_bytes: int


def measure(reports: int, home: Path) -> Measured:
    """Make so many reports, run every step; then change the last year, and run every step once more."""
    if not (home / "staging").exists():
        write_nation(Plan(home, reports, YEARS), processes=2)
    whole = tuple(run_step(step, home) for step in STEPS)
    ledger = ledger_seconds(home)
    for path in staged_files(home, YEARS[-1]):
        touch_content(path)
    again = tuple(run_step(step, home) for step in STEPS)
    size = sum(path.stat().st_size for path in (home / "releases" / "latest").resolve().rglob("*") if path.is_file())
    return Measured(reports, whole, ledger, again, ledger_seconds(home), size)


def touch_content(path: Path) -> None:
    """Write the file again with other bytes and the same rows."""
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    pq.write_table(table, path, compression="zstd", row_group_size=100_000)


def describe(results: Sequence[Measured]) -> str:
    lines = [
        f"Measured by `python -m benchmarks.scale` on {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}.",
        "",
        "| report-years | run | model, s | of it ledger, s | validate, s | publish, s | together, s | CPU, s | peak MB |",
        "|---:|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for result in results:
        for name, steps, ledger in (
            ("from nothing", result.whole, result.whole_ledger),
            ("one year staged anew", result.again, result.again_ledger),
        ):
            by_step = [f"{step.seconds:.0f}" for step in steps]
            lines.append(
                f"| {result.reports:,} | {name} | {by_step[0]} | {ledger:.0f} | {by_step[1]} | {by_step[2]} "
                f"| {sum(step.seconds for step in steps):.0f} | {sum(step.cpu_seconds for step in steps):.0f} "
                f"| {max(step.peak for step in steps):.0f} |"
            )
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--reports", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--keep", type=Path, help="work in this folder and leave it")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        steps: dict[str, Any] = {"model": model, "validate": validate, "publish": publish}
        steps[options.step](options.home)
        return
    folder = options.keep or Path(tempfile.mkdtemp(prefix="gouji-scale-"))
    results = []
    try:
        for reports in options.reports:
            home = folder / str(reports)
            home.mkdir(parents=True, exist_ok=True)
            results.append(measure(reports, home))
            print(describe(results), flush=True)
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    RESULTS.write_text(describe(results), encoding="utf-8")


if __name__ == "__main__":
    main()
