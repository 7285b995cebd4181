"""Which year a report is about, and the period it states.

Here belongs the weighing of evidence for the year. Order of evidence (docs/methodology.md): stated period, title, the report's
own announcement, the years its sentences open with, document number minus one, publication year minus one, what the
source list asserts. Evidence out of the text itself that disagrees is a conflict and always becomes a finding.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from disclosure.findings import Finding, FindingCode, Where, finding
from disclosure.parse.prose import Sentence
from disclosure.parse.remember import remember_last
from disclosure.parse.titles import Title, read_self_titles
from disclosure.report import Evidence

FIRST_YEAR, LAST_YEAR = 2000, 2100

_PERIOD = re.compile(
    r"(?P<first>(?:19|20)\d\d)年1月1日?起?(?:至|到|-|~)(?:(?P<last>(?:19|20)\d\d)年)?(?P<end>12月31日?)?"
)
_PERIOD_WORDS = re.compile(r"统计|数据|期限|时限|所列|期间")
_NO_PERIOD = re.compile(r"起开始|施行|实施|运行|启用|上线")
_ANNOUNCEMENT = re.compile(r"现(?:将|就|予|向)|公布|汇报|报告如下|编制")
_ANNOUNCEMENT_IN_CHAPTER = re.compile(r"现(?:将|就)|汇报|报告如下")
_ANNOUNCED_YEAR = re.compile(
    r"(?:现(?:将|就)|汇报|公布).{0,16}?((?:19|20)\d\d)年度?.{0,20}(?:工作|情况|报告|公开).{0,16}(?:报告|汇报|如下|公布|公开)"
)
_OPENING_YEAR = re.compile(
    r"^(?:\(?[一二三四五六七八九十\d]{1,3}[)、.])?.{0,14}?(?:截[至止]到?)?((?:19|20)\d\d)(?:年度?)(?:底|全年|以来|1?\d月(?:至12月|31日|底)?)?"
)
_DATE_LINE = re.compile(r"\d{4}年\d{1,2}月(?:\d{1,2}日)?。?")  # the date of a signature opens no sentence
_PLAN = re.compile(
    r"^.{0,16}(?:19|20)\d\d年度?,?(?:我.{1,2}|本.{1,2}|.{0,8}[局委办镇])?(?:们)?(?:将|拟|计划|要|我们将)|下一步|打算"
)
_HARMLESS = frozenset({"document_number", "publication_year"})
# 统计期限自…, 自2008年3月10日起…: a period or a beginning, not what the sentence is about.
_NO_OPENING = re.compile(r"期限|时限|所列|自(?:19|20)\d\d年")
_AFTER_TITLES = re.compile(r"问题|打算|改进|计划")


@dataclass(frozen=True, slots=True)
class Period:
    """The stated statistical period; a date is None where the text is damaged."""

    first_year: int
    last_year: int | None
    start: date | None
    end: date | None
    text: str


@dataclass(frozen=True, slots=True)
class YearReading:
    year: int | None
    evidence: tuple[Evidence, ...]
    findings: tuple[Finding, ...]


@remember_last
def read_period(sentences: tuple[Sentence, ...]) -> Period | None:
    """The period the figures are said to cover (统计期限自2020年1月1日起至2020年12月31日止)."""
    for sentence in sentences:
        text = sentence.folded.text
        for match in _PERIOD.finditer(text):
            around = text[max(0, match.start() - 40) : match.end() + 4]
            if not _PERIOD_WORDS.search(around) or _NO_PERIOD.search(text[match.end() : match.end() + 6]):
                continue
            first = int(match["first"])
            last = int(match["last"]) if match["last"] else (first if match["end"] else None)
            return Period(
                first,
                last,
                date(first, 1, 1),
                date(last, 12, 31) if last and match["end"] else None,
                sentence.folded.verbatim(match.start(), match.end()),
            )
    return None


def read_report_year(
    period: Period | None,
    title: Title | None,
    sentences: tuple[Sentence, ...],
    document_year: int | None,
    publication_year: int | None,
    asserted_year: int | None,
) -> YearReading:
    """The report year with all its evidence; None when nothing states it."""
    own = [
        *([Evidence("report_year", str(period.first_year), "stated_period", period.text)] if period else []),
        *([Evidence("report_year", str(title.year), "title", title.text)] if title and title.year else []),
        *_announcements(sentences),
    ]
    opening = _opening_year(sentences)
    weaker = [
        *([opening] if opening else []),
        *_year_before(document_year, "document_number"),
        *_year_before(publication_year, "publication_year"),
    ]
    asserted = [Evidence("report_year", str(asserted_year), "asserted", "")] if asserted_year else []
    evidence = tuple(item for item in (*own, *weaker, *asserted) if FIRST_YEAR <= int(item.value) <= LAST_YEAR)
    if not evidence:
        return YearReading(None, (), (finding(FindingCode.REPORT_YEAR_UNKNOWN),))
    year = _decide(evidence, len(own))
    conflicts = _conflicts(year, evidence, period)
    return YearReading(year, evidence, conflicts)


def _year_before(year: int | None, method: str) -> list[Evidence]:
    return [Evidence("report_year", str(year - 1), method, str(year))] if year else []


@remember_last
def _announcements(sentences: tuple[Sentence, ...]) -> tuple[Evidence, ...]:
    """Years in the report's own announcement: 现将某局2020年政府信息公开工作汇报如下."""
    found: list[Evidence] = []
    for sentence in sentences[:12]:
        text = sentence.folded.text
        if not (_ANNOUNCEMENT if not sentence.chapter else _ANNOUNCEMENT_IN_CHAPTER).search(text):
            continue
        years = [title.year for title in read_self_titles(text) if title.year]
        announced = _ANNOUNCED_YEAR.search(text)
        if announced and not years:
            years = [int(announced[1])]
        found += [Evidence("report_year", str(year), "announcement", text[:120]) for year in years]
    return tuple(found)


