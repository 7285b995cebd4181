"""`python -m benchmarks.backfill --files 50000`: mixed raw files from an inbox to a release, against the truth.

Makes an inbox (`corpus.inbox`), runs `gouji run` over it as an operator would, then once more with nothing new, then with
one new file, and compares every published cell as printed with what was made. Says rate, peak memory of the run and of its
workers, and what became of the cells. Prints Markdown and writes it to benchmarks/results/backfill.md.
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
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.corpus.inbox import PLAIN, filer_of, write_inbox
from benchmarks.corpus.stream import make
from benchmarks.watch import Watch

RESULTS = Path(__file__).parent / "results" / "backfill.md"
GOUJI = Path(sys.executable).parent / "gouji"
NEW_FILE_SEED = 99


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds, and the peak of the resident memory of all its processes together and of the largest, in MB."""

    seconds: float
    peak_together: float
    peak_largest: float
    output: str


def run_gouji(inbox: Path, home: Path) -> Run:
    """`gouji run`, watched. Raises RuntimeError when it does not publish."""
    started = time.monotonic()
    command = [str(GOUJI), "run", "--inbox", str(inbox), "--home", str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        watch = Watch(process.pid)
        watch.start()
        output, _ = process.communicate()
        watch.stop()
    if process.returncode != 0:
        raise RuntimeError(f"gouji run ended with {process.returncode}:\n{output}")
    return Run(time.monotonic() - started, watch.together, watch.largest, output)


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


def last_parse(home: Path) -> list[dict[str, object]]:
    """What the latest run entered in its reading log of the parse stage."""
    newest = max((home / "logs" / "readings").glob("*-parse.jsonl"))
    return [json.loads(line) for line in newest.read_text(encoding="utf-8").splitlines()]


def measure(files: int, folder: Path) -> str:
    """Make, run, run again, run with one file more; the results as Markdown."""
    home = folder / "home"
    write_inbox(folder, files)
    first = run_gouji(folder / "inbox", home)
    counts = compare(folder, home)
    second = run_gouji(folder / "inbox", home)
    filer = filer_of(1, files)
    made = make(NEW_FILE_SEED, "html", PLAIN["html"], files, filer)
    (folder / "inbox" / "one_more.html").write_bytes(made.data)
    third = run_gouji(folder / "inbox", home)
    read_again = last_parse(home)
    if [line["report_year"] for line in read_again] != [filer.report_year]:
        raise RuntimeError(f"one file was added and these were read: {read_again[:5]}")
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    lines = [
        f"Measured by `python -m benchmarks.backfill --files {files}` on {machine}.",
        "",
        "| run | seconds | files a second | peak MB, all processes | peak MB, largest process |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {run.seconds:.0f} | {files / run.seconds:.0f} | {run.peak_together:.0f} | {run.peak_largest:.0f} |"
            for name, run in (("first", first), ("nothing new", second), ("one file more", third))
        ),
        "",
        "| " + " | ".join(counts) + " |",
        "|" + "---|" * len(counts),
        "| " + " | ".join(f"{count:,}" for count in counts.values()) + " |",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--files", type=int, default=50_000)
    parser.add_argument("--keep", type=Path, help="work in this folder and leave it")
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
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
