"""Header words that are broken over several lines, put together again to tell the order of the columns they head.

商业 and 企业 may stand on two lines one after the other, or in two rows with the pieces of all other words beside them. Where the
pieces spell every word of a header once, and what stands side by side leaves one order, the words are put back whole and
`header_rows` reads them. Where only lines follow each other, nobody can tell which order is meant unless it is the form's: what other
orders there are is said, so that only what is the same in all of them is read. What does not belong here: whole words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from disclosure.parse.header_spelling import cut_repeats, spell
from disclosure.parse.header_words import (
    SPANNING,
    WITH_ROWS,
    Line,
    Order,
    Words,
    Zone,
    pattern_of,
    told_by,
    words_of_columns,
    words_of_rows,
    zones_of,
)
from disclosure.parse.labels import squeeze
from disclosure.parse.spans import TableSpan
from disclosure.parse.tokens import LABEL, Token

Orders = dict[Order, Order]  # in the order of the form -> as printed

_MOST_PIECES = 120  # of a header
_LEAST_PRINTED = 0.5  # of the characters of a header's words


@dataclass(frozen=True, slots=True)
class Pieced:
    """A span whose broken header words are whole again where their order is sure; `others` are the orders that columns may have
    elsewhere, and `other_rows` those of the rows of a table whose rows stand side by side."""

    span: TableSpan
    others: tuple[Orders, ...] = ()
    other_rows: tuple[Order, ...] = ()


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What a zone tells of the order of its words: the one that is `sure`, or those that it may be besides the form's. `places`
    are those of the tokens to put whole words for; there are none where they stand whole."""

    sure: Order | None = None
    others: tuple[Order, ...] = ()
    places: tuple[int, ...] = ()


_NOTHING = _Verdict()


def join_pieces(span: TableSpan, *, side_by_side: bool) -> Pieced:
    """The span with the words of broken headers put together, and the orders that stay open. `side_by_side` says whether the rows
    of the table stand side by side, each under its own words."""
    columns = words_of_columns(span.table, side_by_side)
    rows = words_of_rows(span.table) if side_by_side else None
    if _is_plain(span.tokens, (*columns, rows) if rows else columns):
        return Pieced(span)
    judged: list[tuple[Words, _Verdict, bool]] = []
    for zone in zones_of(span.tokens):
        unbounded = all(span.tokens[piece.place].grid is None for line in zone for piece in line.pieces)
        for words in (_likeliest(zone, columns), rows):
            if words is not None:
                judged.append((words, _judge(zone, words), unbounded))
    others = [(words, order) for words, verdict, _ in judged for order in verdict.others]
    others += _contradictory(judged)
    changed = any(verdict.sure not in (None, words.codes) for words, verdict, _ in judged)
    return Pieced(
        _mended(span, judged) if changed else span,
        tuple({words.codes: order} for words, order in others if words is not rows),
        tuple(order for words, order in others if words is rows),
    )


def _is_plain(tokens: Sequence[Token], sets: Iterable[Words]) -> bool:
    """Whether the source keeps rows and every word is a cell of it: most tables, of which nothing has to be asked here."""
    if any(token.layout not in WITH_ROWS for token in tokens):
        return False
    cells = {token.plain for token in tokens if token.kind is LABEL}
    return all(not cells.isdisjoint(wordings) for words in sets for wordings in words.wordings.values())


def _contradictory(judged: Sequence[tuple[Words, _Verdict, bool]]) -> Iterator[tuple[Words, Order]]:
    """Orders of the same columns that differ from header to header where the source does not say which rows stand under which."""
    told: dict[Order, dict[Order, Words]] = {}
    for words, verdict, unbounded in judged:
        if unbounded and verdict.sure is not None:
            told.setdefault(words.codes, {})[verdict.sure] = words
    for orders in told.values():
        if len(orders) > 1:
            yield from ((words, order) for order, words in orders.items())


def _mended(span: TableSpan, judged: Iterable[tuple[Words, _Verdict, bool]]) -> TableSpan:
    """The span with whole words, side by side, in the place of the first piece of each header whose order is sure."""
    wording: dict[int, tuple[str, ...]] = {}
    dropped: set[int] = set()
    for words, verdict, _ in judged:
        if verdict.sure is not None and verdict.places:
            first = min(verdict.places)
            wording[first] = wording.get(first, ()) + words.spelled(verdict.sure)
            dropped.update(verdict.places)
    tokens: list[Token] = []
    for place, token in enumerate(span.tokens):
        cells = wording.get(place, ())
        if cells and token.layout is None:
            cells = (" ".join(cells),)
        tokens += [
            token._replace(text=text, plain=squeeze(text), kind=LABEL, column=None, column_span=1) for text in cells
        ]
        if place not in dropped:
            tokens.append(token)
    return replace(span, tokens=tuple(tokens))


