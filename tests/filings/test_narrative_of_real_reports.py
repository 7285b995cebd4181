"""Counts in the prose of the hand-checked reports: the seeds exactly, the others without a wrong one."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from catalogue.load import load_catalogue
from disclosure.archive.media_type import sniff
from disclosure.extract import extract
from disclosure.parse.narrative import read_narrative
from disclosure.report import NarrativeCount

# Keys of the hand-checked files -> codes that state the same count.
CODES = {
    "proactive_items": {"disclosed_info_total"},
    "normative_documents": {"disclosed_normative_documents", "issued_normative_documents"},
    "policy_interpretations": {"policy_interpretations"},
    "applications_received": {"requests_received", "requests_handled"},
    "reconsiderations": {"reconsideration_total"},
    "litigations": {"litigation_total", "litigation_after_reconsideration"},
    "wechat_items": {"wechat_messages"},
    "weibo_items": {"weibo_messages"},
    "website_items": {"disclosed_info.website"},
}
OUTCOMES = {
    "予以公开": "granted_full", "同意公开": "granted_full", "部分公开": "granted_partial", "不予公开": "denied",
    "无法提供": "unable", "不予处理": "not_processed", "其他处理": "other_handling", "上年结转": "requests_carried_in",
    "结转下年": "requests_carried_out", "转下年度": "requests_carried_out", "结转": "requests_carried_out",
    "逾期不补正": "other_correction_overdue", "重复": "not_processed_duplicate", "复议维持": "reconsideration_upheld",
    "复议纠正": "reconsideration_corrected", "信息处理费元": "info_processing_fee_received", "收费元": "fees_collected",
    "信息不存在": "reply_not_exist", "当面": "received_in_person", "信函": "received_mail", "新闻发布会": "press_conferences_total",
    "在线访谈": "online_interviews_total", "回应热点舆情": "hot_topic_responses", "热点舆情回应": "hot_topic_responses",
}  # fmt: skip
COUNTS_RIGHT, OUTCOMES_RIGHT = 115, 44  # right at the time of writing; the bar only rises


def read(path: Path) -> tuple[NarrativeCount, ...]:
    data = path.read_bytes()
    return read_narrative(extract(data, sniff(data), "0" * 64, path.name), load_catalogue())[0]


def squeeze(text: str) -> str:
    return re.sub(r"\s", "", text)


def filings(folder: Path) -> list[tuple[Path, dict[str, Any]]]:
    found = []
    for gold_path in sorted((folder / "real").glob("*.gold.json")):
        stem = gold_path.name.removesuffix(".gold.json")
        text = next(path for path in (folder / "real").glob(f"{stem}.*") if path.suffix in (".txt", ".html"))
        if not stem.startswith("NEG-"):
            found.append((text, json.loads(gold_path.read_text("utf-8"))))
    return found


def as_read(count: NarrativeCount) -> tuple[Any, ...]:
    value = None if count.value is None else int(count.value)
    words = (squeeze(count.printed), squeeze(count.sentence))
    return (count.fact_code, value, count.unit, count.approximate, count.stated_as_none, *words)


def by_hand(fact: dict[str, Any]) -> tuple[Any, ...]:
    flags = (bool(fact.get("approximate")), bool(fact.get("stated_as_none")))
    return (fact["fact_code"], fact["value"], fact["unit"], *flags, squeeze(fact["printed"]), squeeze(fact["sentence"]))


@pytest.mark.parametrize("seed", range(5))
def test_strict_facts_of_the_seeds_are_exact_and_no_other_is_missed(real_reports: Path, seed: int) -> None:
    gold = json.loads((real_reports / "gold" / f"seed_{seed:03}.json").read_text("utf-8"))["narrative_facts"]
    strict = {fact.code for fact in load_catalogue().narrative_facts if fact.strict}
    counts = read(next((real_reports / "seeds").glob(f"{seed:03}_*")))
    assert Counter(as_read(count) for count in counts if count.strict) == Counter(
        by_hand(fact) for fact in gold if fact["fact_code"] in strict
    )
    assert Counter(map(by_hand, gold)) - Counter(map(as_read, counts)) == Counter()


def test_derivations_of_the_seeds_are_named(real_reports: Path) -> None:
    gold = json.loads((real_reports / "gold" / "seed_003.json").read_text("utf-8"))["narrative_facts"]
    counts = read(next((real_reports / "seeds").glob("003_*")))
    wanted = {(fact["fact_code"], fact["derived_from"]) for fact in gold if fact.get("derived_from")}
    assert {(count.fact_code, count.derived_from) for count in counts if count.derived_from} == wanted


def test_counts_of_the_other_reports_are_right_or_absent(real_reports: Path) -> None:
    right, wrong = 0, []
    for path, gold in filings(real_reports):
        counts = read(path)
        for key, codes in CODES.items():
            values = {int(c.value) for c in counts if c.fact_code in codes and c.value is not None}
            expected = gold["counts"].get(key)
            if values and values != {expected}:
                wrong.append((path.name, key, values, expected))
            right += bool(values) and values == {expected}
    assert wrong == []
    assert right >= COUNTS_RIGHT


def test_outcomes_named_in_prose_are_right_or_absent(real_reports: Path) -> None:
    right, wrong = 0, []
    for path, gold in filings(real_reports):
        values: dict[str, set[int]] = {}
        for count in read(path):
            if count.value is not None:
                values.setdefault(count.fact_code, set()).add(int(count.value))
        for key, expected in (gold.get("counts_all") or {}).items():
            if key in OUTCOMES and OUTCOMES[key] in values and isinstance(expected, int):
                right += values[OUTCOMES[key]] == {expected}
                if values[OUTCOMES[key]] != {expected}:
                    wrong.append((path.name, key, values[OUTCOMES[key]], expected))
    assert wrong == []
    assert right >= OUTCOMES_RIGHT
