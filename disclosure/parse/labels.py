"""Matching of label text against the catalogue: which row, group, column or table a printed label means.

Here belong normalisation of labels and the scores of a match. No label is written here: all come from the catalogue.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract

from catalogue.model import Table
from disclosure.parse.chinese import plain

EXACT, CUT, FUZZY_FLOOR, WORDS = 100.0, 95.0, 85.0, 90.0
_SHORTEST_COMPARED = 4  # characters; shorter words have to be exact, or lack the last of four
_ONE_LETTER = 88.0
_SHORTEST_MISSPELT = 6  # characters of a label of which one may be another
_LEAST_SIMILAR = 83.0  # what is left of the similarity of such a label

_QUOTES = re.compile("[“”\"'‘’「」『』]")
_ARTICLE_ITEM = re.compile(r"第二十条.{0,3}第.{0,4}项")
_BRACKET_TAIL = re.compile(r"\([^()]*\)?$|\(.{6,}$")
_LIST_NUMBER = re.compile(
    r"^(?:\(?[一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}[、.．]|\(\d{1,2}\)|\d{1,2}[.、．]|[①-⑩]|其中:?|、)"
)
_INNER_NUMBER = re.compile(r".*[\u3400-\u9fff]((?:\([一二三四五六七八九十]\)|\d[.、．])[^\d(].*)")
_LOST = "\ufffd?"  # what a misread encoding leaves of a lost last character
_HAN = re.compile(r"[\u3400-\u9fff]")


@lru_cache(maxsize=65536)
def squeeze(text: str) -> str:
    """`text` in simplified, compatibility form without any whitespace, pinyin in brackets, or quotation marks."""
    return _QUOTES.sub("", plain(unicodedata.normalize("NFKC", text))).replace("其它", "其他")


@lru_cache(maxsize=65536)
def normalise_label(text: str) -> str:
    """The bare words of a label: squeezed, list number and bracketed instruction dropped (never 第二十条第（N）项)."""
    words = squeeze(text)
    if _ARTICLE_ITEM.search(words):
        return words
    previous = None
    while previous != words:
        previous = words
        words = _LIST_NUMBER.sub("", words)
    stripped = _BRACKET_TAIL.sub("", words.rstrip(_LOST))
    return stripped or words


@lru_cache(maxsize=65536)
def list_number(text: str) -> str:
    """The list number a label starts with (（七）, 4., 三、), or an empty string."""
    match = _LIST_NUMBER.match(squeeze(text))
    return match.group(0).strip("()、.．:") if match else ""


def has_han(text: str) -> bool:
    return bool(_HAN.search(text))


@dataclass(frozen=True, slots=True)
class LabelTarget:
    """A row or group row of a table with every wording it may be printed in."""

    code: str
    order: int
    is_group: bool
    wordings: tuple[str, ...]
    keywords: tuple[str, ...]
    number: str


@dataclass(frozen=True, slots=True)
class LabelMatch:
    target: LabelTarget
    score: float


@lru_cache(maxsize=64)
def targets_of(table: Table) -> tuple[LabelTarget, ...]:
    """The rows and group rows of a table in print order, normalised for matching."""
    targets = [
        LabelTarget(
            code=row.code,
            order=order,
            is_group=False,
            wordings=tuple(dict.fromkeys(normalise_label(words) for words in (row.chinese, *row.variants))),
            keywords=tuple(squeeze(word) for word in row.keywords),
            number=list_number(row.number or row.chinese),
        )
        for order, row in enumerate(table.rows)
    ]
    targets += [
        LabelTarget(
            code=group.code,
            order=-1,
            is_group=True,
            wordings=tuple(dict.fromkeys(normalise_label(words) for words in (group.chinese, *group.variants))),
            keywords=tuple(squeeze(word) for word in group.keywords),
            number=list_number(group.number or group.chinese),
        )
        for group in table.groups
    ]
    return tuple(targets)


@dataclass(frozen=True, slots=True)
class _Wordings:
    """All wordings of a table in one list, so that a label is compared with every one of them in one call; `owners` holds
    the place of each wording's target. Short ones, which a label has to match exactly, are only in `exact`."""

    exact: dict[str, tuple[int, ...]]
    texts: tuple[str, ...]
    owners: tuple[int, ...]
    longest: tuple[int, ...]  # per target


