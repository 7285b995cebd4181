"""The documentation of the dbt project as one page that opens offline: HOME/docs/index.html.

`python -m orchestration.dbt_docs --home .home` (or `make docs`) makes it from the warehouse of a home: models, columns, tests,
exposures and the graph from staged files to what is published.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from orchestration.locks import hold_home
from orchestration.resources import DBT_PROJECT, Home

# dbt's page has a tracker, which our settings leave off; the browser is told to refuse every connection all the same.
POLICY = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:; font-src data:"
HEAD = '<meta charset="utf-8">'


class DocsError(RuntimeError):
    """The page cannot be made; the message says why."""


def write_docs(home: Home) -> Path:
    """Make the page from the warehouse as it stands; returns its path. Raises DocsError."""
    if not home.warehouse.exists():
        raise DocsError(f"{home.path} has no warehouse yet; run `gouji run --home {home.path}` first")
    target = home.path / "docs"
    target.mkdir(exist_ok=True)
    with hold_home(home.path, wait=True):
        generate(home, home.warehouse.parent / "dbt")
    page = (home.warehouse.parent / "dbt" / "static_index.html").read_text(encoding="utf-8")
    index = target / "index.html"
    index.write_text(refuse_connections(page), encoding="utf-8")
    return index


def refuse_connections(page: str) -> str:
    """The page with a policy under which a browser loads nothing from elsewhere. Raises DocsError."""
    if HEAD not in page:
        raise DocsError("dbt's page has another head than expected; the policy finds no place")
    return page.replace(HEAD, f'{HEAD}<meta http-equiv="Content-Security-Policy" content="{POLICY}">', 1)


def generate(home: Home, target: Path) -> None:
    """Run `dbt docs generate` in a process of its own. Raises DocsError with dbt's words."""
    environment = os.environ | {
        "GOUJI_WAREHOUSE": str(home.warehouse),
        "GOUJI_STAGING": str(home.staging),
        "DO_NOT_TRACK": "1",
    }
    folders = ("--project-dir", DBT_PROJECT, "--profiles-dir", DBT_PROJECT, "--target-path", target)
    command = [Path(sys.executable).parent / "dbt", "--quiet", "docs", "generate", "--static", *folders]
    command += ["--log-path", home.path / "logs"]
    done = subprocess.run(
        [str(part) for part in command], env=environment, cwd=DBT_PROJECT, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise DocsError(f"dbt docs generate failed:\n{done.stdout}{done.stderr}")


def main(home: Annotated[Path, typer.Option("--home", help="Home whose warehouse is documented.")]) -> None:
    """Write the documentation of the dbt project into the home, as one page that opens offline."""
    try:
        print(write_docs(Home(folder=str(home))))
    except DocsError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None


if __name__ == "__main__":
    typer.run(main)
