"""The header rows of a table, and what they say of the rows below them: where each column stands, and in which order.

A table prints its header once, on every page, or over every block; what the last one above a row says counts. Only what stands
in one row or line of the source tells an order for sure: single words come out of a page in any. What does not belong here: the
placing of values, and headers that are cut short (`headers`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from catalogue.model import Table
from disclosure.document import Layout
from disclosure.parse.headers import columns_by_words
from disclosure.parse.labels import normalise_label, squeeze
from disclosure.parse.spans import TableSpan
from disclosure.parse.tokens import BLANK, LABEL, VALUE, Token, runs_of

Columns = tuple[str, ...]
Places = dict[str, tuple[int, int]]  # column code -> first and last grid column of its header cell
Orders = dict[Columns, Columns]  # the columns of a row in the order of the form -> as printed
Place = tuple[int, int]  # grid, row

_WITHOUT_ROWS = frozenset({None, Layout.STREAM})  # what tells no rows
_SPANNING = "*"  # stands for the columns under one spanning word
_FEWEST_NAMED = 2  # column words that make a row a header
_LONGEST_LINE = 120


@dataclass(frozen=True, slots=True)
class Header:
    """What the header rows above a row say."""

    places: Places
    orders: Orders


class Headers:
    """The header rows of a table, each with what those before it still say."""

    def __init__(self, starts: Sequence[Place], states: Sequence[Header]) -> None:
        self._starts = tuple(starts)
        self._states = tuple(states)

    def over(self, values: Sequence[Token]) -> Header:
        """What counts for a row with these values: the last header above it; outside of grids, the last of all."""
        token = values[0] if values and self._starts else None
        if token is None or token.grid is None or token.row is None:
            return self._states[-1]
        place = (token.grid, token.row)
        return self._states[sum([start < place for start in self._starts])]

    def state_orders(self) -> bool:
        """Whether a header prints the columns in another order than the form."""
        return any(state.orders for state in self._states)

    def without_places(self) -> Headers:
        return Headers(self._starts, [Header({}, state.orders) for state in self._states])

    def with_orders(self, orders: Orders) -> Headers:
        """The headers with these orders in place of what they say of the same columns; no place is told then."""
        return Headers(self._starts, [Header({}, {**state.orders, **orders}) for state in self._states])


def read_headers(span: TableSpan) -> Headers:
    """The headers of a table. Words in a grid tell places; the words of one row or line tell an order."""
    places = _first_places(span)
    parts: _Told = ()
    starts: list[Place] = []
    states = [Header(places, {})]
    for row, named in _rows_of_words(span):
        if sum(code is not None for code in named) < _FEWEST_NAMED:
            continue
        places = {**places, **_places_of(row, named)}
        parts = _with_orders(parts, span.table, tuple(named))
        states.append(Header(places, _orders_of(parts)))
        starts.append((row[0].grid or 0, row[0].row or 0))
    return Headers(starts, states)


def find_doubtful_orders(span: TableSpan) -> Orders:
    """Orders that single words on lines of their own seem to state: a page's text may have mixed them up."""
    if _WITHOUT_ROWS.isdisjoint([token.layout for token in span.tokens]):
        return {}
    parts: _Told = ()
    words, spanning = columns_by_words(span.table), _spanning_words(span.table)
    cells = (token for token in span.tokens if token.kind is not BLANK)
    for is_word, run in groupby(cells, key=_is_single_word):
        if is_word:
            labels = [normalise_label(token.text) for token in run]
            codes = tuple([_SPANNING if label in spanning else _only(words.get(label, ())) for label in labels])
            parts = _with_orders(parts, span.table, codes, in_one_row=False)
    return _orders_of(parts)


def _is_single_word(token: Token) -> bool:
    return token.kind is LABEL and token.layout in _WITHOUT_ROWS


def _first_places(span: TableSpan) -> Places:
    """Where the first cell with the words of each column stands, in grids whose positions can be trusted."""
    places: Places = {}
    seen: set[tuple[int | None, int | None, str]] = set()
    several: set[str] = set()  # stand more than once in a row
    named = columns_by_words(span.table)
    for token in span.tokens:
        if token.kind is not LABEL or token.layout is not Layout.GRID or token.column is None:
            continue
        for code in named.get(normalise_label(token.text), ()):
            if (token.grid, token.row, code) in seen:
                several.add(code)
            seen.add((token.grid, token.row, code))
            places.setdefault(code, (token.column, token.column + token.column_span - 1))
    return {code: place for code, place in places.items() if code not in several}


