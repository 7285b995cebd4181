"""The `gouji` command: `check` and `decide` from the library, `run` and `ui` from here.

Only the command line belongs here. What a run does is in `run.py`, and it is imported when a command starts, so that
`gouji --help` and `gouji check` stay quick.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from disclosure import cli as checking

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

app = typer.Typer(
    name="gouji",
    help="勾稽: annual reports on government-information disclosure as agency-year facts that tie.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

RUN_EXAMPLES = """
[bold]Examples[/bold]

  gouji run --inbox samples/filings

  gouji run --inbox ~/filings --home ~/gouji --years 2019..2023

[bold]Exit code[/bold]: 0 published, or nothing had changed; 1 validation refused the release, the last one stands; 2 it could not run.
"""

PLAN_EXAMPLES = """
[bold]Examples[/bold]

  gouji plan --home ~/gouji

  gouji plan --home ~/gouji --inbox ~/filings --json

[bold]Exit code[/bold]: 0 a run would read nothing, 1 it would, 2 the folder is no home.
"""

HEALTH_EXAMPLES = """
[bold]Examples[/bold]

  gouji health --home ~/gouji

  gouji health --home ~/gouji --deep --json

[bold]Exit code[/bold]: 0 all is well, 1 something to look at, 2 something is broken.
"""

UI_EXAMPLES = """
[bold]Example[/bold]

  gouji ui --home .home --inbox ~/filings --port 3000
"""

Home = Annotated[Path, typer.Option("--home", help="Folder that keeps everything: archive, warehouse, releases.")]

app.command("check", epilog=checking.EXAMPLES)(checking.check)
app.command("decide", epilog=checking.DECIDE_EXAMPLES)(checking.decide)


@app.command(epilog=RUN_EXAMPLES)
def run(
    inbox: Annotated[Path, typer.Option("--inbox", help="Folder of filings; it is read, never changed.")],
    home: Home = Path(".home"),
    years: Annotated[
        str | None, typer.Option("--years", metavar="A..B", help="Only these report years, e.g. 2019..2023 or 2021.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes that read files; default: one per core.")
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Wait while another run writes to the home, or give up at once.")
    ] = True,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="First fetch what the lists in HOME/sources name by URL and is due.")
    ] = False,
) -> None:
    """Take an inbox of filings all the way to validated, published marts. Running it again does only what is new."""
    from orchestration.run import run_pipeline

    raise typer.Exit(run_pipeline(inbox=inbox, home=home, years=years, workers=workers, wait=wait, fetch=fetch))


@app.command(epilog=PLAN_EXAMPLES)
def plan(
    home: Home = Path(".home"),
    inbox: Annotated[Path | None, typer.Option("--inbox", help="Also count what is new in this inbox.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of tables.")] = False,
) -> None:
    """Show what a run would read, by report year and reason, before it does: after a change of a reader, of the parser,
    of the catalogue or of decisions. Nothing is changed."""
    from orchestration.plan_display import show_plan

    raise typer.Exit(show_plan(home, inbox, as_json))


@app.command(epilog=HEALTH_EXAMPLES)
def health(
    home: Home = Path(".home"),
    deep: Annotated[
        bool, typer.Option("--deep", help="Also hash every archived file and the published database.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array instead of a table.")] = False,
) -> None:
    """Examine a home: archive, documents, staging, warehouse, validation, release, disk, and what waits to be read.
    Nothing is changed."""
    from orchestration.health_display import show_health

    raise typer.Exit(show_health(home, deep, as_json))


@app.command(epilog=UI_EXAMPLES)
def ui(
    home: Home = Path(".home"),
    inbox: Annotated[Path | None, typer.Option("--inbox", help="Folder the inbox sensor watches.")] = None,
    port: Annotated[int, typer.Option("--port")] = 3000,
    host: Annotated[str, typer.Option("--host")] = "127.0.0.1",
) -> None:
    """Open the Dagster UI on a home: assets, checks, partitions, schedules and the inbox sensor."""
    from orchestration.ui import serve

    serve(home=home, inbox=inbox, host=host, port=port)


def main() -> None:
    """Entry point of the `gouji` script."""
    app()
