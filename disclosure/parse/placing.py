"""Where an agency is at home, told from its name: mostly the region it begins with, for some bodies another.

Here belong the exceptions (customs bear the bare name of their seat, branches of a city's bureau that of their district). The
lookup of regions is `region.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from disclosure.parse.region import LEVELS, RegionReading, changes_of, parents_of, regions_with, resolve_region

_CUSTOMS = re.compile(r"^(?:中华人民共和国)?(?P<place>[\u4e00-\u9fff]{2,4}?)(?:海关|关区)")
_BRANCH = re.compile(r"(?P<place>[\u4e00-\u9fff]{2,4})分局$")
_FORGOTTEN = 10  # years after which nobody means a dissolved division by its name alone


def place_agency(name: str, year: int | None, context: str = "") -> RegionReading:
    """The region of the agency called `name` in a report year; `context` may settle which of several it is."""
    reading = resolve_region(name, year)
    if reading.ambiguous and context:
        reading = resolve_region(name, year, context)
    customs = _CUSTOMS.match(name)
    if not reading.consumed and customs:
        seat = resolve_region(customs["place"] + "市", year)
        return RegionReading(seat.region, seat.parents, seat.candidates, 0)
    return _place_branch(name, reading, year)


def place_listed(name: str, years: Sequence[int], region_code: str | None = None) -> RegionReading | None:
    """The region of the agency a list calls `name`, whatever year of `years` it is called so in: the one division that bore
    the name in any of them, ambiguous where several did; a namesake dissolved long before the last of the years is not meant.
    A year in which less of the name is a region says nothing: the division had not been founded, or was dissolved. None
    where the region the list states contradicts the name in every year.
    """
    latest, years = years[-1], _telling_years(name, years)
    readings = {year: place_agency(name, year) for year in years}
    if region_code:
        readings = {year: found for year in years if (found := place_in(readings[year], region_code, year))}
    if not readings:
        return None
    readings = _meant(readings, latest)
    fullest = max(_fullness(reading, region_code) for reading in readings.values())
    told = {year: reading for year, reading in readings.items() if _fullness(reading, region_code) == fullest}
    places = {
        (region.region_id, reading.zone): (year, region)
        for year, reading in told.items()
        for region in reading.candidates
    }
    if len(places) > 1:
        return RegionReading(None, (), tuple(region for _, region in places.values()), fullest[1])
    for year, region in places.values():
        return replace(told[year], region=region, parents=parents_of(region, year), candidates=(region,))
    return told[max(told)]


def _telling_years(name: str, years: Sequence[int]) -> Sequence[int]:
    """Of each run of years in which a name tells the same, the last. Seats of customs and districts of branches are not named
    in full, so every year is asked."""
    if _BRANCH.search(name) or _CUSTOMS.match(name):
        return years
    changes = changes_of(name)
    return [year for year in years if year == years[-1] or year + 1 in changes]


def _meant(readings: dict[int, RegionReading], latest: int) -> dict[int, RegionReading]:
    """The readings without those of divisions dissolved long before `latest`, where later ones tell as much of the name."""
    longest = max(reading.consumed for reading in readings.values())
    told = {
        year: reading
        for year, reading in readings.items()
        if year >= latest - _FORGOTTEN and reading.consumed == longest
    }
    return told or readings


def _fullness(reading: RegionReading, region_code: str | None) -> tuple[bool, int, int]:
    """Whether a reading is of the very division a list states, how many characters of the name are region, and of how low a
    one; a zone is as good as a county."""
    depth = max((LEVELS.index(region.level) for region in reading.candidates), default=-1)
    is_stated = reading.region is not None and reading.region.code == region_code
    return is_stated, reading.consumed, len(LEVELS) - 1 if reading.zone else depth


def place_in(reading: RegionReading, region_code: str, year: int) -> RegionReading | None:
    """The reading with the region a list states: one of those the name may mean, or one in it; where the list states one
    above them, those that lie in it. None where the two contradict each other or there is no such code."""
    known = regions_with(region_code)
    if not known:
        return None
    stated = next((region for region in known if region.exists_in(year)), known[-1])
    below = tuple(
        each for each in reading.candidates if stated.code in {above.code for above in parents_of(each, year)}
    )
    if below:
        region = below[0] if len(below) == 1 else None
        return replace(reading, region=region, parents=parents_of(region, year) if region else (), candidates=below)
    lineage = {stated.code, *(above.code for above in parents_of(stated, year))}
    if reading.candidates and not any(each.code in lineage for each in reading.candidates):
        return None
    zone = "" if reading.zone == stated.name else reading.zone
    return replace(reading, region=stated, parents=parents_of(stated, year), candidates=(stated,), zone=zone)


def _place_branch(name: str, reading: RegionReading, year: int | None) -> RegionReading:
    """A branch of a city's bureau (莆田市公安局城厢分局) belongs to the district it is named after."""
    branch = _BRANCH.search(name)
    if reading.region is None or reading.region.level != "prefecture" or not branch:
        return reading
    for start in range(len(branch["place"]) - 1):
        for suffix in ("区", "县", "市"):
            below = resolve_region(reading.region.name + branch["place"][start:] + suffix, year)
            if below.region and below.region.level == "county":
                return replace(below, consumed=reading.consumed)
    return reading
