"""Title, agency, region, year, publication and contacts out of composed front matter."""

from __future__ import annotations

from datetime import date

import pytest
from documents import document_of, with_grid

from catalogue.load import load_catalogue
from disclosure.document import Document
from disclosure.findings import FindingCode
from disclosure.parse.agency_identity import is_uscc
from disclosure.parse.metadata import read_metadata
from disclosure.report import Asserted, Metadata

CHAPTER = "一、总体情况"


def read(document: Document, **asserted: object) -> tuple[Metadata, set[FindingCode]]:
    metadata, findings = read_metadata(document, Asserted(**asserted), load_catalogue())  # type: ignore[arg-type]
    return metadata, {finding.code for finding in findings}


@pytest.mark.parametrize(
    ("lines", "agency", "year"),
    [
        (("江门市蓬江区财政局2023年度政府信息公开工作年度报告",), "江门市蓬江区财政局", 2023),
        (("2018年静安区人民政府政府信息公开年报",), "静安区人民政府", 2018),
        (("连云区教育局政府信息公开工作2024年度报告",), "连云区教育局", 2024),
        (("云南省卫生健康委关于2022年政府信息公开工作的年度报告",), "云南省卫生健康委", 2022),
        (("宿州市人民政府2016年", "政府信息公开工作年度报告"), "宿州市人民政府", 2016),
        (("绥滨县司法局", "2023年政府信息公开工作年度报告"), "绥滨县司法局", 2023),
        (("鲤城区应急管理局2021年政府", "信息公开工作年度报告"), "鲤城区应急管理局", 2021),
        (("某某博彩官网西柳镇2023年政府信息公开工作年度报告",), "西柳镇", 2023),
        (("廣州市司法局2020年政府信息公開工作年度報告",), "广州市司法局", 2020),
        (("编制发布福建省市场监督管理局2024年度政府信息公开报告",), "福建省市场监督管理局", 2024),
    ],
)
def test_titles(lines: tuple[str, ...], agency: str, year: int) -> None:
    metadata, _ = read(document_of(*lines, CHAPTER))
    assert (metadata.title, metadata.agency_name, metadata.report_year) == ("".join(lines), agency, year)


def test_without_a_title_the_title_is_null() -> None:
    metadata, _ = read(document_of("现公布绥滨县司法局2020年政府信息公开工作年度报告。", CHAPTER))
    assert (metadata.title, metadata.agency_name, metadata.report_year) == (None, "绥滨县司法局", 2020)


@pytest.mark.parametrize(
    ("lines", "agency"),
    [
        (("# 黑龙江省司法厅文件", "## 省司法厅政府信息公开工作年度报告", CHAPTER), "黑龙江省司法厅"),
        ((CHAPTER, "2020年，市司法局坚持依法公开。", "完善《抚顺市司法局主动公开基本目录》。"), "抚顺市司法局"),
        (
            (
                "东西湖区司法局2020年政府信息公开工作年度报告",
                "编制了《武汉市东西湖区司法局2020年政府信息公开工作年度报告》。",
            ),
            "武汉市东西湖区司法局",
        ),
        (
            (
                "2018年建新镇政府信息公开工作年度报告",
                CHAPTER,
                "我镇没有收费。",
                "遂溪县建新镇人民政府",
                "2018年12月31日",
            ),
            "遂溪县建新镇人民政府",
        ),
        (
            ("市房管局2021年政府信息公开工作年度报告", "2022-01-25 14:48 武汉市住房保障和房屋管理局", CHAPTER),
            "武汉市住房保障和房屋管理局",
        ),
    ],
)
def test_the_full_name_wins_over_the_short_one(lines: tuple[str, ...], agency: str) -> None:
    assert read(document_of(*lines))[0].agency_name == agency


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("如有疑问，请与平度市公安局（地址：红旗路1号；电话：0532-0000000）联系。", "平度市公安局"),
        ("如有疑问，请联系：涵江区教育局办公室（地址：新涵大街1号）。", "涵江区教育局"),
        ("如有疑问，请联系前进区教育局。电话：8000000。", "前进区教育局"),
        ("如有疑问，请与丽水市人民政府办公室政府信息公开中心联系。", "丽水市人民政府"),
        ("报告电子版可从阜阳市公安局网站下载，请与我局联系。", "阜阳市公安局"),
        ("报告电子版可在涵江区人民政府网站下载，请与我局联系。", None),
        ("2023年，普宁市公安局通过市政府门户网站公开信息44条。", "普宁市公安局"),
        ("2021年，乳山经济开发区认真贯彻条例，主动公开信息13条。", "乳山经济开发区"),
    ],
)
def test_a_report_without_a_title_names_its_agency_elsewhere(line: str, agency: str | None) -> None:
    assert read(document_of("本报告的统计期限为2023年。", line, CHAPTER))[0].agency_name == agency


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (("2024 年上海市科委政府信息公开工作", "年度报告"), "2024 年上海市科委政府信息公开工作年度报告"),
        (
            ("• 政府信息公开年度报告", "郑州市教育局2020年政府信息公开工作年度报告"),
            "郑州市教育局2020年政府信息公开工作年度报告",
        ),
        (("Page 8 - 文登区信访局2022年政府信息公开工作年度报告", "P. 8"), "文登区信访局2022年政府信息公开工作年度报告"),
    ],
)
def test_the_title_without_what_is_not_of_it(lines: tuple[str, ...], title: str) -> None:
    assert read(document_of(*lines, CHAPTER))[0].title == title


