"""Which administrative division a name begins with, as of a report year.

Here belong the lookup in `catalogue/regions/`, the short forms of region names (锡盟, 恩施州, 广西), the new areas that are no
division of their own (雄安新区) and the rule that an ambiguous name stays ambiguous unless the text names its parent. Who
reports is decided in `agency.py`.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources

COUNTRY = "100000"
LEVELS = ("province", "prefecture", "county")

_NATIONALITIES = re.compile(
    "(?:蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土"
    "|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|保安|裕固|独龙|鄂伦春|各)族?"
)
_AUTONOMOUS = re.compile(
    r"^(?P<stem>.{2,}?)(?P<nationalities>(?:" + _NATIONALITIES.pattern + r")+)自治(?P<kind>[州县旗])$"
)
_DATA_PLATFORM = "(?:政府|公共)?数据(?:统一)?开放(?:平台|网站)"  # of the government an organ belongs to
_NATIONAL_PREFIX = re.compile(
    r"^(?:中华人民共和国|国家税务总局|中国人民银行|国家统计局(?=.{2,}调查)|中共|新疆生产建设兵团第[一二三四五六七八九十]+师(?=.{2,}市))"
)
_OF_ZONE, _OF_DIVISION = ("管委会", "管理委员会"), "人民政府"
_PLACE_END = re.compile("[市县区州盟旗]")
_PLACE_LENGTH = 12
_SHORTEST_PLACE = 3  # characters; in running text 专区和县乡 does not speak of 和县


@dataclass(frozen=True, slots=True)
class Region:
    """A division with the report years in which it existed (`valid_to` None: still does)."""

    code: str
    name: str
    level: str  # province, prefecture, county
    parent_code: str
    valid_from: int
    valid_to: int | None
    region_id: str = ""  # the same over renamings and recodings of the place

    def exists_in(self, year: int) -> bool:
        return self.valid_from <= year and (self.valid_to is None or year <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Zone:
    """An area with an administration of its own that is no division of GB/T 2260; it lies in the division `host_code`."""

    name: str
    host_code: str
    first_year: int


@dataclass(frozen=True, slots=True)
class RegionReading:
    """What a name says about its region. `region` is None when nothing, or more than one thing, fits."""

    region: Region | None
    parents: tuple[Region, ...] = ()  # nearest first
    candidates: tuple[Region, ...] = ()  # more than one: ambiguous
    consumed: int = 0  # characters of the name that are region, or a zone in it
    zone: str = ""  # then `region` is the division it lies in

    @property
    def ambiguous(self) -> bool:
        return len(self.candidates) > 1

    @property
    def name(self) -> str | None:
        """The name of the region; also where several of one name fit."""
        names = {region.name for region in self.candidates}
        return self.region.name if self.region else names.pop() if len(names) == 1 else None


@dataclass(frozen=True, slots=True)
class RegionTable:
    """All regions with two ways in: by code, and by the first two characters of a name or short name."""

    by_code: dict[str, tuple[Region, ...]]
    by_start: dict[str, tuple[tuple[str, Region], ...]]  # longest names first
    zones: tuple[Zone, ...] = ()


@lru_cache(maxsize=1)
def load_regions() -> RegionTable:
    """The region table, read once per process."""
    folder = resources.files("catalogue") / "regions"
    by_code: dict[str, list[Region]] = defaultdict(list)
    names: dict[str, set[tuple[str, Region]]] = defaultdict(set)
    with (folder / "zones.csv").open(encoding="utf-8") as stream:
        zones = tuple(Zone(row["name"], row["host_code"], int(row["first_year"])) for row in csv.DictReader(stream))
    with (folder / "regions.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            region = Region(
                row["code"], row["name"], row["level"], row["parent_code"],
                int(row["valid_from"]), int(row["valid_to"]) if row["valid_to"] else None, row["region_id"],
            )  # fmt: skip
            by_code[region.code].append(region)
            for name in names_of(region):
                names[name[:2]].add((name, region))
    return RegionTable(
        {code: tuple(regions) for code, regions in by_code.items()},
        {start: tuple(sorted(found, key=_longest_first)) for start, found in names.items()},
        zones,
    )


def begins_with_region(name: str) -> bool:
    """Whether a name begins with the full name of a division, of whatever years."""
    called = load_regions().by_start.get(name[:2], ())
    return any(region.name == each and name.startswith(each) for each, region in called)


def _longest_first(entry: tuple[str, Region]) -> tuple[int, str, int]:
    """Regions of one name by their codes, so that a finding always names them in the same order."""
    name, region = entry
    return -len(name), region.code, region.valid_from


def names_of(region: Region) -> tuple[str, ...]:
    """The full name and the short forms officials use."""
    if region.level == "province" and region.name.endswith("自治区"):
        stem = "内蒙古" if region.name.startswith("内蒙古") else region.name[:2]
        return (region.name, stem)
    if region.level == "prefecture" and region.name.endswith("盟"):
        return (region.name, region.name[0] + "盟")
    autonomous = _AUTONOMOUS.match(region.name)
    if autonomous and len(autonomous["stem"]) >= 2:
        return (region.name, autonomous["stem"] + autonomous["kind"])
    return (region.name,)


def _as_of(regions: Iterable[Region], year: int | None) -> tuple[Region, ...]:
    """The regions that existed in `year`, with those dissolved in it (a district dissolved in December still reports under
    its name) unless another took over the name; when there are none, those of the year after (a report appears a year later)."""
    found = tuple(regions)
    if year is None:
        current = tuple(region for region in found if region.valid_to is None)
        return current or found
    existing = tuple(region for region in found if region.exists_in(year))
    if any(region.valid_from == year for region in existing):
        return existing
    dissolved = tuple(region for region in found if region.valid_to == year - 1)
    if existing:
        return (*existing, *dissolved)
    return tuple(region for region in found if region.exists_in(year + 1)) or dissolved


@lru_cache(maxsize=16384)  # a report asks for the few names in it again and again
def _starting(text: str, year: int | None) -> tuple[int, tuple[Region, ...]]:
    """The longest region name `text` begins with, and every region that may bear it in a report of the year."""
    entries = load_regions().by_start.get(text[:2], ())
    length = 0
    found: list[Region] = []
    for name, region in entries:
        if len(name) < length:
            break
        if text.startswith(name) and _as_of((region,), year):
            length = len(name)
            found.append(region)
    return length, tuple(found)


def regions_with(code: str) -> tuple[Region, ...]:
    """Every period of the division that bears a code, the earliest first."""
    return load_regions().by_code.get(code, ())


def regions_called(name: str) -> tuple[Region, ...]:
    """The regions that bear exactly this name, over time."""
    return tuple(region for own, region in load_regions().by_start.get(name[:2], ()) if own == name)


@lru_cache(maxsize=1)
def last_change() -> int:
    """The last year in which a name may be told otherwise than in the year before."""
    return max(max(_years_of_change(region)) for periods in load_regions().by_code.values() for region in periods)


def changes_of(name: str) -> frozenset[int]:
    """The years in which the regions of `name` may be told otherwise than in the year before."""
    table, years = load_regions(), set[int]()
    for start in range(len(name) - 1):
        for region_name, region in table.by_start.get(name[start : start + 2], ()):
            if name.startswith(region_name, start):
                years.update(_years_of_change(region))
    years.update(zone.first_year - 1 for zone in table.zones if zone.name in name)
    return frozenset(years)


def _years_of_change(region: Region) -> tuple[int, ...]:
    """A division is told from the year before it was founded, by which a zone of its name goes on for a year, to that in which it
    was dissolved."""
    ends = () if region.valid_to is None else (region.valid_to + 1, region.valid_to + 2)
    return (region.valid_from - 1, region.valid_from, region.valid_from + 1, *ends)


def parents_of(region: Region, year: int | None = None) -> tuple[Region, ...]:
    """The divisions above `region`, nearest first."""
    parents: list[Region] = []
    code = region.parent_code
    while code and code != COUNTRY:
        above = _as_of(load_regions().by_code.get(code, ()), year) or load_regions().by_code.get(code, ())
        if not above:
            break
        parents.append(above[-1])
        code = above[-1].parent_code
    return tuple(parents)


def _is_below(region: Region, above: Region, year: int | None) -> bool:
    return any(parent.code == above.code for parent in parents_of(region, year))


@lru_cache(maxsize=4096)  # the few names of a report are looked up again for every place that they stand in
def _resolve_alone(name: str, report_year: int | None) -> RegionReading:
    return _resolve(name, report_year, "")


def resolve_region(name: str, report_year: int | None, context: str = "") -> RegionReading:
    """The region named at the start of `name`, down to the county, as of `report_year`.

    `context` is the folded text of the report: it settles an ambiguous name only by naming exactly one of the parents.
    """
    return _resolve(name, report_year, context) if context else _resolve_alone(name, report_year)


def _resolve(name: str, report_year: int | None, context: str) -> RegionReading:
    national = _NATIONAL_PREFIX.match(name)
    position = national.end() if national else 0
    length, found = _starting(name[position:], report_year)
    zone = _starting_zone(name[position:], "", report_year)
    if zone is None and length:
        zone = _starting_zone(name[position + length :], name[position : position + length], report_year)
        position += length
    if zone:
        return replace(zone, consumed=zone.consumed + position)
    if not length:
        return RegionReading(None)
    candidates = _as_of(found, report_year)
    while True:
        length, found = _starting(name[position:], report_year)
        below = (region for region in found if any(_is_below(region, above, report_year) for above in candidates))
        narrowed = _as_of(below, report_year)
        if not narrowed:
            break
        candidates, position = narrowed, position + length
    return _settle(candidates, position, report_year, context)


def _starting_zone(text: str, before: str, year: int | None) -> RegionReading | None:
    """The zone `text` begins with, where it stands alone or after the name of a division it lies in (河北雄安新区)."""
    for zone in load_regions().zones:
        position = text.find(zone.name)
        if position < 0 or (year is not None and year + 1 < zone.first_year):
            continue
        if _has_become_division(zone, text[position + len(zone.name) :], year):
            continue
        host = _as_of(load_regions().by_code[zone.host_code], year)[-1]
        above = (host, *parents_of(host, year))
        prefix = text[:position] or before
        if not prefix or any(region.name.startswith(prefix) and len(prefix) >= 2 for region in above):
            return RegionReading(host, parents_of(host, year), (host,), position + len(zone.name), zone.name)
    return None


def _has_become_division(zone: Zone, rest: str, year: int | None) -> bool:
    """Whether the name of a zone, with `rest` after it, means the division of that name. In the year in which the division is
    founded the organs of the zone still act and report; a committee is of the zone in any year, a people's government is not."""
    divisions = regions_called(zone.name)
    if rest.startswith(_OF_ZONE):
        return False
    if rest.startswith(_OF_DIVISION):
        return bool(_as_of(divisions, year))
    return any(year is None or region.exists_in(year - 1) for region in divisions)


