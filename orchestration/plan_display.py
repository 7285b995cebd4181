"""How `gouji plan` shows the plan of a run."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from orchestration.plan import RunPlan, plan_run
from orchestration.resources import Cluster, Home

READS_NOTHING, READS, NO_HOME = 0, 1, 2


def show_plan(home: Path, inbox: Path | None, as_json: bool) -> int:
    """Print the plan and return the exit code: 0 nothing to read, 1 something, 2 no such home or inbox."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)
    if inbox is not None and not inbox.is_dir():
        console.print(f"[red]gouji plan:[/] the inbox {inbox} is not a folder", soft_wrap=True)
        return NO_HOME
    try:
        folder = home.expanduser().resolve()
        plan = plan_run(folder, inbox, Cluster().open_store(Home(folder=str(folder))))
    except FileNotFoundError as error:
        console.print(f"[red]gouji plan:[/] {error}", soft_wrap=True)
        return NO_HOME
    if as_json:
        print(json.dumps(plan.as_dict(), ensure_ascii=False))
    else:
        print_plan(console, plan, inbox)
    return READS_NOTHING if plan.reads_nothing else READS


def print_plan(console: Console, plan: RunPlan, inbox: Path | None) -> None:
    if inbox is not None:
        console.print(f"{plan.arrivals} files of {inbox} are new or have changed", soft_wrap=True)
    console.print(f"{plan.received} files are in the archive")
    for title, counts in (("To be extracted and parsed", plan.extract), ("To be parsed", plan.parse)):
        if counts:
            console.print(tabulate(title, counts))
    for partition, reports in plan.leaving.items():
        console.print(f"{reports} reports leave {partition}")
    if plan.reads_nothing:
        console.print("nothing would be read")


def tabulate(title: str, counts: Counter[tuple[str, str]]) -> Table:
    """Files by report year and reason, with sums."""
    reasons = sorted({reason for _, reason in counts})
    table = Table(title=title, title_justify="left", show_footer=True)
    table.add_column("report year", "sum")
    for reason in reasons:
        table.add_column(
            reason, str(sum(files for (_, why), files in counts.items() if why == reason)), justify="right"
        )
    for partition in sorted({partition for partition, _ in counts}):
        table.add_row(partition, *(str(counts[partition, reason] or "") for reason in reasons))
    return table
