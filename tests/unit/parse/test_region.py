"""Regions by name and year, and the table behind them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from disclosure.parse.region import load_regions, resolve_region


@pytest.mark.parametrize(
    ("name", "year", "code", "parents"),
    [
        ("黑龙江省司法厅", 2020, "230000", []),
        ("绥滨县司法局", 2023, "230422", ["鹤岗市", "黑龙江省"]),
        ("东西湖区司法局", 2020, "420112", ["武汉市", "湖北省"]),
        ("武汉市东西湖区司法局", 2020, "420112", ["武汉市", "湖北省"]),
        ("济源市司法局", 2020, "419001", ["河南省"]),
        ("上海市浦东新区教育局", 2021, "310115", ["上海市"]),
        ("锡盟商务局", 2021, "152500", ["内蒙古自治区"]),
        ("恩施州司法局", 2020, "422800", ["湖北省"]),
        ("广西财政厅", 2020, "450000", []),
        ("国家税务总局珠海市税务局", 2022, "440400", ["广东省"]),
    ],
)
def test_region_and_parents(name: str, year: int, code: str, parents: list[str]) -> None:
    reading = resolve_region(name, year)
    assert reading.region is not None
    assert reading.region.code == code
    assert [parent.name for parent in reading.parents] == parents


def test_a_region_is_taken_as_of_the_report_year() -> None:
    assert resolve_region("莱芜市司法局", 2016).region is not None
    assert resolve_region("莱芜市司法局", 2021).region is None
    only_one = resolve_region("龙华区教育局", 2015)
    assert only_one.region is not None and only_one.region.code == "460106"
    assert resolve_region("龙华区教育局", 2020).ambiguous


@pytest.mark.parametrize("name", ["鼓楼区司法局", "龙华区司法局", "和平区司法局"])
def test_an_ambiguous_name_stays_ambiguous(name: str) -> None:
    reading = resolve_region(name, 2020, context="我局认真做好政府信息公开工作")
    assert reading.region is None
    assert len(reading.candidates) > 1


def test_the_text_settles_it_by_naming_one_parent() -> None:
    reading = resolve_region("鼓楼区司法局", 2020, context="按照徐州市人民政府的部署")
    assert reading.region is not None and reading.region.code == "320302"
    two = resolve_region("鼓楼区司法局", 2020, context="学习徐州市和南京市的做法")
    assert two.ambiguous


@pytest.mark.parametrize("name", ["大东坝镇人民政府", "司法局", "市司法局", ""])
def test_names_without_a_region(name: str) -> None:
    assert resolve_region(name, 2020).consumed == 0


def test_the_table_is_sorted_compact_and_closed(project_root: Path) -> None:
    path = project_root / "catalogue" / "regions" / "regions.csv"
    assert path.stat().st_size < 400_000
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    keys = [(row["code"], row["valid_from"], row["name"]) for row in rows]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    codes = {row["code"] for row in rows} | {"100000"}
    assert not [row for row in rows if row["parent_code"] not in codes]
    assert not [row for row in rows if row["valid_to"] and row["valid_to"] < row["valid_from"]]
    current = [row["level"] for row in rows if not row["valid_to"]]
    assert (current.count("province"), current.count("prefecture")) == (34, 333)


def test_every_current_region_resolves_to_itself_below_its_parents() -> None:
    missed = []
    for regions in load_regions().by_code.values():
        for region in regions:
            if region.valid_to is None and region.level == "prefecture":
                reading = resolve_region(region.name + "司法局", 2026)
                if reading.region != region and not reading.ambiguous:
                    missed.append(region.name)
    assert missed == []
