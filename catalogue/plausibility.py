"""The typed form of the rules that warn: about plausibility, other years and reports, prose, and the document itself.

A rule is broken when all its conditions (`when`) are true and none of its alternatives (`claims`) is. Conditions and
claims are comparisons of sums of figures; a figure is a cell, a count stated in prose, a measure of a table, or a date of
the document, of this report or of a related one. What must hold of one table by itself is an `Identity` (`model.py`).
How a rule becomes instances stands in `expand_plausibility.py`.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from catalogue.declaration import Frozen, Severity

REPORT = "report"  # in the place of a table code: the rule is about the report as a whole
NARRATIVE = "narrative"


class ClaimKind(StrEnum):
    """How two sides are held against each other; `constant` is added to the right side."""

    EQUAL = "equal"
    NOT_EQUAL = "not_equal"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    ZERO_TOGETHER = "zero_together"  # left is 0 exactly when right is
    WITHIN_FACTOR = (
        "within_factor"  # the sides differ by at most `constant`, or neither is more than `factor` times the other
    )
    SHARE = "share"  # left, in percent, is right / whole


class Relation(StrEnum):
    """Which report a figure is taken from."""

    THIS = "this"
    PRIOR_YEAR = "prior_year"  # the current report of the same agency and scope for the year before
    CURRENT_VERSION = "current_version"  # the report that supersedes this one
    AGENCIES_BELOW = "agencies_below"  # the sum over the known agency reports of the region and the regions in it


class Measure(StrEnum):
    """A figure counted from a report instead of printed in it."""

    CELLS_NOT_ZERO = "cells_not_zero"  # of the table
    CELLS_DIFFERING = "cells_differing"  # of the table, from the related report
    TABLE_REPEATED = "table_repeated"  # 1 where every cell of the table is as in the related report, else 0
    SENTENCES = "sentences"  # different sentences of the prose, digits masked
    SENTENCES_REPEATED = "sentences_repeated"  # those of them that the related report has too


class DocumentField(StrEnum):
    """A date or year of the document as a number: years as they are, days as (year - report year) x 10000 + MMDD."""

    REPORT_YEAR = "report_year"
    PUBLICATION_DAY = "publication_day"
    PUBLICATION_YEAR = "publication_year"
    PERIOD_START = "period_start"
    PERIOD_END = "period_end"
    PERIOD_YEAR = "period_year"
    TITLE_YEAR = "title_year"


class Figure(Frozen):
    """One entry of a side: a cell (or named sets of rows and columns), a fact, a measure or a date.

    With each_row the row is left open, with each_column the column.
    """

    row: str | None = None
    column: str | None = None
    rows: str | None = None
    columns: str | None = None
    table: str | None = None  # where it is not the rule's
    fact: str | None = None
    stated: Literal["count", "none"] = "count"  # of a fact: a number, or the words that there was none
    measure: Measure | None = None
    document: DocumentField | None = None
    of: Relation = Relation.THIS
    factor: Decimal = Decimal(1)


class Claim(Frozen):
    """One comparison. `label` names the alternative that held, where a rule has several."""

    left: tuple[Figure, ...]
    kind: ClaimKind = Field(alias="is")
    right: tuple[Figure, ...] = ()
    whole: tuple[Figure, ...] = ()  # with share: what it is a share of
    constant: Decimal = Decimal(0)
    factor: Decimal = Decimal(1)  # with within_factor
    label: str | None = None


class Applies(Frozen):
    """The reports a rule is about; an empty list or null stands for all. A report that does not say is not meant."""

    reporting_scopes: tuple[str, ...] = ()
    agency_levels: tuple[str, ...] = ()
    function_categories: tuple[str, ...] = ()
    other_categories_than: tuple[str, ...] = ()
    first_report_year: int | None = None
    last_report_year: int | None = None


class PlausibilityCase(Frozen):
    """An instance written out, where sides differ in more than their row or column."""

    scope: str
    when: tuple[Claim, ...] = ()
    claims: tuple[Claim, ...]
    table: str | None = None  # where it is not the rule's
    editions: tuple[str, ...] = ()  # where they are not the rule's
    applies: Applies = Applies()


class StatedFact(Frozen):
    """A count in the prose of an example."""

    fact: str
    printed: str
    value: Decimal
    unit: str = "件"
    none: bool = False


class PlausibilityExample(Frozen):
    """Filings that break the rule: cells not named are 0. `related` is the report the rule compares with."""

    edition: str
    cells: dict[str, str] = Field(default_factory=dict)  # "T3/row_code/column_code" -> printed text
    facts: tuple[StatedFact, ...] = ()
    report: dict[str, Any] = Field(default_factory=dict)  # metadata of the report
    related_edition: str | None = None  # where it is not the edition of the report itself
    related: dict[str, str] | None = None
    related_facts: tuple[StatedFact, ...] = ()
    prose: tuple[str, ...] = ()  # sentences, where the rule counts them
    related_prose: tuple[str, ...] = ()
    sentence: str | None = None  # where the rule is judged on sentences
    breaks: tuple[str, ...]  # scope keys of the instances that break


class PlausibilityRule(Frozen):
    """A rule of the register that warns. It never blocks and withholds nothing."""

    rule_id: str
    chinese: str
    english: str
    message: str  # what a clerk reads; placeholders {scope} {left} {right} {difference}
    severity: Severity
    editions: tuple[str, ...]
    table: str | None = None  # null: the report as a whole
    scope: Literal["each_row", "each_column", "table", "cases"]
    rows_only: tuple[str, ...] = ()
    when: tuple[Claim, ...] = ()
    claims: tuple[Claim, ...] = ()
    cases: tuple[PlausibilityCase, ...] = ()
    judged_on: Literal["figures", "sentences"] = "figures"  # sentences: by the parser, which alone sees the text
    complete_from: Decimal = Decimal(
        0
    )  # of a list in a sentence: the share of its total from which it is taken for complete
    applies: Applies = Applies()
    related_editions: tuple[str, ...] = ()  # of the same table in the related report; empty: the rule's own
    tolerance: Decimal = Decimal(0)
    source: str
    example: PlausibilityExample


class Quantity(Frozen):
    """A figure of an instance, by the key it is looked up with: (table, row, column), (narrative, fact, stated),
    (table, "*", measure) or (report, document, field)."""

    table_code: str
    row_code: str
    column_code: str
    of: Relation
    weight: Decimal

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.table_code, self.row_code, self.column_code)


class ClaimInstance(Frozen):
    """A comparison with its figures written out."""

    is_condition: bool
    kind: ClaimKind
    left: tuple[Quantity, ...]
    right: tuple[Quantity, ...]
    whole: tuple[Quantity, ...]
    constant: Decimal
    factor: Decimal
    label: str | None

    @property
    def sides(self) -> tuple[tuple[str, tuple[Quantity, ...]], ...]:
        return (("left", self.left), ("right", self.right), ("whole", self.whole))


class PlausibilityInstance(Frozen):
    """A rule applied to one row, column, case or table of one edition."""

    rule_id: str
    edition: str
    table: str
    scope: str
    severity: Severity
    relation: Relation  # of its figures: the one that is not THIS, if any
    claims: tuple[ClaimInstance, ...]  # conditions first
    mention: tuple[str, str] | None  # (fact, stated): judged once for every place in the prose that states it
    applies: Applies
    related_editions: tuple[str, ...]
    tolerance: Decimal
    form_variant: str | None
    judged_on: str
    complete_from: Decimal

    @property
    def within_report(self) -> bool:
        return self.relation is Relation.THIS
