"""The typed form of the YAML files in `figures/`: what a sample filing prints and what is expected of its reading.

Only shapes and loading belong here; layout is in `statutory`, the native formats are in the modules named after them.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from catalogue.load import load_catalogue
from catalogue.model import Edition, Table

FIGURES = Path(__file__).parent / "figures"
DISCLAIMER = "（软件样例：文字由勾稽项目自拟，数字据该机关公开资料。）"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PrintedValue(_Frozen):
    """A cell whose printed text is not simply its number."""

    printed: str
    value: Decimal


Figure = str | PrintedValue | None  # None: the source has no such cell


class Section(_Frozen):
    """One part of the report: a heading, its paragraphs, then its table."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: str | None = None
    depth: int = 2  # Markdown heading depth, text dumps only


class PageBreak(_Frozen):
    """Where a table runs over the page; `carried_over` is the end of the label that the break cuts off."""

    table: str
    after: str
    carried_over: str = ""


class ExpectedFact(_Frozen):
    """A count the prose states, with the code it is read as."""

    fact_code: str
    printed: str
    value: Decimal | None
    unit: str
    approximate: bool = False
    stated_as_none: bool = False
    derived_from: str | None = None


class CellName(_Frozen):
    """A cell the identities fill (`value`) or withhold (`suggested`)."""

    table: str
    row_code: str
    column_code: str
    value: Decimal | None = None
    suggested: Decimal | None = None


class BrokenIdentity(_Frozen):
    rule_id: str
    scope: str


class Expected(_Frozen):
    """What a careful reader takes from the filing; a metadata field not named is unknown to the text."""

    metadata: dict[str, str | int]
    forms: dict[str, str]
    facts: tuple[ExpectedFact, ...]
    imputed: tuple[CellName, ...] = ()
    withheld: tuple[CellName, ...] = ()
    broken: tuple[BrokenIdentity, ...] = ()


class Sample(_Frozen):
    """A filing to compose. `cells` lists a row's figures in the order of its columns; rows not listed print 0."""

    file: str
    format: Literal["pdf", "html", "docx", "prose", "dump"]
    edition: str
    sections: tuple[Section, ...]
    expected: Expected
    encoding: str = "utf-8"
    letterhead: str | None = None
    document_number: str | None = None
    signatory: str | None = None
    title: str | None = None
    title_lines: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    signature: tuple[str, ...] = ()
    furniture_before: tuple[str, ...] = ()
    furniture_after: str | None = None
    form_variant: str | None = None
    cells: dict[str, dict[str, tuple[Figure, ...]]] = {}
    surplus_value: dict[str, str] = {}
    label_edits: dict[str, dict[str, str]] = {}
    label_notes: dict[str, str] = {}
    page_break: PageBreak | None = None

    @property
    def form(self) -> Edition:
        return load_catalogue().edition(self.edition)

    def table(self, code: str) -> Table:
        table = self.form.table(code)
        if table is None:
            raise ValueError(f"{self.file}: edition {self.edition} has no table {code}")
        return table

    def figure(self, table: str, row_code: str, column_code: str) -> Figure:
        """What the filing has in this cell; raises ValueError where a row lists too few or too many figures."""
        columns = self.table(table).row(row_code).columns
        figures = self.cells.get(table, {}).get(row_code, ("0",) * len(columns))
        if len(figures) != len(columns):
            raise ValueError(f"{self.file}: {table} {row_code} lists {len(figures)} figures for {len(columns)} columns")
        return figures[columns.index(column_code)]

    def printed(self, table: str, row_code: str, column_code: str) -> str | None:
        figure = self.figure(table, row_code, column_code)
        return figure.printed if isinstance(figure, PrintedValue) else figure


def load_samples() -> tuple[Sample, ...]:
    """All samples of `figures/`, in the order of their file names."""
    return tuple(
        Sample.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in sorted(FIGURES.glob("*.yaml"))
    )