def _likeliest(zone: Zone, sets: Sequence[Words]) -> Words | None:
    """The set of columns whose words have most characters in a zone, the smallest of such; None where no set has half of its own
    there. A share would prefer two columns to three of which one is misread."""
    text = "".join(text for line in zone for text in line.texts)
    printed = Counter(text)
    found = [
        (count, -words.characters.total(), words)
        for words in sets
        if len(text) >= _LEAST_PRINTED * words.characters.total()
        and (count := (words.characters & printed).total()) >= _LEAST_PRINTED * words.characters.total()
    ]
    return max(found, key=lambda one: one[:2], default=(0, 0, None))[2]


def _judge(zone: Zone, words: Words) -> _Verdict:
    if sum(len(line.pieces) for line in zone) > _MOST_PIECES:
        return _NOTHING
    text = _read_text(zone, words)
    if any(line.rowed for line in zone):
        if _stand_whole(zone, words):
            return _Verdict(text.order if text.is_linked else None)
        if text.order is not None and text.is_linked:
            return _Verdict(text.order, places=text.places)
    elif text.order is not None:
        return _NOTHING if text.order == words.codes else _Verdict(others=(text.order,))
    if not any(told_by(line, words) for line in zone):
        return _NOTHING
    spelled = spell(zone, words)
    if spelled.is_form:
        return _NOTHING
    if words.codes in spelled.orders:
        return _Verdict(words.codes, places=spelled.places)
    if len(spelled.orders) == 1 and not spelled.may_be_form:
        return _Verdict(spelled.orders[0], places=spelled.places)
    if (spelled.may_be_form or not spelled.is_complete) and _follows_form(zone, words):
        return _NOTHING
    return _Verdict(others=spelled.orders or _rotations(words.codes))


def _rotations(codes: Order) -> tuple[Order, ...]:
    """Orders in which together every word stands in every place: what is the same in all of them holds in any order."""
    return tuple(codes[step:] + codes[:step] for step in range(1, len(codes)))


def _stand_whole(zone: Zone, words: Words) -> bool:
    """Whether every word stands whole in a cell, or in a line of a source without rows: `header_rows` reads those."""
    cells = {text for line in zone for text in line.texts}
    lines = [line.whole for line in zone if line.whole]
    return all(
        any(word in cells or any(word in line for line in lines) for word in words.wordings[code])
        for code in words.codes
    )


@dataclass(frozen=True, slots=True)
class _Text:
    """The text of a zone read on: the order in which all words follow each other in it, as many times as they are printed, None
    where they do not, or differ from time to time; whether each word shares a row with the next, so that the order is that of
    columns; and the places of the lines they stand in."""

    order: Order | None
    is_linked: bool
    places: tuple[int, ...]


def _read_text(zone: Zone, words: Words) -> _Text:
    numbers = [number for number, line in enumerate(zone) for text in line.texts for _ in text]
    found = list(pattern_of(words).finditer("".join(text for line in zone for text in line.texts)))
    codes = [words.code_of(match[0]) for match in found]
    held = [set(numbers[match.start() : match.end()]) for match in found]  # by word, the lines it stands in
    is_linked = all(
        any(zone[number].rowed for number in held[one] & held[other])
        for one, other in pairwise(range(len(found)))
        if (codes[one] in words.under) == (codes[other] in words.under)
    )
    whole = _repeated([code for code in codes if code != SPANNING], words.codes)
    upper = _repeated([code for code in codes if code not in words.under], words.upper)
    if whole is not None and upper is not None:
        whole = words.joined(upper, tuple(code for code in whole if code in words.under))
    elif whole == words.line_after_line:
        whole = words.codes
    return _Text(
        whole, is_linked, tuple(sorted({place for lines in held for at in lines for place in zone[at].places}))
    )


def _repeated(found: Sequence[str], wanted: Order) -> Order | None:
    """The order of the wanted codes, each found once or, time after time, in the same order."""
    size = len(wanted)
    runs = {tuple(found[start : start + size]) for start in range(0, len(found), size)}
    run = runs.pop() if len(runs) == 1 else ()
    return run if sorted(run) == sorted(wanted) else None


def _follows_form(zone: Zone, words: Words) -> bool:
    """Whether the words that the pieces tell contradict the order of the form nowhere."""
    for line in zone:
        if line.rowed and not _is_in_order(_told_once(line, words), words, 1):
            return False
    below = [code for line in zone if not line.rowed or len(told_by(line, words)) == 1 for code in told_by(line, words)]
    runs = [code for code, _ in groupby(below)]
    return _is_in_order(runs, words, max((runs.count(code) for code in runs), default=1))


def _told_once(line: Line, words: Words) -> list[str]:
    """The words a row tells, those that are printed several times side by side once. A longer row that does not repeat itself is
    no header as any page prints it: its characters have been mixed up, and tell nothing."""
    once = cut_repeats(line, words.times)
    return told_by(once, words) if words.times == 1 or len(once.pieces) <= len(words.codes) else []


def _is_in_order(told: Sequence[str], words: Words, times: int) -> bool:
    """Whether words stand in the order of the form, begun anew so many times at the most."""
    spanned = SPANNING in told
    upper = [words.upper.index(words.above(code)) for code in told if not (spanned and code in words.under)]
    under = [words.codes.index(code) for code in told if code in words.under]
    return all(sum(one > other for one, other in pairwise(places)) < times for places in (upper, under))
