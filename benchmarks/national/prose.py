"""What the prose of a filing states: how many requests there were, how they ended, and what was disclosed.

Each fact is stated at most once, in a sentence of the project's own, and as the tables count it. Filers whose prose
contradicts their tables are drawn in `mistakes`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.national.chance import Integers, uniform
from benchmarks.national.figures import MICRO, Drawn, cells_of


@dataclass(frozen=True)
class Fact:
    """A kind of statement: the cell it repeats (None: it is about nothing in the tables), and its wordings."""

    code: str
    cell: tuple[str, str, str] | None
    unit: str
    section: str
    wordings: tuple[str, ...]
    none_wordings: tuple[str, ...] = ()  # for none at all; without them, none is not mentioned
    share: float = 1.0  # of the filings that could state it


ON_REQUEST, DISPUTED, DISCLOSED = (
    "一、总体情况/（二）依申请公开",
    "一、总体情况/（五）监督保障",
    "一、总体情况/（一）主动公开",
)

FACTS = (
    Fact(
        "disclosed_info_total", None, "条", DISCLOSED,
        ("全年通过门户网站主动公开政府信息{}条。", "本年度主动公开政府信息{}条，均已按期发布。", "各渠道主动公开政府信息{}条。"), share=0.9,
    ),
    Fact(
        "requests_received", ("T3", "requests_received", "total"), "件", ON_REQUEST,
        ("全年共收到政府信息公开申请{}件。", "本年度收到政府信息公开申请{}件，均按规定登记。", "共受理政府信息公开申请{}件。"),
        ("全年未收到政府信息公开申请。", "本年度没有收到政府信息公开申请。"), share=0.9,
    ),
    Fact(
        "granted_full", ("T3", "granted_full", "total"), "件", ON_REQUEST,
        ("办理结果为予以公开的{}件。", "予以公开{}件。"), share=0.5,
    ),
    Fact(
        "unable_not_held", ("T3", "unable_not_held", "total"), "件", ON_REQUEST,
        ("本机关不掌握相关政府信息的{}件。", "因不掌握相关信息无法提供{}件。"), share=0.4,
    ),
    Fact(
        "requests_carried_out", ("T3", "requests_carried_out", "total"), "件", ON_REQUEST,
        ("结转下年度继续办理{}件。", "尚有{}件结转下年度办理。"), share=0.6,
    ),
    Fact(
        "reconsideration_total", ("T4", "reconsideration", "total"), "件", DISPUTED,
        ("因政府信息公开被申请行政复议{}件。", "全年发生信息公开类行政复议{}件。"),
        ("未发生因政府信息公开引起的行政复议。", "全年没有信息公开类行政复议案件。"), share=0.5,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Statements:
    """One fact over all filings of a shard: where it is stated, the number in millionths, and which wording is used."""

    fact: Fact
    stated: np.ndarray  # bool
    values: Integers
    wording: np.ndarray

    def take(self, places: Integers) -> Statements:
        """The same fact over some of the filings."""
        return Statements(self.fact, self.stated[places], self.values[places], self.wording[places])

    @property
    def as_none(self) -> np.ndarray:
        """Where the words say that there was none."""
        return self.stated & (self.values == 0) & bool(self.fact.none_wordings)


def write_prose(seed: int, numbers: Integers, drawn: Drawn) -> tuple[Statements, ...]:
    """The statements of agencies about the figures they counted, in the order of the text."""
    statements = []
    for fact in FACTS:
        chance = uniform(seed, f"fact {fact.code}", numbers, drawn.year, 3)
        if fact.cell is None:
            values = np.floor(np.exp(3.0 + 4.0 * chance[:, 2])).astype(np.int64) * MICRO
        else:
            table, row, column = fact.cell
            values = drawn.tables[table][:, cells_of(drawn.edition, table)[row, column]]
        stated = (chance[:, 0] < fact.share) & ((values > 0) | bool(fact.none_wordings))
        statements.append(Statements(fact, stated, values, np.floor(chance[:, 1] * 12).astype(np.int64)))
    return tuple(statements)
