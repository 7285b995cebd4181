"""Names of agencies that look like something else."""

from __future__ import annotations

import pytest

from disclosure.parse.agency import is_distant, read_agency
from disclosure.parse.region import load_regions
from disclosure.parse.titles import parse_title


def test_every_division_of_the_country_can_report_under_its_own_name() -> None:
    """本溪市 and 全椒县 begin like 本市 and 全县, and are neither."""
    names = {region.name for regions in load_regions().by_code.values() for region in regions}
    assert len(names) > 3_000
    unread = []
    for organ in (name + "教育局" for name in sorted(names)):
        title = parse_title(f"{organ}2024年政府信息公开工作年度报告")
        found = read_agency((), (), title, "", None, 2024)
        if found is None or found.name != organ:
            unread.append(organ)
    assert unread == []


@pytest.mark.parametrize("name", ["本市教育局", "全县教育局", "我局", "各部门", "全州教育局", "上级部门", "其他机关"])
def test_what_points_to_an_organ_is_no_name(name: str) -> None:
    assert is_distant(name)
