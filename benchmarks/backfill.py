"""`python -m benchmarks.backfill --files 50000`: mixed raw files from an inbox to a release, against the truth.

Makes an inbox (`corpus.inbox`), runs `gouji run` over it as an operator would, then once more with nothing new, then with
one new file of a finished year, and compares every published cell as printed with what was made. Says rate, processor time and
peak memory of every stage, and what became of the cells. Prints Markdown and writes it to benchmarks/results/backfill.md, or
where --write says. With --keep every finished step is remembered in the folder, and the same command goes on after it.
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
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.corpus.inbox import PLAIN, filer_of, write_inbox
from benchmarks.corpus.stream import make
from benchmarks.watch import Cost, Watch
from orchestration.display import STAGES

RESULTS = Path(__file__).parent / "results" / "backfill.md"
GOUJI = Path(sys.executable).parent / "gouji"
NEW_FILE_SEED = 99


@dataclass
class Run:
    """One run: what its stages took, in their order, and what it read and moved."""

    stages: list[Cost] = field(default_factory=list)
    extracted: int = 0
    parsed: int = 0
    moved: list[str] = field(default_factory=list)  # partitions of which a staged file was written

    @property
    def total(self) -> Cost:
        return Cost(
            "total",
            sum(cost.seconds for cost in self.stages),
            sum(cost.cpu_seconds for cost in self.stages),
            max(cost.together for cost in self.stages),
            max(cost.largest for cost in self.stages),
        )


def run_gouji(inbox: Path, home: Path) -> Run:
    """`gouji run`, watched. Raises RuntimeError when it does not publish."""
    before = (staged_files(home), readings(home, "extract"), readings(home, "parse"))
    command = [str(GOUJI), "run", "--inbox", str(inbox), "--home", str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        watch = Watch(process.pid)
        watch.start()
        output = []
        for line in process.stdout or ():
            output.append(line)
            ended = next((stage for stage, label in STAGES.items() if line.startswith(f"{label}: ")), None)
            if ended:
                watch.end_stage(ended)
        watch.end_stage("summary")
        watch.stop()
    if process.returncode != 0:
        raise RuntimeError(f"gouji run ended with {process.returncode}:\n{''.join(output)}")
    after = (staged_files(home), readings(home, "extract"), readings(home, "parse"))
    moved = {path.stem for path, written in after[0].items() if before[0].get(path) != written}
    return Run(watch.stages, after[1] - before[1], after[2] - before[2], sorted(moved))


def staged_files(home: Path) -> dict[Path, int]:
    """When each staged file of a partition was written."""
    return {path: path.stat().st_mtime_ns for path in (home / "staging").glob("*/*.parquet")}


def readings(home: Path, stage: str) -> int:
    """How many files the runs of a home have entered in the reading log of a stage."""
    count = 0
    for path in (home / "logs" / "readings").glob(f"*-{stage}.jsonl"):
        with path.open("rb") as lines:
            count += sum(1 for _ in lines)
    return count


def compare(folder: Path, home: Path) -> dict[str, int]:
    """Cells by what became of them: right, missing or wrong, flagged or silent; and reports by their metadata."""
    marts = home / "releases" / "latest" / "marts.duckdb"
    query = f"""
        with truth as (from read_parquet('{folder}/truth/*.parquet')),
        doubted as (
            select distinct report_id, table_code, row_code from quality.findings where table_code is not null
        ),
        judged as (
            select truth.*, cells.value as read,
                coalesce(cells.suspect, false) or exists (
                    from doubted where doubted.report_id = truth.report_id and doubted.table_code = truth.table_code
                    and (doubted.row_code is null or doubted.row_code = truth.row_code)
                ) as flagged
            from truth left join quality.cells_as_filed as cells
                using (report_id, table_code, row_code, column_code)
        )
        select
            count(*) as cells,
            count(*) filter (read is not distinct from value) as right,
            count(*) filter (read is null and value is not null and flagged) as missing_flagged,
            count(*) filter (read is null and value is not null and not flagged) as missing_silent,
            count(*) filter (read is not null and read is distinct from value and flagged) as wrong_flagged,
            count(*) filter (read is not null and read is distinct from value and not flagged) as wrong_silent
        from judged
    """
    reports = f"""
        with truth as (select distinct report_id, agency_name, report_year from read_parquet('{folder}/truth/*.parquet'))
        select count(*) as reports, count(*) filter (r.report_year = truth.report_year) as year_right,
            count(*) filter (r.agency_name = truth.agency_name) as agency_right
        from truth left join dim_report as r using (report_id)
    """
    with duckdb.connect(str(marts), read_only=True) as connection:
        counts: dict[str, int] = {}
        for each in (query, reports):
            result = connection.execute(each)
            row = result.fetchone()
            assert row is not None and result.description is not None
            counts |= dict(zip((column[0] for column in result.description), row, strict=True))
    return counts


class Steps:
    """The steps of a measurement whose results are kept in a file, so that an interrupted one goes on after the last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._done: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def take(self, name: str, work: Callable[[], Any]) -> Any:
        """The result of a step: the kept one, or else that of the work, which is then kept. Results are JSON values."""
        if name not in self._done:
            self._enter(f"{name}, begun", self.begun(name) + 1)
            self._enter(name, work())
        return self._done[name]

    def begun(self, name: str) -> int:
        """How many times a step was begun."""
        return int(self._done.get(f"{name}, begun", 0))

    def _enter(self, name: str, result: Any) -> None:
        self._done[name] = result
        temporary = self._path.with_suffix(".part")
        temporary.write_text(json.dumps(self._done, ensure_ascii=False, indent=1), encoding="utf-8")
        temporary.replace(self._path)