def _rows_of_words(span: TableSpan) -> Iterator[tuple[tuple[Token, ...], list[str | None]]]:
    """The rows and lines without values, with the column that each of their words names."""
    words, spanning = columns_by_words(span.table), _spanning_words(span.table)
    for is_row, run in runs_of(span.tokens):
        if not is_row:
            for token in run:
                if token.kind is LABEL and len(token.plain) <= _LONGEST_LINE:
                    yield (token,), _columns_in_line(token.plain, span.table)
        elif all(token.kind is not VALUE for token in run):
            row = tuple(token for token in run if token.kind is LABEL)
            labels = [normalise_label(token.text) for token in row]
            if row:
                options = [(_SPANNING,) if label in spanning else words.get(label, ()) for label in labels]
                yield row, _told_apart(options)


def _places_of(row: Sequence[Token], named: Sequence[str | None]) -> Places:
    """A word that stands over several blocks of columns tells no place."""
    if row[0].layout is not Layout.GRID or len(row) != len(named):
        return {}
    return {
        code: (token.column, token.column + token.column_span - 1)
        for token, code in zip(row, named, strict=True)
        if code is not None and token.column is not None and named.count(code) == 1
    }


def _told_apart(options: Sequence[Columns]) -> list[str | None]:
    """The column each word of a row names; words that several columns share (本年新, cut short) name those that no other word
    of the row does, in the order of the form."""
    taken = {codes[0] for codes in options if len(codes) == 1}
    named: list[str | None] = []
    for codes in options:
        code = _only(codes) or next((code for code in codes if code not in taken), None)
        if len(codes) > 1 and code:
            taken.add(code)
        named.append(code)
    return named


def _only(codes: Sequence[str]) -> str | None:
    """The one column that words may head; None where there is none or more than one."""
    return codes[0] if len(codes) == 1 else None


@lru_cache(maxsize=64)
def _spanning_words(table: Table) -> frozenset[str]:
    return frozenset(normalise_label(column.spanning) for column in table.columns if column.spanning)


@lru_cache(maxsize=64)
def _words_of_line(table: Table) -> tuple[re.Pattern[str], dict[str, str]]:
    """The header words to look for in a line, longest first, and what each names."""
    named = {squeeze(column.spanning): _SPANNING for column in table.columns if column.spanning}
    for column in table.columns:
        named[squeeze(column.chinese)] = column.code
    words = sorted(named, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words))), named


def _columns_in_line(line: str, table: Table) -> list[str | None]:
    """The columns whose words stand one after the other in a line: 信息内容本年制发件数本年废止件数."""
    pattern, named = _words_of_line(table)
    return [named[word] for word in pattern.findall(line)]


@dataclass(frozen=True, slots=True)
class _Parts:
    """The order of a row's columns as far as header rows tell it: the upper row with the spanning word, and what stands
    under that word."""

    upper: Columns
    under: Columns


_Told = tuple[tuple[Columns, _Parts], ...]  # the columns of a row in the order of the form, and what is told of them


@lru_cache(maxsize=2048)  # most reports print the same header rows, and every page prints them again
def _with_orders(parts: _Told, table: Table, named: tuple[str | None, ...], in_one_row: bool = True) -> _Told:
    """`parts` with what one header row tells. Lines print the words over and under a spanning word one row after the other, and those of an upper row in any order
    but for the first."""
    told = dict(parts)
    for columns in dict.fromkeys(row.columns for row in table.rows if len(row.columns) > 1):
        under = tuple(code for code in columns if table.column(code).spanning)
        upper = tuple(_SPANNING if code in under else code for code in columns if code not in under[1:])
        known = told.get(columns, _Parts(upper, under))
        if in_one_row and under and (whole := _sequence(named, columns)):
            told[columns] = _Parts(whole, ())
            continue
        order = _sequence(named, upper)
        if order and (
            in_one_row or not under or order[0] != upper[0]
        ):  # lines may print a word before the one it follows
            known = _Parts(order, known.under)
        if under and (order := _sequence(named, under)):
            known = _Parts(known.upper, order)
        told[columns] = known
    return tuple(told.items())


def _sequence(named: Iterable[str | None], wanted: Columns) -> Columns | None:
    """The order in which a header row names the wanted columns, each once or, over several blocks, in the same order
    each time."""
    found = [code for code in named if code in wanted]
    size = len(wanted)
    runs = {tuple(found[start : start + size]) for start in range(0, len(found), size)}
    run = runs.pop() if len(runs) == 1 else ()
    return run if sorted(run) == sorted(wanted) else None


def _orders_of(parts: _Told) -> Orders:
    """The orders that are not those of the form."""
    orders = {}
    for columns, told in parts:
        printed: list[str] = []
        for code in told.upper:
            printed += told.under if code == _SPANNING else (code,)
        if tuple(printed) != columns:
            orders[columns] = tuple(printed)
    return orders
