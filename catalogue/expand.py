"""Turns the rules and indicators of the register into signed cells: one instance per column, row or table.

Here belongs what a term stands for on a given edition; nothing here judges values (`disclosure.reconcile` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

from catalogue.errors import CatalogueError
from catalogue.model import Comparison, Edition, Identity, IdentityInstance, Indicator, Scope, Table, Term, TermSpec

REGISTER = "identities"
POPULATION = "population"


def expand_identities(identities: Iterable[Identity], editions: Iterable[Edition]) -> tuple[IdentityInstance, ...]:
    """Every instance of every rule that the ledger holds; rules about the reading itself have none."""
    by_code = {edition.code: edition for edition in editions}
    return tuple(
        instance
        for identity in identities
        if identity.comparison is not Comparison.READING
        for code in identity.editions
        for table in by_code[code].tables
        if identity.table in (None, table.code)
        for instance in instances_on(identity, code, table)
    )


def instances_on(identity: Identity, edition: str, table: Table) -> Iterator[IdentityInstance]:
    """The instances of one rule on one table of one edition."""
    for scope, left, right, row, column in sides(identity, table):
        yield IdentityInstance(
            rule_id=identity.rule_id,
            edition=edition,
            table=table.code,
            scope=scope,
            severity=identity.severity,
            comparison=identity.comparison,
            left=terms(left, table, row, column, identity.rule_id),
            right=terms(right, table, row, column, identity.rule_id),
            tolerance=identity.tolerance,
            form_variant=table.row(row).form_variant if row else None,
        )


Side = tuple[TermSpec, ...]


def sides(identity: Identity, table: Table) -> Iterator[tuple[str, Side, Side, str | None, str | None]]:
    """(scope key, left, right, row, column) of each instance; row or column is what the instance is for."""
    if identity.cases:
        for case in identity.cases:
            yield f"row:{case.row}", case.left, case.right, None, None
    elif identity.scope is Scope.EACH_COLUMN:
        for each in table.columns:
            yield f"column:{each.code}", identity.left, identity.right, None, each.code
    elif identity.scope is Scope.EACH_ROW:
        needed = columns_named((*identity.left, *identity.right), table)
        for line in table.rows:
            wanted = line.code in identity.rows_only if identity.rows_only else needed <= set(line.columns)
            if wanted:
                yield f"row:{line.code}", identity.left, identity.right, line.code, None
    else:
        yield "table", identity.left, identity.right, None, None


def columns_named(specs: Side, table: Table) -> set[str]:
    """The columns a row has to fill for an each_row rule to be about it."""
    return {
        code
        for spec in specs
        for code in ((spec.column,) if spec.column else table.column_sets.get(spec.columns or "", ()))
    }


def terms(specs: Side, table: Table, row: str | None, column: str | None, rule_id: str) -> tuple[Term, ...]:
    """The signed cells one side stands for. Raises CatalogueError when it names a cell that is not on the form."""
    cells = set(table.cells_of_all_variants())
    found = []
    for spec in specs:
        rows = codes_of(spec.row or row, spec.rows, table.row_sets, rule_id)
        columns = codes_of(spec.column or column, spec.columns, table.column_sets, rule_id)
        for cell in product(rows, columns):
            by_sets = spec.rows is not None and spec.columns is not None
            if cell not in cells:
                if by_sets:  # a product of sets covers the form, and not every row of a form fills every column
                    continue
                raise CatalogueError(REGISTER, rule_id, f"{table.code} has no cell {cell[0]}/{cell[1]}")
            if spec.kinds and table.kind_of(*cell) not in spec.kinds:
                continue
            variant = table.row(cell[0]).form_variant
            found.append(Term(row_code=cell[0], column_code=cell[1], sign=spec.sign, form_variant=variant))
    return tuple(found)


def codes_of(code: str | None, set_name: str | None, sets: dict[str, tuple[str, ...]], rule_id: str) -> tuple[str, ...]:
    """The codes a term names, by itself or through a named set."""
    if set_name is not None:
        if set_name not in sets:
            raise CatalogueError(REGISTER, rule_id, f"no set is called {set_name!r}; there are {sorted(sets)}")
        return sets[set_name]
    if code is None:
        raise CatalogueError(REGISTER, rule_id, "a term leaves its row or its column open")
    return (code,)


def expand_indicator(indicator: Indicator, editions: tuple[Edition, ...]) -> Indicator:
    """The indicator with every `T3.@set.total` written out as the cells of that row set, over all editions."""
    return indicator.model_copy(
        update={
            "numerator": expand_parts(indicator.numerator, indicator.code, editions),
            "denominator": expand_parts(indicator.denominator, indicator.code, editions),
        }
    )


def expand_parts(parts: tuple[str, ...], indicator: str, editions: tuple[Edition, ...]) -> tuple[str, ...]:
    """A set stands for the union of what the editions mean by it: a term absent in an edition is skipped there."""
    expanded: dict[str, None] = {}
    for part in parts:
        term = split_part(part, indicator)
        rows: Iterable[str] = (term.row_code,)
        if term.row_code.startswith("@"):
            tables = [table for edition in editions if (table := edition.table(term.table_code))]
            rows = [row for table in tables for row in table.row_sets.get(term.row_code[1:], ())]
            if not rows:
                raise CatalogueError(
                    "indicators.yaml", indicator, f"{term.table_code} has no row set {term.row_code[1:]!r}"
                )
        for row in rows:
            expanded[str(replace(term, row_code=row))] = None
    return tuple(expanded)


@dataclass(frozen=True, slots=True)
class IndicatorTerm:
    """A signed figure of an indicator: a cell of the report, of that of the year before, or the region's population."""

    sign: int
    relation: Literal["this", "prior_year"]
    table_code: str
    row_code: str
    column_code: str

    @property
    def is_cell(self) -> bool:
        return self.table_code != POPULATION

    def __str__(self) -> str:
        prior = "prior_year." if self.relation == "prior_year" else ""
        cell = POPULATION if not self.is_cell else f"{self.table_code}.{self.row_code}.{self.column_code}"
        return f"{'-' if self.sign < 0 else ''}{prior}{cell}"


def split_part(part: str, indicator: str) -> IndicatorTerm:
    """An indicator term such as `-T2.normative_documents.repealed_this_year` in its pieces."""
    sign, text = (-1 if part.startswith("-") else 1), part.removeprefix("-")
    if text == POPULATION:
        return IndicatorTerm(sign, "this", POPULATION, "region", "persons")
    relation: Literal["this", "prior_year"] = "prior_year" if text.startswith("prior_year.") else "this"
    pieces = text.removeprefix("prior_year.").split(".")
    if len(pieces) != 3:
        raise CatalogueError("indicators.yaml", indicator, f"{part!r} is not table.row.column")
    return IndicatorTerm(sign, relation, *pieces)


def formula_of(terms: tuple[str, ...]) -> str:
    """The terms of an indicator as a sum."""
    return " ".join(
        f"- {term[1:]}" if term.startswith("-") else (f"+ {term}" if place else term)
        for place, term in enumerate(terms)
    )
