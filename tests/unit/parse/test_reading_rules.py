"""Each rule about the reading of a page is recorded on the page that breaks it, and on no page of zeros."""

from __future__ import annotations

import pytest
from composed_page import compose_page

from catalogue.load import load_catalogue
from catalogue.model import BreakingPage, Comparison, Identity
from disclosure.findings import Finding
from disclosure.reading import read_filing

RULES = [rule for rule in load_catalogue().identities if rule.comparison is Comparison.READING]


def findings_of(page: BreakingPage) -> tuple[Finding, ...]:
    report = read_filing(compose_page(page), "report.html")
    assert report.status == "read"
    return report.findings


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule_id)
def test_rule_is_recorded_on_the_page_that_breaks_it(rule: Identity) -> None:
    assert rule.page is not None
    found = [each for each in findings_of(rule.page) if each.code.value == rule.finding]
    assert found
    if rule.page.table and rule.page.rows:
        assert {(each.where.table, each.where.row_code) for each in found} & {
            (rule.page.table, row) for row in rule.page.rows
        }


@pytest.mark.parametrize("edition", ["stat_annex_2014", "table_2019", "table_2021"])
def test_nothing_is_recorded_on_a_page_of_zeros(edition: str) -> None:
    codes = {rule.finding for rule in RULES}
    assert [each.message for each in findings_of(BreakingPage(edition=edition)) if each.code.value in codes] == []
