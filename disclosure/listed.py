"""What an operator's lists say, row by row: agencies and their predecessors, filings to be expected, populations.

The shapes that pass from parse to stage, and how a year is written, which folders above a filing share. A value that cannot be
used is left out and recorded as a `ListFinding`; it is never replaced by a guess. How the lists are written is described in
docs/agency_lists.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from disclosure.findings import FindingCode

_YEAR = re.compile(r"(20\d{2})\s*(?:年度?)?")


def year_of(text: str) -> int | None:
    """The report year written as 2020, 2020年 or 2020年度; None when the text is no such year."""
    year = _YEAR.fullmatch(text.strip())
    return int(year[1]) if year else None


class NameRole(StrEnum):
    NAME = "name"
    ALIAS = "alias"
    PREDECESSOR = "predecessor"


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of a list as written; `values` has a key per column of the list, in lower case."""

    list_name: str
    row_number: int  # of the file, the header is row 1
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class NamedAgency:
    """What an agency's name tells of it, in some year. `agency_key` is None where the name alone stands for many."""

    agency_key: str | None = None
    agency_short_name: str | None = None
    region_code: str | None = None
    region_name: str | None = None
    region_id: str | None = None
    agency_level: str | None = None
    function_category: str | None = None
    organ_type: str | None = None
    reporting_scope: str | None = None


@dataclass(frozen=True, slots=True)
class ListedName:
    """A name a listed agency is, was or has a predecessor called by. Years are report years, None is open."""

    list_name: str
    row_number: int
    role: NameRole
    name: str
    named: NamedAgency
    credit_code: str | None = None
    first_year: int | None = None
    last_year: int | None = None
    succession_kind: str | None = None  # of a predecessor: rename, succession, merge, split
    source: str | None = None


@dataclass(frozen=True, slots=True)
class ListedFiling:
    """A filing that a source list names, whether or not it arrived."""

    list_name: str
    row_number: int
    path: str
    asserted_year: int | None
    asserted_agency: str | None
    url: str | None
    receipt_id: str | None = None  # of what was received under the path

    def received_as(self, receipt_id: str | None) -> ListedFiling:
        return replace(self, receipt_id=receipt_id)


@dataclass(frozen=True, slots=True)
class AssertedAgency:
    """What the agency's name that a folder or source list asserts tells of it, as of the year asserted with it."""

    asserted_agency: str
    asserted_year: int | None
    named: NamedAgency


@dataclass(frozen=True, slots=True)
class Population:
    """The population of a region in a report year, in persons."""

    list_name: str
    row_number: int
    region_code: str
    report_year: int
    population: Decimal
    source: str | None


@dataclass(frozen=True, slots=True)
class ListFinding:
    """A row of a list, or a value in it, that cannot be used, and why."""

    list_name: str
    row_number: int
    column_name: str | None
    code: FindingCode
    printed: str
    message: str


@dataclass(frozen=True, slots=True)
class ReadLists:
    """Everything read from the lists of a home."""

    names: tuple[ListedName, ...] = ()
    populations: tuple[Population, ...] = ()
    findings: tuple[ListFinding, ...] = ()
    filings: tuple[ListedFiling, ...] = field(default=())
