"""Counts that a report states in prose, each with its sentence.

Here belongs the application of the patterns of `catalogue/narrative_facts.yaml` to sentences. No pattern and no code
of a fact is written here, and nothing is compared with the tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from catalogue.model import Catalogue, NarrativeFact
from disclosure.document import Document
from disclosure.findings import Finding, FindingCode, Where, finding
from disclosure.parse.candidates import CONFIDENCE_BAR
from disclosure.parse.chinese import plain, read_number
from disclosure.parse.prose import Sentence, read_prose
from disclosure.parse.report_year import read_period, read_report_year
from disclosure.parse.required_words import required_words
from disclosure.parse.titles import read_title
from disclosure.report import NarrativeCount

_UNITS = "条次|篇次|人次|条|件|份|篇|次|个|期|封|起|宗|项|批|部|则|例"
_NUMERAL = r"(?<![\d\ufffd.])(?:\d[\d,]*(?:\.\d+)?[千万亿]?|[一二两三四五六七八九十百]{1,4})"
_ABOUT = r"(?P<about>约|近|超过?|逾|不少于)?"
MACROS = {
    "{N}": rf"{_ABOUT}(?P<number>{_NUMERAL})(?P<more>余|多)?(?P<unit>{_UNITS})(?!率|文)",
    "{Y}": rf"{_ABOUT}(?P<number>{_NUMERAL})(?P<more>余|多)?(?P<unit>万元|元)",
    "{P}": rf"{_ABOUT}(?P<number>(?<![\d.])\d{{1,3}}(?:\.\d+)?)(?P<more>余|多)?(?P<unit>%)",
}
# Counting words that mean the unit of the form (13封 and 1起 are applications and cases).
_SAME_UNIT = {"封": "件", "起": "件", "宗": "件"}
_APPROXIMATE = frozenset({"约", "近", "超", "超过", "逾", "余", "多", "不少于"})
_COUNTED = re.compile(rf"\d|[一二两三四五六七八九十百](?:{_UNITS})|万(?:粉丝|人|元)")
_DENIED = re.compile(r"未|没|无|不收|不存在")
# Headings that say what the numbers under them are about; 政府信息公开 alone stands in half of all headings.
_TELLING = re.compile(r"申请|复议|诉讼|收费")
_YEAR = re.compile(r"((?:19|20)\d\d)年(?!度?(?:部门)?(?:预算|决算|财政|要点|计划|部门))")
_QUOTED = re.compile(r"《[^《》]*》")
_BRACKETED = re.compile(r"\([^()]*\)")
_PARTS = re.compile(r"其中|包括")
# A sentence about what is planned states no count of the year.
_PLANNED = re.compile(r"^(?:20\d\d年)?,?(?:我.{1,3}|本.{1,3})?(?:将|计划|拟)|下一步")


@dataclass(frozen=True, slots=True)
class FactPatterns:
    """A kind of fact with its expressions compiled."""

    fact: NarrativeFact
    numbers: tuple[re.Pattern[str], ...]
    nones: tuple[re.Pattern[str], ...]
    reject: re.Pattern[str] | None
    within: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Kinds:
    """All kinds of facts in their order, and by the words one of which a sentence must hold to state them. Most sentences
    hold few of the words, and every kind has several expressions."""

    kinds: tuple[FactPatterns, ...]
    by_word: tuple[tuple[str, tuple[int, ...]], ...]
    always: tuple[int, ...]  # kinds that need no certain word

    def possible_in(self, text: str) -> list[FactPatterns]:
        """The kinds that the sentence may state, in their order."""
        places = set(self.always)
        for word, owners in self.by_word:
            if word in text:
                places.update(owners)
        return [self.kinds[place] for place in sorted(places)]


@dataclass(frozen=True, slots=True)
class _Found:
    """A fact found in a sentence, with the span of its number (of its words, when there is none)."""

    count: NarrativeCount
    span: tuple[int, int]


@lru_cache(maxsize=2)
def compile_facts(facts: tuple[NarrativeFact, ...]) -> tuple[FactPatterns, ...]:
    """The facts of the catalogue ready for use. Raises re.error when an expression is wrong."""
    return tuple(
        FactPatterns(
            fact,
            tuple(re.compile(_expand(pattern)) for pattern in fact.patterns),
            tuple(re.compile(pattern) for pattern in fact.none_patterns),
            re.compile("|".join(f"(?:{pattern})" for pattern in fact.reject)) if fact.reject else None,
            fact.within,
        )
        for fact in facts
    )


@lru_cache(maxsize=2)
def _kinds_of(facts: tuple[NarrativeFact, ...]) -> _Kinds:
    kinds = compile_facts(facts)
    by_word: dict[str, list[int]] = {}
    always = []
    for place, kind in enumerate(kinds):
        required = [required_words(pattern.pattern) for pattern in (*kind.numbers, *kind.nones)]
        words = [each for each in required if each is not None]
        if len(words) < len(required):
            always.append(place)
        for word in sorted(frozenset().union(*words)):
            by_word.setdefault(word, []).append(place)
    return _Kinds(kinds, tuple((word, tuple(places)) for word, places in by_word.items()), tuple(always))


def _expand(pattern: str) -> str:
    for name, expression in MACROS.items():
        pattern = pattern.replace(name, expression)
    return pattern


def read_narrative(document: Document, catalogue: Catalogue) -> tuple[tuple[NarrativeCount, ...], tuple[Finding, ...]]:
    """All counts of the prose in the order of the text, and a finding for each whose number the source lost."""
    kinds = _kinds_of(catalogue.narrative_facts)
    counts: list[NarrativeCount] = []
    prose = read_prose(document)
    lines, sentences = prose.lines, prose.sentences
    year = read_report_year(read_period(sentences), read_title(lines), sentences, None, None, None).year
    for sentence in sentences:
        text = sentence.folded.text
        if (not sentence.chapter and len(text) < 12) or _PLANNED.search(text):
            continue
        counts.extend(_counts_of(sentence, kinds, year))
    return tuple(_unless_unsure(count) for count in counts), tuple(
        finding(*_trouble_with(count), Where(text=count.sentence[:200]))
        for count in counts
        if count.value is None or _is_unsure(count)
    )


def _is_unsure(count: NarrativeCount) -> bool:
    """Whether a number was recognised less surely than a cell has to be. That there was none is said in words, which the
    pattern itself confirms."""
    return not count.stated_as_none and count.confidence is not None and count.confidence < CONFIDENCE_BAR


def _unless_unsure(count: NarrativeCount) -> NarrativeCount:
    return replace(count, value=None, strict=False) if _is_unsure(count) else count


def _trouble_with(count: NarrativeCount) -> tuple[FindingCode, str]:
    if count.value is None:
        return FindingCode.NARRATIVE_NUMBER_MISSING, count.fact_code
    return FindingCode.OCR_ILLEGIBLE, f"{count.fact_code}：正文“{count.printed}”"


def _counts_of(sentence: Sentence, kinds: _Kinds, year: int | None) -> list[NarrativeCount]:
    text = sentence.folded.text
    counted, denied = bool(_COUNTED.search(text)), bool(_DENIED.search(text))
    if not counted and not denied:
        return []
    context = text + (plain(sentence.section) if _TELLING.search(sentence.section) else "")
    found: list[_Found] = []
    inside: dict[tuple[str, ...], bool] = {(): True}  # dozens of kinds share a few lists of words
    for kind in kinds.possible_in(text):
        if kind.within not in inside:
            inside[kind.within] = any(word in context for word in kind.within)
        if not inside[kind.within]:
            continue
        if counted:
            found.extend(item for item in _numbers(sentence, kind, found) if _is_of_year(text, item.span[0], year))
        if denied and kind.nones and not any(item.count.fact_code == kind.fact.code for item in found):
            found.extend(_nones(sentence, kind))
    return [item.count for item in sorted(found, key=lambda item: item.span)]


def _is_of_year(text: str, place: int, year: int | None) -> bool:
    """Whether the last year named before the number, file titles and brackets left out, is the report's own."""
    years = _YEAR.findall(_BRACKETED.sub("", _QUOTED.sub("", text[:place])))
    return year is None or not years or int(years[-1]) == year


