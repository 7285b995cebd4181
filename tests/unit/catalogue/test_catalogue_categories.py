"""Function categories: names of agencies whose key words mislead, and the category they belong to."""

from __future__ import annotations

import pytest

from catalogue.load import load_catalogue


def category_of(name: str) -> str | None:
    """The first category that fits, as readers of the list have to take it."""
    return next((category.code for category in load_catalogue().function_categories if category.fits(name)), None)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("黑龙江省司法厅", "justice"),
        ("河南省人民政府法制办公室", "justice"),
        ("荆州市公安县财政局", "finance"),
        ("公安县人民政府", "government"),
        ("公安县公安局", "public_security"),
        ("镇远县人民政府", "government"),
        ("景德镇市人民政府", "government"),
        ("苏州市吴江区震泽镇人民政府", "township_government"),
        ("石嘴山市南薰乡", "township_government"),
        ("北京市海淀区人民政府中关村街道办事处", "subdistrict_office"),
        ("上海市人民政府办公厅", "general_office"),
        ("云南省人民政府外事办公室", "foreign_affairs"),
        ("湛江市人民政府地方志办公室", "other"),
        ("深圳市人民政府国有资产监督管理委员会", "sasac"),
        ("绵阳科技城管理委员会", "development_zone"),
        ("绵阳科技城管委会", "development_zone"),
        ("上海市住房和城乡建设管理委员会", "housing_construction"),
        ("杭州市住房公积金管理中心", "other"),
        ("广州市城市管理和综合行政执法局", "urban_management"),
        ("宁波市自然资源和规划局国家高新区分局", "natural_resources"),
        ("国家税务总局珠海市税务局", "taxation"),
        ("海南省旅游和文化广电体育厅", "culture_tourism"),
        ("某市教育体育局", "education"),
        ("某区科学技术和工业信息化局", "science_technology"),
        ("某县医疗保障局", "medical_security"),
        ("某市政务服务和数据管理局", "data_administrative_approval"),
    ],
)
def test_category_of_an_agency(name: str, code: str) -> None:
    assert category_of(name) == code


def test_name_that_says_nothing_has_no_category() -> None:
    assert category_of("本机关") is None


def test_no_key_word_is_shadowed_by_an_earlier_category() -> None:
    shadowed = [
        (word, category.code, category_of(word))
        for category in load_catalogue().function_categories
        for word in category.keywords
        if category_of(word) != category.code
    ]
    assert shadowed == []