def measure(files: int, folder: Path) -> str:
    """Make, run, run again, run with one file more; the results as Markdown."""
    inbox, home, steps = folder / "inbox", folder / "home", Steps(folder / "steps.json")
    if steps.take("files", lambda: files) != files:
        raise RuntimeError(f"{folder} was begun with another number of files; name another folder")
    filer = filer_of(1, files)

    def add_one_file() -> str:
        made = make(NEW_FILE_SEED, "html", PLAIN["html"], files, filer)
        (inbox / "one_more.html").write_bytes(made.data)
        return str(filer.report_year)

    steps.take("inbox", lambda: write_inbox(folder, files))
    first = read_run(steps.take("first", lambda: asdict(run_gouji(inbox, home))))
    counts = steps.take("cells", lambda: compare(folder, home))
    second = read_run(steps.take("nothing new", lambda: asdict(run_gouji(inbox, home))))
    year = steps.take("one file more", add_one_file)
    third = read_run(steps.take("with one file more", lambda: asdict(run_gouji(inbox, home))))
    if (second.extracted, second.parsed, second.moved) != (0, 0, []):
        raise RuntimeError(f"nothing was new and yet a run did this: {second}")
    if (third.extracted, third.parsed, third.moved) != (1, 1, [year]):
        raise RuntimeError(f"one file of {year} was added and a run did this: {third}")
    return describe(files, steps.begun("first"), (first, second, third), counts)


def read_run(stored: dict[str, Any]) -> Run:
    return Run(**{**stored, "stages": [Cost(**cost) for cost in stored["stages"]]})


def describe(files: int, begun: int, runs: tuple[Run, Run, Run], counts: dict[str, int]) -> str:
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    first, second, third = runs
    lines = [
        "# A backfill, measured",
        "",
        f"Written by `python -m benchmarks.backfill --files {files}` on {machine}; what the columns mean stands in "
        "`benchmarks/README.md`.",
        "",
        "| run | extracted | parsed | partitions moved | seconds | CPU s | files per CPU s | peak MB, together | largest |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, run in (("first", first), ("nothing new", second), ("one file more", third)):
        cost, rate = run.total, first_rate(run)
        lines.append(
            f"| {name} | {run.extracted:,} | {run.parsed:,} | {len(run.moved)} | {cost.seconds:,.0f} | "
            f"{cost.cpu_seconds:,.0f} | {rate} | {cost.together:,.0f} | {cost.largest:,.0f} |"
        )
    if begun > 1:
        lines += [
            "",
            f"The first run was interrupted and carried on {begun - 1} times; its times are those of the last part.",
        ]
    lines += ["", "The stages of the first run:", ""]
    lines += ["| stage | seconds | CPU s | peak MB, together | largest |", "| --- | ---: | ---: | ---: | ---: |"]
    lines += [
        f"| {cost.stage} | {cost.seconds:,.0f} | {cost.cpu_seconds:,.0f} | {cost.together:,.0f} | {cost.largest:,.0f} |"
        for cost in first.stages
    ]
    lines += ["", "What became of the cells, and reports by their metadata:", ""]
    lines += ["| " + " | ".join(counts) + " |", "| ---: " * len(counts) + "|"]
    lines += ["| " + " | ".join(f"{count:,}" for count in counts.values()) + " |"]
    return "\n".join(lines) + "\n"


def first_rate(run: Run) -> str:
    return f"{run.extracted / run.total.cpu_seconds:.0f}" if run.extracted > 1 else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--files", type=int, default=50_000)
    parser.add_argument("--keep", type=Path, help="work in this folder, leave it, and go on where it was left")
    parser.add_argument("--write", type=Path, default=RESULTS, help="where the results go")
    options = parser.parse_args()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        text = measure(options.files, options.keep)
    else:
        folder = Path(tempfile.mkdtemp(prefix="gouji-backfill-"))
        try:
            text = measure(options.files, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    options.write.parent.mkdir(exist_ok=True)
    options.write.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