def _numbers(sentence: Sentence, kind: FactPatterns, found: list[_Found]) -> Iterator[_Found]:
    """The numbers this kind takes; one that another kind took before is only shared by derived facts."""
    text = sentence.folded.text
    taken: dict[tuple[int, int], str] | None = None
    for pattern in kind.numbers:
        for match in pattern.finditer(text):
            taken = taken if taken is not None else {item.span: item.count.fact_code for item in found}
            span = match.span("number") if match["number"] is not None else match.span()
            groups = match.groupdict()
            derived = "printed" in groups or "state" in groups
            if (span in taken and not derived) or (kind.reject and kind.reject.search(text[: match.end()])):
                continue
            if any(code == kind.fact.code and _PARTS.search(text[end : span[0]]) for (_, end), code in taken.items()):
                continue  # a part of the total of this kind
            taken[span] = taken.get(span, kind.fact.code)
            shared = taken[span] if taken[span] != kind.fact.code else None
            yield _Found(_count_of(sentence, kind.fact, match, shared), span)


def _count_of(sentence: Sentence, fact: NarrativeFact, match: re.Match[str], shared: str | None) -> NarrativeCount:
    groups = match.groupdict()
    unit = groups.get("unit") or fact.unit
    number = groups["number"]
    value = read_number(number) if number else None
    if groups.get("printed"):
        start, end = match.span("printed")
    else:
        start = match.start("about") if groups.get("about") else match.start("number")
        end = match.end("unit") if groups.get("unit") else match.end("number")
    if unit == "万元" and fact.unit == "元" and value is not None:
        value, unit = value * 10_000, "元"
    printed = sentence.folded.verbatim(start, end) if number else _lost_number(sentence, match)
    return NarrativeCount(
        fact_code=fact.code,
        printed=printed,
        value=value,
        unit=fact.unit if value is None else _SAME_UNIT.get(unit, unit),
        strict=fact.strict,
        sentence=sentence.folded.source,
        approximate=groups.get("about") in _APPROXIMATE or bool(groups.get("more")),
        derived_from=groups.get("state") or (shared if groups.get("printed") else None),
        section=sentence.section or None,
        confidence=_confidence(sentence, *match.span("number")) if number else None,
    )


