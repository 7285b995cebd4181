"""Runs the queries shown in the documentation over a release, and holds their shown answers to what comes out.

    python -m docs.worked_queries README.md docs/using_the_data.md [--home .home] [--write]

A block of SQL is followed by its answer as a table, a block of Python by what it prints; pictures it saves stand beside
the page. With --write the answers and pictures are written anew, otherwise every one that differs is named. The shown
answers are those of the five samples; the tests run the same blocks over them.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

RELEASE = Path(".home/releases/latest")  # where the examples look for it, from the project's folder
FONTS = "paperang_p2_fonts_cjk"  # of the development group: 文泉驿微米黑
BLOCK = re.compile(r"^```(sql|python)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"\n?(?:\|[^\n]*\n)+")
PRINTED = re.compile(r"\n?```text\n(.*?)^```\n", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """A block of a page: where its answer stands in the text, and the answer shown there ("" when it has none)."""

    language: str
    code: str
    start: int
    end: int
    shown: str


@dataclass(frozen=True)
class Answer:
    example: Example
    given: str

    @property
    def holds(self) -> bool:
        return self.given.strip() == self.example.shown.strip()


def find_examples(text: str) -> Iterator[Example]:
    """The blocks of a page in order."""
    for block in BLOCK.finditer(text):
        language, code = block.groups()
        shown = (TABLE if language == "sql" else PRINTED).match(text, block.end())
        yield Example(
            language, code, block.end(), shown.end() if shown else block.end(), shown.group() if shown else ""
        )


def answer_page(text: str, release: Path, folder: Path) -> list[Answer]:
    """Run every block over a release, Python in `folder`, where it finds the release and leaves its pictures."""
    place = folder / RELEASE
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(release.resolve(), target_is_directory=True)
    names: dict[str, Any] = {}
    with duckdb.connect(str(release / "marts.duckdb"), read_only=True) as connection, inside(folder):
        return [
            Answer(
                example,
                tabulate(connection.execute(example.code)) if example.language == "sql" else run(example.code, names),
            )
            for example in find_examples(text)
        ]


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def run(code: str, names: dict[str, Any]) -> str:
    """What the code prints, as the block shown below it; nothing when it prints nothing."""
    prepare_plots()
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "example", "exec"), names)
    return f"\n```text\n{printed.getvalue()}```\n" if printed.getvalue() else ""


def prepare_plots() -> None:
    """No window, the same bytes each time, and a Chinese font whatever the machine has."""
    from importlib.util import find_spec

    import matplotlib
    from matplotlib import font_manager

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "gouji"
    fonts = find_spec(FONTS)
    for folder in (fonts.submodule_search_locations or ()) if fonts else ():
        for path in sorted(Path(folder).rglob("*.ttc")):
            font_manager.fontManager.addfont(path)


def tabulate(result: duckdb.DuckDBPyConnection) -> str:
    columns = [column[0] for column in result.description or ()]
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [
        "|" + "|".join(f" {text} " if text else " " for text in map(show, row)) + "|" for row in result.fetchall()
    ]
    return "\n" + "\n".join(lines) + "\n"


def show(value: object) -> str:
    """A value as the pages write it: numbers without trailing zeros, lists and structures in the manner of DuckDB."""
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).lower()
        case Decimal():
            return f"{value.normalize():f}"
        case float():
            return f"{value:g}"
        case list():
            return f"[{', '.join(map(show, value))}]"
        case dict():
            return f"{{{', '.join(f'{name}: {show(part)}' for name, part in value.items())}}}"
        case date():
            return value.isoformat()
        case _:
            return str(value).replace("|", "\\|").replace("\n", " ")


def rewrite(text: str, answers: list[Answer]) -> str:
    """The page with the answers given in place of those shown."""
    parts, place = [], 0
    for answer in answers:
        parts += [text[place : answer.example.start], answer.given]
        place = answer.example.end
    return "".join(parts) + text[place:]


def main() -> int:
    """Check or rewrite pages; the exit code is the number of answers and pictures that differ."""
    parser = argparse.ArgumentParser(
        description="Run the queries of the documentation over the release of the samples."
    )
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--home", type=Path, default=Path(".home"))
    parser.add_argument("--write", action="store_true")
    order = parser.parse_args()
    differing = 0
    for page in order.pages:
        text = page.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            answers = answer_page(text, (order.home / "releases" / "latest").resolve(), Path(folder))
            differing += sum(not answer.holds for answer in answers) + compare_pictures(page, Path(folder), order.write)
        for answer in answers:
            if not answer.holds:
                print(f"{page}: after\n{answer.example.code}\nthe answer is\n{answer.given}", file=sys.stderr)
        if order.write:
            page.write_text(rewrite(text, answers), encoding="utf-8")
    return differing


def compare_pictures(page: Path, folder: Path, write: bool) -> int:
    """How many pictures the page's code drew otherwise than they stand beside it; with `write` they are replaced."""
    differing = 0
    for drawn in sorted(folder.glob("*.svg")):
        stands = page.parent / drawn.name
        if not stands.exists() or stands.read_bytes() != drawn.read_bytes():
            differing += 1
            print(f"{stands} is drawn otherwise", file=sys.stderr)
        if write:
            stands.write_bytes(drawn.read_bytes())
    return differing


if __name__ == "__main__":
    sys.exit(main())
