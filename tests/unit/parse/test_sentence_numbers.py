"""Sentences are compared with their digits masked; what is no sentence does not count."""

from __future__ import annotations

from disclosure.parse.sentence_numbers import SHORTEST, number_sentences

SAID = "2023年本机关主动公开政府信息18条。"


def test_a_sentence_that_only_says_other_numbers_has_the_same_number() -> None:
    assert number_sentences([SAID]) == number_sentences(["2024年本机关主动公开政府信息1205条。"])
    assert number_sentences([SAID]) != number_sentences(["2023年本机关依法公开政府信息18条。"])


def test_each_sentence_counts_once_in_whatever_order() -> None:
    other = "目前存在的主要问题是解读材料的形式单一。"
    assert number_sentences([SAID, other, SAID]) == number_sentences([other, SAID])
    assert len(number_sentences([SAID, other, SAID])) == 2


def test_headings_and_menus_are_not_sentences() -> None:
    assert number_sentences(["一、总体情况", "首页", "公" * (SHORTEST - 1)]) == ()