def _confidence(sentence: Sentence, start: int, end: int) -> float | None:
    """How sure the least sure character of a stretch of the folded sentence is; None where nothing had to be recognised."""
    if sentence.doubts is None:
        return None
    first, last = sentence.folded.places[start], sentence.folded.places[end - 1]
    return min((sure for place, sure in sentence.doubts if first <= place <= last), default=1.0)


def _lost_number(sentence: Sentence, match: re.Match[str]) -> str:
    """The gap where the number stood, with the unit after it."""
    folded = sentence.folded
    unit = match.start("unit")
    return folded.source[folded.places[unit - 1] + 1 : folded.places[match.end("unit") - 1] + 1]


def _nones(sentence: Sentence, kind: FactPatterns) -> Iterator[_Found]:
    """A statement that there was none; one sentence states it once."""
    text = sentence.folded.text
    for pattern in kind.nones:
        for match in pattern.finditer(text):
            if kind.reject and kind.reject.search(text[: match.end()]):
                continue
            start, end = match.span("printed")
            yield _Found(_none_of(sentence, kind.fact, start, end), (start, end))
            return


def _none_of(sentence: Sentence, fact: NarrativeFact, start: int, end: int) -> NarrativeCount:
    return NarrativeCount(
        fact_code=fact.code,
        printed=sentence.folded.verbatim(start, end),
        value=Decimal(0),
        unit=fact.unit,
        strict=fact.strict,
        sentence=sentence.folded.source,
        stated_as_none=True,
        section=sentence.section or None,
        confidence=_confidence(sentence, start, end),
    )