@lru_cache(maxsize=64)
def _wordings_of(table: Table) -> _Wordings:
    targets = targets_of(table)
    exact: dict[str, tuple[int, ...]] = {}
    pairs = [(wording, place) for place, target in enumerate(targets) for wording in target.wordings]
    for wording, place in pairs:
        exact[wording] = (*exact.get(wording, ()), place)
    compared = [(wording, place) for wording, place in pairs if len(wording) >= _SHORTEST_COMPARED]
    return _Wordings(
        exact,
        tuple(wording for wording, _ in compared),
        tuple(place for _, place in compared),
        tuple(max(map(len, target.wordings)) for target in targets),
    )


@lru_cache(maxsize=65536)
def _score_targets(text: str, table: Table) -> tuple[tuple[LabelTarget, float], ...]:
    """The targets a normalised label fits, in print order, and how well: 100 exact, 95 cut short, 90 by key words, else
    similarity."""
    targets, wordings = targets_of(table), _wordings_of(table)
    scores = [0.0] * len(targets)
    if len(text) >= _SHORTEST_COMPARED - 1:
        for owner, score in _compare(text, wordings):
            scores[owner] = max(scores[owner], score)
    for place, target in enumerate(targets):
        if scores[place] < WORDS and len(text) <= wordings.longest[place] + 3:
            named = any(_has_keyword(text, keyword, target) for keyword in target.keywords)
            scores[place] = WORDS if named else scores[place]
    for place in wordings.exact.get(text, ()):
        scores[place] = EXACT
    return tuple((target, score) for target, score in zip(targets, scores, strict=True) if score >= FUZZY_FLOOR)


def _compare(text: str, wordings: _Wordings) -> Iterator[tuple[int, float]]:
    """The wordings that begin with the text, and those that are much like it."""
    cut = {place for place, wording in enumerate(wordings.texts) if _is_cut(text, wording)}
    for place in cut:
        yield wordings.owners[place], CUT
    if len(text) < _SHORTEST_COMPARED:
        return
    for wording, similarity, place in extract(
        text, wordings.texts, scorer=ratio, score_cutoff=_LEAST_SIMILAR, limit=None
    ):
        if place not in cut:
            misspelt = _ONE_LETTER if _differs_by_one(text, wording) else 0.0
            yield wordings.owners[place], max(similarity - 1.0, misspelt)


def _is_cut(text: str, wording: str) -> bool:
    """Whether a label is the beginning of a wording: at least half of it, or three characters of four."""
    enough = 2 * len(text) >= len(wording) if len(text) >= _SHORTEST_COMPARED else len(wording) == _SHORTEST_COMPARED
    return enough and wording.startswith(text)


def _differs_by_one(text: str, wording: str) -> bool:
    """Whether one character of a longer label is another (行政事业性收贀)."""
    long_enough = len(text) == len(wording) >= _SHORTEST_MISSPELT
    return long_enough and sum(one != other for one, other in zip(text, wording, strict=True)) == 1


def _has_keyword(text: str, keyword: str, target: LabelTarget) -> bool:
    """Whether a label has a key word; one that is a whole label (其他, 规章) has to be its end: 其他处理 is another row."""
    return text.endswith(keyword) if keyword in target.wordings else keyword in text


@lru_cache(maxsize=65536)
def match_label(text: str, table: Table, after: int) -> LabelMatch | None:
    """The row or group row of `table` a label means, or None. `after` is the order of the last matched row: equal scores are decided for the
    first row below it, because the order of the form is fixed."""
    whole = _match_whole(text, table, after)
    if whole is not None and whole.score >= CUT and not whole.target.is_group:
        return whole
    inner = _match_after_number(text, table, after)
    if whole is None or inner is None:
        return whole or inner
    better = inner.score > whole.score or whole.target.is_group
    return inner if better and not inner.target.is_group else whole


def _match_after_number(text: str, table: Table, after: int) -> LabelMatch | None:
    """The match of the words behind the last list number inside a text: a group's label and its first row's in one cell."""
    inner = _INNER_NUMBER.fullmatch(squeeze(text))
    if inner is None or _ARTICLE_ITEM.search(inner[0]):
        return None
    return _match_whole(inner[1], table, after)


def _match_whole(text: str, table: Table, after: int) -> LabelMatch | None:
    words = normalise_label(text)
    if not words or not has_han(words):
        return None
    number = list_number(text)
    best: tuple[float, LabelTarget, float] | None = None
    for target, score in _score_targets(words, table):
        rank = score
        if not target.is_group and target.order <= after:
            rank -= 6.0
        if number and target.number and number == target.number:
            rank += 2.0
        elif not target.is_group:
            rank -= 0.01 * abs(target.order - after - 1)
        if best is None or rank > best[0]:
            best = (rank, target, score)
    return LabelMatch(best[1], best[2]) if best else None