@remember_last
def _opening_year(sentences: tuple[Sentence, ...]) -> Evidence | None:
    """The year most sentences open with, plans for the next year left out; a tie settles nothing."""
    years: Counter[str] = Counter()
    first: dict[str, str] = {}
    in_chapters = tuple(sentence for sentence in sentences if sentence.chapter)
    for sentence in in_chapters or sentences:
        text = sentence.folded.text
        match = _OPENING_YEAR.match(text)
        if not match or "《" in match[0] or _NO_OPENING.search(text[:40]) or text.endswith(("报告", "年报")):
            continue
        if _AFTER_TITLES.search(sentence.chapter) or _PLAN.search(text[:40]) or _DATE_LINE.fullmatch(text):
            continue
        years[match[1]] += 1
        first.setdefault(match[1], text[:60])
    ranked = years.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return Evidence("report_year", ranked[0][0], "sentence_openings", first[ranked[0][0]])


def _decide(evidence: tuple[Evidence, ...], own: int) -> int:
    """The first evidence, unless the period and the title disagree and everything else sides with the title.

    Both slips are real: a report for 2021 that quotes last year's title, and one that keeps last year's period.
    """
    first = int(evidence[0].value)
    if evidence[0].method != "stated_period":
        return first
    title = next((int(item.value) for item in evidence if item.method in ("title", "announcement")), first)
    if title == first:
        return first
    others = [int(item.value) for item in evidence[own:] if item.method != "asserted"]
    return title if others and all(year == title for year in others) else first


def _conflicts(year: int, evidence: tuple[Evidence, ...], period: Period | None) -> tuple[Finding, ...]:
    ours = next(item for item in evidence if int(item.value) == year)
    # A document number or a publication year differs for harmless reasons (a late report); the rest does not.
    serious = [item for item in evidence if int(item.value) != year and item.method not in _HARMLESS]
    found = [
        finding(
            FindingCode.REPORT_YEAR_CONFLICT,
            f"取 {year} 年（{ours.method}：{ours.text[:40]}），另有 {item.value} 年（{item.method}：{item.text[:40]}）",
            Where(text=item.text[:200] or None),
        )
        for item in serious
    ]
    if period and period.last_year and period.last_year != period.first_year:
        found.append(
            finding(
                FindingCode.REPORT_YEAR_CONFLICT,
                f"统计期限跨年（{period.first_year} 年至 {period.last_year} 年）",
                Where(text=period.text[:200]),
            )
        )
    return tuple(dict.fromkeys(found))
