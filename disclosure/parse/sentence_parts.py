"""Totals and their parts within one sentence: 收到申请16件，其中……3件，……13件.

Here belong the words that introduce parts, and the reading of their numbers. What a number is about does not matter here:
only that the parts are counted in the unit of the total.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from disclosure.parse.chinese import plain, read_number
from disclosure.report import SentenceParts

_INTRODUCES = re.compile(r"其中|包括|(?<!分)分别(?:为|是)")
_NUMBER = re.compile(
    r"(?<![\d.])(?P<number>\d[\d,]*(?:\.\d+)?)(?P<unit>人次|条次|篇次|件|条|份|篇|次|个|封|起|宗|项|部|例)(?!/)"
)
_SAME_UNIT = {"封": "件", "起": "件", "宗": "件", "例": "件"}
# A number after these words is a change, a comparison or another total, not a part.
_NO_PART = re.compile(r"(?:增|减|多|少|较|比|上年|去年|同期|累计|共计?|总计|合计|完成率|约|近|超过?|逾)[^,;、:]{0,6}$")
_CLAUSE = re.compile(r"[;。]")
_BRACKETED = re.compile(r"\([^()]*\)")


Counted = tuple[Decimal, str]  # a number and its unit


def read_sentence_parts(sentences: Iterable[str]) -> tuple[SentenceParts, ...]:
    """The totals with parts of all sentences, each sentence once.

    Parts that are introduced (其中, 包括) have to add up; a list that only happens to follow a total is taken for its
    parts when it does. A single part is no list. What stands in brackets belongs to neither.
    """
    return tuple(parts for sentence in dict.fromkeys(sentences) for parts in _of_sentence(sentence))


def _of_sentence(sentence: str) -> Iterator[SentenceParts]:
    for clause in _CLAUSE.split(_BRACKETED.sub("", plain(sentence))):
        pieces = _INTRODUCES.split(clause)
        if len(pieces) == 1:
            numbers = list(_numbers(clause))
            found = _parts(sentence, numbers[0], numbers[1:]) if numbers else None
            if found and found.adds_up and found.total:
                yield found
        for before, after in pairwise(pieces):
            totals = list(_numbers(before, every=True))
            found = _parts(sentence, totals[-1], list(_numbers(after))) if totals else None
            if found:
                yield found


def _parts(sentence: str, total: Counted, counted: list[Counted]) -> SentenceParts | None:
    """The parts in the unit of the total; in any unit where only so they add up (条 and 篇 of one total)."""
    readings = (
        tuple(number for number, unit in counted if unit == total[1]),
        tuple(number for number, _ in counted),
    )
    lists = [SentenceParts(sentence, total[0], parts) for parts in readings if len(parts) > 1]
    return next((each for each in lists if each.adds_up), lists[0] if lists else None)


def _numbers(text: str, every: bool = False) -> Iterator[Counted]:
    """The counted numbers of a text with their units; without `every`, only those that can be parts."""
    for match in _NUMBER.finditer(text):
        number = read_number(match["number"])
        if number is not None and (every or not _NO_PART.search(text[: match.start()])):
            yield number, _SAME_UNIT.get(match["unit"], match["unit"])
