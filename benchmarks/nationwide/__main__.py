"""`python -m benchmarks.nationwide`: a nation of 3,000 agencies and eight years as raw files through `gouji run`, against its truth.

Writes the inbox and an operator's lists, runs `gouji run` over it as an operator would, and holds what is published of agencies,
coverage, versions and indicators against what the nation knows of itself, row by row. Prints Markdown and writes it to
benchmarks/results/nationwide.md; ends with 1 where anything differs.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.backfill import Run, run_gouji
from benchmarks.nationwide.compare import Difference, compare
from benchmarks.nationwide.inbox import Entered, Nation, Plan, plan_nation, write_inbox
from benchmarks.nationwide.known import Known
from benchmarks.nationwide.truth import Truth

RESULTS = Path(__file__).parents[1] / "results" / "nationwide.md"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--places", type=int, default=210, help="provinces, prefectures and counties")
    parser.add_argument("--organs", type=int, default=14, help="of each place, before anything befalls them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="work in this folder and leave it")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="gouji-nation-"))
    try:
        nation = plan_nation(Plan(folder, options.places, options.organs, seed=options.seed))
        entered = write_inbox(nation, os.cpu_count() or 1)
        run = run_gouji(nation.plan.inbox, folder / "home")
        differences = compare(Truth(Known(nation, entered)), folder / "home" / "releases" / "latest")
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    text = _written(nation, entered, run, differences)
    print(text)
    for difference in differences:
        if not difference.is_none:
            print(difference.shown(), file=sys.stderr)
    RESULTS.write_text(text, encoding="utf-8")
    return 0 if all(each.is_none for each in differences) else 1


def _written(nation: Nation, entered: Sequence[Entered], run: Run, differences: Sequence[Difference]) -> str:
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    files = sum(len(each.files) for each in entered)
    fates = Counter(each.filing.fate.value for each in entered)
    takeovers = Counter(career.takeover.kind for career in nation.careers if career.takeover)
    papers = [file.paper for each in entered for file in each.files if file.paper]
    lines = [
        f"Measured by `python -m benchmarks.nationwide` on {machine}.",
        "",
        f"{len(nation.careers):,} agencies in {len(nation.places)} places, {len(entered):,} agency-years from {nation.plan.years[0]} to "
        f"{nation.plan.years[-1]}, {files:,} files; `gouji run` took {run.total.seconds:.0f} s, at most {run.total.together:,.0f} MB in all "
        "its processes.",
        "",
        "| agency-years | |",
        "|---|---|",
        *(f"| {fate} | {count:,} |" for fate, count in sorted(fates.items())),
        f"| reissued with other figures | {sum(len(each.filing.contents) > 1 for each in entered):,} |",
        f"| with a wrong cell | {sum(any(each.is_mistaken for each in one.filing.contents) for one in entered):,} |",
        "",
        "| agencies and files | |",
        "|---|---|",
        *(f"| agencies that took over from others: {kind} | {count:,} |" for kind, count in sorted(takeovers.items())),
        f"| places recoded, renamed or gone into another | {sum(_has_changed(nation, each) for each in range(len(nation.places))):,} |",
        f"| copies that do not say whose they are | {sum(not paper.is_named for paper in papers):,} |",
        f"| the same bytes again | {sum(paper.is_twice for paper in papers) // 2:,} |",
        "",
        "| table of the release | rows that have to come out | missing | unexpected |",
        "|---|---|---|---|",
        *(
            f"| {each.table} | {each.rows:,} | {len(each.missing):,} | {len(each.unexpected):,} |"
            for each in differences
        ),
    ]
    return "\n".join(lines) + "\n"


def _has_changed(nation: Nation, number: int) -> bool:
    place = nation.places[number]
    return len(set(place.divisions.values())) > 1 or len(place.divisions) < len(nation.plan.years)


if __name__ == "__main__":
    sys.exit(main())
