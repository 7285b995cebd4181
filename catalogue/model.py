"""The typed, frozen form of what the YAML files of the catalogue declare.

Here belong the shapes of forms, identities, narrative facts and indicators, and nothing that reads files
(`load.py`) or writes derived ones (`derive.py`). No label, code or number of a form is written in this module.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from pydantic import Field

from catalogue.breaking import BreakingExample as BreakingExample
from catalogue.breaking import BreakingPage as BreakingPage
from catalogue.declaration import Frozen as Frozen
from catalogue.declaration import Severity as Severity
from catalogue.organs import AgencySuccession as AgencySuccession
from catalogue.organs import CreditCodePrefix as CreditCodePrefix
from catalogue.organs import FunctionCategory as FunctionCategory
from catalogue.organs import OrganType as OrganType
from catalogue.plausibility import PlausibilityInstance, PlausibilityRule


class ValueKind(StrEnum):
    """How the text of a cell is read: a whole number, a signed whole number, or an amount of money in 万元."""

    COUNT = "count"
    SIGNED_COUNT = "signed_count"
    AMOUNT = "amount"


class Column(Frozen):
    """A value column of a table; `variants` are other wordings seen in real reports."""

    code: str
    chinese: str
    english: str
    unit: str
    kind: ValueKind = ValueKind.COUNT
    spanning: str | None = None  # the header above it that has no cells of its own (法人或其他组织)
    variants: tuple[str, ...] = ()
    maximum: Decimal | None = None  # G-04, where it differs from the table's


class Row(Frozen):
    """A line item that has cells: its label without list number, the key words that identify it (all of them occur in
    the label), and the columns it fills. A label of two rows' key words belongs to the row with the longer ones."""

    code: str
    chinese: str
    english: str
    columns: tuple[str, ...]
    keywords: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    group: str | None = None  # code of the group row it is printed under
    part_of: str | None = None  # code of the row (with cells) it is counted in, e.g. 其中：主动公开规范性文件数
    number: str | None = None  # list number on the form, e.g. （一） or 1.
    unit: str | None = None  # only where the unit belongs to the row (stat_annex_2014)
    kind: ValueKind | None = None  # only where the kind belongs to the row
    leaf: bool = False  # an outcome that is summed into the total
    form_variant: str | None = None  # only on this provincial variant
    clause: str | None = None  # article of the Regulation
    maximum: Decimal | None = None  # G-04, where it differs from the column's or table's


class GroupRow(Frozen):
    """A printed heading inside a table that has no cells."""

    code: str
    chinese: str
    english: str
    keywords: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    number: str | None = None
    parent: str | None = None  # code of the group row above it


class Table(Frozen):
    """One statutory table of one edition."""

    code: str  # T2, T3, T4, S14
    chinese: str
    english: str
    clause: str | None = None
    anchors: tuple[str, ...]  # words that prove a grid is this table (any one suffices, whitespace dropped)
    # Words that prove it is this edition of the table. Empty: taken when no other edition's words are found.
    edition_anchors: tuple[str, ...] = ()
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    groups: tuple[GroupRow, ...] = ()
    maximum: Decimal  # G-04: largest believable count
    # named sets of rows; always there: all, leaves and one per group code
    row_sets: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    # named sets of columns, e.g. applicants; always there: all
    column_sets: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    def cells(self, form_variant: str | None = None) -> tuple[tuple[str, str], ...]:
        """(row_code, column_code) of every cell on the form, in print order."""
        return _cells_of(self, form_variant)

    def cells_of_all_variants(self) -> tuple[tuple[str, str], ...]:
        """(row_code, column_code) of every cell any variant of the form has, in print order."""
        return _cells_of_all_variants(self)

    def row(self, code: str) -> Row:
        return _rows_by_code(self)[code]

    def column(self, code: str) -> Column:
        return _columns_by_code(self)[code]

    def kind_of(self, row_code: str, column_code: str) -> ValueKind:
        """How the cell is read; the row's own kind wins over the column's."""
        return self.row(row_code).kind or self.column(column_code).kind

    def unit_of(self, row_code: str, column_code: str) -> str:
        """The unit of the cell; the row's own unit wins over the column's."""
        return self.row(row_code).unit or self.column(column_code).unit

    def maximum_of(self, row_code: str, column_code: str) -> Decimal:
        """The largest believable magnitude of the cell (G-04): that of its row, else its column, else its table."""
        for maximum in (self.row(row_code).maximum, self.column(column_code).maximum):
            if maximum is not None:
                return maximum
        return self.maximum


# The look-ups of a reader are made thousands of times a report. They are kept beside the models and not in them, because a
# changed copy of a model must not bring its original's look-ups along.
@lru_cache(maxsize=256)
def _rows_by_code(table: Table) -> dict[str, Row]:
    return {row.code: row for row in table.rows}


