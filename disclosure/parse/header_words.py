"""The words of a table's header, and the print between its values in which they or pieces of them stand.

What does not belong here: what order the words stand in (`header_rows`, `header_pieces`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations, groupby

from catalogue.model import Table
from disclosure.document import Layout
from disclosure.parse.labels import squeeze
from disclosure.parse.tokens import BLANK, LABEL, PROSE, VALUE, Token

Order = tuple[str, ...]  # codes of columns or rows, as printed

SPANNING = "*"  # the code of the word over the lower words
WITH_ROWS = (Layout.GRID, Layout.ROWS)
_PARTED = re.compile(r"[\s|]+")
_SHORTEST_PIECE = 2  # characters that tell a word within a text
_LONGEST_WORD = 12  # characters of a header word


@dataclass(frozen=True)  # without slots, for the cached property
class Words:
    """The words of a header: by code, the ways each is worded, in the order of the form. Those in `under` stand below the
    spanning word, if there is one. `times` tells how often the whole is printed side by side."""

    codes: Order
    wordings: Mapping[str, tuple[str, ...]]
    under: frozenset[str] = frozenset()
    times: int = 1

    @cached_property
    def characters(self) -> Counter[str]:
        """The characters of all words but the spanning one."""
        return Counter("".join(self.wordings[code][0] for code in self.codes))

    @property
    def upper(self) -> Order:
        """The codes of the upper line, those under the spanning word as one."""
        return tuple(dict.fromkeys(map(self.above, self.codes)))

    def above(self, code: str) -> str:
        """A word of the upper line, or the spanning one over it."""
        return SPANNING if code in self.under else code

    @property
    def line_after_line(self) -> Order:
        """The order of the form where the spanning word is lost: the upper line, and then the words under it."""
        upper = tuple(code for code in self.codes if code not in self.under)
        return (*upper, *(code for code in self.codes if code in self.under))

    def joined(self, upper: Order, under: Order) -> Order:
        """The order of all words from that of the upper ones and of those under the spanning word."""
        return tuple(code for one in upper for code in (under if one == SPANNING else (one,)))

    def code_of(self, word: str) -> str:
        return next(code for code, wordings in self.wordings.items() if word in wordings)

    def spelled(self, order: Order) -> tuple[str, ...]:
        """The words themselves, the spanning one before those under it, as many times as they are printed."""
        first = next((code for code in order if code in self.under), None)
        codes = [code for one in order for code in ((SPANNING, one) if one == first else (one,))]
        return tuple(self.wordings[code][0] for code in codes) * self.times


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a word: its text, and its token's place in the span."""

    text: str
    place: int


@dataclass(frozen=True, slots=True)
class Line:
    """The pieces of a line; `rowed` where what stands in it stands side by side. `whole` is its text where the source has no
    rows, so that words are looked for anywhere in it."""

    pieces: tuple[Piece, ...]
    rowed: bool
    whole: str = ""

    @property
    def texts(self) -> list[str]:
        return [piece.text for piece in self.pieces]

    @property
    def places(self) -> set[int]:
        return {piece.place for piece in self.pieces}


Zone = tuple[Line, ...]  # the lines of words between values


@lru_cache(maxsize=64)
def words_of_columns(table: Table, side_by_side: bool) -> tuple[Words, ...]:
    """The words over each set of columns."""
    found = []
    for codes in dict.fromkeys(row.columns for row in table.rows if len(row.columns) > 1):
        columns = [table.column(code) for code in codes]
        wordings = {column.code: _whole(column.chinese, column.variants) for column in columns}
        spanned = [column for column in columns if column.spanning]
        if spanned:
            wordings[SPANNING] = _whole(spanned[0].spanning or "", ())
        under = frozenset(column.code for column in spanned)
        found.append(Words(codes, wordings, under, len(table.rows) if side_by_side else 1))
    return tuple(found)


