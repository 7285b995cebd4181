"""The register is whole: every rule the forms and their explanations give, and nothing that is declared half."""

from __future__ import annotations

import pytest

from catalogue.load import load_catalogue
from catalogue.model import Comparison, Identity
from catalogue.plausibility import PlausibilityRule

CATALOGUE = load_catalogue()
RULES: tuple[Identity | PlausibilityRule, ...] = (*CATALOGUE.identities, *CATALOGUE.plausibility)


def numbered(prefix: str, numbers: str) -> set[str]:
    return {f"{prefix}{number:02d}" for number in map(int, numbers.split())}


# What is asked of a report, by the table or part it is about; and of what effect the rule is.
MUST_HOLD = (
    numbered("G-", "1 2 4")
    | numbered("T3-R", "1 2 3 4 6")
    | numbered("T4-R", "1")
    | numbered("T2A-R", "1")
    | numbered("S14-R", "1 2 3 4 5 6 7 8")
    | {"D-R05"}
)
WARNS = (
    {"G-03"}
    | numbered("S-", "4 5 6")
    | numbered("T3-W", "1 2 3 4 5 6")
    | numbered("T4-W", "1 2 3 4 5 6")
    | numbered("T2A-W", "1 2 3 4 5 7")
    | numbered("T2B-W", "1 2 3 4 5 6")
    | numbered("T2-W", "6 8")
    | numbered("S14-W", "1 2 3 4")
    | numbered("N-R", "1 2 3 4 5 6 7")
    | {"D-R01", "D-W02", "D-R03", "D-W04", "D-W06", "A-W01"}
)
ABOUT_READING = numbered("S-", "1 2 3 7") | {"T3-R05"}


def test_every_rule_is_in_the_register_with_its_severity() -> None:
    by_effect: dict[str, set[str]] = {"must hold": set(), "warns": set(), "reading": set()}
    for rule in RULES:
        effect = "must hold" if rule.severity.must_hold else "warns" if rule.severity == "P" else "reading"
        by_effect[effect].add(rule.rule_id)
    assert by_effect == {"must hold": MUST_HOLD, "warns": WARNS, "reading": ABOUT_READING}


def test_one_identity_is_printed_on_the_form() -> None:
    assert [rule.rule_id for rule in RULES if rule.severity == "O"] == ["T3-R01"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule_id)
def test_a_rule_is_declared_whole(rule: Identity | PlausibilityRule) -> None:
    """Words in both languages, editions, source, message, example, and what it is about."""
    assert any("一" <= character <= "鿿" for character in rule.chinese)
    assert rule.english.isascii() or "万元" in rule.english or "其中" in rule.english
    assert rule.editions and rule.source
    assert "{scope}" in rule.message
    if isinstance(rule, PlausibilityRule):
        assert rule.example.breaks
        assert rule.claims or rule.cases or rule.judged_on == "sentences"
    elif rule.comparison is Comparison.READING:
        assert rule.page is not None and rule.finding
    else:
        assert rule.example is not None and rule.example.breaks
        assert rule.left or rule.cases
