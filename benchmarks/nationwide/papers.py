"""What is filed for an agency and a year: nothing, a file that cannot be read, or reports in versions and copies.

Here belong chance and dates; how a paper looks is decided in `pages`, where it lies in `inbox`. Everything hangs on seed, agency and
year alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from benchmarks.corpus import docx, html, text
from benchmarks.nationwide.careers import Career, describe

FORMATS = {"html": 0.6, "docx": 0.25, "text": 0.15}
PLAIN = {"html": "plain", "docx": "plain", "text": "pipes"}
CARD = "metadata_card"
_PLAIN_SHARE = 0.6
# what they print is drawn here, or they lose cells or characters
_DRAWN_HERE = ("filer_mistake", "blank_zeros", "nil_marks", CARD)
_LOSING = (
    *("glued", "dropped_empty_cells", "dropped_empty_cell_lines", "tabs_blank_zeros", "cell_lines_blank_zeros"),
    *("misread_encoding", "misread_by_windows", "gbk_damaged", "utf8_damaged", "big5_traditional", "traditional_big5"),
)
TRAITS = {
    name: tuple(trait for trait in traits if trait not in (*_DRAWN_HERE, *_LOSING))
    for name, traits in (("html", html.TRAITS), ("docx", docx.TRAITS), ("text", text.TRAITS))
}
ANNEX_ENDS = 2018  # up to this report year the reports are prose

_MISSING, _DAMAGED, _EMPTY, _NOTICE = 0.07, 0.012, 0.006, 0.008
_LATE, _UNDATED = 0.06, 0.04
_MISTAKEN, _NIL = 0.04, 0.05
_REISSUED, _COPIED, _UNNAMED, _TWICE = 0.04, 0.02, 0.03, 0.02
_NAMED_SOURCE = 0.15


class Fate(StrEnum):
    FILED = "filed"
    MISSING = "missing"
    DAMAGED = "damaged"  # cut off
    EMPTY = "empty"  # a file without a byte
    NOTICE = "notice"  # something else was put on the net in its place


class Told(StrEnum):
    """What tells whose a file is that does not say so itself."""

    FOLDER = "folder"
    SOURCE_LIST = "source_list"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Content:
    """One version of a report, the oldest first: version 0 of two was later reissued with other figures."""

    version: int
    published_on: date | None
    is_mistaken: bool = False  # one cell of 表三 is wrong
    has_nil_marks: bool = False  # zeros of 表二 are printed as /


@dataclass(frozen=True)
class Paper:
    """One file. `content` is a place in the contents of its filing; an unnamed copy does not tell whose it is."""

    content: int
    format: str
    trait: str
    is_named: bool = True
    url: str | None = None  # the source list says it came from there
    is_twice: bool = False


@dataclass(frozen=True)
class Filing:
    """What became of one agency's duty to report on one year."""

    career: Career
    year: int
    fate: Fate
    contents: tuple[Content, ...] = ()
    papers: tuple[Paper, ...] = ()
    told: Told = Told.NOTHING  # of a file that is no report
    is_awaited: bool = False  # a source list names a file that never came


def draw_filing(seed: int, career: Career, year: int) -> Filing:
    """What is filed for a year of the agency's life."""
    source = random.Random(f"{seed}/filing/{career.number}/{year}")
    chance, told = source.random(), source.choice((Told.FOLDER, Told.FOLDER, Told.SOURCE_LIST, Told.NOTHING))
    ends = [_MISSING, _DAMAGED, _EMPTY, _NOTICE]
    for fate, share in zip((Fate.MISSING, Fate.DAMAGED, Fate.EMPTY, Fate.NOTICE), ends, strict=True):
        if chance < share:
            return Filing(career, year, fate, told=told, is_awaited=fate is Fate.MISSING and source.random() < 0.3)
        chance -= share
    contents = _contents(source, career, year)
    papers = tuple(_papers(source, career, contents, year))
    return Filing(career, year, Fate.FILED, contents, papers)


def _contents(source: random.Random, career: Career, year: int) -> tuple[Content, ...]:
    published_on = _publication_day(source, career, year)
    tables = year > ANNEX_ENDS
    mistaken, nil = tables and source.random() < _MISTAKEN, tables and source.random() < _NIL
    first = Content(0, published_on, mistaken, nil)
    if published_on is None or source.random() >= _REISSUED:
        return (first,)
    again = published_on + timedelta(days=source.randint(10, 200))
    return (first, Content(1, again, tables and source.random() < _MISTAKEN, nil))


def _publication_day(source: random.Random, career: Career, year: int) -> date | None:
    """In January, of governments until March; some too late, some nowhere stated."""
    is_government = describe(career, year).scope == "jurisdiction"
    day = date(year + 1, 1, 4) + timedelta(days=source.randrange(84 if is_government else 27))
    chance = source.random()
    if chance < _LATE:
        return day + timedelta(days=source.randint(90, 140) if is_government else source.randint(28, 120))
    return None if chance > 1 - _UNDATED else day


def _papers(source: random.Random, career: Career, contents: tuple[Content, ...], year: int) -> Iterator[Paper]:
    for place in range(len(contents)):
        url, is_twice = None, source.random() < _TWICE
        if source.random() < _NAMED_SOURCE and not is_twice:
            region = career.place.divisions[year].code
            url = f"https://www.r{region}.gov.cn/zfxxgk/{year}/{career.number}-{place}.html"
        form = "html" if career.page_code else source.choices(list(FORMATS), list(FORMATS.values()))[0]
        trait = CARD if career.page_code else _trait(source, form)
        yield Paper(place, form, trait, url=url, is_twice=is_twice)
        if source.random() < _COPIED:
            form = source.choice(list(FORMATS))
            url = f"http://mirror{source.randint(1, 9)}.example.com/{career.number}/{year}-{place}"
            yield Paper(place, form, _trait(source, form), url=url if source.random() < 0.5 else None)
        if year > ANNEX_ENDS and source.random() < _UNNAMED:
            yield Paper(place, "text", "pipes", is_named=False)


def _trait(source: random.Random, form: str) -> str:
    return PLAIN[form] if source.random() < _PLAIN_SHARE else source.choice(TRAITS[form])