@lru_cache(maxsize=256)
def _cells_of(table: Table, form_variant: str | None) -> tuple[tuple[str, str], ...]:
    rows = [row for row in table.rows if row.form_variant in (None, form_variant)]
    return tuple((row.code, column) for row in rows for column in row.columns)


@lru_cache(maxsize=256)
def _cells_of_all_variants(table: Table) -> tuple[tuple[str, str], ...]:
    return tuple((row.code, column) for row in table.rows for column in row.columns)


@lru_cache(maxsize=256)
def _columns_by_code(table: Table) -> dict[str, Column]:
    return {column.code: column for column in table.columns}


class FormVariant(Frozen):
    """A provincial variant: `marks` are words found only on it."""

    code: str
    chinese: str
    english: str
    marks: tuple[str, ...]


class SeriesBridge(Frozen):
    """How the sum of some rows continues as the sum of some rows of another edition: exactly, or only roughly (a break
    in the series)."""

    table: str
    row_codes: tuple[str, ...]
    column_codes: tuple[str, ...] = ()  # empty: every column
    subtract: tuple[str, ...] = ()  # rows whose values are taken off the sum of row_codes
    to_edition: str
    to_table: str
    to_row_codes: tuple[str, ...]
    to_column_codes: tuple[str, ...] = ()
    exact: bool
    note: str


class Section(Frozen):
    """A section every report of an edition has; `keywords` are words of its heading, any one of which suffices."""

    chinese: str
    keywords: tuple[str, ...]


class Edition(Frozen):
    """One edition of the annual report's form."""

    code: str
    chinese: str
    english: str
    legal_basis: str
    first_report_year: int
    last_report_year: int | None
    tables: tuple[Table, ...] = ()
    sections: tuple[Section, ...] = ()
    variants: tuple[FormVariant, ...] = ()
    bridges: tuple[SeriesBridge, ...] = ()

    def table(self, code: str) -> Table | None:
        return _tables_by_code(self).get(code)


@lru_cache(maxsize=64)
def _tables_by_code(edition: Edition) -> dict[str, Table]:
    return {table.code: table for table in edition.tables}


class Scope(StrEnum):
    """Over what an identity is instantiated."""

    EACH_COLUMN = "each_column"
    EACH_ROW = "each_row"
    TABLE = "table"


class Comparison(StrEnum):
    """How the two sides are held against each other, or what every single term has to be."""

    EQUAL = "equal"  # sum(left) = sum(right)
    AT_MOST = "at_most"  # sum(left) <= sum(right)
    AT_LEAST = "at_least"  # sum(left) >= sum(right); an empty right side is 0
    EACH_NOT_NEGATIVE = "each_not_negative"  # every left term >= 0
    EACH_INTEGER = "each_integer"  # every left term is whole; amounts have at most 6 decimals
    EACH_WITHIN_MAXIMUM = "each_within_maximum"  # |every left term| <= the maximum of its table, column or row
    READING = "reading"  # S rules: judged by the parser while it reads, recorded as findings, not in the ledger


class TermSpec(Frozen):
    """One entry of a side: a row, a column, one cell, or named sets of rows and columns.

    With each_column only the row part is given, with each_row only the column part, with table both.
    """

    row: str | None = None
    column: str | None = None
    rows: str | None = None  # name of a row set
    columns: str | None = None  # name of a column set
    kinds: tuple[ValueKind, ...] = ()  # only cells of these kinds; empty: every kind
    sign: Literal[1, -1] = 1


class RowCase(Frozen):
    """With each_row, the sides of one row where they differ from row to row (一项不大于另一项)."""

    row: str
    left: tuple[TermSpec, ...]
    right: tuple[TermSpec, ...] = ()


class Identity(Frozen):
    """A rule of the register (forms and clauses in `source`)."""

    rule_id: str
    chinese: str
    english: str
    message: str  # what a clerk reads; placeholders {scope} {left} {right} {difference}; one cell for the each_ rules
    severity: Severity
    editions: tuple[str, ...]
    table: str | None
    scope: Scope
    comparison: Comparison
    left: tuple[TermSpec, ...] = ()
    right: tuple[TermSpec, ...] = ()
    rows_only: tuple[str, ...] = ()  # with each_row: only these rows; empty: every row that has all the columns named
    cases: tuple[RowCase, ...] = ()  # with each_row: instead of left and right
    tolerance: Decimal = Decimal(0)
    source: str
    finding: str | None = None  # with reading: the code of the finding that records it
    page: BreakingPage | None = None  # with reading: what breaks it
    example: BreakingExample | None = None  # of every other rule


class Term(Frozen):
    """A signed cell on one side of an identity instance."""

    row_code: str
    column_code: str
    sign: Literal[1, -1] = 1
    form_variant: str | None = None  # the cell exists only on this variant: drop the term on every other report


