"""The bytes of a paper, and the values a careful reader publishes from it.

The figures come from `national`, the printing from `corpus`. A version that was later reissued differs from the last one in some
figures; a mistaken one has one wrong cell of 表三, which its row and its column give away, so that it is withheld.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

import numpy as np

from benchmarks.corpus import filing as corpus
from benchmarks.corpus.figures import CellKey, Figures, Printed
from benchmarks.corpus.stream import FORMATS
from benchmarks.national.figures import MICRO, Drawn, cells_of
from benchmarks.national.printing import print_table
from benchmarks.nationwide.careers import Career
from benchmarks.nationwide.papers import ANNEX_ENDS, Content, Filing, Paper
from catalogue.load import load_catalogue
from catalogue.model import Edition

Values = dict[CellKey, int | None]  # millionths; None is withheld or not known
_SELF = "本机关"
_NIL = "/"


@dataclass(frozen=True)
class Read:
    """What there is to read in one version of a report: as printed, and as published."""

    edition: Edition
    figures: Figures
    published: Values
    mistake: CellKey | None
    received: Decimal

    @property
    def telling(self) -> int:
        """Figures that are known and not 0: what a copy that does not say whose it is is recognised by."""
        return sum(1 for each in self.figures.values() if each.value)


@lru_cache(maxsize=8)
def _leaves(edition: Edition) -> list[str]:
    table = edition.table("T3")
    assert table is not None
    return [row.code for row in table.rows if row.leaf]


class Pages:
    """The papers of the agencies of one year and edition, whose figures are drawn together."""

    def __init__(self, seed: int, drawn: Drawn, numbers: np.ndarray) -> None:
        self._seed, self._drawn = seed, drawn
        self._row = {int(number): row for row, number in enumerate(numbers)}
        styles = numbers * 2  # always with the unit of an amount
        self._texts = {
            code: print_table(drawn.edition, code, values, styles).to_numpy(zero_copy_only=False).reshape(values.shape)
            for code, values in drawn.tables.items()
        }

    def read(self, filing: Filing, content: Content) -> Read:
        """The figures of a version."""
        row, edition = self._row[filing.career.number], self._drawn.edition
        published: Values = {}
        figures: Figures = {}
        for code, values in self._drawn.tables.items():
            for (row_code, column_code), place in cells_of(edition, code).items():
                key, value = (code, row_code, column_code), int(values[row, place])
                published[key] = value
                figures[key] = Printed(self._texts[code][row, place], Decimal(value) / MICRO)
        received = figures["T3", "requests_received", "total"].value or Decimal(0)
        if filing.year <= ANNEX_ENDS:
            return Read(load_catalogue().edition("narrative_2008"), {}, {}, None, received)
        source = random.Random(f"{self._seed}/content/{filing.career.number}/{filing.year}/{content.version}")
        if content.version < len(filing.contents) - 1:
            self._count_otherwise(source, figures, published)
        if content.has_nil_marks:
            _mark_nothing(figures, published)
        mistake = _mistake(source, figures, published) if content.is_mistaken else None
        return Read(edition, figures, published, mistake, received)

    def _count_otherwise(self, source: random.Random, figures: Figures, published: Values) -> None:
        """The figures before they were corrected: more decisions, and one request counted under another outcome."""
        more = {("T2", "administrative_licensing", "decisions"): source.randint(1, 9)}
        leaves = _leaves(self._drawn.edition)
        full = [leaf for leaf in leaves if published["T3", leaf, "natural_person"]]
        if full:
            before, after = source.choice(full), source.choice(leaves)
            if before != after:
                for column in ("natural_person", "total"):
                    more["T3", before, column], more["T3", after, column] = -1, 1
        for key, change in more.items():
            value = published[key]
            assert value is not None
            published[key] = value + change * MICRO
            _print(figures, key, published[key])


def _mark_nothing(figures: Figures, published: Values) -> None:
    for key, printed in figures.items():
        if key[0] == "T2" and printed.value == 0:
            figures[key], published[key] = Printed(_NIL, None), None


def _mistake(source: random.Random, figures: Figures, published: Values) -> CellKey:
    key = source.choice(sorted(key for key in figures if key[0] == "T3"))
    value = published[key]
    assert value is not None
    _print(figures, key, value + source.choice((1, 1, 2, 5, 10)) * MICRO)
    published[key] = None
    return key


def _print(figures: Figures, key: CellKey, value: int | None) -> None:
    assert value is not None
    number = Decimal(value) / MICRO
    figures[key] = Printed(f"{number:f}", number)


def print_paper(seed: int, filing: Filing, paper: Paper, read: Read) -> bytes:
    """The bytes of a file. Copies of one version say the same."""
    content = filing.contents[paper.content]
    career, year = filing.career, filing.year
    name = career.printed_name(year) if paper.is_named else _SELF
    words = random.Random(f"{seed}/words/{career.number}/{year}/{content.version}")
    filer = corpus.Filer(name, career.place.divisions[year].code, year)
    made = corpus.compose_filing(words, filer, (read.edition, None), read.figures, read.received, content.published_on)
    form = FORMATS[paper.format]
    source = random.Random(f"{seed}/paper/{career.number}/{year}/{paper.content}/{paper.format}")
    prepare = getattr(form.traits[paper.trait], "prepare", None)
    if prepare is not None and read.figures and read.mistake is None:
        made = prepare(source, made)
    if not paper.is_named:
        made = replace(made, title=f"{year}年政府信息公开工作年度报告", agency_name="")
    return form.render(replace(made, page_code=career.page_code), paper.trait, source)


def print_notice(career: Career, year: int) -> bytes:
    """Something that is no report, put up where the report should be."""
    name = career.printed_name(year)
    return (
        f"{name}关于做好{year}年政府信息公开工作年度报告编制和发布工作的通知\n\n各科室、所属各单位：\n"
        f"现将有关事项通知如下。请于规定时间前报送材料（编号{career.number}），由办公室汇总。\n"
    ).encode()


def report_id_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
