"""A filing as read: cells with their provenance, metadata with its evidence, facts, identity outcomes, findings.

The shapes that pass from parse to reconcile to stage. A cell's `printed` text and `value` never change after parse;
reconcile only fills `value_imputed`, `value_suggested`, `value_published` and `value_source`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from disclosure.document import Box
from disclosure.findings import Finding


class CellState(StrEnum):
    REPORTED = "reported"
    BLANK = "blank"
    SLASH = "slash"
    DASH = "dash"
    NONE_TEXT = "none_text"  # 无: an explicit statement of none, value 0
    NOT_APPLICABLE = "not_applicable"
    ABSENT = "absent"  # no such cell in the source
    ILLEGIBLE = "illegible"


class ValueSource(StrEnum):
    PRINTED = "printed"
    IMPUTED = "imputed"
    CORRECTED = "corrected"
    WITHHELD = "withheld"  # suspect, published as null
    NULL = "null"  # nothing printed and nothing determined


class ReadingStatus(StrEnum):
    READ = "read"
    UNREADABLE = "unreadable"  # no document could be made of the bytes; the findings say why
    NOT_A_REPORT = "not_a_report"


class Outcome(StrEnum):
    HOLDS = "holds"
    BROKEN = "broken"
    NOT_ASSESSABLE = "not_assessable"


CellKey = tuple[str, str, str]  # table, row_code, column_code


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a statutory table. `value` is in the unit of the form (counts; amounts in 万元)."""

    table: str
    row_code: str
    column_code: str
    printed: str | None  # trimmed text, "" when blank, None when the source has no such cell
    state: CellState
    value: Decimal | None
    note: str | None = None  # what stood beside the number, e.g. 其中修订16件
    approximate: bool = False
    suspect: bool = False  # the reading itself is in doubt (ambiguous alignment): withheld unless identities settle it
    value_imputed: Decimal | None = None
    value_suggested: Decimal | None = None
    value_published: Decimal | None = None
    value_source: ValueSource = ValueSource.NULL
    page: int | None = None
    box: Box | None = None
    grid: int | None = None  # which grid of the document, 0-based
    grid_row: int | None = None
    grid_column: int | None = None
    confidence: float | None = None

    @property
    def key(self) -> CellKey:
        return (self.table, self.row_code, self.column_code)


@dataclass(frozen=True, slots=True)
class TableReading:
    """The cells of one table as parsed, with the edition its header words prove."""

    table: str
    edition: str
    form_variant: str | None
    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class IdentityOutcome:
    """An identity instance on this report: both sides (None when a term is unknown), and the unknown terms."""

    rule_id: str
    table: str
    scope: str  # "column:org_business", "row:granted_full", "table"
    outcome: Outcome
    left: Decimal | None
    right: Decimal | None
    missing: tuple[CellKey, ...] = ()


@dataclass(frozen=True, slots=True)
class NarrativeCount:
    """A count stated in prose; `value` is null where the source lost the number."""

    fact_code: str
    printed: str
    value: Decimal | None
    unit: str
    strict: bool
    sentence: str
    approximate: bool = False
    stated_as_none: bool = False
    derived_from: str | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a metadata field has its value: the method and the words it was read from."""

    field: str
    value: str
    method: str  # e.g. stated_period, title, document_number, signature, publication_year, asserted
    text: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the report says about itself; a field without evidence is None, never a guess."""

    title: str | None = None
    agency_name: str | None = None
    agency_id: str | None = None
    agency_level: str | None = None  # national, province, prefecture, county, township, functional_zone
    function_category: str | None = None
    reporting_scope: str | None = None  # agency, jurisdiction
    region_name: str | None = None
    region_code: str | None = None
    report_year: int | None = None
    period_start: date | None = None
    period_end: date | None = None
    publication_date: date | None = None
    publication_year_hint: int | None = None
    document_number: str | None = None
    index_number: str | None = None
    signatory: str | None = None
    contact_office: str | None = None
    contact_phone: str | None = None
    contact_fax: str | None = None
    contact_email: str | None = None
    contact_address: str | None = None
    contact_postcode: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Asserted:
    """What the inbox folder or a source list says about a file; evidence, never overriding the text."""

    report_year: int | None = None
    agency_name: str | None = None
    source: str | None = None  # path or URL


@dataclass(frozen=True, slots=True)
class Report:
    """A filing, read and reconciled. `form_version` is the edition of T3, else T2, else S14, else narrative_2008."""

    report_id: str  # first 16 hex digits of the sha256 of the bytes
    sha256: str
    media_type: str
    reader: str
    reader_version: str
    parser_version: str
    catalogue_version: str
    status: ReadingStatus
    metadata: Metadata
    form_version: str | None
    form_variant: str | None
    t2_form: str | None
    t3_form: str | None
    t4_form: str | None
    s14_form: str | None
    cells: tuple[Cell, ...]
    narrative: tuple[NarrativeCount, ...]
    identities: tuple[IdentityOutcome, ...]
    findings: tuple[Finding, ...]
