"""`gouji check` reads filings without a warehouse and says whether their tables tie; `gouji decide` records a decision.

The commands that need Dagster (`run`, `ui`) are in `orchestration/cli.py`, which mounts this one. Nothing heavy is
imported until a command runs.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from catalogue.model import Catalogue
    from catalogue.wording import Language as WordingLanguage
    from disclosure.check_view import CheckView
    from disclosure.decisions import DecisionBook
    from disclosure.findings import Finding
    from disclosure.reconcile.prior_year import OfferedPriors

EXAMPLES = """
[bold]Examples[/bold]

  gouji check 年度报告.docx

  gouji check --lang en report.html report.pdf

  gouji check --html 核对结果.html 年度报告.docx

  gouji check --prior 2022年度报告.docx 2023年度报告.docx

  gouji check --prior 甲局2022.docx --prior 乙局2022.docx --prior-merged 新局2023.docx

  gouji check --json inbox/*.txt | jq .findings

[bold]Exit code[/bold]: 0 all identities that must hold hold, 1 some are broken, 2 some file could not be read.
"""


DECIDE_EXAMPLES = """
[bold]Examples[/bold]

  gouji decide --home .home --report 9017343128afcdcb --cell T3/granted_full/org_business --accept-suggestion --who 张三 --why 与原件核对

  gouji decide --report 年度报告.pdf --cell T4/reconsideration/total --value 11 --evidence 更正公告〔2024〕3号 --who 张三 --why 漏填总计

  gouji decide --report 9017343128afcdcb --cell T3/granted_full/total --confirm-printed --who 张三 --why 原件即如此

The decision takes effect with the next `gouji run`. [bold]Exit code[/bold]: 0 recorded, 2 refused, with the reason.
"""


class Language(StrEnum):
    CHINESE = "zh"
    ENGLISH = "en"


def check(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Filings: PDF, DOCX, DOC, WPS, RTF, OFD, HTML, text, pictures; or a ZIP or mail with filings in it.",
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line and file.")] = False,
    language: Annotated[Language, typer.Option("--lang", help="Language of the output for people.")] = Language.CHINESE,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Also write the answer as a page to send or print.")
    ] = None,
    prior: Annotated[
        list[Path] | None,
        typer.Option("--prior", metavar="FILE", help="The report of the year before, to hold this one against."),
    ] = None,
    prior_merged: Annotated[
        bool,
        typer.Option(
            "--prior-merged",
            help="The reports given with --prior are of the agencies merged into this one: their figures are added up.",
        ),
    ] = False,
    home: Annotated[
        Path | None, typer.Option("--home", help="Apply the decisions recorded in this home (see gouji decide).")
    ] = None,
) -> None:
    """Check filings before they are published: every broken identity, the cell that explains it, the value that mends it."""
    from rich.console import Console

    from catalogue.load import load_catalogue
    from disclosure.decisions import DecisionError, home_decisions, repository_decisions

    catalogue = load_catalogue()
    console = Console(width=None if Console().is_terminal else 100, highlight=False)
    try:
        book = home_decisions(catalogue, home) if home else repository_decisions(catalogue)
    except DecisionError as error:
        typer.echo(f"decisions: {error}", err=True)
        raise typer.Exit(2) from error
    years_before, refused = read_prior_years(prior or [], prior_merged, catalogue, book)
    checking = Checking(console, catalogue, book, as_json, language.value, years_before)
    code = max([2 if refused else 0, *(checking.check(path) for path in files)])
    if html is not None:
        code = max(code, write_page(html, checking.views))
    raise typer.Exit(code)


class Checking:
    """Checks filings one after the other, prints the answers and keeps them for the page."""

    def __init__(
        self,
        console: Console,
        catalogue: Catalogue,
        book: DecisionBook,
        as_json: bool,
        language: str,
        prior: OfferedPriors,
    ) -> None:
        self._console, self._catalogue, self._book = console, catalogue, book
        self._as_json, self._language, self._prior = as_json, language, prior
        self.views: list[CheckView] = []

    def check(self, path: Path) -> int:
        """Check a filing, or every filing in an archive or mail; a bad file never stops the next one."""
        from disclosure.archive import media_type

        try:
            if media_type.sniff(path) in media_type.CONTAINERS:
                return self._check_members(path)
            return self._check_filing(path, str(path))
        except OSError as error:
            report_unopened(path, error, self._console, self._as_json)
            return 2

    def _check_members(self, path: Path) -> int:
        """Each filing in a container under the name container!member; the container itself when it holds none."""
        from disclosure.archive.containers import ContainerError, unpack
        from disclosure.archive.media_type import CONTAINERS, sniff

        with TemporaryDirectory() as folder:
            try:
                unpacked = unpack(path, sniff(path), Path(folder))
            except ContainerError:
                return self._check_filing(path, str(path))
            members = [member for member in unpacked.members if sniff(member.path) not in CONTAINERS]
            if not members:
                return self._check_filing(path, str(path))
            return max(self._check_filing(member.path, f"{path}!{member.name}") for member in members)

    def _check_filing(self, path: Path, source: str) -> int:
        """Read one filing, print the answer, and return its exit code. Raises OSError."""
        from disclosure import check_output, check_terminal
        from disclosure.check_view import view_report
        from disclosure.reading import read_filing_at
        from disclosure.report import Asserted

        report = read_filing_at(path, Asserted(source=source), self._catalogue, self._book, self._prior)
        language: WordingLanguage = "en" if self._language == "en" else "zh"
        view = view_report(report, source, self._catalogue, language, prior_offered=bool(self._prior.reports))
        self.views.append(view)
        if self._as_json:
            typer.echo(check_output.render_json(report, source))
        else:
            check_terminal.print_view(self._console, view)
        return check_output.exit_code(report, self._catalogue)


def read_prior_years(
    paths: Sequence[Path], are_merged: bool, catalogue: Catalogue, book: DecisionBook
) -> tuple[OfferedPriors, bool]:
    """The reports of earlier years, and whether a file among them could not be read as one: that is said and stops nothing."""
    from disclosure.reading import read_filing_at
    from disclosure.reconcile.prior_year import OfferedPriors, prior_year_of
    from disclosure.report import ReadingStatus

    read, refused = [], False
    for path in paths:
        try:
            report = read_filing_at(path, None, catalogue, book)
        except OSError as error:
            problem: str | None = error.strerror or str(error)
        else:
            problem = None if report.status is ReadingStatus.READ else report.findings[0].message
        if problem is None:
            read.append(prior_year_of(report, catalogue))
        else:
            typer.echo(f"--prior {path}: {problem}", err=True)
            refused = True
    return OfferedPriors(tuple(read), are_merged), refused


def write_page(path: Path, views: list[CheckView]) -> int:
    """Write the answers as one page; returns 2 when the file cannot be written, else 0."""
    from disclosure.check_html import render_page

    try:
        path.write_text(render_page(views), encoding="utf-8")
    except OSError as error:
        typer.echo(f"{path}: {error.strerror or error}", err=True)
        return 2
    typer.echo(f"{path}", err=True)
    return 0


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


def decide(
    report: Annotated[
        str, typer.Option("--report", help="Report id, the start of one, or the name of the file received.")
    ],
    cell: Annotated[str, typer.Option("--cell", metavar="TABLE/ROW/COLUMN", help="e.g. T3/granted_full/org_business")],
    who: Annotated[str, typer.Option("--who", help="Name of the person who decides.")],
    why: Annotated[str, typer.Option("--why", help="Reason, as it will be published.")],
    home: Annotated[Path, typer.Option("--home", help="Folder that keeps everything.")] = Path(".home"),
    accept_suggestion: Annotated[
        bool, typer.Option("--accept-suggestion", help="Take the value that mends the table.")
    ] = False,
    confirm_printed: Annotated[
        bool, typer.Option("--confirm-printed", help="The cell does print what was read.")
    ] = False,
    value: Annotated[str | None, typer.Option("--value", help="The right figure, in the unit of the form.")] = None,
    evidence: Annotated[str | None, typer.Option("--evidence", help="Where the right figure stands.")] = None,
    decided_on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Day of the decision; default: today.")
    ] = None,
) -> None:
    """Record what a person has decided about one cell of a report that a home has read."""
    from catalogue.load import load_catalogue
    from disclosure.deciding import Wish, draft_decision
    from disclosure.decisions import DecisionError, append_decision

    catalogue = load_catalogue()
    day = decided_on.date() if decided_on else date.today()
    wish = Wish(report, cell, accept_suggestion, confirm_printed, value, evidence, who, why, day)
    try:
        decision = draft_decision(home, wish, catalogue)
        path = append_decision(home, decision, catalogue)
    except DecisionError as error:
        typer.echo(f"refused: {error}", err=True)
        raise typer.Exit(2) from error
    decided = "as printed" if decision.value is None else f"-> {decision.value}"
    typer.echo(f"{decision.report_id} {decision.cell}: {decision.expect!r} {decided}, recorded in {path}")
