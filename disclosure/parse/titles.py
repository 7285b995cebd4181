"""The title of a report, and the self-titles inside its sentences (现公布某某局2020年政府信息公开工作年度报告).

Here belongs the grammar of titles alone: which words are the agency's, which the year's. Weighing them against other
evidence is done in `agency.py` and `report_year.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from disclosure.parse.chinese import read_number
from disclosure.parse.prose import Line
from disclosure.parse.remember import remember_last

YEAR = r"(?:19|20)\d\d|[一二][〇○零九][〇○零一二三四五六七八九]{2}"


def _year_words(group: str) -> str:
    return rf"(?:(?P<{group}>{YEAR})年?度?)?"


TAIL = (
    r"(?:政府|政务)?(?:信息|政务)公开(?:工作)?的?"
    + _year_words("year_inside")
    + r"的?(?:年度)?(?:工作)?(?:情况)?的?(?:年度)?"
)
_TITLE = re.compile(
    r"^(?:Page\d+-)?(?:关于)?" + _year_words("year_first") + r"(?P<agency>.{0,40}?)(?:关于)?"
    + _year_words("year_after") + r"(?:年度)?的?" + TAIL + r"(?:报告|年报|总结)(?:\(.{1,12}\))?(?:[-_|].{1,24})?$"
)  # fmt: skip
_SELF_TITLE = re.compile(
    _year_words("year_first") + r"(?P<agency>[^,。;:《》“”()、]{0,30}?)(?:关于)?" + _year_words("year_after")
    + r"(?:年度)?(?:本(?:单位|机关|部门))?的?" + TAIL + r"(?:报告|年报|情况|汇报|(?=[。,]|$))"
)  # fmt: skip
# Where a self-title can begin inside a sentence.
_OPENING = re.compile(r"《|现?(?:将|就)|(?:现|特|向社会|现予)*(?:公布|公开|发布)|编制了?|汇总|做好|汇报")
_NOT_A_TITLE = re.compile(r"[。;《》?!]|解读|^(?:发布|来源|索引|标题)|附件|相关")
_NOT_OWN = re.compile(r"关于|印发|通知|格式|规定|条例|要求|各县|各区|各部门")
_MARKS = re.compile(r"^[#*\s\u3000\u00a0]+|[#*\s\u3000\u00a0]+$")
_FIRST_PART = re.compile(r"(?:[局厅委部会室心镇乡街道府处区县市省州盟旗院署]|年度?|信息公开(?:工作)?|政府信息)$")
_HEAD_OF_PAGE = re.compile(r"^Page \d+ - ")  # flip-books
_TAIL_OF_PAGE = re.compile(r"(?<=报告|年报)\s*[-_|].*$")  # the site's name after the title
_BULLETS = "•·●◆■▪-—*"
TITLE_ZONE, LONGEST_TITLE = 40, 60


@dataclass(frozen=True, slots=True)
class Title:
    """A title or self-title: `text` verbatim, `agency` and `year` as its words give them."""

    text: str
    agency: str
    year: int | None


def front_lines(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines before the first chapter heading, or the first forty."""
    for index, line in enumerate(lines[:TITLE_ZONE]):
        if line.heading:
            return lines[:index]
    return lines[:TITLE_ZONE]


@remember_last
def read_title(lines: tuple[Line, ...]) -> Title | None:
    """The title printed in the body, joined when it stands on two or three lines; None when there is none."""
    zone = [line for line in front_lines(lines) if not line.in_table]
    nameless: Title | None = None
    for line in zone:
        title = _as_title((line,))
        if title and title.agency:
            return title
        nameless = nameless or title
    for size in (2, 3):
        for start in range(len(zone) - size + 1):
            parts = tuple(zone[start : start + size])
            if not all(_FIRST_PART.search(part.text) and len(part.text) <= 32 for part in parts[:-1]):
                continue
            title = _as_title(parts)
            if title and title.agency:
                return title
    return nameless


def _as_title(parts: tuple[Line, ...]) -> Title | None:
    title = parse_title("".join(part.text for part in parts))
    words = "".join(_MARKS.sub("", part.source) for part in parts)
    return replace(title, text=_HEAD_OF_PAGE.sub("", _TAIL_OF_PAGE.sub("", words))) if title else None


def parse_title(words: str) -> Title | None:
    """The parts of a folded title, or None when the words are no title of such a report."""
    if len(words) > LONGEST_TITLE or _NOT_A_TITLE.search(words):
        return None
    match = _TITLE.match(words)
    return Title(words, match["agency"].lstrip(_BULLETS), _year_of(match)) if match else None


def read_self_titles(sentence: str) -> Iterator[Title]:
    """Every place in a folded sentence where the report names itself."""
    for opening in _OPENING.finditer(sentence):
        match = _SELF_TITLE.match(sentence, opening.end())
        if not match or _NOT_OWN.search(match[0]):
            continue
        yield Title(match[0], match["agency"], _year_of(match))


def _year_of(match: re.Match[str]) -> int | None:
    for group in ("year_after", "year_first", "year_inside"):
        if match[group]:
            number = read_number(match[group])
            return int(number) if number is not None else None
    return None
