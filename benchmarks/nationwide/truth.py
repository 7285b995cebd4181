"""What a release over a nation's files has to hold: one set of rows per published table, told from the nation alone.

Sums are whole numbers of millionths; a rate is divided as the indicator declares it. The columns of each table are in `COLUMNS`, in
the order of its rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from benchmarks.nationwide.careers import Career, describe
from benchmarks.nationwide.inbox import File, Kept, Part, population_of
from benchmarks.nationwide.known import Known, Version
from benchmarks.nationwide.papers import ANNEX_ENDS, Fate
from benchmarks.nationwide.papers import Told as ToldBy
from catalogue.load import load_catalogue
from catalogue.model import Indicator
from disclosure.parse.region import parents_of

Row = tuple[object, ...]
MILLION = 1_000_000
WHOLE = "100000"  # the region of the whole country

COLUMNS = {
    "coverage_by_agency": (
        *("agency_id", "agency_name", "agency_level", "function_category", "region_code", "report_year", "reporting_scope"),
        *("is_expected", "expected_by", "status", "reason", "report_id", "versions", "first_published_on", "deadline"),
        "timeliness",
    ),
    "coverage_rollups": (
        *("report_year", "reporting_scope", "grouped_by", "region_code", "agency_level", "function_category"),
        *("agencies_expected", "agencies_reporting", "agencies_expected_reporting", "published", "withheld_in_part"),
        *("unreadable", "not_filed", "on_time", "late", "undated", "no_deadline"),
    ),
    "indicator_rollups": (
        *("report_year", "reporting_scope", "grouped_by", "region_code", "agency_level", "function_category"),
        *("indicator_code", "numerator", "denominator", "rate", "is_small_number", "reports_counted", "reports_unknown"),
    ),
    "dim_agency": (
        *("agency_id", "agency_name", "agency_level", "function_category", "region_code", "lineage_id", "is_listed"),
        *("first_report_year", "last_report_year", "report_count"),
    ),
    "dim_agency_lineage": ("agency_id", "predecessor_agency_id", "year", "kind", "basis"),
    "dim_agency_name": ("agency_id", "name_kind", "name", "first_year", "last_year"),
    "report_versions": ("report_id", "agency_id", "report_year", "standing", "current_report_id"),
    "coverage": ("report_id", "disposition", "reason", "receipts"),
}  # fmt: skip


@dataclass(frozen=True)
class Member:
    """An agency in a year, as the roll-ups take it."""

    career: Career
    year: int
    scope: str
    level: str
    function: str
    county: str | None
    prefecture: str | None
    province: str | None
    is_expected: bool
    status: str
    timeliness: str | None
    current: Kept | None


class Truth:
    """The rows of every table of `COLUMNS`."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._careers = known.nation.careers
        self._ids = known.agency_ids
        self._numbers = {agency_id: number for number, agency_id in self._ids.items()}
        self._coverage: list[Row] = []
        self._members: list[Member] = []
        for slot in sorted({*known.versions, *known.expected, *self._asserted}):
            self._cover(*slot)

    def rows(self, table: str) -> list[Row]:
        return list(getattr(self, f"_rows_of_{table}")())

    @cached_property
    def _asserted(self) -> dict[tuple[int, int], Fate]:
        """Files that are no report, whose agency and year somebody told."""
        return {
            (each.filing.career.number, each.filing.year): each.filing.fate
            for each in self._known.entered
            if each.filing.told is not ToldBy.NOTHING and each.filing.fate in (Fate.DAMAGED, Fate.EMPTY, Fate.NOTICE)
        }

    def _cover(self, number: int, year: int) -> None:
        career, versions = self._careers[number], self._known.versions.get((number, year), [])
        described = describe(career, year if versions else self._last_known(career))
        current = versions[-1].entered.versions[versions[-1].content] if versions else None
        region_code = career.place.divisions[year].code if year in career.place.divisions else described.region_code
        published = [_published_on(version) for version in versions]
        first = min((day for day in published if day), default=None)
        deadline = deadline_of(described.level, described.scope, year) if versions else None
        timeliness = _timeliness(first, deadline) if versions else None
        status, reason = self._status(number, year, current)
        expected = self._known.expected.get((number, year))
        self._coverage.append(
            (
                *(self._ids[number], self._name(career), described.level, described.function_category, region_code),
                *(year, described.scope, expected is not None, expected, status, reason),
                *(versions[-1].head if versions else None, len(versions), first, deadline, timeliness),
            )
        )
        self._members.append(
            Member(
                *(career, year, described.scope, described.level, described.function_category),
                *_above(career, year),
                *(expected is not None, status, timeliness, current),
            )
        )

    def _status(self, number: int, year: int, current: Kept | None) -> tuple[str, str | None]:
        if current is not None:
            return ("withheld_in_part" if current.is_withheld else "published"), None
        fate = self._asserted.get((number, year))
        reasons = {Fate.DAMAGED: "damaged", Fate.EMPTY: "empty_file", Fate.NOTICE: "not_a_report"}
        status = "unreadable" if fate in (Fate.DAMAGED, Fate.EMPTY) else "not_filed"
        return status, reasons.get(fate) if fate else None

    def _last_known(self, career: Career) -> int:
        """The year as of which an agency is described: of its last report, else as a list or those who told of its files know it."""
        if career.number in self._known.reported:
            return self._known.reported[career.number][-1]
        if career.is_listed or career.number in self._predecessors or career.number not in self._told:
            return career.last_year
        return min((career.full_name(year), year) for year in self._told[career.number])[1]

    def _name(self, career: Career) -> str:
        year = self._last_known(career)
        return career.printed_name(year) if career.number in self._known.reported else career.full_name(year)

    @cached_property
    def _told(self) -> dict[int, list[int]]:
        """The years for which folders or source lists name an agency."""
        years: dict[int, list[int]] = defaultdict(list)
        for each in self._known.entered:
            if each.filing.is_awaited or (each.filing.career.number, each.filing.year) in self._asserted:
                years[each.filing.career.number].append(each.filing.year)
        return years

    @cached_property
    def _predecessors(self) -> set[int]:
        """Named as such by a list."""
        return {
            number
            for career in self._careers
            if career.is_listed and career.takeover and career.takeover.told == "declared"
            for number in career.takeover.predecessors
        }

    def _rows_of_coverage_by_agency(self) -> Iterator[Row]:
        yield from self._coverage

    def _rows_of_coverage_rollups(self) -> Iterator[Row]:
        for group, members in self._groups().items():
            has = [member.current is not None for member in members]
            statuses = Counter(member.status for member in members)
            times = Counter(member.timeliness for member in members)
            yield (
                *group,
                sum(member.is_expected for member in members),
                sum(has),
                sum(member.is_expected and filed for member, filed in zip(members, has, strict=True)),
                *(statuses[each] for each in ("published", "withheld_in_part", "unreadable", "not_filed")),
                *(times[each] for each in ("on_time", "late", "undated", "no_deadline")),
            )

    def _rows_of_indicator_rollups(self) -> Iterator[Row]:
        parts = {(member.career.number, member.year): self._parts(member) for member in self._members if member.current}
        for group, members in self._groups().items():
            told = [parts[member.career.number, member.year] for member in members if member.current]
            for indicator in load_catalogue().indicators if told else ():
                if not indicator.scopes or group[1] in indicator.scopes:
                    yield (*group, indicator.code, *_rolled([each[indicator.code] for each in told], indicator))

    def _parts(self, member: Member) -> dict[str, Part]:
        """The parts of a report's indicators, with those that look beyond the report."""
        current = member.current
        assert current is not None
        people = population_of(
            self._known.nation.plan.seed, member.career.place.divisions[member.year].code, member.year
        )
        beyond = {
            "requests_yoy": (current.received, self._received_before(member)),
            "requests_per_million": (current.received, people[0] * MILLION if len(people) == 1 else None),
        }
        empty: dict[str, Part] = {indicator.code: (None, None) for indicator in load_catalogue().indicators}
        return empty | current.parts | beyond

    def _received_before(self, member: Member) -> int | None:
        """Of the same agency or one it was renamed from; none in the year of a merger or a succession."""
        agency_id = self._ids[member.career.number]
        lineage = [each for each in self._known.lineage if each.agency_id == agency_id]
        if any(each.kind != "rename" and each.year == member.year for each in lineage):
            return None
        renamed = [self._numbers[each.predecessor_id] for each in lineage if each.kind == "rename"]
        for number in (member.career.number, *renamed):
            before = self._known.versions.get((number, member.year - 1))
            if before:
                return before[-1].entered.versions[before[-1].content].received
        return None

    def _groups(self) -> dict[Row, list[Member]]:
        """Year, scope and how they are grouped -> members. Reports of governments are never added up over levels."""
        groups: dict[Row, list[Member]] = defaultdict(list)
        for member in self._members:
            for by, region, level, function in _groupings(member):
                groups[member.year, member.scope, by, region, level, function].append(member)
        return groups

    def _rows_of_dim_agency(self) -> Iterator[Row]:
        there = {number for number, _ in self._known.versions} | set(self._told) | self._predecessors
        for career in self._careers:
            if career.is_listed or career.number in there:
                described = describe(career, self._last_known(career))
                years = self._known.reported.get(career.number, [])
                agency_id = self._ids[career.number]
                yield (
                    *(
                        agency_id,
                        self._name(career),
                        described.level,
                        described.function_category,
                        described.region_code,
                    ),
                    *(self._known.lines[agency_id], career.is_listed),
                    *((years[0], years[-1]) if years else (None, None)),
                    len(years),
                )

    def _rows_of_dim_agency_lineage(self) -> Iterator[Row]:
        for each in self._known.lineage:
            yield (each.agency_id, each.predecessor_id, each.year, each.kind, each.basis)

    def _rows_of_dim_agency_name(self) -> Iterator[Row]:
        for career in self._careers:
            agency_id = self._ids[career.number]
            seen: dict[str, list[int]] = defaultdict(list)
            for year in self._known.reported.get(career.number, ()):
                named = [file for each in self._known.versions[career.number, year] for file in each.files]
                if any(file.paper and file.paper.is_named for file in named):
                    seen[career.printed_name(year)].append(year)
            yield from ((agency_id, "full", name, years[0], years[-1]) for name, years in seen.items())
            if career.is_listed:
                first = career.first_year if self._known.states_first_year(career) else None
                last = career.last_year if career.states_last_year else None
                yield from (
                    (agency_id, "listed", name, first, last) for name in self._known.listed_names[career.number]
                )

    def _rows_of_report_versions(self) -> Iterator[Row]:
        for (number, year), versions in self._known.versions.items():
            current = versions[-1].head
            for version in versions:
                for report_id in version.report_ids:
                    standing = (
                        "superseded" if version is not versions[-1] else "current" if report_id == current else "copy"
                    )
                    yield (report_id, self._ids[number], year, standing, current)

    def _rows_of_coverage(self) -> Iterator[Row]:
        """What became of every file: the same bytes again are one report and a duplicate."""
        standing = {row[0]: row[3] for row in self._rows_of_report_versions()}
        withheld = {
            version.head
            for versions in self._known.versions.values()
            for version in versions
            if version.entered.versions[version.content].is_withheld
        }
        files: dict[str, list[File]] = defaultdict(list)
        fates: dict[str, Fate] = {}
        for each in self._known.entered:
            for file in each.files:
                files[file.report_id].append(file)
                fates[file.report_id] = each.filing.fate
        for report_id, same in files.items():
            yield (report_id, *_disposition(standing.get(report_id), fates[report_id], report_id in withheld), 1)
            if len(same) > 1:
                yield (report_id, "duplicate", "same_bytes", len(same) - 1)


