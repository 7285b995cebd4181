"""Reads an operator's lists: what the names of agencies in them tell, and which values cannot be used.

Here belong the columns of the lists (docs/agency_lists.md). A row is never dropped for one bad value: the value is left out
and said so. Where the lists come from is no business of this module, nor what is made of them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import PurePosixPath

from catalogue.model import Catalogue
from disclosure.findings import FindingCode
from disclosure.listed import (
    AssertedAgency,
    ListedFiling,
    ListedName,
    ListFinding,
    ListRow,
    NamedAgency,
    NameRole,
    Population,
    year_of,
)
from disclosure.parse.agency import is_bare
from disclosure.parse.agency_identity import classify_agency, credit_code_in, identify_agency
from disclosure.parse.chinese import plain
from disclosure.parse.placing import place_listed
from disclosure.parse.region import RegionReading, last_change, parents_of, regions_with

KINDS = ("rename", "succession", "merge", "split")
LEVELS = ("national", "province", "prefecture", "county", "township", "functional_zone")
SCOPES = ("agency", "jurisdiction")
FIRST_YEAR, LAST_YEAR = 2008, 2099
_SEPARATOR = re.compile(r"[;；|、,，\n]")
_CODE_LENGTH = 18


def name_agency(name: str, year: int | None, catalogue: Catalogue, region_code: str | None = None) -> NamedAgency:
    """What a name tells of its agency in a report year, or in any, the region as a list states it where it fits the name."""
    years = report_years(year, year)
    return _name_placed(name, _place(name, years, region_code), years[-1], catalogue)


def _place(name: str, years: Sequence[int], region_code: str | None) -> RegionReading:
    stated = place_listed(name, years, region_code) if region_code else None
    return stated or place_listed(name, years) or RegionReading(None)


def _name_placed(name: str, reading: RegionReading, year: int, catalogue: Catalogue) -> NamedAgency:
    kind = classify_agency(name, reading, catalogue)
    unplaced = reading.region is None and (reading.ambiguous or is_bare(name, year))
    identity = identify_agency(name, reading, kind)
    return NamedAgency(
        agency_key=None if unplaced else identity.key,
        agency_short_name=identity.short_name,
        region_code=reading.region.code if reading.region else None,
        region_name=reading.name,
        region_id=reading.region.region_id if reading.region else None,
        agency_level=kind.level,
        function_category=kind.function_category,
        organ_type=kind.organ_type,
        reporting_scope=kind.reporting_scope,
    )


def name_asserted(name: str, year: int | None, catalogue: Catalogue) -> AssertedAgency:
    """What a folder's or a source list's word for an agency tells."""
    return AssertedAgency(name, year, name_agency(plain(name), year, catalogue))


def read_agency_list(rows: Iterable[ListRow], catalogue: Catalogue) -> tuple[list[ListedName], list[ListFinding]]:
    """The names of every listed agency, its own first, and what is wrong with the rows."""
    names: list[ListedName] = []
    findings: list[ListFinding] = []
    for row in rows:
        reader = _RowReader(row, findings)
        names += _read_agency_row(reader, catalogue)
    return names, findings


def _read_agency_row(row: _RowReader, catalogue: Catalogue) -> Iterator[ListedName]:
    name = plain(row.text("agency"))
    if not name:
        row.refuse("agency", "没有机关名称，本行无法采用")
        return
    first, last = row.year("first_year"), row.year("last_year")
    if first and last and first > last:
        row.refuse("last_year", "早于 first_year")
        last = None
    years = report_years(first, last)
    region = row.one_of("region", lambda code: bool(regions_with(code)), "不是行政区划代码")
    stated = place_listed(name, years, region) if region else None
    if region and stated is None:
        row.refuse("region", f"与机关名称“{name}”所示地区不符，按名称处理")
        region = None
    reading = stated or _place(name, years, None)
    named = _stated(row, _name_placed(name, reading, years[-1], catalogue), catalogue)
    code = row.one_of(
        "credit_code", lambda text: credit_code_in(text) == text, "不是机关的统一社会信用代码，或校验码不符"
    )
    if named.agency_key is None:
        row.report(FindingCode.LIST_AGENCY_UNPLACED, "agency", _describe_unplaced(name, reading))
        named = replace(named, agency_key=code or f"listed-{hashlib.sha256(name.encode()).hexdigest()[:8]}")
    listed = ListedName(*row.place, NameRole.NAME, name, named, code, first, last, source=row.text("source") or None)
    yield listed
    for alias in row.parts("aliases"):
        yield replace(listed, role=NameRole.ALIAS, name=alias, named=_name_alias(alias, years, region, catalogue))
    yield from _read_predecessors(row, listed, region, catalogue)


def report_years(first: int | None, last: int | None) -> range:
    """The report years from `first` to `last` in which the divisions may differ from those of the year before; of an open end
    up to the last such year there is."""
    first = first or FIRST_YEAR
    return range(first, max(first, min(last or LAST_YEAR, last_change())) + 1)


def _name_alias(alias: str, years: range, region: str | None, catalogue: Catalogue) -> NamedAgency:
    """What an alias tells in the years of its row, or in all years: it may be the name of a division that has another now."""
    reading = _place(alias, years, region)
    if not reading.candidates:
        reading = _place(alias, report_years(None, None), region)
    return _name_placed(alias, reading, years[-1], catalogue)


def _describe_unplaced(name: str, reading: RegionReading) -> str:
    if not reading.ambiguous:
        return f"“{name}”未写明所在地区；请写全称或填写 region 列"
    meant = "、".join(
        f"{''.join(above.name for above in reversed(parents_of(each)))}{each.name}（{each.code}）"
        for each in reading.candidates
    )
    return f"“{name}”在所列年度内可指{meant}；请写全称、填写 region 列或写明年度"


def _stated(row: _RowReader, named: NamedAgency, catalogue: Catalogue) -> NamedAgency:
    """The agency with the level, function and scope the list states."""
    functions = {category.code for category in catalogue.function_categories}
    level = row.one_of("level", LEVELS.__contains__, f"应为 {'、'.join(LEVELS)} 之一")
    function = row.one_of("function", functions.__contains__, "不是职能类别代码")
    scope = row.one_of("scope", SCOPES.__contains__, f"应为 {'、'.join(SCOPES)} 之一")
    return replace(
        named,
        agency_level=level or named.agency_level,
        function_category=function or named.function_category,
        reporting_scope=scope or named.reporting_scope,
    )


def _read_predecessors(
    row: _RowReader, successor: ListedName, region: str | None, catalogue: Catalogue
) -> Iterator[ListedName]:
    """Names or credit codes of the organs the agency took over from; without a first year nothing follows from them."""
    predecessors = row.parts("predecessors")
    stated = row.one_of("kind", KINDS.__contains__, f"应为 {'、'.join(KINDS)} 之一")
    if predecessors and successor.first_year is None:
        row.refuse("predecessors", "没有 first_year，无法确定承继年度")
        return
    kind = stated or ("merge" if len(predecessors) > 1 else "succession")
    year = (successor.first_year or FIRST_YEAR) - 1  # without predecessors it may be open
    for text in predecessors:
        code = credit_code_in(text) if len(text) == _CODE_LENGTH else None
        named = NamedAgency(agency_key=code) if code else name_agency(text, year, catalogue, region)
        if named.agency_key is None:
            row.report(FindingCode.LIST_AGENCY_UNPLACED, "predecessors", f"前身“{text}”未写明所在地区")
            continue
        yield replace(
            successor,
            role=NameRole.PREDECESSOR,
            name=text,
            named=named,
            credit_code=code,
            succession_kind=kind,
        )


def read_filing_row(row: ListRow) -> ListedFiling | None:
    """A row of a source list that names a file or a URL; a year that is none is left out, as the archive leaves it out."""
    path, url = row.values.get("path", "").replace("\\", "/"), row.values.get("url", "")
    if not (path or url):
        return None
    return ListedFiling(
        list_name=row.list_name,
        row_number=row.row_number,
        path=PurePosixPath(path).as_posix() if path else url,
        asserted_year=year_of(row.values.get("year", "")),
        asserted_agency=row.values.get("agency") or None,
        url=url or None,
    )


def read_population_list(rows: Iterable[ListRow]) -> tuple[list[Population], list[ListFinding]]:
    """The populations that can be used, and what is wrong with the other rows."""
    populations: list[Population] = []
    findings: list[ListFinding] = []
    for each in rows:
        row = _RowReader(each, findings)
        code = row.one_of("region_code", lambda code: bool(regions_with(code)), "不是行政区划代码")
        year = row.year("year")
        number = row.number("population")
        if code and year and number is not None:
            populations.append(Population(*row.place, code, year, number, row.text("source") or None))
    return populations, findings


class _RowReader:
    """Reads the values of one row; what cannot be used is added to the findings and comes back as None."""

    def __init__(self, row: ListRow, findings: list[ListFinding]) -> None:
        self._row, self._findings = row, findings

    @property
    def place(self) -> tuple[str, int]:
        return (self._row.list_name, self._row.row_number)

    def text(self, column: str) -> str:
        return self._row.values.get(column, "")

    def parts(self, column: str) -> list[str]:
        return [part for text in _SEPARATOR.split(self.text(column)) if (part := plain(text))]

    def one_of(self, column: str, accepted: Callable[[str], bool], problem: str) -> str | None:
        text = self.text(column)
        if not text or accepted(text):
            return text or None
        self.refuse(column, problem)
        return None

    def year(self, column: str) -> int | None:
        text = self.text(column)
        year = year_of(text)
        if text and (year is None or not FIRST_YEAR <= year <= LAST_YEAR):
            self.refuse(column, f"不是{FIRST_YEAR}年以后的报告年度")
            return None
        return year

    def number(self, column: str) -> Decimal | None:
        try:
            number = Decimal(self.text(column).replace(",", "").replace("，", ""))
        except InvalidOperation:
            number = Decimal(-1)
        if not number.is_finite() or number <= 0:
            self.refuse(column, "不是正数")
            return None
        return number

    def refuse(self, column: str, problem: str) -> None:
        self.report(FindingCode.LIST_VALUE_INVALID, column, problem)

    def report(self, code: FindingCode, column: str, problem: str) -> None:
        self._findings.append(ListFinding(*self.place, column, code, self.text(column), problem))
