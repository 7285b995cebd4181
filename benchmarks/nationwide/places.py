"""Divisions as they were in each report year, and which of them the nation has.

Those that changed come first: recoded and renamed ones, ones that went into another, names that several bear, counties under the
province itself, cities of the corps. Every county brings its prefecture and its province.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from catalogue.load import CATALOGUE_ROOT
from disclosure.parse.region import Region, load_regions, parents_of, regions_called, resolve_region

# 下城区 into 拱墅区 (2021), 祁阳县 -> 祁阳市 (2021), 南京市鼓楼区 and 海口市龙华区, 仙桃市, 石河子市, 济南市莱芜区
_FIRST = ("330103", "431121", "320106", "429004", "659001", "460106", "370116")


@dataclass(frozen=True, eq=False)
class Place:
    """One place over its recodings: the division it is in each report year in which it exists."""

    region_id: str
    divisions: Mapping[int, Region]
    successor_id: str | None = None  # the place it went into, within the years
    successor_year: int = 0

    def full_name(self, year: int) -> str:
        """A county after its prefecture or municipality, every other division by itself, as agencies write it."""
        region = self.divisions[year]
        above = [each for each in parents_of(region, year)[:1] if each.name.endswith(("市", "州", "盟", "地区"))]
        return "".join(each.name for each in above) + region.name if region.level == "county" else region.name

    def own_name(self, year: int) -> str | None:
        """The name alone where it tells which division is meant."""
        region = self.divisions[year]
        found = resolve_region(region.name, year)
        return region.name if found.region == region and found.consumed == len(region.name) else None

    @property
    def shares_its_name(self) -> bool:
        """Whether another division of its prefecture bears its name in other years, so that only a code tells them apart."""
        return any(
            other.region_id != self.region_id and other.code[:4] == region.code[:4]
            for region in self.divisions.values()
            for other in regions_called(region.name)
        )

    @property
    def exists(self) -> range:
        return range(min(self.divisions), max(self.divisions) + 1)


def choose_places(seed: int, count: int, years: range) -> list[Place]:
    """The places of a nation of about so many, in the same order for any number."""
    places = _places(years)
    chosen: dict[str, Place] = {}
    for region_id in _in_order(seed, places, years):
        for each in (*_above(places[region_id]), region_id, *filter(None, [places[region_id].successor_id])):
            chosen[each] = places[each]
        if len(chosen) >= count:
            break
    return list(chosen.values())


def _in_order(seed: int, places: Mapping[str, Place], years: range) -> Iterator[str]:
    counties = [each for each, place in places.items() if place.divisions[max(place.exists)].level == "county"]
    changed = [each for each in counties if _has_changed(places[each], years)]
    ordinary = [each for each in counties if each not in set(changed)]
    source = random.Random(seed)
    source.shuffle(changed)
    source.shuffle(ordinary)
    yield from (each for each in dict.fromkeys((*_FIRST, *changed, *ordinary)) if each in places)


def _has_changed(place: Place, years: range) -> bool:
    return len(set(place.divisions.values())) > 1 or place.successor_id is not None or len(place.divisions) < len(years)


def _above(place: Place) -> Iterator[str]:
    for year in place.exists:
        yield from (region.region_id for region in reversed(parents_of(place.divisions[year], year)))


@lru_cache(maxsize=2)
def _places(years: range) -> dict[str, Place]:
    """Every place with a division in some of the years, by its id. A division that a zone of its name became is left out: in the year
    of its founding the zone's organs still report, and no document tells which of the two is meant."""
    zones = {zone.name for zone in load_regions().zones}
    divisions: dict[str, dict[int, Region]] = {}
    for periods in load_regions().by_code.values():
        for region in periods:
            for year in years:
                if region.exists_in(year) and region.name not in zones:
                    divisions.setdefault(region.region_id, {})[year] = region
    with (CATALOGUE_ROOT / "regions" / "region_successions.csv").open(encoding="utf-8", newline="") as stream:
        successors = {
            row["code"]: (successor, int(row["year"]))
            for row in csv.DictReader(stream)
            if int(row["year"]) in years[1:]
            and (successor := load_regions().by_code[row["successor_code"]][-1].region_id) in divisions
        }
    return {
        region_id: Place(region_id, dict(sorted(found.items())), *successors.get(found[max(found)].code, ()))
        for region_id, found in sorted(divisions.items())
    }
