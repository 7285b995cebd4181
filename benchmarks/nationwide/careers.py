"""Agencies through time: which organs a place has, in which years, under which names, and who took over from whom.

Here belongs what befalls an agency; what it files is decided in `papers`. A career is one agency as its operator would see
it: where a new organ takes the place of an old one, both have a career of their own.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

import numpy as np

from benchmarks.national.agencies import Agencies, organs_of
from benchmarks.nationwide.places import Place
from catalogue.load import load_catalogue
from disclosure.parse.agency_identity import classify_agency, identify_agency, is_uscc
from disclosure.parse.region import RegionReading, parents_of

_ALWAYS = ("government", "general_office")
_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LISTED_SHARE = 0.7
_OWN_CODE_SHARE, _CODE_IN_LIST_SHARE = 0.06, 0.05

# (old name, new name, last years of the old one): reforms the catalogue declares, so that nobody has to tell who took over
_REFORMED = (
    ("环境保护局", "生态环境局", (2018,)),
    ("卫生和计划生育局", "卫生健康局", (2018,)),
    ("大数据管理局", "数据局", (2022, 2023)),
)
_ABSORBED = ("乡村振兴局", "农业农村局", (2022, 2023))
_RENAMED = (
    ("物流办公室", "口岸和物流办公室"),
    ("供销社联合社", "供销合作社联合社"),
    ("人民防空办公室", "国防动员办公室"),
)
_MERGED = (("民族事务局", "宗教事务局", "民族宗教事务局"), ("文物管理局", "非物质文化遗产保护中心", "文化遗产保护局"))


class Told(StrEnum):
    """How it can be known that an agency has another name than before, or took over from others."""

    ALIAS = "alias"  # one row of the list has both names
    CODE = "code"  # the pages bear its credit code before and after
    DECLARED = "declared"  # the list names the predecessors
    INFERRED = "inferred"  # a reform of the catalogue


@dataclass(frozen=True)
class Takeover:
    """From whom an agency took over in a report year: a rename and a succession have one predecessor, a merge several."""

    year: int
    kind: str
    predecessors: tuple[int, ...]  # numbers of careers
    told: Told
    rule_id: str | None = None  # of what is inferred


@dataclass(frozen=True)
class Career:
    """One agency. `number` is what its chances hang on. Years are report years in which it exists."""

    number: int
    place: Place
    first_year: int
    last_year: int
    names: tuple[tuple[int, str], ...]  # first year and name without the region, the earliest first
    is_listed: bool
    states_first_year: bool = False  # in the list
    states_last_year: bool = False
    listed_code: str | None = None
    page_code: str | None = None  # on the card of its pages; may be that of another organ
    takeover: Takeover | None = None
    is_short: bool = False  # calls itself by the county without its prefecture
    is_ambiguous: bool = False  # the county's name is borne by several; the list says which one is meant

    @property
    def years(self) -> range:
        return range(self.first_year, self.last_year + 1)

    def own_name(self, year: int) -> str:
        return next(name for first, name in reversed(self.names) if first <= year)

    def full_name(self, year: int) -> str:
        """Its name with its region, as a list has it."""
        return self.place.full_name(year) + self.own_name(year)

    def printed_name(self, year: int) -> str:
        """What it calls itself in the report of a year."""
        alone = (
            self.place.divisions[year].name
            if self.is_ambiguous
            else self.place.own_name(year)
            if self.is_short
            else None
        )
        return (alone or self.place.full_name(year)) + self.own_name(year)


@dataclass(frozen=True)
class Described:
    """What a name tells of an agency in a year."""

    key: str
    short_name: str
    level: str
    function_category: str
    scope: str
    organ_type: str | None
    region_code: str
    region_name: str
    region_id: str


@cache
def describe(career: Career, year: int) -> Described:
    """The agency in a year of its life, told from its full name."""
    region, full = career.place.divisions[year], career.place.full_name(year)
    reading = RegionReading(region, parents_of(region, year), (region,), len(full))
    name = full + career.own_name(year)
    kind = classify_agency(name, reading, load_catalogue())
    identity = identify_agency(name, reading, kind)
    assert kind.level and kind.function_category and kind.reporting_scope
    return Described(
        identity.key,
        identity.short_name,
        kind.level,
        kind.function_category,
        kind.reporting_scope,
        kind.organ_type,
        region.code,
        region.name,
        region.region_id,
    )


def agencies_in(careers: Sequence[Career], year: int) -> Agencies:
    """The agencies that exist in a year, as `national` draws their figures."""
    alive = [career for career in careers if year in career.years]
    told = [describe(career, year) for career in alive]
    columns = [
        (
            *(each.key, career.full_name(year), each.level, each.function_category, each.scope, each.region_code),
            *(each.region_name, each.region_id, each.short_name, each.organ_type),
        )
        for career, each in zip(alive, told, strict=True)
    ]
    numbers = np.array([career.number for career in alive], np.int64)
    return Agencies(numbers, *(np.array(column, dtype=object) for column in zip(*columns, strict=True)))


def draw_careers(seed: int, places: Sequence[Place], organs: int, years: range) -> list[Career]:
    """Some organs of every place and what befalls them; a career's number is its place in the list."""
    careers: list[Career] = []
    for place in places:
        drawn = _Drawn(seed, place, organs, years, len(careers))
        careers += drawn.careers
    return [_with_codes(seed, career) for career in careers]


