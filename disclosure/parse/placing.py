"""Where an agency is at home, told from its name: mostly the region it begins with, for some bodies another.

Here belong the exceptions (customs bear the bare name of their seat, branches of a city's bureau that of their district). The
lookup of regions is `region.py`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from disclosure.parse.region import RegionReading, parents_of, regions_with, resolve_region

_CUSTOMS = re.compile(r"^(?:中华人民共和国)?(?P<place>[\u4e00-\u9fff]{2,4}?)(?:海关|关区)")
_BRANCH = re.compile(r"(?P<place>[\u4e00-\u9fff]{2,4})分局$")


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


def place_in(reading: RegionReading, region_code: str, year: int | None) -> RegionReading | None:
    """The reading with the region a list states: one of those the name may mean, or one in or above it. None where the two
    contradict each other or there is no such code."""
    known = regions_with(region_code)
    if not known:
        return None
    region = next((region for region in known if year is not None and region.exists_in(year)), known[-1])
    named = reading.candidates or ((reading.region,) if reading.region else ())
    lineage = {region.code, *(parent.code for parent in parents_of(region, year))}
    fits = not named or any(
        each.code in lineage or region.code in {parent.code for parent in parents_of(each, year)} for each in named
    )
    return replace(reading, region=region, parents=parents_of(region, year), candidates=(region,)) if fits else None


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
