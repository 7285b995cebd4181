"""Small builders of table readings for the tests of reconcile: a whole table from the few cells that matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from catalogue.load import load_catalogue
from catalogue.model import Comparison
from disclosure.reconcile import Reconciled, reconcile
from disclosure.report import Cell, CellState, TableReading

CATALOGUE = load_catalogue()
APPLICANTS = ("natural_person", "org_business", "org_research", "org_public_interest", "org_legal_service", "org_other")
COLUMNS = (*APPLICANTS, "total")
NIL_MARKS = {"": CellState.BLANK, "/": CellState.SLASH, "—": CellState.DASH, None: CellState.ABSENT}

CellName = tuple[str, str]


def cell(table: str, name: CellName, printed: str | None) -> Cell:
    if printed in NIL_MARKS:
        return Cell(table, *name, printed=printed, state=NIL_MARKS[printed], value=None)
    return Cell(table, *name, printed=printed, state=CellState.REPORTED, value=Decimal(printed or "0"))


def reading(
    table: str,
    edition: str,
    printed: Mapping[CellName, str | None],
    default: str | None = "0",
    form_variant: str | None = None,
) -> TableReading:
    """Every cell of the form; those not in `printed` print `default`."""
    form = CATALOGUE.edition(edition).table(table)
    assert form is not None
    names = form.cells(form_variant)
    assert set(printed) <= set(names)
    return TableReading(
        table, edition, form_variant, tuple(cell(table, name, printed.get(name, default)) for name in names)
    )


def rows(lines: Mapping[str, str], columns: tuple[str, ...] = COLUMNS) -> dict[CellName, str]:
    """`{"granted_full": "2 1 . 0 0 1 3"}` as cells; a dot is a blank cell, missing values at the end too."""
    return {
        (row, column): "" if text == "." else text
        for row, line in lines.items()
        for column, text in zip(columns, line.split() + ["."] * len(columns), strict=False)
    }


def with_suspects(table: TableReading, names: Iterable[CellName]) -> TableReading:
    chosen = set(names)
    return replace(
        table,
        cells=tuple(c._replace(suspect=True) if (c.row_code, c.column_code) in chosen else c for c in table.cells),
    )


def run(*readings: TableReading) -> Reconciled:
    return reconcile(readings, CATALOGUE)


def by_name(result: Reconciled, table: str = "T3") -> dict[CellName, Cell]:
    return {(c.row_code, c.column_code): c for c in result.cells if c.table == table}


def broken(result: Reconciled) -> set[tuple[str, str]]:
    return {(each.rule_id, each.scope) for each in result.identities if each.outcome == "broken"}


def contradictions(result: Reconciled, table: TableReading) -> list[tuple[str, str]]:
    """Must-hold sums whose terms are all published and that the published values break; computed without the code
    under test."""
    published = {(c.row_code, c.column_code): c.value_published for c in result.cells if c.table == table.table}
    found = []
    for instance in CATALOGUE.instances_of(table.edition, table.table, table.form_variant):
        if not instance.severity.must_hold or instance.comparison is not Comparison.EQUAL:
            continue
        sides = []
        for terms in (instance.left, instance.right):
            values = [published[term.row_code, term.column_code] for term in terms]
            sides.append(None if None in values else sum(v for v in values if v is not None))
        if None not in sides and sides[0] != sides[1]:
            found.append((instance.rule_id, instance.scope))
    return found
