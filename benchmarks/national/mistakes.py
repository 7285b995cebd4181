"""The filings that do not print what was counted: wrong totals and cells, blanks, doubtful readings, prose that contradicts.

They are few, so they go through the reconciliation of the library itself (`disclosure.reconcile`): what is imputed,
suggested and withheld is what a run would say of them. Every cell that is not printed as counted is written down.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from catalogue.model import Edition
from disclosure.report import CellKey

Value = Decimal | None


@dataclass
class Printed:
    """One report about to be printed: what each cell prints, and what its prose states (fact -> number)."""

    edition: Edition
    values: dict[CellKey, Value]  # None is a blank
    said: dict[str, Decimal]
    suspect: set[CellKey]


@dataclass(frozen=True)
class Mistake:
    """A place where the report differs from what was counted. `table` is "narrative" for a statement of the prose."""

    kind: str
    table: str
    row_code: str
    column_code: str
    printed: Value
    counted: Value


Make = Callable[[random.Random, Printed], None]


def make_mistake(source: random.Random, kind: str, report: Printed) -> tuple[Mistake, ...]:
    """Let the filer make this mistake, and name the places that differ from then on."""
    values, said, suspect = dict(report.values), dict(report.said), set(report.suspect)
    KINDS[kind][1](source, report)
    cells = [key for key in values if values[key] != report.values[key] or key in report.suspect - suspect]
    return (
        *(Mistake(kind, *key, report.values[key], values[key]) for key in cells),
        *(
            Mistake(kind, "narrative", fact, "count", report.said[fact], said[fact])
            for fact in said
            if said[fact] != report.said[fact]
        ),
    )


def _wrong_total(source: random.Random, report: Printed) -> None:
    """The total of a row of 表三 is off by a little."""
    _shift(source, report, [key for key in report.values if key[0] == "T3" and key[2] == "total"])


def _wrong_cell(source: random.Random, report: Printed) -> None:
    _shift(source, report, [key for key in report.values if key[0] == "T3" and key[2] != "total"])


def _two_wrong_cells(source: random.Random, report: Printed) -> None:
    _wrong_cell(source, report)
    _wrong_cell(source, report)


def _wrong_dispute(source: random.Random, report: Printed) -> None:
    _shift(source, report, [key for key in report.values if key[0] == "T4"])


def _blank_zeros(source: random.Random, report: Printed) -> None:
    """Some zeros of 表三 left empty."""
    for key in _zeros(report, "T3"):
        if source.random() < 0.3:
            report.values[key] = None


def _blank_totals(source: random.Random, report: Printed) -> None:
    """The total column of the outcomes left empty, as some agencies do."""
    leaves = {row.code for table in report.edition.tables if table.code == "T3" for row in table.rows if row.leaf}
    for key in report.values:
        if key[0] == "T3" and key[1] in leaves and key[2] == "total":
            report.values[key] = None


def _blank_disclosure(source: random.Random, report: Printed) -> None:
    """Zeros of 表二 left empty: no identity fills them."""
    for key in _zeros(report, "T2"):
        report.values[key] = None


def _carried_otherwise(source: random.Random, report: Printed) -> None:
    """Another number carried in than the year before carried out, consistent within the report."""
    more = Decimal(source.choice((1, 2, 3)))
    for column in ("natural_person", "total"):
        for row in ("requests_carried_in", "outcomes_total", "granted_full"):
            key = ("T3", row, column)
            report.values[key] = (report.values[key] or Decimal(0)) + more


def _doubtful_row(source: random.Random, report: Printed) -> None:
    """A row whose values fit its columns in more than one way."""
    row = source.choice(sorted({key[1] for key in report.values if key[0] == "T3"}))
    report.suspect |= {key for key in report.values if key[0] == "T3" and key[1] == row}


def _prose_contradicts(source: random.Random, report: Printed) -> None:
    for fact in sorted(report.said):
        report.said[fact] += Decimal(source.choice((1, 2, 5)))


# share of all filings, and how it is made
KINDS: dict[str, tuple[float, Make]] = {
    "wrong_total": (0.008, _wrong_total),
    "wrong_cell": (0.008, _wrong_cell),
    "two_wrong_cells": (0.001, _two_wrong_cells),
    "wrong_dispute": (0.004, _wrong_dispute),
    "blank_zeros": (0.010, _blank_zeros),
    "blank_totals": (0.004, _blank_totals),
    "blank_disclosure": (0.003, _blank_disclosure),
    "carried_otherwise": (0.004, _carried_otherwise),
    "doubtful_row": (0.002, _doubtful_row),
    "prose_contradicts": (0.006, _prose_contradicts),
}


def shares() -> Iterator[tuple[str, float]]:
    """Kinds of mistakes and the upper ends of their shares, laid one after the other."""
    end = 0.0
    for kind, (share, _) in KINDS.items():
        end += share
        yield kind, end


def _shift(source: random.Random, report: Printed, keys: list[CellKey]) -> None:
    key = source.choice(sorted(keys))
    report.values[key] = (report.values[key] or Decimal(0)) + Decimal(source.choice((1, 1, 2, 5, 10)))


def _zeros(report: Printed, table: str) -> list[CellKey]:
    return [key for key, value in report.values.items() if key[0] == table and value == 0]
