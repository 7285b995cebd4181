"""Who reports: governments, their bureaux, townships and zones of every region, in an order that grows by whole prefectures.

A small nation is a part of the large one: the first agencies are the same for any number. Names are made of the region and
the function. What an agency is in a given year (its name, its region, whether it still exists) is read through
`Agencies`, one array per property; nothing here knows figures.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import islice

import numpy as np

from catalogue.load import CATALOGUE_ROOT, load_catalogue
from disclosure.parse.agency_identity import AgencyKind, identify_agency, organ_type_of
from disclosure.parse.region import Region, RegionReading

_OWN_NAMES = {
    "government": "人民政府",
    "general_office": "人民政府办公室",
    "sasac": "国有资产监督管理委员会",
    "data_administrative_approval": "行政审批服务局",
    "natural_resources": "自然资源和规划局",
}
_NO_BUREAU = ("other", "subdistrict_office", "township_government", "development_zone", "government")
_OTHER_BODIES = ("粮食和物资储备局", "林业局", "机关事务服务中心", "档案馆")
_ZONES = {"prefecture": 2, "county": 1}
_TOWNS, _SUBDISTRICTS = 14, 4
_DIGITS = "一二三四五六七八九"


@dataclass(frozen=True)
class Agencies:
    """One entry per agency in every array. `number` is what its chances hang on; it never changes."""

    number: np.ndarray  # int64
    agency_id: np.ndarray  # text, as are all that follow
    name: np.ndarray
    level: np.ndarray
    function_category: np.ndarray
    scope: np.ndarray
    region_code: np.ndarray
    region_name: np.ndarray
    region_id: np.ndarray
    short_name: np.ndarray
    organ_type: np.ndarray

    def __len__(self) -> int:
        return len(self.number)

    def take(self, places: np.ndarray) -> Agencies:
        """Those agencies, in that order."""
        return Agencies(*(getattr(self, field.name)[places] for field in fields(self)))


def list_agencies(seed: int, count: int) -> Agencies:
    """The first `count` agencies of the nation. Raises ValueError when it has fewer."""
    rows = list(islice(_every_agency(seed), count))
    if len(rows) < count:
        raise ValueError(f"the nation has {len(rows):,} agencies; {count:,} were asked for")
    columns = [np.array(column, dtype=object) for column in zip(*rows, strict=True)]
    return Agencies(np.arange(count, dtype=np.int64), *columns)


def _every_agency(seed: int) -> Iterator[tuple[str, ...]]:
    """Prefecture by prefecture with their counties, each province before its first one."""
    regions = _read_regions()
    names = {region.code: region.name for region in regions}
    below: dict[str, list[Region]] = {}
    for region in regions:
        below.setdefault(region.parent_code, []).append(region)
    provinces = [region for region in regions if region.level == "province"]
    branches = [(province, branch) for province in provinces for branch in _branches(below.get(province.code, ()))]
    random.Random(seed).shuffle(branches)
    seen: set[str] = set()
    for province, branch in branches:
        if province.code not in seen:
            seen.add(province.code)
            yield from _agencies_of(province, province.name)
        for region in (
            *branch,
            *(county for head in branch if head.level == "prefecture" for county in below.get(head.code, ())),
        ):
            parent = names[region.parent_code] if region.level == "county" and region.parent_code in names else ""
            yield from _agencies_of(region, parent + region.name)


def _branches(children: Iterable[Region]) -> Iterator[tuple[Region, ...]]:
    """Each prefecture by itself; counties that lie right under a province (of a municipality) together."""
    children = tuple(children)
    yield from ((child,) for child in children if child.level == "prefecture")
    counties = tuple(child for child in children if child.level == "county")
    if counties:
        yield counties


def _agencies_of(region: Region, full_name: str) -> Iterator[tuple[str, ...]]:
    reading = RegionReading(region, consumed=len(full_name))
    levels = {
        "township_government": "township",
        "subdistrict_office": "township",
        "development_zone": "functional_zone",
    }
    for category, own in organs_of(region):
        name, scope = full_name + own, "jurisdiction" if category == "government" else "agency"
        kind = AgencyKind(levels.get(category, region.level), category, scope)
        identity = identify_agency(name, reading, kind)
        yield (
            *(identity.key, name, kind.level, category, scope, region.code, region.name, region.region_id),
            *(identity.short_name, organ_type_of(name, category, load_catalogue())),
        )


def organs_of(region: Region) -> Iterator[tuple[str, str]]:
    """Function and own name of every organ of a region."""
    yield "government", _OWN_NAMES["government"]
    for category in load_catalogue().function_categories:
        if category.code not in _NO_BUREAU:
            yield category.code, _OWN_NAMES.get(category.code, f"{category.chinese}局")
    yield from (("other", name) for name in _OTHER_BODIES)
    yield from (
        ("development_zone", f"第{_count(n)}经济开发区管理委员会") for n in range(1, 1 + _ZONES.get(region.level, 0))
    )
    if region.level == "county":
        yield from (("township_government", f"第{_count(n)}镇人民政府") for n in range(1, 1 + _TOWNS))
        yield from (("subdistrict_office", f"第{_count(n)}街道办事处") for n in range(1, 1 + _SUBDISTRICTS))


def _count(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("十" if tens else "") + (_DIGITS[ones - 1] if ones else "")


def _read_regions() -> list[Region]:
    """The regions that exist today."""
    with (CATALOGUE_ROOT / "regions" / "regions.csv").open(encoding="utf-8", newline="") as stream:
        return [
            Region(
                row["code"],
                row["name"],
                row["level"],
                row["parent_code"],
                int(row["valid_from"]),
                None,
                row["region_id"],
            )
            for row in csv.DictReader(stream)
            if not row["valid_to"] and row["level"] in ("province", "prefecture", "county")
        ]