@pytest.mark.parametrize(
    "lines",
    [
        ("省政府办公厅：", "现将我局2014年政府信息公开情况报告如下。"),
        (CHAPTER, "2020年，我局会同市林业局、市水利局做好公开。", "起草《咸宁市某河流域保护条例（草案）》。"),
        (CHAPTER, "2023年，市卫生健康委主动公开信息。", "2023年，市住房城乡建设局主动公开信息。"),
    ],
)
def test_other_organs_are_not_the_agency(lines: tuple[str, ...]) -> None:
    metadata, codes = read(document_of(*lines))
    assert metadata.agency_name is None
    assert metadata.agency_id is None
    assert FindingCode.AGENCY_UNKNOWN in codes


def test_the_asserted_agency_is_used_last_and_said_so() -> None:
    metadata, _ = read(document_of(CHAPTER, "我局认真做好公开。"), agency_name="绥滨县司法局")
    assert metadata.agency_name == "绥滨县司法局"
    assert {e.method for e in metadata.evidence if e.field == "agency_name"} == {"asserted"}
    titled, _ = read(document_of("抚顺市司法局2020年政府信息公开工作年度报告"), agency_name="绥滨县司法局")
    assert titled.agency_name == "抚顺市司法局"


@pytest.mark.parametrize(
    ("agency", "level", "category", "scope", "region"),
    [
        ("河南省司法厅", "province", "justice", "agency", "410000"),
        ("广东省人民政府办公厅", "province", "general_office", "agency", "440000"),
        ("洪泽区人民政府", "county", "government", "jurisdiction", "320813"),
        ("六安市", "prefecture", "government", "jurisdiction", "341500"),
        ("海城市西四镇", "township", "township_government", "agency", "210381"),
        ("思明区嘉莲街道办事处", "township", "subdistrict_office", "agency", "350203"),
        ("莆田市公安局城厢分局", "county", "public_security", "agency", "350302"),
        ("教育部", "national", "education", "agency", None),
        ("雄安新区管理委员会", "functional_zone", "development_zone", "agency", "130000"),
        ("岳阳市南湖新区教育局", "functional_zone", "education", "agency", "430600"),
        ("浦东新区教育局", "county", "education", "agency", "310115"),
    ],
)
def test_level_function_scope_and_region(
    agency: str, level: str, category: str, scope: str, region: str | None
) -> None:
    metadata, _ = read(document_of(f"{agency}2020年政府信息公开工作年度报告", CHAPTER))
    assert (metadata.agency_level, metadata.function_category, metadata.reporting_scope, metadata.region_code) == (
        level,
        category,
        scope,
        region,
    )


def test_short_and_full_names_share_an_identifier() -> None:
    def identifier(name: str) -> str | None:
        return read(document_of(f"{name}2020年政府信息公开工作年度报告", CHAPTER))[0].agency_id

    assert identifier("洪泽区人民政府") == identifier("淮安市洪泽区人民政府") is not None
    assert identifier("瓯海区住建局") == identifier("瓯海区住房和城乡建设局")
    assert identifier("瓯海区住建局") != identifier("瓯海区司法局")
    assert identifier("祁阳县司法局") is not None
    assert identifier("雄安新区教育局") != identifier("河北省教育局")
    assert identifier("教育局") is None  # a function without a place names no agency


