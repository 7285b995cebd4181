"""`python -m benchmarks.scale --reports 10000 100000 1000000`: report-years from the staged stage to a release.

Makes a nation at the staged stage (`national`), then builds the models, validates them and publishes, each in a process
of its own; then the same after the last report year was staged anew. `--ledger` builds and validates the ledger of
identities alone. Says seconds, processor seconds and peak memory. Prints Markdown and writes benchmarks/results/scale.md, or
ledger.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.national.panel import Plan, write_nation
from benchmarks.watch import Cost, Watch
from disclosure.publish.limits import memory_limit
from disclosure.stage.schema import WHOLE

if TYPE_CHECKING:
    from expectations.results import ValidationRun

RESULTS = Path(__file__).parent / "results" / "scale.md"
YEARS = tuple(range(2019, 2025))
STEPS = ("model", "validate", "publish")
LEDGER_STEPS = ("ledger", "validate_ledger")
LEDGER_TABLES = ("identity_ledger", "dim_report")


def model(home: Path) -> None:
    """`dbt build`, as the asset of the models runs it."""
    build(home)


def ledger(home: Path) -> None:
    """The ledger of identities and the reports it is about, with their tests, and nothing else."""
    build(home, "--select", *(f"+{name}" for name in LEDGER_TABLES))


def build(home: Path, *selection: str) -> None:
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
    subprocess.run([*command, *selection, *folders, *paths], env=environment, check=True)


def validate(home: Path) -> None:
    """The suites of Great Expectations and the gate, as the asset check runs them. Raises RuntimeError when refused."""
    import pyarrow.parquet as pq

    from expectations import validate_warehouse

    receipts = pq.ParquetFile(home / "staging" / "filings.parquet").metadata.num_rows
    keep_passed(validate_warehouse(home / "warehouse" / "warehouse.duckdb", receipts=receipts), home)


def validate_ledger(home: Path) -> None:
    """Every check of the ledger: nothing missing, nothing twice, and how often each rule holds and breaks."""
    from catalogue.load import load_catalogue
    from expectations.suites import plan_checks
    from expectations.validate import validate_plan

    catalogue = load_catalogue()
    plan = tuple(check for check in plan_checks(catalogue) if check.table == "quality.identity_ledger")
    keep_passed(validate_plan(plan, home / "warehouse" / "warehouse.duckdb", catalogue.version), home)


def keep_passed(run: ValidationRun, home: Path) -> None:
    """Keep the verdict for the release. Raises RuntimeError when it is a refusal."""
    run.write_json(home / "validation")
    if not run.passed:
        raise RuntimeError("the gate refused: " + "; ".join(run.reasons))


def publish(home: Path) -> None:
    """A release, as the asset of that name makes it."""
    from orchestration.assets.publish import publish_candidate
    from orchestration.resources import Home

    publish_candidate(Home(folder=str(home)))


def run_step(name: str, home: Path) -> Cost:
    """One step in a process of its own, watched. Raises CalledProcessError."""
    started, before = time.monotonic(), os.times()
    command = [sys.executable, "-m", "benchmarks.scale", "--step", name, "--home", str(home)]
    with subprocess.Popen(command) as process:
        watch = Watch(process.pid)
        watch.start()
        process.wait()
        watch.stop()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(name, time.monotonic() - started, cpu, watch.together, watch.largest)


def staged_files(home: Path, year: int) -> list[Path]:
    return [path for path in (home / "staging").glob(f"*/{year}.parquet") if path.parent.name not in WHOLE]


def stage_anew(home: Path, year: int) -> None:
    """The files of a year with the same rows in other bytes, as if the year had been read again."""
    import pyarrow.parquet as pq

    for path in staged_files(home, year):
        pq.write_table(pq.read_table(path), path, compression="zstd", row_group_size=100_000)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one size took: from nothing, and after one year was staged anew."""

    reports: int
    instances: int
    runs: dict[str, tuple[Cost, ...]]


def measure(reports: int, home: Path, steps: Sequence[str]) -> Measured:
    """Make so many reports and run the steps; stage the last year anew and run them once more."""
    if not (home / "staging").exists():
        write_nation(Plan(home, reports, YEARS), processes=2)
    runs = {"from nothing": tuple(run_step(step, home) for step in steps)}
    stage_anew(home, YEARS[-1])
    runs["one year staged anew"] = tuple(run_step(step, home) for step in steps)
    return Measured(reports, count_instances(home), runs)


def count_instances(home: Path) -> int:
    """The rows of the ledger of identities."""
    import duckdb

    with duckdb.connect(str(home / "warehouse" / "warehouse.duckdb"), read_only=True) as connection:
        (rows,) = connection.execute("SELECT count(*) FROM quality.identity_ledger").fetchone() or (0,)
    return int(rows)


def describe(results: Sequence[Measured], steps: Sequence[str], command: str) -> str:
    lines = [
        f"Measured by `{command}` on {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}; "
        f"DuckDB may take {memory_limit()}.",
        "",
        "| report-years | identities in the ledger | run | "
        + "".join(f"{step.replace('_', ' ')}, s | " for step in steps)
        + "together, s | processor, s | peak MB |",
        "|---:|---:|---|" + "---:|" * (len(steps) + 3),
    ]
    for result in results:
        for run, done in result.runs.items():
            lines.append(
                f"| {result.reports:,} | {result.instances:,} | {run} | "
                + "".join(f"{step.seconds:.0f} | " for step in done)
                + f"{sum(step.seconds for step in done):.0f} | {sum(step.cpu_seconds for step in done):.0f} "
                + f"| {max(step.together for step in done):.0f} |"
            )
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--reports", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--ledger", action="store_true", help="the ledger of identities alone")
    parser.add_argument("--keep", type=Path, help="work in this folder and leave it")
    parser.add_argument("--step", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        WAYS[options.step](options.home)
        return
    steps = LEDGER_STEPS if options.ledger else STEPS
    command = "python -m benchmarks.scale" + (" --ledger" if options.ledger else "")
    folder = options.keep or Path(tempfile.mkdtemp(prefix="gouji-scale-"))
    results: list[Measured] = []
    try:
        for reports in options.reports:
            home = folder / str(reports)
            home.mkdir(parents=True, exist_ok=True)
            results.append(measure(reports, home, steps))
            print(describe(results, steps, command), flush=True)
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    RESULTS.with_stem("ledger" if options.ledger else "scale").write_text(describe(results, steps, command), "utf-8")


WAYS: dict[str, Callable[[Path], None]] = {
    "model": model,
    "validate": validate,
    "publish": publish,
    "ledger": ledger,
    "validate_ledger": validate_ledger,
}


if __name__ == "__main__":
    main()
