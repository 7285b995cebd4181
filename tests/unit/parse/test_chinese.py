"""Folding and numerals."""

from __future__ import annotations

from decimal import Decimal

import pytest

from disclosure.parse.chinese import fold, plain, read_number


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("12", "12"),
        ("1,234", "1234"),
        ("18万", "180000"),
        ("4.5万", "45000"),
        ("2亿", "200000000"),
        ("三", "3"),
        ("二十三", "23"),
        ("一百零五", "105"),
        ("两万", "20000"),
        ("二〇一九", "2019"),
    ],
)
def test_numerals(printed: str, value: str) -> None:
    assert read_number(printed) == Decimal(value)


@pytest.mark.parametrize("printed", ["", "若干", "12月", "件"])
def test_words_are_no_numbers(printed: str) -> None:
    assert read_number(printed) is None


def test_folding_drops_pinyin_spaces_and_traditional_forms() -> None:
    assert plain("  廣州市 政務(wù)公開（２０２０）報告\u3000") == "广州市政务公开(2020)报告"


def test_a_match_is_quoted_as_printed() -> None:
    folded = fold("微博发布 信息\u3000963 余条。")
    start = folded.text.index("963")
    assert folded.verbatim(start, start + 5) == "963 余条"
