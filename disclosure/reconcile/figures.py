"""The figures of one report that the rules about plausibility compare, each with how far it may lie from the truth because it was rounded.

A figure is a cell (as printed, or as the identities determine it where it is blank), a count stated in prose, a measure of
a table, or a date of the document as a number. Nothing is judged here. The dbt model `int_plausibility_figures` says the
same in SQL, and a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from catalogue.expand_plausibility import ANY, DOCUMENT
from catalogue.model import Catalogue, Rounding, Table, ValueKind
from catalogue.plausibility import REPORT, DocumentField, Measure, Relation
from disclosure.report import Cell, Metadata, NarrativeCount, Report

FigureKey = tuple[str, str, str]

_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.([0-9]+))?")
_TITLE_YEAR = re.compile(r"20[0-9]{2}")
_HALF = Decimal("0.5")
_YEAR = 10_000  # a day of the year after the report year is 1MMDD
DAYS = frozenset({DocumentField.PUBLICATION_DAY, DocumentField.PERIOD_START, DocumentField.PERIOD_END})
_NO_SLACK = Decimal(0)


class Known(NamedTuple):
    """A number and how far the figure behind it may lie from it, because it was printed with so many decimals."""

    value: Decimal
    slack: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in the prose that states a fact; `known` is None where the number is lost or only approximate."""

    known: Known | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything known of one report. A key that is not there is unknown."""

    known: Mapping[FigureKey, Known]
    mentions: Mapping[tuple[str, str], tuple[Mention, ...]]  # (fact, "count" or "none") -> in the order of the text


def in_relation(key: FigureKey, relation: Relation) -> FigureKey:
    """The key of a figure of another report; what is counted between two reports belongs to the later."""
    table, row, column = key
    return key if relation is Relation.THIS or row == ANY else (f"{relation.value}:{table}", row, column)


def collect_figures(
    cells: Iterable[Cell],
    forms: Mapping[str, str],
    metadata: Metadata,
    narrative: Iterable[NarrativeCount],
    catalogue: Catalogue,
    sentences: Collection[int] = (),
) -> Figures:
    """The figures of a report. `forms`: table code -> the edition it was read on; `sentences`: a number for each of its prose."""
    known: dict[FigureKey, Known] = {}
    not_zero = dict.fromkeys(forms, 0)
    tables = {code: catalogue.edition(edition).table(code) for code, edition in forms.items()}
    rounded = {code: _amounts_of(table) for code, table in tables.items() if table is not None}
    for cell in cells:
        value = cell.value if cell.value is not None else cell.value_imputed
        if value is None or cell.table not in rounded:
            continue
        amounts = rounded[cell.table]
        is_rounded = amounts and cell.value is not None and (cell.row_code, cell.column_code) in amounts
        slack = rounding_slack(cell.printed or "", value) if is_rounded else _NO_SLACK
        known[cell.table, cell.row_code, cell.column_code] = Known(value, slack)
        not_zero[cell.table] += value != 0
    known.update({(table, ANY, Measure.CELLS_NOT_ZERO.value): Known(Decimal(n)) for table, n in not_zero.items()})
    known.update(
        {
            (REPORT, DOCUMENT, field.value): Known(Decimal(n))
            for field, n in document_figures(metadata).items()
            if n is not None
        }
    )
    if sentences:
        known[REPORT, ANY, Measure.SENTENCES.value] = Known(Decimal(len(sentences)))
    return Figures(known, collect_mentions(narrative, catalogue))


def figures_of(report: Report, catalogue: Catalogue) -> Figures:
    """The figures of a report that is read and reconciled."""
    return collect_figures(report.cells, report.forms, report.metadata, report.narrative, catalogue, report.sentences)


@lru_cache(maxsize=64)
def _amounts_of(table: Table) -> frozenset[tuple[str, str]]:
    """The cells, by row and column, that hold amounts of money."""
    return frozenset(cell for cell in table.cells_of_all_variants() if table.kind_of(*cell) is ValueKind.AMOUNT)


def collect_mentions(
    narrative: Iterable[NarrativeCount], catalogue: Catalogue
) -> dict[tuple[str, str], tuple[Mention, ...]]:
    rounding = _rounding_by_fact(catalogue)
    mentions: dict[tuple[str, str], tuple[Mention, ...]] = {}
    for count in narrative:
        exact = None
        if count.value is not None and not count.approximate:
            exact = Known(count.value, slack_of_stated(count, rounding.get(count.fact_code, Rounding.EXACT)))
        key = (count.fact_code, "none" if count.stated_as_none else "count")
        mentions[key] = (*mentions.get(key, ()), Mention(exact, count.sentence))
    return mentions


@lru_cache(maxsize=8)
def _rounding_by_fact(catalogue: Catalogue) -> dict[str, Rounding]:
    return {fact.code: fact.rounding for fact in catalogue.narrative_facts}


def document_figures(metadata: Metadata) -> dict[DocumentField, int | None]:
    """Dates and years of the document; days count from the report year, so that a rule can name a deadline."""
    year, title = metadata.report_year, _TITLE_YEAR.search(metadata.title or "")
    published, start, end = metadata.publication_date, metadata.period_start, metadata.period_end
    return {
        DocumentField.REPORT_YEAR: year,
        DocumentField.PUBLICATION_DAY: _day(published, year),
        DocumentField.PUBLICATION_YEAR: published.year if published else metadata.publication_year_hint,
        DocumentField.PERIOD_START: _day(start, year),
        DocumentField.PERIOD_END: _day(end, year),
        DocumentField.PERIOD_YEAR: start.year if start else None,
        DocumentField.TITLE_YEAR: int(title[0]) if title else None,
    }


def rounding_slack(printed: str, value: Decimal) -> Decimal:
    """Half of the last decimal place printed, in the unit of `value`; a 0 without decimals means nothing at all.

    The unit needs no reading: it is the value over the number printed (`251000元` is 25.1万元).
    """
    number = _NUMBER.search(printed)
    if number is None or (value == 0 and not number[1]):
        return Decimal(0)
    plain = Decimal(number[0].replace(",", ""))
    half = _HALF.scaleb(-len(number[1] or ""))
    return half * value / plain if plain else half


def slack_of_stated(count: NarrativeCount, rounding: Rounding) -> Decimal:
    """Of a percentage its last decimal (rounded or cut off), of an amount of money half of it; counts are exact."""
    if rounding is Rounding.EXACT or count.value is None:
        return Decimal(0)
    return rounding_slack(count.printed, count.value) * (2 if rounding is Rounding.PERCENT else 1)


def date_of(figure: Decimal, report_year: int) -> date:
    """The day that a figure of the document stands for (10131: 31 January of the year after)."""
    years, day = divmod(int(figure), _YEAR)
    return date(report_year + years, day // 100, day % 100)


def _day(day: date | None, year: int | None) -> int | None:
    return None if day is None or year is None else (day.year - year) * _YEAR + day.month * 100 + day.day
