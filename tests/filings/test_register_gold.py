"""The rules of the register on the real reports, against what a person found by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalogue.load import load_catalogue
from catalogue.model import Comparison
from disclosure.findings import FindingCode
from disclosure.reading import read_filing
from disclosure.report import Outcome, Report

SEEDS = ("000", "001", "002", "003", "004")
READING = {rule.rule_id: rule.finding for rule in load_catalogue().identities if rule.comparison is Comparison.READING}
WORST_FIRST = (Outcome.BROKEN, Outcome.NOT_ASSESSABLE, Outcome.HOLDS)
EXPECTED = {
    "pass": Outcome.HOLDS,
    "fail": Outcome.BROKEN,
    "warn": Outcome.BROKEN,
    "not_evaluable": Outcome.NOT_ASSESSABLE,
}

Read = Callable[[str], Report]


@pytest.fixture(scope="module")
def gold(real_reports: Path) -> dict[str, dict[str, Any]]:
    return {
        seed: json.loads((real_reports / "gold" / f"seed_{seed}.json").read_text(encoding="utf-8")) for seed in SEEDS
    }


@pytest.fixture(scope="module")
def seeds(real_reports: Path, gold: dict[str, dict[str, Any]]) -> dict[str, Report]:
    paths = {seed: real_reports / "seeds" / gold[seed]["source_file"] for seed in SEEDS}
    return {seed: read_filing(path.read_bytes(), path.name) for seed, path in paths.items()}


@pytest.fixture(scope="module")
def read(real_reports: Path) -> Read:
    def of(name: str) -> Report:
        [path] = (real_reports / "real").glob(f"{name}.*ht*") or ()
        return read_filing(path.read_bytes(), path.name)

    return of


def outcomes(report: Report) -> dict[str, list[tuple[str, Outcome]]]:
    """Rule -> its scopes with their outcomes, of both ledgers."""
    found: dict[str, list[tuple[str, Outcome]]] = {}
    for rule_id, scope, outcome in (
        *((each.rule_id, each.scope, each.outcome) for each in report.identities),
        *((each.rule_id, each.scope, each.outcome) for each in report.plausibility),
    ):
        found.setdefault(rule_id, []).append((scope, outcome))
    return found


def test_every_rule_result_by_hand_is_reproduced(gold: dict[str, dict[str, Any]], seeds: dict[str, Report]) -> None:
    """Each rule a person judged has instances with that result, and none of a worse one a person did not see."""
    differing = []
    for seed in SEEDS:
        judged, findings = outcomes(seeds[seed]), {found.code.value for found in seeds[seed].findings}
        by_rule: dict[str, set[Outcome]] = {}
        for line in gold[seed]["rule_results"]:
            rule, result = line["rule"], line["result"]
            if rule in READING:
                if rule not in ("S-01", "S-02", "S-03") and READING[rule] not in findings:
                    differing.append((seed, rule, result, "no finding"))
            else:
                by_rule.setdefault(rule, set()).add(EXPECTED[result])
        for rule, expected in by_rule.items():
            found = {outcome for _, outcome in judged.get(rule, ())}
            if not expected <= found or (Outcome.BROKEN in found and Outcome.BROKEN not in expected):
                differing.append((seed, rule, sorted(expected), sorted(found)))
    assert differing == []


def test_seeds_break_what_a_person_saw_and_nothing_else(seeds: dict[str, Report]) -> None:
    broken = {
        seed: sorted((each.rule_id, each.scope) for each in report.plausibility if each.outcome is Outcome.BROKEN)
        for seed, report in seeds.items()
    }
    assert broken == {
        "000": [
            ("N-R02", "fact:unable_not_held"),
            ("T2A-W02", "row:administrative_licensing"),
            ("T2A-W02", "row:administrative_penalty"),
            ("T2A-W07", "row:administrative_licensing"),
        ],
        "001": [("T2A-W02", "row:administrative_licensing")],
        "002": [],
        "003": [],
        "004": [],
    }


def test_the_one_contradiction_of_the_first_seed_is_shown_with_its_sentence(seeds: dict[str, Report]) -> None:
    [contradiction] = [found for found in seeds["000"].findings if found.code is FindingCode.NARRATIVE_CONTRADICTS]
    assert "5" in contradiction.message and "1" in contradiction.message
    assert contradiction.where.text is not None and "不掌握相关信息并指导方向 5 件" in contradiction.where.text


def test_which_figure_the_prose_means_is_recorded(seeds: dict[str, Report]) -> None:
    matched = {
        seed: [each.matched for each in report.plausibility if each.rule_id == "N-R01"]
        for seed, report in seeds.items()
    }
    assert matched["000"] == ["received"]
    assert matched["003"] == []


def test_prose_that_quotes_one_column_contradicts_the_table(read: Read) -> None:
    """上海市政府办公厅 2019: 258 and 265 in the prose, 275 and 337 in the table, whose totals are blank and imputed."""
    report = read("shanghai-bgt-2019")
    contradicted = {
        each.scope: (each.left, each.right)
        for each in report.plausibility
        if each.rule_id == "N-R02" and each.outcome is Outcome.BROKEN and not each.scope.endswith("_share")
    }
    assert contradicted == {"fact:granted": (258, 275), "fact:unable": (265, 337)}
    shares = {
        each.scope: each.outcome
        for each in report.plausibility
        if each.scope in ("fact:denied_share", "fact:unable_share")
    }
    assert shares == {
        "fact:denied_share": Outcome.HOLDS,
        "fact:unable_share": Outcome.BROKEN,
    }  # 4.34 % is cut off, not rounded


def test_a_clean_report_breaks_nothing(real_reports: Path) -> None:
    path = real_reports / "real" / "suqian-2023.txt"
    report = read_filing(path.read_bytes(), path.name)
    assert [each for each in report.identities if each.outcome is Outcome.BROKEN] == []
    assert [each for each in report.plausibility if each.outcome is Outcome.BROKEN] == []
