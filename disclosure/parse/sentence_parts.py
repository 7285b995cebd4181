"""Totals and their parts within one sentence: 收到申请16件，其中……3件，……13件.

Here belong the words that introduce parts, and the reading of their numbers. What a number is about does not matter here:
only that the parts are counted in the unit of the total.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from disclosure.parse.chinese import plain, read_number
from disclosure.report import SentenceParts

_INTRODUCES = re.compile(r"其中|包括|(?<!分)分别(?:为|是)")
_NUMBER = re.compile(
    r"(?<![\d.])(?P<number>\d[\d,]*(?:\.\d+)?)(?P<unit>人次|条次|篇次|件|条|份|篇|次|个|封|起|宗|项|部|例)(?!/)"
)
_SAME_UNIT = {"封": "件", "起": "件", "宗": "件", "例": "件"}
# A number after these words is a change or a comparison, and after the further ones another total or no exact part.
_CHANGE = re.compile(r"(?:增|减|多|少|较|比|上年|去年|同期|完成率)[^,;、:]{0,6}$")
_NO_PART = re.compile(r"(?:累计|共计?|总计|合计|约|近|超过?|逾)[^,;、:]{0,6}$")
_CLAUSE = re.compile(r"[;。]")
_BRACKETED = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Counted:
    number: Decimal
    unit: str
    can_be_part: bool


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
            numbers = _numbers(clause)
            found = _parts(sentence, numbers[0], numbers[1:]) if numbers else None
            if found and found.adds_up and found.total:
                yield found
        for before, after in pairwise(pieces):
            totals = _numbers(before)
            found = _parts(sentence, totals[-1], _numbers(after)) if totals else None
            if found:
                yield found


def _parts(sentence: str, total: Counted, counted: list[Counted]) -> SentenceParts | None:
    """The parts in the unit of the total; in any unit where only so they add up (条 and 篇 of one total)."""
    candidates = [each for each in counted if each.can_be_part]
    readings = (
        tuple(each.number for each in candidates if each.unit == total.unit),
        tuple(each.number for each in candidates),
    )
    lists = [SentenceParts(sentence, total.number, parts) for parts in readings if len(parts) > 1]
    return next((each for each in lists if each.adds_up), lists[0] if lists else None)


def _numbers(text: str) -> list[Counted]:
    """The counted numbers of a text with their units, changes and comparisons left out."""
    found = []
    for match in _NUMBER.finditer(text):
        number, before = read_number(match["number"]), text[: match.start()]
        if number is not None and not _CHANGE.search(before):
            unit = _SAME_UNIT.get(match["unit"], match["unit"])
            found.append(Counted(number, unit, can_be_part=not _NO_PART.search(before)))
    return found