@lru_cache(maxsize=64)
def words_of_rows(table: Table) -> Words:
    """The words over the rows of a table whose rows stand side by side."""
    wordings = {row.code: _whole(row.chinese, ()) for row in table.rows}
    grouped = [row for row in table.rows if row.group]
    for group in table.groups:
        if grouped and group.code == grouped[0].group:
            wordings[SPANNING] = _whole(group.chinese, ())
    return Words(tuple(row.code for row in table.rows), wordings, frozenset(row.code for row in grouped))


def _whole(words: str, variants: Iterable[str]) -> tuple[str, ...]:
    """The wordings of a header word but for those that a cut leaves of it."""
    whole = squeeze(words)
    return (whole, *(other for other in map(squeeze, variants) if other not in whole and len(other) <= _LONGEST_WORD))


def zones_of(tokens: Sequence[Token]) -> Iterator[Zone]:
    """What stands between values, line by line."""
    lines: list[Line] = []
    strokes = _strokes_of_words(tokens)
    for rowed, run in _lines_of(tokens):
        if any(token.kind in (VALUE, PROSE) and place not in strokes for place, token in run):
            if lines:
                yield tuple(lines)
            lines = []
        elif pieces := tuple(_pieces_of(run)):
            whole = "".join([token.plain for _, token in run if token.layout is None])
            lines.append(Line(pieces, rowed or len(pieces) > 1, whole))
    if lines:
        yield tuple(lines)


def _strokes_of_words(tokens: Sequence[Token]) -> set[int]:
    """The places of strokes that look like a mark for nothing and are a character of a word: 增 / 减, each by itself."""
    filled = [place for place, token in enumerate(tokens) if token.kind is not BLANK]
    return {
        place
        for before, place, after in zip(filled, filled[1:], filled[2:], strict=False)
        if tokens[place].kind is VALUE
        and not any(map(str.isdigit, tokens[place].plain))
        and all(tokens[one].kind is LABEL and len(tokens[one].plain) == 1 for one in (before, after))
    }


def _pieces_of(run: Iterable[tuple[int, Token]]) -> Iterator[Piece]:
    for place, token in run:
        if token.kind is not BLANK:
            texts = _PARTED.split(token.text) if token.layout is None else [token.plain]
            yield from (Piece(plain, place) for text in texts if (plain := squeeze(text)))


def _lines_of(tokens: Sequence[Token]) -> Iterator[tuple[bool, list[tuple[int, Token]]]]:
    """The tokens with their places: row by row, and one by one where there are no rows."""

    def line_of(numbered: tuple[int, Token]) -> tuple[int | None, ...]:
        place, token = numbered
        return (token.grid, token.row) if token.layout in WITH_ROWS else (place,)

    for key, run in groupby(enumerate(tokens), key=line_of):
        yield len(key) > 1, list(run)


@lru_cache(maxsize=256)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)")


def pattern_of(words: Words) -> re.Pattern[str]:
    return _any_of(tuple(word for wordings in words.wordings.values() for word in wordings))


def told_by(line: Line, words: Words) -> list[str]:
    """The words of which a line holds a piece that no other has."""
    pattern, owners = _telling_pieces(tuple(words.wordings.items()))
    told: list[str] = []
    for text in line.texts:
        pieces = pattern.findall(text) or (text if all(character in owners for character in text) else ())
        told += [code for piece in pieces if (code := owners[piece]) is not None]
    return told


@lru_cache(maxsize=256)
def _telling_pieces(
    wordings: tuple[tuple[str, tuple[str, ...]], ...],
) -> tuple[re.Pattern[str], dict[str, str | None]]:
    """The pieces of words and whose they are; None for those of several words, which tell nothing."""
    owners: dict[str, set[str]] = {}
    for code, (word, *_) in wordings:
        for start, end in combinations(range(len(word) + 1), 2):
            owners.setdefault(word[start:end], set()).add(code)
    several = tuple(piece for piece in owners if len(piece) >= _SHORTEST_PIECE)
    return _any_of(several), {piece: next(iter(of)) if len(of) == 1 else None for piece, of in owners.items()}
