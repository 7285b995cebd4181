"""How `gouji health` shows what was found of a home."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from orchestration.health import Remark, State, examine
from orchestration.resources import Cluster, Home

WELL, LOOK, BROKEN = 0, 1, 2
_EXIT = {State.WELL: WELL, State.LOOK: LOOK, State.BROKEN: BROKEN}
_MARKS = {State.WELL: "[green]✓", State.LOOK: "[yellow]!", State.BROKEN: "[red]✗"}


def show_health(folder: Path, deep: bool, as_json: bool) -> int:
    """Print the remarks and return the exit code: 0 all is well, 1 something to look at, 2 something is broken."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    if not (folder / "archive" / "register.sqlite").exists():
        console.print(f"[red]gouji health:[/] {folder} is no home of gouji: it has no archive", soft_wrap=True)
        return BROKEN
    remarks = list(examine(Home(folder=str(folder)), Cluster(), deep))
    if as_json:
        print(json.dumps([remark.as_dict() for remark in remarks], ensure_ascii=False))
    else:
        console.print(tabulate(remarks))
    return max(_EXIT[remark.state] for remark in remarks)


def tabulate(remarks: list[Remark]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("", "what", "how it is", "what to do"):
        table.add_column(heading, overflow="fold")
    for remark in remarks:
        table.add_row(_MARKS[remark.state], remark.subject, remark.words, remark.remedy)
    return table
