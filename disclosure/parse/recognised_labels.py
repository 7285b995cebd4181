"""Row labels that recognition read with faults, put right by the form: its rows come in one order, and so do those of the table.

The labels of a scanned table are set beside the rows of the form as two sequences. A label that is like its row, and less like
any other that could stand there, is taken for it; one that is like nothing is told by its place only where as many rows stand
between two sure ones as the form has there. What does not belong here: digital text, where a strange label is a strange row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, pairwise

from rapidfuzz.fuzz import ratio

from catalogue.model import Row
from disclosure.document import Layout
from disclosure.findings import Finding, FindingCode, Where, finding
from disclosure.parse.labels import has_han, normalise_label, squeeze
from disclosure.parse.spans import TableSpan
from disclosure.parse.tokens import LABEL, VALUE, Token, runs_of

_NO_HAN = re.compile(r"[^\u3400-\u9fff]")
_NUMERAL = re.compile(r"^[一二三四五六七八九十]")
_WORTH_PAIRING = 35.0  # of 100: less alike is not alike at all
_ALIKE = 60.0
_CLEAR = 10.0  # by which another row that could stand there has to be less alike
_UNHARMED = 85.0
_MOST_ROWS_SURE = 0.6  # share of a table's rows before places count
_LONGEST_FIGURE = 14
_KEEPS_ROWS = (Layout.GRID, Layout.ROWS)


@dataclass(frozen=True, slots=True)
class _TableRow:
    """A row of the table with figures: where its label stands among the tokens, and how many cells follow it."""

    label: int
    figures: tuple[int, ...]


def mend_labels(span: TableSpan) -> tuple[TableSpan, tuple[Finding, ...]]:
    """The span with the labels of a recognised table as the form words them, and a finding for each that was told by its
    place or is hardly like its row. What was read in a row without words is figures."""
    span = replace(span, tokens=tuple(_with_figures(span.tokens)))
    rows = list(_rows_of(span.tokens))
    form = [row for row in span.table.rows if row.form_variant in (None, span.form_variant)]
    if not rows:
        return span, ()
    alike = [[_likeness(span.tokens[row.label].text, each) for each in form] for row in rows]
    paired = _pair(alike)
    sure = _keep_clear(paired, alike)
    placed = sure | _fill_gaps(sure, rows, form)
    return _reworded(span, rows, form, alike, placed)


def _with_figures(tokens: tuple[Token, ...]) -> Iterator[Token]:
    """The tokens, cells of recognised rows of figures taken for such however they were read (2., with a speck beside it)."""
    for is_row, run in runs_of(tokens):
        if is_row and _is_row_of_figures(run):
            yield from (token._replace(kind=VALUE) if token.kind is LABEL else token for token in run)
        else:
            yield from run


def _is_row_of_figures(run: tuple[Token, ...]) -> bool:
    """Whether a recognised row has no words, and most of its cells hold figures."""
    if any(token.confidence is None or has_han(token.plain) for token in run):
        return False
    return 2 * sum(token.kind is VALUE for token in run) > len(run)


def _reworded(
    span: TableSpan, rows: list[_TableRow], form: list[Row], alike: list[list[float]], placed: dict[int, int]
) -> tuple[TableSpan, tuple[Finding, ...]]:
    tokens = list(span.tokens)
    findings = []
    for at, place in placed.items():
        row, token = form[place], tokens[rows[at].label]
        for index in rows[at].figures:
            if tokens[index].kind is LABEL:
                tokens[index] = tokens[index]._replace(kind=VALUE)
        if normalise_label(token.text) == normalise_label(row.chinese):
            continue
        tokens[rows[at].label] = token._replace(text=row.chinese, plain=squeeze(row.chinese))
        if alike[at][place] < _UNHARMED:
            where = Where(token.page, span.table.code, row.code, text=token.text[:60])
            findings.append(finding(FindingCode.LABEL_DAMAGED, row.chinese, where))
    return replace(span, tokens=tuple(tokens)), tuple(findings)


def _rows_of(tokens: tuple[Token, ...]) -> Iterator[_TableRow]:
    """The rows of recognised grids that have a label and behind it cells that could be figures, one of them read as such."""
    places = [
        index for index, token in enumerate(tokens) if token.layout in _KEEPS_ROWS and token.confidence is not None
    ]
    for _, members in groupby(places, key=lambda index: (tokens[index].grid, tokens[index].row)):
        row = list(members)
        label = next((index for index in reversed(row) if not _may_be_figure(tokens[index], index > row[0])), None)
        if label is None:
            continue
        figures = tuple(index for index in row if index > label)
        if any(tokens[index].kind is VALUE for index in figures):
            yield _TableRow(label, figures)


def _may_be_figure(token: Token, is_later: bool) -> bool:
    """Whether a cell is no label: it has no Han characters, or behind a label hardly more than its digits (增2, misread)."""
    if token.kind is not LABEL:
        return True
    if not has_han(token.plain):
        return len(token.plain) <= _LONGEST_FIGURE
    rest = _NO_HAN.sub("", token.plain)
    return is_later and len(rest) <= 2 and not token.plain.endswith(rest)


@lru_cache(maxsize=4096)
def _likeness(label: str, row: Row) -> float:
    """How much a label is like a row of the form, by its Han characters, of 100."""
    read = _forms(label)
    words = {form for wording in (row.chinese, *row.variants) for form in _forms(wording)}
    return max((ratio(one, other) for one in read for other in words), default=0.0)


@lru_cache(maxsize=4096)
def _forms(label: str) -> tuple[str, ...]:
    """The Han characters of a label, with its bracketed words and without, and without its number."""
    whole = _NO_HAN.sub("", squeeze(label))
    forms = (whole, _NO_HAN.sub("", normalise_label(label)), _NUMERAL.sub("", whole))
    return tuple(dict.fromkeys(form for form in forms if form))


def _pair(alike: list[list[float]]) -> dict[int, int]:
    """The pairs of table row and form row, in the order of both, that are most alike in all."""
    count, places = len(alike), len(alike[0])
    best = [[0.0] * (places + 1) for _ in range(count + 1)]
    for at in range(count - 1, -1, -1):
        for place in range(places - 1, -1, -1):
            together = best[at + 1][place + 1] + alike[at][place] - _WORTH_PAIRING
            best[at][place] = max(best[at + 1][place], best[at][place + 1], together)
    paired, at, place = {}, 0, 0
    while at < count and place < places:
        if best[at][place] == best[at + 1][place]:
            at += 1
        elif best[at][place] == best[at][place + 1]:
            place += 1
        else:
            paired[at] = place
            at, place = at + 1, place + 1
    return paired


def _keep_clear(paired: dict[int, int], alike: list[list[float]]) -> dict[int, int]:
    """The pairs that are alike, and clearly more so than any other form row between their neighbours."""
    pairs = [(-1, -1), *paired.items(), (len(alike), len(alike[0]))]
    kept = {}
    for before, (at, place), after in zip(pairs, pairs[1:], pairs[2:], strict=False):
        others = [alike[at][other] for other in range(before[1] + 1, after[1]) if other != place]
        if alike[at][place] >= _ALIKE and max(others, default=0.0) <= alike[at][place] - _CLEAR:
            kept[at] = place
    return kept


def _fill_gaps(sure: dict[int, int], rows: list[_TableRow], form: list[Row]) -> dict[int, int]:
    """Rows between two sure ones told by their place, where the form has as many there. Before the first and behind the last
    that holds only for a table with as many rows as the form."""
    if len(sure) < _MOST_ROWS_SURE * len(rows):
        return {}
    ends = [(-1, -1), (len(rows), len(form))] if len(rows) == len(form) else []
    filled = {}
    for (at, place), (next_at, next_place) in pairwise(sorted([*sure.items(), *ends])):
        if next_at - at == next_place - place:
            for step in range(1, next_at - at):
                if len(rows[at + step].figures) == len(form[place + step].columns):
                    filled[at + step] = place + step
    return filled
