"""Compares a report as read with what a person read; each function returns the differences, so that a failure shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from catalogue.model import Catalogue
from disclosure.report import CellKey, Outcome, Report, ValueSource

Row = tuple[str, str]  # table, row_code
Fact = tuple[str, Decimal | None, str, bool, bool]  # code, value, unit, approximate, stated as none

METADATA_FIELDS = (
    "title", "agency_name", "agency_level", "function_category", "reporting_scope", "region_name", "region_code",
    "report_year", "period_start", "period_end", "publication_date", "publication_year_hint", "document_number",
    "signatory", "contact_office", "contact_phone", "contact_fax", "contact_email", "contact_address", "contact_postcode",
)  # fmt: skip


def differing_cells(report: Report, expected: Iterable[dict[str, Any]], short_rows: set[Row]) -> list[str]:
    """Cells whose printed text or value differs, that are missing, or that nobody asked for.

    In a short row any one column may be the one without a value, so the row is compared as a bag of values. An empty
    cell beside its label and no cell at all cannot be told apart there.
    """
    read = {cell.key: (cell.printed, cell.value) for cell in report.cells}
    wanted = {_key(cell): (cell["printed"], _decimal(cell["value"])) for cell in expected}
    problems = [
        f"{key}: {wanted.get(key, 'no such cell')} by hand, {read.get(key, 'no such cell')} read"
        for key in wanted.keys() | read.keys()
        if key[:2] not in short_rows and wanted.get(key) != read.get(key)
    ]
    for row in short_rows:
        bags = [
            Counter((printed or None, value) for key, (printed, value) in cells.items() if key[:2] == row)
            for cells in (wanted, read)
        ]
        if bags[0] != bags[1]:
            problems.append(f"{row}: {dict(bags[0])} by hand, {dict(bags[1])} read")
    return sorted(problems)


def differing_metadata(report: Report, expected: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Field -> (by hand, read); a field the person left out has to be unknown."""
    pairs = {field: (expected.get(field), _plain(getattr(report.metadata, field))) for field in METADATA_FIELDS}
    return {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}


def imputed_cells(report: Report, short_rows: set[Row]) -> dict[CellKey, Decimal | None]:
    """What the identities filled; the column of a short row is written `*`."""
    return {
        (cell.table, cell.row_code, "*" if cell.key[:2] in short_rows else cell.column_code): cell.value_imputed
        for cell in report.cells
        if cell.value_imputed is not None or cell.value_source is ValueSource.IMPUTED
    }


def withheld_cells(report: Report) -> dict[CellKey, Decimal | None]:
    """What is withheld, with the value that would mend it. A withheld cell that is published anyway shows as a failure."""
    withheld = [cell for cell in report.cells if cell.value_source is ValueSource.WITHHELD]
    assert all(cell.value_published is None for cell in withheld)
    return {cell.key: cell.value_suggested for cell in withheld}


def broken_identities(report: Report) -> set[tuple[str, str]]:
    return {(each.rule_id, each.scope) for each in report.identities if each.outcome is Outcome.BROKEN}


def strict_facts(report: Report) -> Counter[Fact]:
    """The published facts as read. A number a sentence lost is no fact to publish."""
    return Counter(
        (fact.fact_code, fact.value, fact.unit, fact.approximate, fact.stated_as_none)
        for fact in report.narrative
        if fact.strict
    )


def strict_facts_expected(facts: Iterable[dict[str, Any]], catalogue: Catalogue) -> Counter[Fact]:
    strict = {fact.code for fact in catalogue.narrative_facts if fact.strict}
    return Counter(
        (
            fact["fact_code"],
            _decimal(fact["value"]),
            fact["unit"],
            bool(fact.get("approximate")),
            bool(fact.get("stated_as_none")),
        )
        for fact in facts
        if fact["fact_code"] in strict
    )


def _key(cell: dict[str, Any]) -> CellKey:
    return (cell["table"], cell["row_code"], cell["column_code"])


def _decimal(value: int | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
