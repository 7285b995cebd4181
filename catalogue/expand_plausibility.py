"""Turns the rules that warn into instances: one per row, column, case or table, with every figure written out.

Here belongs what a figure stands for on a given edition, and the proof that it exists; nothing here judges values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from catalogue.errors import CatalogueError
from catalogue.expand import codes_of
from catalogue.model import Edition, Table
from catalogue.plausibility import (
    NARRATIVE,
    REPORT,
    Applies,
    Claim,
    ClaimInstance,
    Figure,
    PlausibilityInstance,
    PlausibilityRule,
    Quantity,
    Relation,
)

ANY = "*"
DOCUMENT = "document"


def expand_plausibility(
    rules: Iterable[PlausibilityRule], editions: tuple[Edition, ...]
) -> tuple[PlausibilityInstance, ...]:
    """Every instance of every rule, in the order of the register."""
    by_code = {edition.code: edition for edition in editions}
    return tuple(
        instance
        for rule in rules
        for code in dict.fromkeys((*rule.editions, *(code for case in rule.cases for code in case.editions)))
        for instance in _Expansion(rule, by_code[code], editions).instances()
    )


class _Expansion:
    """One rule on one edition."""

    def __init__(self, rule: PlausibilityRule, edition: Edition, editions: tuple[Edition, ...]) -> None:
        self._rule = rule
        self._edition = edition
        self._editions = editions

    def instances(self) -> Iterator[PlausibilityInstance]:
        rule = self._rule
        if rule.scope == "cases":
            yield from self._of_cases()
        elif rule.scope == "table":
            yield self._instance("table" if rule.table else REPORT, rule.when, rule.claims, rule.table)
        elif rule.scope == "each_column":
            for column in self._table(rule.table).columns:
                yield self._instance(f"column:{column.code}", rule.when, rule.claims, rule.table, column=column.code)
        else:
            yield from self._of_rows()

    def _of_cases(self) -> Iterator[PlausibilityInstance]:
        rule = self._rule
        for case in rule.cases:
            if self._edition.code in (case.editions or rule.editions):
                applies = _both(rule, case.applies)
                yield self._instance(case.scope, case.when, case.claims, case.table or rule.table, applies=applies)

    def _of_rows(self) -> Iterator[PlausibilityInstance]:
        """The rows named, or every row that fills all the columns the rule compares."""
        rule = self._rule
        claims = (*rule.when, *rule.claims)
        needed = {figure.column for claim in claims for figure in _figures(claim) if _is_open(figure)} - {None}
        for row in self._table(rule.table).rows:
            if row.code in rule.rows_only if rule.rows_only else needed <= set(row.columns):
                scope, variant = f"row:{row.code}", row.form_variant
                yield self._instance(scope, rule.when, rule.claims, rule.table, row=row.code, variant=variant)

    def _instance(
        self,
        scope: str,
        when: tuple[Claim, ...],
        claims: tuple[Claim, ...],
        table: str | None,
        row: str | None = None,
        column: str | None = None,
        variant: str | None = None,
        applies: Applies | None = None,
    ) -> PlausibilityInstance:
        rule = self._rule
        written = tuple(
            ClaimInstance(
                is_condition=is_condition,
                kind=claim.kind,
                left=self._quantities(claim.left, table, row, column),
                right=self._quantities(claim.right, table, row, column),
                whole=self._quantities(claim.whole, table, row, column),
                constant=claim.constant,
                factor=claim.factor,
                label=claim.label,
            )
            for is_condition, group in ((True, when), (False, claims))
            for claim in group
        )
        quantities = [quantity for claim in written for _, side in claim.sides for quantity in side]
        relations = {quantity.of for quantity in quantities} - {Relation.THIS}
        self._require(len(relations) <= 1, f"{scope} compares with two kinds of report: {sorted(relations)}")
        facts = dict.fromkeys(quantity.key[1:] for quantity in quantities if quantity.table_code == NARRATIVE)
        self._require(len(facts) <= 1, f"{scope} is about two facts of the prose: {sorted(facts)}")
        return PlausibilityInstance(
            rule_id=rule.rule_id,
            edition=self._edition.code,
            table=table or REPORT,
            scope=scope,
            severity=rule.severity,
            relation=next(iter(relations), Relation.THIS),
            claims=written,
            mention=next(iter(facts), None),  # type: ignore[arg-type]
            applies=applies or rule.applies,
            related_editions=rule.related_editions or rule.editions,
            tolerance=rule.tolerance,
            form_variant=variant,
            judged_on=rule.judged_on,
            complete_from=rule.complete_from,
        )

    def _quantities(
        self, figures: tuple[Figure, ...], table: str | None, row: str | None, column: str | None
    ) -> tuple[Quantity, ...]:
        return tuple(
            Quantity(table_code=key[0], row_code=key[1], column_code=key[2], of=figure.of, weight=figure.factor)
            for figure in figures
            for key in self._keys(figure, figure.table or table, row, column)
        )

    def _keys(
        self, figure: Figure, table_code: str | None, row: str | None, column: str | None
    ) -> Iterator[tuple[str, str, str]]:
        if figure.fact:
            yield NARRATIVE, figure.fact, figure.stated
        elif figure.document:
            yield REPORT, DOCUMENT, figure.document.value
        elif figure.measure:
            yield table_code or REPORT, ANY, figure.measure.value
        else:
            table = self._table(table_code)
            rows = codes_of(figure.row or row, figure.rows, table.row_sets, self._rule.rule_id)
            columns = codes_of(figure.column or column, figure.columns, table.column_sets, self._rule.rule_id)
            tables = [table] if figure.of is Relation.THIS else self._tables_of_all_editions(table.code)
            cells = {cell for each in tables for cell in each.cells_of_all_variants()}
            for cell in product(rows, columns):
                self._require(cell in cells, f"{table.code} has no cell {cell[0]}/{cell[1]}")
                yield table.code, *cell

    def _table(self, code: str | None) -> Table:
        table = self._edition.table(code or "")
        self._require(table is not None, f"{self._edition.code} has no table {code}")
        assert table is not None
        return table

    def _tables_of_all_editions(self, code: str) -> list[Table]:
        return [table for edition in self._editions if (table := edition.table(code))]

    def _require(self, condition: object, problem: str) -> None:
        if not condition:
            raise CatalogueError("identities", self._rule.rule_id, problem)


def _figures(claim: Claim) -> tuple[Figure, ...]:
    return (*claim.left, *claim.right, *claim.whole)


def _is_open(figure: Figure) -> bool:
    """Whether the row of the figure is the row the instance is for."""
    return (
        not (figure.row or figure.rows or figure.fact or figure.measure or figure.document)
        and figure.of is Relation.THIS
    )


def _both(rule: PlausibilityRule, case: Applies) -> Applies:
    """What the rule says of the reports it is about, with what the case adds."""
    return rule.applies.model_copy(update=case.model_dump(exclude_defaults=True))
