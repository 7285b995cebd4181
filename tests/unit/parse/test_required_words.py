"""Words without which an expression cannot match: never more than holds of every match."""

from __future__ import annotations

import re

import pytest

from catalogue.load import load_catalogue
from disclosure.parse.narrative import compile_facts
from disclosure.parse.required_words import required_words


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("收到申请", {"收到申请"}),
        ("(?:收到|受理)申请", {"申请"}),
        ("(?:收到|受理)(?:了)?", {"收到", "受理"}),
        (r"(?P<number>\d+)件", {"件"}),
        ("(?:公开|申请){1,2}", {"公开", "申请"}),
        ("[收接]到?", {"收", "接"}),
        ("申请[^,;]{0,4}公开申请", {"公开申请"}),
    ],
)
def test_words_of_an_expression(expression: str, words: set[str]) -> None:
    assert required_words(expression) == words


@pytest.mark.parametrize(
    "expression",
    [r"\d+", "(?:申请)?", "(?:申请|)", "[^申]", "(?!申请).", "(?:申请)*", "(?i)abc", "(?i:abc)", r"(?:公开|\d)"],
)
def test_an_expression_that_can_do_without_words(expression: str) -> None:
    assert required_words(expression) is None


def test_what_is_looked_ahead_for_and_left_out_is_not_required() -> None:
    assert required_words("收(?=到)(?!不到)(?<=收)") == {"收"}


def test_every_kind_of_fact_is_known_by_words() -> None:
    """An expression without any is searched for in every sentence of every report."""
    for kind in compile_facts(load_catalogue().narrative_facts):
        for pattern in (*kind.numbers, *kind.nones):
            assert required_words(pattern.pattern), f"{kind.fact.code}: {pattern.pattern}"


def test_a_wrong_expression_is_an_error() -> None:
    with pytest.raises(re.error):
        required_words("(申请")
