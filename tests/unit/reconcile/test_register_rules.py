"""Each rule about one report alone, judged by the library: it fires on its example and on no table of zeros."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from catalogue.load import load_catalogue
from catalogue.plausibility import PlausibilityRule
from disclosure.parse.sentence_parts import read_sentence_parts
from disclosure.reconcile.figures import collect_figures, rounding_slack
from disclosure.reconcile.plausibility import Judged, judge_plausibility
from disclosure.reconcile.plausibility_wording import describe_warnings
from disclosure.report import Cell, CellState, Metadata, NarrativeCount, Outcome, SentenceParts

CATALOGUE = load_catalogue()
ALONE = {each.rule_id for each in CATALOGUE.plausibility_instances if each.within_report}
RULES = [rule for rule in CATALOGUE.plausibility if rule.rule_id in ALONE]
METADATA = Metadata(agency_level="prefecture", function_category="finance", reporting_scope="agency", report_year=2023)


def judge(
    edition: str,
    cells: dict[str, str | None],
    narrative: tuple[NarrativeCount, ...] = (),
    metadata: Metadata = METADATA,
    sentences: tuple[str, ...] = (),
) -> tuple[Judged, ...]:
    """A report of one edition: cells not named are 0, None is a blank one."""
    tables = CATALOGUE.edition(edition).tables
    read = [
        Cell(table.code, *place, *_printed(cells.get("/".join((table.code, *place)), "0")))
        for table in tables
        for place in table.cells()
    ]
    forms = {table.code: edition for table in tables}
    figures = collect_figures(read, forms, metadata, narrative, CATALOGUE)
    return judge_plausibility(figures, read_sentence_parts(sentences), forms, edition, None, metadata, CATALOGUE)


def _printed(text: str | None) -> tuple[str, CellState, Decimal | None]:
    return ("", CellState.BLANK, None) if text is None else (text, CellState.REPORTED, Decimal(text))


def judge_example(rule: PlausibilityRule) -> tuple[Judged, ...]:
    example = rule.example
    dates = {"publication_date", "period_start", "period_end"}
    said: dict[str, Any] = {
        name: date.fromisoformat(text) if name in dates else text for name, text in example.report.items()
    }
    narrative = tuple(
        NarrativeCount(fact.fact, fact.printed, fact.value, fact.unit, True, "某句。", stated_as_none=fact.none)
        for fact in example.facts
    )
    sentences = (example.sentence,) if example.sentence else ()
    return judge(example.edition, dict(example.cells), narrative, replace(METADATA, **said), sentences)


def broken(judged: tuple[Judged, ...], rule_id: str) -> list[str]:
    return sorted(
        each.outcome.scope
        for each in judged
        if each.instance.rule_id == rule_id and each.outcome.outcome is Outcome.BROKEN
    )


def outcome_of(judged: tuple[Judged, ...], rule_id: str, scope: str) -> Judged:
    [found] = [each for each in judged if (each.instance.rule_id, each.outcome.scope) == (rule_id, scope)]
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule_id)
def test_rule_fires_on_its_example(rule: PlausibilityRule) -> None:
    alone = {
        each.scope for each in CATALOGUE.plausibility_instances if each.rule_id == rule.rule_id and each.within_report
    }
    assert broken(judge_example(rule), rule.rule_id) == sorted(set(rule.example.breaks) & alone)


@pytest.mark.parametrize("edition", ["stat_annex_2014", "table_2019", "table_2021"])
def test_nothing_fires_on_tables_of_zeros(edition: str) -> None:
    assert [each for each in judge(edition, {}) if each.outcome.outcome is Outcome.BROKEN] == []


@pytest.mark.parametrize("rule", CATALOGUE.plausibility, ids=lambda rule: rule.rule_id)
def test_message_uses_only_the_placeholders_it_is_filled_with(rule: PlausibilityRule) -> None:
    assert rule.message.format(scope="表三", left=4, right=3, difference=1).startswith("表三")


def test_every_rule_about_plausibility_is_told_to_a_clerk() -> None:
    for rule in RULES:
        told = [
            found.message
            for found in describe_warnings(judge_example(rule), 2023, CATALOGUE)
            if f"（{rule.rule_id}）" in found.message
        ]
        assert bool(told) == (rule.severity == "P" and bool(broken(judge_example(rule), rule.rule_id))), rule.rule_id


@pytest.mark.parametrize(
    ("rule_id", "words"),
    [
        ("D-R01", "报告：2024-02-03发布，晚于法定期限2024-01-31（D-R01）"),
        ("D-R03", "报告：统计期限的起止（2020-11-30）不是报告年度全年（2020-12-31）（D-R03）"),
        ("N-R02", "「予以公开占比」：正文为30.8，表三为30.68（N-R02）"),
    ],
)
def test_days_are_told_as_dates_and_shares_to_two_decimals(rule_id: str, words: str) -> None:
    rule = next(each for each in RULES if each.rule_id == rule_id)
    year = rule.example.report.get("report_year", 2023)
    told = [found.message for found in describe_warnings(judge_example(rule), year, CATALOGUE)]
    assert any(message.endswith(words) for message in told), told


def test_a_blank_term_is_not_zero() -> None:
    judged = judge("table_2021", {"T2/normative_documents/in_force_total": None})
    found = outcome_of(judged, "T2B-W02", "row:normative_documents").outcome
    assert found.outcome is Outcome.NOT_ASSESSABLE
    assert found.missing == ("T2/normative_documents/in_force_total",)


def test_a_condition_that_is_not_met_leaves_the_rule_unbroken_whatever_is_unknown() -> None:
    judged = judge("table_2021", {"T3/requests_carried_out/total": None})
    assert outcome_of(judged, "T3-W03", "table").outcome.outcome is Outcome.HOLDS  # fewer than ten requests


def said(printed: str, value: str, **more: Any) -> NarrativeCount:
    return NarrativeCount(more.pop("fact", "granted_full_share"), printed, Decimal(value), "%", True, "某句。", **more)


@pytest.mark.parametrize(
    ("printed", "holds"),
    [
        ("30.80%", True),
        ("30.8%", True),
        ("30.79%", True),
        ("31%", True),
        ("30.9%", False),
        ("31.5%", False),
        ("30.60%", False),
    ],
)
def test_a_percentage_is_an_interval_of_its_last_decimal(printed: str, holds: bool) -> None:
    """81 of 263 is 30.798… %: rounded or cut off, at as many decimals as are printed."""
    cells = {"T3/granted_full/total": "81", "T3/outcomes_total/total": "263"}
    judged = judge("table_2021", dict(cells), (said(printed, printed.rstrip("%")),))
    found = outcome_of(judged, "N-R02", "fact:granted_full_share").outcome
    assert found.outcome is (Outcome.HOLDS if holds else Outcome.BROKEN)
    assert found.right == Decimal("30.798479")


def test_an_approximate_count_contradicts_nothing() -> None:
    about = NarrativeCount("granted_full", "约5件", Decimal(5), "件", True, "某句。", approximate=True)
    found = outcome_of(judge("table_2021", {}, (about,)), "N-R02", "fact:granted_full").outcome
    assert (found.outcome, found.missing) == (Outcome.NOT_ASSESSABLE, ("narrative/granted_full/count",))


def test_of_several_places_the_one_that_contradicts_is_shown() -> None:
    mentions = tuple(
        NarrativeCount("requests_received", f"{n}件", Decimal(n), "件", True, f"收到{n}件。") for n in (3, 5, 3)
    )
    cells = {"T3/requests_received/total": "3"}
    found = outcome_of(judge("table_2021", dict(cells), mentions), "N-R01", "fact:requests_received")
    assert (found.outcome.outcome, found.outcome.left, found.outcome.sentence) == (
        Outcome.BROKEN,
        Decimal(5),
        "收到5件。",
    )


@pytest.mark.parametrize(
    ("printed", "value", "slack"),
    [
        ("12.5", "12.5", "0.05"),
        ("251000元", "25.1", "0.00005"),
        ("0", "0", "0"),
        ("0.00", "0", "0.005"),
        ("8,353.27 万", "8353.27", "0.005"),
    ],
)
def test_slack_of_an_amount_is_half_its_last_place_in_the_unit_of_the_form(
    printed: str, value: str, slack: str
) -> None:
    assert rounding_slack(printed, Decimal(value)) == Decimal(slack)


@pytest.mark.parametrize(
    ("sentence", "total", "parts"),
    [
        ("收到申请16件，其中予以公开3件，不予公开13件。", 16, (3, 13)),
        ("共公开938条,其中:概况类8条、动态类759条、目录类171条。", 938, (8, 759, 171)),
        ("需要证明共23项,清理14项,保留7项,暂不列入2项。", 23, (14, 7, 2)),
        ("共发布30条，其中网站20条，推送微信10期10篇。", 30, (20, 10)),
        ("收到20件（网络9件、信函7件），其中自然人15件，法人5件。", 20, (15, 5)),
        ("收到20件，同比增长5件，其中自然人15件，法人5件。", 20, (15, 5)),
    ],
)
def test_parts_follow_their_total(sentence: str, total: int, parts: tuple[int, ...]) -> None:
    read = read_sentence_parts([sentence])
    assert read and read[0] == SentenceParts(sentence, Decimal(total), tuple(map(Decimal, parts)))


@pytest.mark.parametrize(
    "sentence", ["收到申请16件，其中予以公开3件。", "公开信息5条，解读3篇，回应2次。", "收到申请16件，召开会议3次。"]
)
def test_what_is_no_list_of_parts_is_left_alone(sentence: str) -> None:
    assert all(each.adds_up for each in read_sentence_parts([sentence]))
    assert not [each for each in read_sentence_parts([sentence]) if each.total == 16]


def test_a_list_that_names_the_larger_parts_only_is_not_assessable() -> None:
    judged = judge("table_2021", {}, sentences=("公开345条，其中规章11条、规范性文件8条、其他文件102条。",))
    assert outcome_of(judged, "N-R03", "report").outcome.outcome is Outcome.NOT_ASSESSABLE