def region_named_in(text: str, report_year: int | None) -> RegionReading:
    """The one division a report without an agency's name speaks of: it says 我市 or 全市 of itself, or that it opens its data on
    the platform of that division, and every division it names is that one, lies in it or contains it. Anything else is no
    evidence."""
    found: dict[str, Region] = {}
    for match in _PLACE_END.finditer(text):
        for start in range(max(0, match.end() - _PLACE_LENGTH), match.end() - _SHORTEST_PLACE + 1):
            reading = resolve_region(text[start : match.end()], report_year)
            if reading.region and reading.consumed == match.end() - start:
                found.update({region.code: region for region in (reading.region, *reading.parents)})
                break
    own = [
        region
        for region in found.values()
        if region.level != "province"
        and re.search(f"[我全本]{region.name[-1]}|在{region.name}{_DATA_PLATFORM}", text)
        and all(_on_one_line(region, other, report_year) for other in found.values())
    ]
    return RegionReading(own[0], parents_of(own[0], report_year), (own[0],)) if len(own) == 1 else RegionReading(None)


def _on_one_line(region: Region, other: Region, year: int | None) -> bool:
    return region == other or _is_below(region, other, year) or _is_below(other, region, year)


def _settle(candidates: tuple[Region, ...], consumed: int, year: int | None, context: str) -> RegionReading:
    unique = tuple({region.code: region for region in candidates}.values())
    if len(unique) > 1:
        unique = _named_by_parent(unique, year, context)
    if len(unique) == 1:
        return RegionReading(unique[0], parents_of(unique[0], year), unique, consumed)
    return RegionReading(None, (), unique, consumed)


def _named_by_parent(candidates: tuple[Region, ...], year: int | None, context: str) -> tuple[Region, ...]:
    """The candidates whose parent the text names, nearest parent first; all of them when that settles nothing."""
    if not context:
        return candidates
    for depth in (0, 1):
        named = tuple(
            region
            for region in candidates
            if len(above := parents_of(region, year)) > depth and above[depth].name in context
        )
        if len(named) == 1:
            return named
    return candidates
