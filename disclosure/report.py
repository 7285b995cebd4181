"""A filing as read: cells with their provenance, metadata with its evidence, facts, identity outcomes, findings.

The shapes that pass from parse to reconcile to stage. A cell's `printed` text and `value` never change after parse;
reconcile only fills `value_imputed`, `value_suggested`, `value_published` and `value_source`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from disclosure.decisions import DecisionOutcome
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


class Cell(NamedTuple):
    """One cell of a statutory table. `value` is in the unit of the form (counts; amounts in 万元).

    A named tuple for the sake of speed, as `GridCell` is."""

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


class IdentityOutcome(NamedTuple):
    """An identity instance on this report: both sides (None when a term is unknown), and the unknown terms."""

    rule_id: str
    table: str
    scope: str  # "column:org_business", "row:granted_full", "table"
    outcome: Outcome
    left: Decimal | None
    right: Decimal | None
    missing: tuple[CellKey, ...] = ()


class Cause(StrEnum):
    """Whose mistake a broken identity is, as far as the clues tell."""

    FILER = "filer"  # the report itself says so
    READER = "reader"  # the figure was read wrongly from the file
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class CellChange:
    """What a cell would have to be: any value from `lowest` to `highest`; both None when no identity determines it."""

    table: str
    row_code: str
    column_code: str
    printed: str | None
    lowest: Decimal | None
    highest: Decimal | None

    @property
    def key(self) -> CellKey:
        return (self.table, self.row_code, self.column_code)

    @property
    def value(self) -> Decimal | None:
        """The one value it would have to be; None when several would do."""
        return self.lowest if self.lowest == self.highest else None


@dataclass(frozen=True, slots=True)
class Clue:
    """A sign that speaks for a repair: its code in the catalogue's wording, whose mistake it suggests, and in words."""

    code: str
    cause: Cause | None
    chinese: str
    english: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to mend what is broken: all changes together. `pattern` names a rearrangement of right figures.

    `weight` is what the clues say for it, less a point for every digit to change; `place` is its order where they weigh
    the same."""

    changes: tuple[CellChange, ...]
    clues: tuple[Clue, ...] = ()
    pattern: str | None = None
    weight: int = 0
    place: int = 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """The smallest set of cells that explains broken must-hold identities of a table.

    `candidates` stand with the likeliest first and none is chosen: with exactly one, its values are suggested. Without
    any, more than two cells are wrong. `open_cells` hold, where a cell stays open, the interval that all repairs allow:
    that of all candidates, or without any what the figures that are not in doubt leave.
    """

    table: str
    broken: tuple[tuple[str, str], ...]  # (rule_id, scope)
    candidates: tuple[Candidate, ...]
    open_cells: tuple[CellChange, ...]
    cause: Cause
    chinese: str
    english: str

    @property
    def only_candidate(self) -> Candidate | None:
        return self.candidates[0] if len(self.candidates) == 1 else None


class PlausibilityOutcome(NamedTuple):
    """A rule that warns, on this report: the sides of its claim, what was unknown, and the alternative that held."""

    rule_id: str
    table: str  # or "report"
    scope: str  # "row:normative_documents", "fact:requests_received", "table", "report"
    outcome: Outcome
    left: Decimal | None
    right: Decimal | None
    missing: tuple[str, ...] = ()  # "T3/requests_received/total", "report/document/publication_day"
    matched: str | None = None
    sentence: str | None = None  # of the prose, where the rule is about what it says
    relation: str = "this"  # what the report was held against: itself, or the year before


@dataclass(frozen=True, slots=True)
class NarrativeCount:
    """A count stated in prose; `value` is null where the source lost the number, or recognition was not sure of it.

    `confidence` is, on a scan, that of the least sure character of the number."""

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
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class SentenceParts:
    """A total and the parts that follow it in the same sentence."""

    sentence: str
    total: Decimal
    parts: tuple[Decimal, ...]

    @property
    def sum_of_parts(self) -> Decimal:
        return sum(self.parts, Decimal(0))

    @property
    def adds_up(self) -> bool:
        return self.sum_of_parts == self.total


class Evidence(NamedTuple):
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
    agency_id: str | None = None  # the credit code, else the key
    agency_key: str | None = None  # made of place, function and name
    agency_short_name: str | None = None  # without its region
    credit_code: str | None = None  # 统一社会信用代码 of the page, valid by its check character
    agency_level: str | None = None  # national, province, prefecture, county, township, functional_zone
    function_category: str | None = None
    organ_type: str | None = None
    reporting_scope: str | None = None  # agency, jurisdiction
    region_name: str | None = None
    region_code: str | None = None
    region_id: str | None = None  # the same over recodings of the region
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
    plausibility: tuple[PlausibilityOutcome, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    decisions: tuple[DecisionOutcome, ...] = ()
    decisions_version: str = ""  # of the decisions about this report it was reconciled with
    sentences: tuple[
        int, ...
    ] = ()  # numbers of the different sentences of its prose (disclosure.parse.sentence_numbers)
    prior_report_ids: tuple[str, ...] = ()  # of the year before, which a person offered to hold this report against

    @property
    def forms(self) -> dict[str, str]:
        """The tables the report has, each with the edition it was read on."""
        read_on = {"T2": self.t2_form, "T3": self.t3_form, "T4": self.t4_form, "S14": self.s14_form}
        return {table: edition for table, edition in read_on.items() if edition}