def _disposition(standing: object, fate: Fate, is_withheld: bool) -> tuple[str, str | None]:
    if standing == "current":
        return ("withheld_in_part", "cells_withheld") if is_withheld else ("published", None)
    if standing is not None:
        return "duplicate", "same_content" if standing == "copy" else "superseded"
    return {
        Fate.FILED: ("quarantined", "agency_unknown"),
        Fate.DAMAGED: ("quarantined", "damaged"),
        Fate.EMPTY: ("quarantined", "empty_file"),
        Fate.NOTICE: ("not_a_report", "not_a_report"),
    }[fate]


def _published_on(version: Version) -> date | None:
    return version.entered.filing.contents[version.content].published_on


def deadline_of(level: str, scope: str, year: int) -> date | None:
    """31 March under the Regulations of 2007; since 2019 31 January, of governments 31 March, of townships none."""
    if year <= ANNEX_ENDS:
        return date(year + 1, 3, 31)
    if level == "township":
        return None
    return date(year + 1, 3, 31) if scope == "jurisdiction" else date(year + 1, 1, 31)


def _timeliness(first: date | None, deadline: date | None) -> str:
    if deadline is None:
        return "no_deadline"
    if first is None:
        return "undated"
    return "on_time" if first <= deadline else "late"


def _above(career: Career, year: int) -> tuple[str | None, str | None, str | None]:
    """The county, the prefecture and the province an agency lies in."""
    region = career.place.divisions.get(year) or career.place.divisions[max(career.place.exists)]
    levels = {each.level: each.code for each in (region, *parents_of(region, year))}
    return levels.get("county"), levels.get("prefecture"), levels.get("province")