class IdentityInstance(Frozen):
    """An identity applied to one column, row or table of one edition."""

    rule_id: str
    edition: str
    table: str
    scope: str  # "column:org_business", "row:granted_full" or "table"
    severity: Severity
    comparison: Comparison
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    tolerance: Decimal = Decimal(0)
    form_variant: str | None = None  # instance exists only on this variant

    def on_variant(self, form_variant: str | None) -> IdentityInstance:
        """The instance as it stands on a report of this variant: without the terms of other variants."""
        allowed = (None, form_variant)
        if all(term.form_variant in allowed for term in (*self.left, *self.right)):
            return self
        return self.model_copy(
            update={
                "left": tuple(term for term in self.left if term.form_variant in allowed),
                "right": tuple(term for term in self.right if term.form_variant in allowed),
            }
        )


class Rounding(StrEnum):
    """What may have been lost of a number before it was printed."""

    EXACT = "exact"  # counts
    AMOUNT = "amount"  # rounded to the last decimal place
    PERCENT = "percent"  # rounded or cut off at the last decimal place


class NarrativeFact(Frozen):
    """A count that reports state in prose. `strict` kinds are published, the others stay in quality tables."""

    code: str
    chinese: str
    english: str
    unit: str
    strict: bool
    patterns: tuple[str, ...]  # regular expressions with a group `number`, tried in order on a sentence
    none_patterns: tuple[str, ...] = ()  # statements of none: value 0, stated_as_none
    reject: tuple[str, ...] = ()  # contexts that look alike and are not this fact
    within: tuple[str, ...] = ()  # words one of which the sentence or the heading above it must have

    @property
    def rounding(self) -> Rounding:
        """Told from the macro of its patterns: {Y} reads an amount, {P} a percentage."""
        text = "".join(self.patterns)
        return Rounding.PERCENT if "{P}" in text else Rounding.AMOUNT if "{Y}" in text else Rounding.EXACT


class Indicator(Frozen):
    """A rate or sum of the marts, with its numerator and denominator as lists of signed terms.

    A term is `T3.requests_received.total`, with a leading `-` to subtract it; `prior_year.` before it stands for the report
    of the year before, `population` for that of the region. A rate is numerator x factor / denominator + shift.
    """

    code: str
    chinese: str
    english: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...] = ()  # empty: the indicator is a sum
    scopes: tuple[Literal["agency", "jurisdiction"], ...] = ()  # of the reports it is about; empty: each for itself
    factor: Decimal = Decimal(1)
    shift: Decimal = Decimal(0)
    small_number_floor: int | None = None
    note: str = ""  # what a reader has to mind, in Chinese
    caveat: str = ""  # the same in English

    @property
    def is_rate(self) -> bool:
        return bool(self.denominator)


class Catalogue(Frozen):
    """Everything the YAML files declare, cross-checked by `load.py`."""

    version: str  # content hash of the YAML files
    editions: tuple[Edition, ...]
    identities: tuple[Identity, ...]
    narrative_facts: tuple[NarrativeFact, ...]
    function_categories: tuple[FunctionCategory, ...]
    indicators: tuple[Indicator, ...]
    instances: tuple[IdentityInstance, ...]  # all identities expanded over all editions
    organ_types: tuple[OrganType, ...] = ()
    credit_codes: tuple[CreditCodePrefix, ...] = ()
    successions: tuple[AgencySuccession, ...] = ()
    plausibility: tuple[PlausibilityRule, ...] = ()  # rules that warn
    plausibility_instances: tuple[PlausibilityInstance, ...] = ()

    def edition(self, code: str) -> Edition:
        return next(edition for edition in self.editions if edition.code == code)

    def identity(self, rule_id: str) -> Identity:
        return next(identity for identity in self.identities if identity.rule_id == rule_id)

    def rule(self, rule_id: str) -> Identity | PlausibilityRule:
        """The rule of the register with this id, whether it must hold or warns."""
        rules: tuple[Identity | PlausibilityRule, ...] = (*self.identities, *self.plausibility)
        return next(rule for rule in rules if rule.rule_id == rule_id)

    def plausibility_instance(self, rule_id: str, edition: str, table: str, scope: str) -> PlausibilityInstance:
        """The rule that warns, as it stands at one place of one edition."""
        key = (rule_id, edition, table, scope)
        return next(
            each for each in self.plausibility_instances if (each.rule_id, each.edition, each.table, each.scope) == key
        )

    def instances_of(self, edition: str, table: str, form_variant: str | None = None) -> tuple[IdentityInstance, ...]:
        """The identity instances of a table as it stands on a report of this variant."""
        return _instances_of(self, edition, table, form_variant)


@lru_cache(maxsize=256)
def _instances_of(
    catalogue: Catalogue, edition: str, table: str, form_variant: str | None
) -> tuple[IdentityInstance, ...]:
    return tuple(
        instance.on_variant(form_variant)
        for instance in catalogue.instances
        if instance.edition == edition and instance.table == table and instance.form_variant in (None, form_variant)
    )
