"""`gouji check`: reads filings without a warehouse and says whether their tables tie.

The commands that need Dagster (`run`, `ui`) are in `orchestration/cli.py`, which mounts this one. Nothing heavy is
imported until a command runs.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from disclosure.findings import Finding

EXAMPLES = """
[bold]Examples[/bold]

  gouji check 年度报告.docx

  gouji check --lang en report.html report.pdf

  gouji check --json inbox/*.txt | jq .findings

[bold]Exit code[/bold]: 0 all identities that must hold hold, 1 some are broken, 2 some file could not be read.
"""


class Language(StrEnum):
    CHINESE = "zh"
    ENGLISH = "en"


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Filings: text, HTML, DOCX or digital PDF.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line and file.")] = False,
    language: Annotated[Language, typer.Option("--lang", help="Language of the output for people.")] = Language.CHINESE,
) -> None:
    """Check filings before they are published: every broken identity, the cell that explains it, the value that mends it."""
    from rich.console import Console

    console = Console(width=None if Console().is_terminal else 140, highlight=False)
    raise typer.Exit(max([check_file(path, console, as_json, language.value) for path in files]))


def check_file(path: Path, console: Console, as_json: bool, language: str) -> int:
    """Read one filing, print the answer, and return its exit code; a bad file never stops the next one."""
    from catalogue.load import load_catalogue
    from disclosure import check_output, check_terminal
    from disclosure.reading import read_filing_at
    from disclosure.report import Asserted

    catalogue = load_catalogue()
    try:
        report = read_filing_at(path, Asserted(source=str(path)), catalogue)
    except OSError as error:
        report_unopened(path, error, console, as_json)
        return 2
    if as_json:
        typer.echo(check_output.render_json(report, str(path)))
    else:
        check_terminal.print_report(console, report, str(path), catalogue, language)
    return check_output.exit_code(report, catalogue)


def report_unopened(path: Path, error: OSError, console: Console, as_json: bool) -> None:
    from disclosure import check_output, check_terminal

    problem = unopened(path, error)
    if as_json:
        typer.echo(check_output.render_unopened(str(path), problem))
    else:
        check_terminal.print_unopened(console, str(path), problem)


def unopened(path: Path, error: OSError) -> Finding:
    """The finding for a path that names no readable file."""
    from disclosure.findings import FindingCode, finding

    return finding(FindingCode.READER_FAILED, f"{path}: {error.strerror or error}")
