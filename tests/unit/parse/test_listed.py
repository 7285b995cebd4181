"""An operator's lists: what the names of agencies tell, and values that cannot be used are left out and said so."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalogue.load import load_catalogue
from disclosure.findings import FindingCode
from disclosure.listed import ListedName, ListFinding, ListRow, NameRole
from disclosure.parse.listed import name_agency, name_asserted, read_agency_list, read_filing_row, read_population_list


def read(**values: str) -> tuple[list[ListedName], list[ListFinding]]:
    return read_agency_list([ListRow("agencies.csv", 2, values)], load_catalogue())


def troubles(findings: list[ListFinding]) -> list[tuple[FindingCode, str | None]]:
    return [(finding.code, finding.column_name) for finding in findings]


def test_a_full_name_needs_nothing_else() -> None:
    [name], findings = read(agency="南京市鼓楼区司法局")
    assert (name.role, name.named.region_code, name.named.function_category) == (NameRole.NAME, "320106", "justice")
    assert name.named.agency_key == name_agency("鼓楼区司法局", 2022, load_catalogue(), "320106").agency_key
    assert findings == []


def test_the_region_column_decides_between_namesakes() -> None:
    [name, alias], findings = read(agency="鼓楼区司法局", region="320106", aliases="区司法局")
    assert name.named.region_code == alias.named.region_code == "320106"
    assert name.named.agency_key == name_agency("南京市鼓楼区司法局", 2022, load_catalogue()).agency_key
    assert findings == []


def test_a_name_without_a_place_is_kept_and_reported() -> None:
    [name], findings = read(agency="鼓楼区司法局")
    assert name.named.agency_key is not None and name.named.agency_key.startswith("listed-")
    assert troubles(findings) == [(FindingCode.LIST_AGENCY_UNPLACED, "agency")]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("credit_code", "11370900004341591P"),
        ("credit_code", "91370900004341590P"),
        ("region", "999999"),
        ("region", "320302"),
        ("level", "市级"),
        ("function", "司法"),
        ("scope", "全市"),
        ("first_year", "一九年"),
        ("last_year", "1999"),
    ],
)
def test_a_value_that_cannot_be_used_is_left_out(column: str, value: str) -> None:
    [name], findings = read(agency="南京市鼓楼区司法局", **{column: value})
    assert troubles(findings) == [(FindingCode.LIST_VALUE_INVALID, column)]
    assert findings[0].printed == value
    assert (name.credit_code, name.named.region_code, name.first_year, name.last_year) == (None, "320106", None, None)
    assert (name.named.agency_level, name.named.function_category) == ("county", "justice")


@pytest.mark.parametrize(
    ("agency", "years", "code"),
    [
        ("重庆市江北区财政局", {}, "500105"),
        ("宁波市江北区财政局", {}, "330205"),
        ("偃师市财政局", {}, "410381"),
        ("毕节市财政局", {}, "520500"),  # until 2011 a county-level city bore the name
        ("毕节市财政局", {"last_year": "2010"}, "522401"),
        ("下城区司法局", {}, "330103"),
        ("莱芜市司法局", {"last_year": "2023"}, "371200"),
        ("江北区财政局", {"first_year": "2026"}, "330205"),
        ("龙华区教育局", {"last_year": "2010"}, "460106"),
        ("两江新区财政局", {"last_year": "2025"}, "500000"),
        ("两江新区财政局", {"first_year": "2026"}, "500157"),
        ("杭州市公安局临平分局", {}, "330113"),
    ],
)
def test_a_name_is_placed_over_the_years_of_its_row(agency: str, years: dict[str, str], code: str) -> None:
    [name], findings = read(agency=agency, **years)
    assert (name.named.region_code, findings) == (code, [])


@pytest.mark.parametrize("agency", ["江北区财政局", "两江新区财政局", "龙华区教育局"])
def test_a_name_that_several_bore_in_the_years_of_its_row_is_reported(agency: str) -> None:
    [name], [finding] = read(agency=agency)
    assert (name.named.region_code, finding.code) == (None, FindingCode.LIST_AGENCY_UNPLACED)
    assert "可指" in finding.message


def test_a_stated_region_decides_between_those_in_it_and_keeps_the_zone() -> None:
    for agency, region, year, full_name in [
        ("江北区财政局", "500000", 2020, "重庆市江北区财政局"),
        ("鼓楼区司法局", "320100", 2020, "南京市鼓楼区司法局"),
        ("两江新区财政局", "500000", 2020, "重庆两江新区财政局"),
        ("两江新区财政局", "500157", 2026, "重庆市两江新区财政局"),
    ]:
        [name], findings = read(agency=agency, region=region)
        assert name.named == name_agency(full_name, year, load_catalogue())
        assert findings == []


def test_a_former_name_may_be_older_than_its_row() -> None:
    [_, alias], findings = read(agency="祁阳市司法局", first_year="2024", aliases="祁阳县司法局")
    assert (alias.named.region_code, alias.named.region_id, findings) == ("431121", "431121", [])


def test_a_last_year_before_the_first_is_left_out() -> None:
    [name], findings = read(agency="绥滨县司法局", first_year="2020", last_year="2019")
    assert (name.first_year, name.last_year) == (2020, None)
    assert troubles(findings) == [(FindingCode.LIST_VALUE_INVALID, "last_year")]


def test_what_the_list_states_goes_before_what_the_name_tells() -> None:
    [name], findings = read(
        agency="南京市鼓楼区司法局",
        credit_code="11370900004341590P",
        level="prefecture",
        first_year="2019年",
        last_year="2023",
    )
    assert (name.credit_code, name.named.agency_level) == ("11370900004341590P", "prefecture")
    assert (name.first_year, name.last_year) == (2019, 2023)
    assert findings == []


def test_predecessors_have_the_place_and_the_kind() -> None:
    names, findings = read(
        agency="绥滨县自然资源局",
        first_year="2019",
        predecessors="绥滨县国土资源局；绥滨县城乡规划局",
        source="机构改革方案",
    )
    predecessors = [name for name in names if name.role is NameRole.PREDECESSOR]
    assert [(name.name, name.succession_kind, name.first_year) for name in predecessors] == [
        ("绥滨县国土资源局", "merge", 2019),
        ("绥滨县城乡规划局", "merge", 2019),
    ]
    assert len({name.named.agency_key for name in names}) == 3
    assert findings == []
    [_, one], _ = read(agency="绥滨县自然资源局", first_year="2019", predecessors="11370900004341590P", kind="rename")
    assert (one.credit_code, one.succession_kind) == ("11370900004341590P", "rename")


def test_a_succession_without_a_year_says_nothing() -> None:
    names, findings = read(agency="绥滨县自然资源局", predecessors="绥滨县国土资源局")
    assert [name.role for name in names] == [NameRole.NAME]
    assert troubles(findings) == [(FindingCode.LIST_VALUE_INVALID, "predecessors")]


def test_a_row_without_an_agency_is_reported() -> None:
    names, findings = read(agency=" ", region="320106")
    assert names == []
    assert troubles(findings) == [(FindingCode.LIST_VALUE_INVALID, "agency")]


def test_populations_are_numbers_of_regions_there_are() -> None:
    rows = [
        ListRow(
            "population.csv", 2, {"region_code": "320813", "year": "2023", "population": "285,000", "source": "普查"}
        ),
        ListRow("population.csv", 3, {"region_code": "000001", "year": "2023", "population": "1"}),
        ListRow("population.csv", 4, {"region_code": "320813", "year": "2023", "population": "约30万"}),
    ]
    [population], findings = read_population_list(rows)
    assert (population.region_code, population.report_year, population.population) == ("320813", 2023, Decimal(285000))
    assert [(finding.row_number, finding.column_name) for finding in findings] == [
        (3, "region_code"),
        (4, "population"),
    ]


def test_rows_of_a_source_list() -> None:
    row = read_filing_row(ListRow("sources.csv", 2, {"path": "x\\a.pdf", "year": "2019年度", "agency": "甲市财政局"}))
    assert row is not None
    assert (row.path, row.asserted_year, row.asserted_agency, row.url) == ("x/a.pdf", 2019, "甲市财政局", None)
    assert read_filing_row(ListRow("sources.csv", 3, {"path": "", "year": "2019"})) is None


def test_an_asserted_name_is_placed_as_of_its_year() -> None:
    def place(name: str, year: int) -> str | None:
        return name_asserted(name, year, load_catalogue()).named.region_code

    assert (place("祁阳县司法局", 2020), place("祁阳市司法局", 2021)) == ("431121", "431181")
    assert place("鼓楼区司法局", 2021) is None