class _Drawn:
    """The careers of one place."""

    def __init__(self, seed: int, place: Place, organs: int, years: range, number: int) -> None:
        self._source = random.Random(f"{seed}/{place.region_id}")
        self._place, self._years, self._number = place, years, number
        self._first, self._last = min(place.exists), max(place.exists)
        self.careers: list[Career] = []
        kinds = [self._renamed, self._reformed, self._merged, self._absorbed, self._founded, self._closed]
        for own in self._organs(organs):
            self._add(own)
        for befall in self._source.sample(kinds, k=min(len(kinds), max(1, organs // 4))):
            befall()

    def _organs(self, count: int) -> list[str]:
        """Names without the region: the government, its office, and so many more."""
        every = list(organs_of(self._place.divisions[self._last]))
        always = [own for category, own in every if category in _ALWAYS]
        made_here = {own for group in (*_REFORMED, _ABSORBED) for own in group[:2]}
        others = [own for category, own in every if category not in _ALWAYS and own not in made_here]
        return [*always, *self._source.sample(others, k=max(0, count - len(always)))]

    def _add(self, own: str, first: int | None = None, last: int | None = None, **others: object) -> Career:
        first, last = first or self._first, last or self._last
        names = others.pop("names", ((first, own),))
        values: dict[str, object] = {"is_listed": self._source.random() < _LISTED_SHARE, **others}
        ends = last < self._years[-1]
        values.setdefault("states_first_year", first > self._years[0])
        values.setdefault("states_last_year", ends and self._place.successor_id is None)
        career = Career(self._number + len(self.careers), self._place, first, last, names, **values)  # type: ignore[arg-type]
        region = self._place.divisions[last]
        if region.level == "county" and "takeover" not in values:
            named_alone = self._place.own_name(last) is not None
            chance = self._source.random()
            career = replace(
                career,
                is_short=named_alone and chance < 0.15,
                is_ambiguous=not named_alone and career.is_listed and chance < 0.4,
            )
        self.careers.append(career)
        return career

    def _turn(self, last_years: Sequence[int] = ()) -> int | None:
        """The first year of something new: some year within those of the place, after one of `last_years`."""
        fitting = [year + 1 for year in last_years or self._years if self._first <= year < self._last]
        return self._source.choice(fitting) if fitting else None

    def _renamed(self) -> None:
        before, after = self._source.choice(_RENAMED)
        year = self._turn()
        if year is None:
            return
        told = self._source.choice((Told.ALIAS, Told.CODE, Told.DECLARED))
        if told is Told.DECLARED:
            old = self._add(before, last=year - 1, is_listed=False)
            takeover = Takeover(year, "rename", (old.number,), told)
            self._add(after, first=year, is_listed=True, takeover=takeover)
            return
        code = self._code("renamed") if told is Told.CODE else None
        names = ((self._first, before), (year, after))
        self._add(after, names=names, is_listed=told is Told.ALIAS, page_code=code)

    def _reformed(self) -> None:
        before, after, last_years = self._source.choice(_REFORMED)
        year = self._turn(last_years)
        if year is not None:
            # the list still has the old organ as if nothing had happened: that it ended is told by the reform
            old = self._add(before, last=year - 1, states_last_year=False)
            takeover = Takeover(year, "succession", (old.number,), Told.INFERRED, _rule_of(before, after))
            self._add(after, first=year, takeover=takeover)

    def _merged(self) -> None:
        *before, after = self._source.choice(_MERGED)
        year = self._turn()
        if year is not None:
            old = [self._add(own, last=year - 1, states_last_year=False) for own in before]
            takeover = Takeover(year, "merge", tuple(each.number for each in old), Told.DECLARED)
            self._add(after, first=year, is_listed=True, takeover=takeover)

    def _absorbed(self) -> None:
        before, after, last_years = _ABSORBED
        year = self._turn(last_years)
        if year is not None:
            old = self._add(before, last=year - 1, states_last_year=False)
            takeover = Takeover(year, "merge", (old.number,), Told.INFERRED, _rule_of(before, after))
            self._add(after, takeover=takeover)

    def _founded(self) -> None:
        year = self._turn()
        if year is not None:
            self._add("投资促进局", first=year, is_listed=True, states_first_year=True)

    def _closed(self) -> None:
        year = self._turn()
        if year is not None:
            self._add("对外联络服务中心", last=year - 1, is_listed=True, states_last_year=True)

    def _code(self, what: str) -> str:
        return credit_code(self._place.divisions[self._last].code, f"{self._place.region_id}/{what}")


def _with_codes(seed: int, career: Career) -> Career:
    """Some have a credit code, in the list or on their pages; some pages bear that of the office that puts them on the net."""
    if career.page_code or career.takeover:
        return career
    chance = random.Random(f"{seed}/code/{career.number}").random()
    region = career.place.divisions[career.last_year].code
    if chance < _OWN_CODE_SHARE:
        return replace(career, page_code=credit_code(region, f"own/{career.number}"))
    if chance < _OWN_CODE_SHARE + _CODE_IN_LIST_SHARE and career.is_listed:
        return replace(career, listed_code=credit_code(region, f"listed/{career.number}"))
    if chance > 0.92:
        return replace(career, page_code=credit_code(region, f"net/{career.place.region_id}"))
    return career


def credit_code(region_code: str, seed: str) -> str:
    """A unified social credit code of an organ with a right check character."""
    source = random.Random(f"code/{seed}")
    start = f"11{region_code}" + "".join(source.choices(_CODE_ALPHABET, k=9))
    return next(start + last for last in _CODE_ALPHABET if is_uscc(start + last))


def _rule_of(before: str, after: str) -> str:
    return next(
        rule.rule_id
        for rule in load_catalogue().successions
        if re.fullmatch(rule.old, before) and re.fullmatch(rule.new, after)
    )