def test_a_valid_credit_code_in_the_index_number_is_the_identifier() -> None:
    lines = ("索引号：11370900004341590P/2017-00150", "泰安市财政局2017年政府信息公开工作年度报告", CHAPTER)
    metadata, _ = read(document_of(*lines))
    assert metadata.index_number == "11370900004341590P/2017-00150"
    assert metadata.agency_id == "11370900004341590P"
    assert is_uscc("12620600MB0523338C")
    assert not is_uscc("11370900004341591P")


def test_an_agency_keeps_its_identifier_when_its_region_is_recoded() -> None:
    county = read(document_of("祁阳县司法局2020年政府信息公开工作年度报告", CHAPTER))[0]
    city = read(document_of("祁阳市司法局2021年政府信息公开工作年度报告", CHAPTER))[0]
    assert (county.region_code, city.region_code) == ("431121", "431181")
    assert county.agency_id == city.agency_id is not None


@pytest.mark.parametrize(
    ("agency", "organ_type"),
    [
        ("洪泽区人民政府", "government"),
        ("遂溪县建新镇人民政府", "government"),
        ("广东省人民政府办公厅", "general_office"),
        ("河南省司法厅", "department"),
        ("思明区嘉莲街道办事处", "dispatched_organ"),
        ("国家税务总局珠海市税务局", "vertical_organ"),
        ("珠海市公共资源交易中心", "public_institution"),
        ("深圳市人民政府国有资产监督管理委员会", "department"),
        ("北京市城市管理委员会", "department"),
        ("绵阳科技城管理委员会", "dispatched_organ"),
        ("雄安新区管理委员会", "dispatched_organ"),
    ],
)
def test_the_kind_of_body(agency: str, organ_type: str) -> None:
    assert read(document_of(f"{agency}2020年政府信息公开工作年度报告", CHAPTER))[0].organ_type == organ_type


def test_region_findings() -> None:
    assert FindingCode.REGION_AMBIGUOUS in read(document_of("鼓楼区司法局2020年政府信息公开工作年度报告"))[1]
    assert FindingCode.REGION_UNKNOWN in read(document_of("某某镇人民政府2020年政府信息公开工作年度报告"))[1]


@pytest.mark.parametrize(
    ("lines", "year", "conflict"),
    [
        (("某某局政府信息公开工作年度报告", "统计期限自2017年1月1日起至12月31日止。"), 2017, False),
        (("现就2020年政务公开年度工作情况报告如下。",), 2020, False),
        (("编制了《某某镇2020年政府信息公开工作年度报告》，统计期限自2021年1月1日起至12月31日止。",), 2021, True),
        (
            (
                "某某局2021年政府信息公开工作年度报告",
                "发布时间：2022-01-20",
                "统计期限自2020年1月1日起至2020年12月31日止。",
            ),
            2021,
            True,
        ),
        (("某某局政府信息公开工作年度报告", "自2008年3月10日起开始开展政府信息公开工作。"), None, False),
        (("某某呈〔2021〕15号", "某某局政府信息公开工作年度报告"), 2020, False),
        (("某某局政府信息公开工作年度报告", "发布日期：2022-01-20"), 2021, False),
        ((CHAPTER, "2019年，我局认真公开。", "五、存在的主要问题", "2020年，我局将继续改进。"), 2019, False),
        (("某某局2021年政府信息公开工作年度报告", CHAPTER, "2020年，我局认真公开。"), 2021, True),
    ],
)
def test_report_year(lines: tuple[str, ...], year: int | None, conflict: bool) -> None:
    metadata, codes = read(document_of(*lines))
    assert metadata.report_year == year
    assert (FindingCode.REPORT_YEAR_CONFLICT in codes) is conflict
    assert (FindingCode.REPORT_YEAR_UNKNOWN in codes) is (year is None)


def test_an_asserted_year_that_contradicts_the_text_is_reported_and_not_taken() -> None:
    metadata, codes = read(document_of("某某局2020年政府信息公开工作年度报告"), report_year=2019)
    assert metadata.report_year == 2020
    assert FindingCode.REPORT_YEAR_CONFLICT in codes