def _groupings(member: Member) -> Iterator[tuple[str, str, str, str]]:
    """(grouped by, region, level, function) of the groups a member belongs to."""
    level, function, every = member.level, member.function, "all"
    yield "level", WHOLE, level, every
    yield "level_function", WHOLE, level, function
    if member.province:
        yield "province_level", member.province, level, every
    if member.scope == "jurisdiction":
        return
    yield "all", WHOLE, every, every
    yield "function", WHOLE, every, function
    for region in filter(None, (member.province, member.prefecture, member.county)):
        yield "region", region, every, every
    if member.province:
        yield "province_function", member.province, every, function


def _rolled(parts: Sequence[Part], indicator: Indicator) -> Row:
    """Numerator, denominator, rate, small number, counted and unknown, over those whose parts are both known."""
    rate = indicator.is_rate
    counted = [each for each in parts if each[0] is not None and (not rate or each[1] is not None)]
    numerator = sum(int(each[0] or 0) for each in counted) if counted else None
    denominator = sum(int(each[1] or 0) for each in counted) if counted and rate else None
    floor = None if indicator.small_number_floor is None else indicator.small_number_floor * MILLION
    share = None
    if numerator is not None and denominator:
        share = numerator / MILLION * float(indicator.factor) / (denominator / MILLION) + float(indicator.shift)
    small: bool | None = None
    if denominator is not None:
        small = False if denominator <= 0 else None if floor is None else denominator < floor
    return numerator, denominator, share, small, len(counted), len(parts) - len(counted)
