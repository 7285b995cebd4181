"""Regions by name and year, and the table behind them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from disclosure.parse.region import load_regions, region_named_in, resolve_region


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
        ("下城区司法局", 2020, "330103", ["杭州市", "浙江省"]),
        ("临平区司法局", 2021, "330113", ["杭州市", "浙江省"]),
        ("闸北区司法局", 2014, "310108", ["上海市"]),
        ("静安区司法局", 2015, "310106", ["上海市"]),
        ("祁阳县司法局", 2020, "431121", ["永州市", "湖南省"]),
        ("祁阳市司法局", 2021, "431181", ["永州市", "湖南省"]),
        ("和康县司法局", 2024, "653228", ["和田地区", "新疆维吾尔自治区"]),
        ("石河子市司法局", 2021, "659001", ["新疆维吾尔自治区"]),
        ("新疆生产建设兵团第八师石河子市司法局", 2021, "659001", ["新疆维吾尔自治区"]),
        ("白杨市司法局", 2023, "659012", ["新疆维吾尔自治区"]),
        ("襄樊市司法局", 2009, "420600", ["湖北省"]),
    ],
)
def test_region_and_parents(name: str, year: int, code: str, parents: list[str]) -> None:
    reading = resolve_region(name, year)
    assert reading.region is not None
    assert reading.region.code == code
    assert [parent.name for parent in reading.parents] == parents


@pytest.mark.parametrize(
    ("name", "year", "host", "zone"),
    [
        ("雄安新区管理委员会", 2021, "130000", "雄安新区"),
        ("河北雄安新区公共服务局", 2021, "130000", "雄安新区"),
        ("陕西省西咸新区沣东新城管委会", 2020, "610000", "西咸新区"),
        ("甘肃省兰州新区教育局", 2021, "620100", "兰州新区"),
        ("两江新区管委会", 2021, "500000", "两江新区"),
    ],
)
def test_an_area_that_is_no_division_lies_in_one(name: str, year: int, host: str, zone: str) -> None:
    reading = resolve_region(name, year)
    assert reading.region is not None
    assert (reading.region.code, reading.zone) == (host, zone)
    assert name[reading.consumed :] in name.split(zone)[1]


@pytest.mark.parametrize(
    ("name", "year", "code", "zone"),
    [
        ("两江新区司法局", 2021, "500000", "两江新区"),
        ("两江新区司法局", 2024, "500000", "两江新区"),
        ("两江新区司法局", 2025, "500000", "两江新区"),
        ("重庆市两江新区司法局", 2025, "500000", "两江新区"),
        ("两江新区司法局", 2026, "500157", ""),
        ("重庆市两江新区司法局", 2026, "500157", ""),
        ("重庆两江新区管理委员会", 2026, "500000", "两江新区"),
        ("重庆市两江新区人民政府", 2025, "500157", ""),
    ],
)
def test_an_area_becomes_a_division_after_the_year_in_which_it_is_founded(
    name: str, year: int, code: str, zone: str
) -> None:
    """The organs of the area act all through the year; those of the division, founded in its last weeks, report of the next."""
    reading = resolve_region(name, year)
    assert reading.region is not None
    assert (reading.region.code, reading.zone) == (code, zone)
    assert name[: reading.consumed].endswith("两江新区")


def test_a_division_dissolved_in_the_year_is_told_by_what_it_lies_in() -> None:
    """重庆市江北区 was dissolved in 2025, 宁波市江北区 was not."""
    full, other = resolve_region("重庆市江北区司法局", 2025), resolve_region("宁波市江北区司法局", 2025)
    assert full.region is not None and (full.region.code, full.consumed) == ("500105", 6)
    assert other.region is not None and other.region.code == "330205"
    assert {region.code for region in resolve_region("江北区司法局", 2025).candidates} == {"500105", "330205"}
    after = resolve_region("江北区司法局", 2026)
    assert after.region is not None and after.region.code == "330205"


def test_a_name_that_another_takes_over_means_the_other() -> None:
    moved = resolve_region("公主岭市司法局", 2020)
    assert moved.region is not None and moved.region.code == "220184"


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


def test_an_ambiguous_region_still_has_its_name() -> None:
    assert resolve_region("长安区教育局", 2022).name == "长安区"
    assert resolve_region("司法局", 2022).name is None


def test_a_report_without_an_agency_may_name_its_region() -> None:
    named = region_named_in("我市建设公开专区和县乡平台。泗洪县2件，宿迁市某局6件，按江苏省要求。", 2023)
    assert named.region is not None and named.region.code == "321300"
    assert region_named_in("按宿迁市要求推进公开。", 2023).region is None, "nothing says that it speaks of itself"
    opened = region_named_in("积极参与数据开放，在宿迁市数据统一开放平台开放了12个数据集。", 2023)
    assert opened.region is not None and opened.region.code == "321300"
    assert region_named_in("学习了宿迁市数据统一开放平台的做法。", 2023).region is None
    assert region_named_in("我市学习宿迁市和徐州市的做法。", 2023).region is None


def regions_of(project_root: Path) -> list[dict[str, str]]:
    path = project_root / "catalogue" / "regions" / "regions.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_place_keeps_its_identifier(project_root: Path) -> None:
    rows = regions_of(project_root)
    for name in ("祁阳县", "祁阳市"):
        assert {row["region_id"] for row in rows if row["name"] == name and row["valid_from"] > "1994"} == {"431121"}
    for year in range(2008, 2027):
        there = [
            row
            for row in rows
            if row["valid_from"] <= str(year) and (not row["valid_to"] or row["valid_to"] >= str(year))
        ]
        assert len({row["region_id"] for row in there}) == len(there), f"two places of {year} share an identifier"


def test_who_took_over_an_area_was_there(project_root: Path) -> None:
    rows = regions_of(project_root)
    with (project_root / "catalogue" / "regions" / "region_successions.csv").open(encoding="utf-8") as stream:
        successions = list(csv.DictReader(stream))
    assert {("330103", "330105"), ("310108", "310106")} <= {
        (each["code"], each["successor_code"]) for each in successions
    }
    for each in successions:
        old = [row for row in rows if row["code"] == each["code"] and row["valid_to"]]
        new = [row for row in rows if row["code"] == each["successor_code"] and row["valid_from"] <= each["year"]]
        assert old and new, each
        assert all(row["valid_to"] < each["year"] for row in old), each


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