@pytest.mark.parametrize(
    ("line", "day", "hint"),
    [
        ("发布日期：2020-01-31", date(2020, 1, 31), 2020),
        ("发布时间: 2021- 01- 20 08 : 32", date(2021, 1, 20), 2021),
        ("日期:2019年03月04日   信息来源:办公室", date(2019, 3, 4), 2019),
        ("（2024年3 月 26日）", date(2024, 3, 26), 2024),
        ("• 2024-03-08 • 来源:办公室 • 6135", date(2024, 3, 8), 2024),
        ("2022-01-25 14:48 武汉市教育局", date(2022, 1, 25), 2022),
        ("2022-01-25 14:48", date(2022, 1, 25), 2022),
        ("2017年3月", None, 2017),
        ("点击数：2019", None, None),
    ],
)
def test_publication_date(line: str, day: date | None, hint: int | None) -> None:
    metadata, _ = read(document_of("某某局政府信息公开工作年度报告", line, CHAPTER))
    assert (metadata.publication_date, metadata.publication_year_hint) == (day, hint)


def test_a_printed_date_line_outweighs_the_signature() -> None:
    lines = (
        "某某局2018年政府信息公开工作年度报告",
        "时间:2019-01-18 点击数:-",
        CHAPTER,
        "无。",
        "某某局",
        "2018年12月31日",
    )
    assert read(document_of(*lines))[0].publication_date == date(2019, 1, 18)
    assert read(document_of(*lines[2:]))[0].publication_date == date(2018, 12, 31)


def test_index_block_in_a_grid() -> None:
    rows = [["索 引 号", "014416330/2018-04736"], ["发文日期", "2018-02-28"], ["文 号", "浦应急〔2018〕1号"]]
    metadata, _ = read(with_grid(document_of("某某局2017年政府信息公开工作年度报告", CHAPTER), rows))
    assert metadata.index_number == "014416330/2018-04736"
    assert metadata.publication_date == date(2018, 2, 28)
    assert metadata.document_number == "浦应急〔2018〕1号"


def test_letterhead() -> None:
    lines = ("某某省司法厅文件", "某司呈〔2021〕15号", "签发人：张某某", "省司法厅政府信息公开工作年度报告", CHAPTER)
    metadata, _ = read(document_of(*lines))
    assert (metadata.document_number, metadata.signatory) == ("某司呈〔2021〕15号", "张某某")


def test_quoted_document_numbers_are_not_the_report_s() -> None:
    metadata, _ = read(document_of("根据《要点》（国办发〔2017〕24号）编制。", CHAPTER))
    assert metadata.document_number is None


def test_contacts_are_quoted_as_printed() -> None:
    sentence = (
        "如有疑问，请与某某县司法局政府信息公开办公室联系（地址：某某县人民路 12 号，邮编：156200，电话：0468-1234567，"
        "传真：0468-7654321，电子邮箱：sfj@example.org）。"
    )
    metadata, _ = read(document_of(sentence, CHAPTER))
    assert metadata.contact_office == "某某县司法局政府信息公开办公室"
    assert metadata.contact_address == "某某县人民路 12 号"
    assert metadata.contact_postcode == "156200"
    assert (metadata.contact_phone, metadata.contact_fax) == ("0468-1234567", "0468-7654321")
    assert metadata.contact_email == "sfj@example.org"


def test_every_field_has_evidence() -> None:
    lines = (
        "抚顺市司法局2020年政府信息公开工作年度报告",
        "发布日期：2021-01-10",
        "统计期限自2020年1月1日起至2020年12月31日止。",
    )
    metadata, _ = read(document_of(*lines))
    filled = {field for field in Metadata.__dataclass_fields__ if field != "evidence" and getattr(metadata, field)}
    assert filled == {item.field for item in metadata.evidence}


def test_the_page_s_own_tags_are_asked_last() -> None:
    document = document_of(
        CHAPTER, "我局认真公开。", title="抚顺市司法局2020年政府信息公开工作年度报告-抚顺市", PubDate="2021-01-12 09:00"
    )
    metadata, _ = read(document)
    assert (metadata.agency_name, metadata.title) == ("抚顺市司法局", None)
    assert metadata.publication_date == date(2021, 1, 12)
