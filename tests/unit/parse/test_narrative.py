"""Counts in prose: what each sentence states, and what it only seems to state."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from documents import document_of, with_grid

from catalogue.load import load_catalogue
from disclosure.document import Document, Paragraph
from disclosure.findings import FindingCode
from disclosure.parse.narrative import MACROS, compile_facts, read_narrative
from disclosure.report import NarrativeCount

CHAPTER = "一、总体情况"


def read(*lines: str) -> tuple[NarrativeCount, ...]:
    title = "某某县司法局2021年政府信息公开工作年度报告"
    return read_narrative(document_of(title, CHAPTER, *lines), load_catalogue())[0]


def strict_values(*lines: str) -> dict[str, Decimal | None]:
    return {count.fact_code: count.value for count in read(*lines) if count.strict}


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("全年主动公开政府信息121条。", {"disclosed_info_total": 121}),
        ("共主动公开政府信息11条，历年累计234条。", {"disclosed_info_total": 11}),
        ("2021年共计公开各类信息236条，其中工作动态200条。", {"disclosed_info_total": 236}),
        ("主动公开政府信息4.5万条。", {"disclosed_info_total": 45000}),
        ("主动公开政府信息数（不同渠道和方式公开相同信息计1条）62条。", {"disclosed_info_total": 62}),
        ("共收到政府信息公开申请17件，均按时答复。", {"requests_received": 17}),
        ("收到12起政府信息依申请公开。", {"requests_received": 12}),
        ("依申请公开共受理2件。", {"requests_received": 2}),
        ("收到政府信息公开申请三件。", {"requests_received": 3}),
        (
            "处理政府信息公开申请1261件（含上年度结转申请74件）。",
            {"requests_handled": 1261, "requests_carried_in": 74},
        ),
        (
            "收到政府信息公开申请50件，予以公开20件，部分公开3件，不予公开4件，重复申请1件，结转下年度办理2件。",
            {
                "requests_received": 50,
                "granted_full": 20,
                "granted_partial": 3,
                "denied": 4,
                "not_processed_duplicate": 1,
                "requests_carried_out": 2,
            },
        ),
        ("45件申请中，8件予以公开，17件部分公开，2件逾期不补正。", {"granted_full": 8, "granted_partial": 17, "other_correction_overdue": 2}),
        (
            "因政府信息公开被申请行政复议3件，其中维持2件，纠正1件，被提起行政诉讼1件。",
            {
                "reconsideration_total": 3,
                "reconsideration_upheld": 2,
                "reconsideration_corrected": 1,
                "litigation_total": 1,
            },
        ),
        ("全年收取政府信息公开信息处理费3940元。", {"info_processing_fee_received": 3940}),
        ("公开行政规范性文件6件，发布政策解读9篇。", {"disclosed_normative_documents": 6, "policy_interpretations": 9}),
        ("制发规范性文件3件，废止2件，现行有效规范性文件20件。", {"issued_normative_documents": 3}),
        ("微信公众号推送信息320条，政务微博发布信息210条。", {"wechat_messages": 320, "weibo_messages": 210}),
        ("办结依申请公开件177件（含2020年结转3件），其中予以公开60件。", {"granted_full": 60}),
        ("收到依申请公开信息12条，其中：收到邮递依申请公开信息1条。", {"requests_received": 12}),
        ("举办新闻发布会5次，主要负责同志参加新闻发布会1次。", {"press_conferences_total": 5, "press_conferences_principal": 1}),
    ],
)  # fmt: skip
def test_stated_counts(sentence: str, facts: dict[str, int]) -> None:
    assert strict_values(sentence) == {code: Decimal(value) for code, value in facts.items()}


@pytest.mark.parametrize(
    "sentence",
    [
        "到目前累计主动公开政府信息100条。",
        "微博、微信共公开信息4979条。",
        "网站和“某某发布”微信公众号共发布信息31000余条。",
        "通过政务网、某某公安微信等网络渠道主动发布信息700余条。",
        "通过美篇、微信等发布信息168条。",
        "发布政策解读、宣传稿件2305篇。",
        "办理行政许可申请114738件，受理行政复议申请56件，行政应诉24件。",
        "全年发生行政复议案件12件，行政诉讼5件。",
        "共发文96件，其中主动公开文件0件，不公开文件96件，依申请公开0件。",
        "主动公开668条，不予公开20条，依申请公开19条。",
        "依申请公开信息459条。",
        "2020年，共收到政府信息公开申请30件。",
        "下一步将主动公开政府信息500条以上。",
        "公众号粉丝2万人，阅读量17.9亿次，办理建议提案16件。",
        "刊登规章、部门规范性文件45件，政策解读83件。",
        "政策文件及解读6条，规范性文件类信息2条。",
        "公证处微信公众号全年共发布信息87篇。",
        "本行政机关受理公开招标项目12个，收到群众意见382条。",
        "未收到信息公开举报投诉。",
    ],
)
def test_false_friends(sentence: str) -> None:
    assert strict_values(sentence) == {}


@pytest.mark.parametrize(
    ("sentence", "codes", "printed"),
    [
        ("全年未收到政府信息公开申请。", {"requests_received"}, "未收到"),
        ("本年度无依申请公开情况。", {"requests_received"}, "无"),
        ("没有接到公民要求公开政府信息的申请。", {"requests_received"}, "没有接到"),
        ("未发生因政府信息公开引发的行政复议、行政诉讼。", {"reconsideration_total", "litigation_total"}, "未发生"),
        ("信息公开工作没有收取任何费用。", {"fees_collected"}, "没有收取任何费用"),
    ],
)
def test_statements_of_none(sentence: str, codes: set[str], printed: str) -> None:
    counts = read(sentence)
    assert {count.fact_code for count in counts} == codes
    assert all(count.stated_as_none and count.value == 0 and count.printed == printed for count in counts)


def test_approximations_and_units() -> None:
    (about,) = read("主动公开政府信息 963 余条。")
    assert (about.printed, about.value, about.unit, about.approximate) == ("963 余条", Decimal(963), "条", True)
    (letters,) = read("共收到公开申请13封。")
    assert (letters.printed, letters.unit, letters.approximate) == ("13封", "件", False)


def test_a_lost_number_is_null_and_found() -> None:
    counts, findings = read_narrative(
        document_of("某某局2021年政府信息公开工作年度报告", CHAPTER, "2021年主动公开信息  条。"), load_catalogue()
    )
    assert [(count.fact_code, count.value) for count in counts] == [("disclosed_info_total", None)]
    assert [finding.code for finding in findings] == [FindingCode.NARRATIVE_NUMBER_MISSING]


def recognised(*lines: tuple[str, dict[str, float]]) -> Document:
    """Prose of a scan; each line with what recognition was not sure of: words in it, and how sure it was of each character."""
    document = document_of("某某局2021年政府信息公开工作年度报告", CHAPTER)
    scanned = []
    for text, unsure in lines:
        places = {text.index(words) + at: sure for words, sure in unsure.items() for at in range(len(words))}
        scanned.append(Paragraph(text, page=1, confidence=0.98, doubts=tuple(sorted(places.items()))))
    return replace(document, blocks=(*document.blocks, *scanned))


def test_a_number_recognised_unsurely_is_no_fact_but_a_finding() -> None:
    document = recognised(("收到政府信息公开申请13件，予以公开8件。", {"13": 0.9, "公开": 0.5}))
    counts, findings = read_narrative(document, load_catalogue())
    assert [(count.fact_code, count.printed, count.value, count.strict, count.confidence) for count in counts] == [
        ("requests_received", "13件", None, False, 0.9),
        ("granted_full", "8件", Decimal(8), True, 1.0),
    ]
    assert [(found.code, found.where.text) for found in findings] == [
        (FindingCode.OCR_ILLEGIBLE, "收到政府信息公开申请13件，予以公开8件。")
    ]


def test_confidence_follows_a_number_over_joined_lines_and_cut_clauses() -> None:
    first = "  我局按照要求建设完成本级门户网站的政府信息公开平台，安排专人负责；全年主动公开信息2"
    document = recognised((first, {"息2": 0.99}), ("8条。", {"8": 0.5}), ("收到政府信息公开申请5件。", {}))
    counts, _ = read_narrative(document, load_catalogue())
    assert [(count.printed, count.confidence) for count in counts] == [("28条", 0.5), ("5件", 1.0)]


def test_digital_prose_has_no_confidence() -> None:
    assert [count.confidence for count in read("收到政府信息公开申请13件。")] == [None]


def test_readers_are_no_followers() -> None:
    assert read("某某公安微博12984条，总阅读人数达3200万余次。") == ()


def test_derived_facts_share_a_number() -> None:
    counts = {count.fact_code: count for count in read("涉及政府信息公开的行政复议1起，作维持情形处理。")}
    assert counts["reconsideration_total"].value == counts["reconsideration_upheld"].value == 1
    assert counts["reconsideration_upheld"].derived_from == "作维持情形处理"
    assert counts["reconsideration_total"].derived_from is None


def test_a_sentence_broken_by_the_page_is_joined() -> None:
    first = "按照要求建设完成本级门户网站的政府信息公开平台，全年主动公开信息28条，回"
    (total, responses) = read(first, "- 2 -", "", "应公众关注热点舆情 2 次。")
    assert (total.value, responses.fact_code, responses.value) == (28, "hot_topic_responses", 2)
    assert total.sentence == responses.sentence == first + "应公众关注热点舆情 2 次。"


def test_a_list_of_clauses_is_quoted_clause_by_clause() -> None:
    padding = "加强政府信息公开平台建设和政务新媒体的日常管理" * 8
    (count,) = read(f"{padding}；全年主动公开政府信息28条；{padding}。")
    assert count.sentence == "全年主动公开政府信息28条"


def test_section_is_the_path_of_headings() -> None:
    (count,) = read("（一）主动公开。全年主动公开政府信息28条。")
    assert count.section == "一、总体情况/(一)主动公开"


def test_tables_are_not_prose() -> None:
    assert read("信息内容 | 本年制发件数 |", "规范性文件 | 4件 |", "主动公开政府信息28条 |") == ()


def test_a_table_of_one_column_that_holds_the_whole_text_is_prose() -> None:
    text = "一、总体情况\n本年度工作如下。\n（一）主动公开。全年主动公开政府信息28条。\n（二）其他。共收到政府信息公开申请9件。"
    (disclosed, received), _ = read_narrative(with_grid(document_of(), [[text]]), load_catalogue())
    assert (disclosed.value, received.value) == (28, 9)
    assert disclosed.section == "一、总体情况/(一)主动公开"
    beside = [["信息内容", "主动公开政府信息28条。"]]
    assert read_narrative(with_grid(document_of(), beside), load_catalogue()) == ((), ())


def test_every_pattern_of_the_catalogue_gives_a_number() -> None:
    facts = load_catalogue().narrative_facts
    assert len({fact.code for fact in facts}) == len(facts) > 60
    for kind in compile_facts(facts):
        assert all("number" in pattern.groupindex for pattern in kind.numbers), kind.fact.code
        assert all("printed" in pattern.groupindex for pattern in kind.nones), kind.fact.code
    used = {name for fact in facts for pattern in fact.patterns for name in re.findall(r"\{[A-Z]\}", pattern)}
    assert used == set(MACROS)
