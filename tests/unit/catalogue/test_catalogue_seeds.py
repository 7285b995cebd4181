"""The seeds dbt reads: one line per cell, instance and term, blank where nothing is declared."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from catalogue.derive_forms import derive_forms
from catalogue.load import load_catalogue

ROOT = Path("project")


@pytest.fixture(scope="module")
def seeds() -> dict[str, list[dict[str, str]]]:
    files = derive_forms(ROOT)
    return {
        path.stem: list(csv.DictReader(io.StringIO(content)))
        for path, content in files.items()
        if path.suffix == ".csv"
    }


def test_one_line_per_cell_of_every_edition(seeds: dict[str, list[dict[str, str]]]) -> None:
    keys = [
        (line["edition"], line["table_code"], line["row_code"], line["column_code"])
        for line in seeds["catalogue_line_items"]
    ]
    assert len(set(keys)) == len(keys) == 58 + (25 + 161 + 15) + (10 + 175 + 15)


def test_line_item_carries_what_the_form_says(seeds: dict[str, list[dict[str, str]]]) -> None:
    [line] = [
        line
        for line in seeds["catalogue_line_items"]
        if (line["edition"], line["row_code"], line["column_code"])
        == ("table_2021", "denied_third_party_rights", "org_business")
    ]
    assert line == {
        "edition": "table_2021",
        "table_code": "T3",
        "row_order": "8",
        "row_code": "denied_third_party_rights",
        "row_chinese": "保护第三方合法权益",
        "row_english": "denied: rights of a third party",
        "column_order": "2",
        "column_code": "org_business",
        "column_chinese": "商业企业",
        "column_english": "businesses",
        "unit": "件",
        "kind": "count",
        "is_leaf": "true",
        "row_group": "denied_group",
        "form_variant": "",
        "clause": "第十五条、第三十二条",
        "maximum": "1000000",
    }


def test_terms_belong_to_instances_and_to_cells(seeds: dict[str, list[dict[str, str]]]) -> None:
    key = ("rule_id", "edition", "table_code", "scope")
    instances = {tuple(line[name] for name in key) for line in seeds["catalogue_identities"]}
    assert len(instances) == len(load_catalogue().instances)
    assert {tuple(line[name] for name in key) for line in seeds["catalogue_identity_terms"]} == instances
    cell = ("edition", "table_code", "row_code", "column_code")
    cells = {tuple(line[name] for name in cell) for line in seeds["catalogue_line_items"]}
    assert {tuple(line[name] for name in cell) for line in seeds["catalogue_identity_terms"]} <= cells


def test_indicator_terms_keep_their_sign(seeds: dict[str, list[dict[str, str]]]) -> None:
    signs = {
        (line["part"], line["column_code"], line["sign"])
        for line in seeds["catalogue_indicator_terms"]
        if line["indicator_code"] == "normative_net_change"
    }
    assert signs == {("numerator", "issued_this_year", "1"), ("numerator", "repealed_this_year", "-1")}


def test_page_of_identities_names_every_rule() -> None:
    page = derive_forms(ROOT)[ROOT / "docs" / "identities.md"]
    headings = [line.split()[1] for line in page.splitlines() if line.startswith("## ")]
    catalogue = load_catalogue()
    assert headings == [rule.rule_id for rule in (*catalogue.identities, *catalogue.plausibility)]
