"""Which placements of a table's values its identities exclude, by propagation of bounds.

Each cell has a least and a greatest value over the placements still possible for its row; a placement goes when an identity
could not hold with it whatever the other rows are. What does not belong here: which placement is taken (`align.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from catalogue.model import IdentityInstance
from disclosure.parse.tokens import Token

ZERO = Decimal(0)

Placement = tuple[int | None, ...]  # per column: index of the value token, or None
Bounds = tuple[Decimal, Decimal | None]  # least and greatest value; None: no greatest
UNKNOWN: Bounds = (ZERO, None)  # an unknown cell is any number from 0 up


class RowValues(NamedTuple):
    """The value tokens of one row with their numbers (None: a nil mark), and the columns they have to fill."""

    row_code: str
    columns: tuple[str, ...]
    tokens: tuple[Token, ...]
    numbers: tuple[Decimal | None, ...]
    by_column: Placement | None = None  # what the grid's own column positions say

    def number_at(self, index: int | None) -> Decimal | None:
        return None if index is None else self.numbers[index]


class OpenTable:
    """The rows of a table with the placements still possible for each, and the bounds of their cells."""

    def __init__(self, rows: Sequence[RowValues], ways: dict[str, list[Placement]]) -> None:
        self.rows = {row.row_code: row for row in rows}
        self.ways = ways
        self._bounds: dict[str, dict[str, Bounds]] = {}

    def keep(self, code: str, ways: list[Placement]) -> None:
        self.ways[code] = ways
        self._bounds.pop(code, None)

    def bounds(self, code: str, column: str) -> Bounds:
        """Least and greatest value of a cell over the placements left."""
        if code not in self._bounds:
            row = self.rows.get(code)
            self._bounds[code] = _bounds_of(row, self.ways[code]) if row else {}
        return self._bounds[code].get(column, UNKNOWN)


def _bounds_of(row: RowValues, ways: list[Placement]) -> dict[str, Bounds]:
    """Least and greatest value that each cell of a row can have over its placements."""
    bounds: dict[str, Bounds] = {}
    for position, column in enumerate(row.columns):
        numbers = [row.number_at(index) for index in {way[position] for way in ways}]
        known = [number for number in numbers if number is not None]
        if len(known) < len(numbers):
            bounds[column] = (min((ZERO, *known)), None)
        elif known:
            bounds[column] = (min(known), max(known))
    return bounds


# Row code -> the columns an identity takes from it, and whether each is added in left - right.
Terms = dict[str, tuple[tuple[str, bool], ...]]


@lru_cache(maxsize=4096)
def terms_by_row(instance: IdentityInstance) -> Terms:
    """The cells of an identity, row by row."""
    terms: Terms = {}
    for is_left, side in ((True, instance.left), (False, instance.right)):
        for term in side:
            taken = (term.column_code, (term.sign > 0) == is_left)
            terms[term.row_code] = (*terms.get(term.row_code, ()), taken)
    return terms


class Reach(NamedTuple):
    """How low and how high a sum of cells can come; the open ends count its cells without a bound on that side."""

    low: Decimal = ZERO
    high: Decimal = ZERO
    open_below: int = 0
    open_above: int = 0

    def with_(self, part: Reach) -> Reach:
        """The sum of these cells and those of `part`."""
        below, above = self.open_below + part.open_below, self.open_above + part.open_above
        return Reach(self.low + part.low, self.high + part.high, below, above)

    def without(self, part: Reach) -> Reach:
        """The sum of the cells that are not in `part`."""
        below, above = self.open_below - part.open_below, self.open_above - part.open_above
        return Reach(self.low - part.low, self.high - part.high, below, above)


def narrow_table(table: OpenTable, identities: Sequence[Terms]) -> None:
    """Drop the placements that equalities exclude, up to the fixpoint. An identity is looked at again only after a row of
    its own has lost placements."""
    waiting = [True] * len(identities)
    while any(waiting):
        for place, terms in enumerate(identities):
            if not waiting[place]:
                continue
            waiting[place] = False
            if narrowed := _narrow(table, terms):
                for other, others in enumerate(identities):
                    waiting[other] = waiting[other] or not narrowed.isdisjoint(others)


def _narrow(table: OpenTable, terms: Terms) -> set[str]:
    """Drop the placements that one identity excludes; the rows that lost some. Where it excludes all placements of a row,
    it tells nothing about that row."""
    total = _reach_of(table, terms, terms)
    narrowed = set()
    for code in terms:
        ways = table.ways.get(code, [])
        if len(ways) < 2:
            continue
        others = total.without(_reach_of(table, terms, (code,)))
        fitting = _fitting(table.rows[code], ways, terms, others)
        if fitting and len(fitting) < len(ways):
            table.keep(code, fitting)
            total = others.with_(_reach_of(table, terms, (code,)))
            narrowed.add(code)
    return narrowed


def find_contradicted(table: OpenTable, identities: Sequence[Terms]) -> frozenset[str]:
    """Rows with a value too many or too few of which no placement left fits every identity."""
    totals = [(terms, _reach_of(table, terms, terms)) for terms in identities]
    codes = set()
    for code, ways in table.ways.items():
        row = table.rows[code]
        if len(row.tokens) == len(row.columns):
            continue
        for terms, total in totals:
            if code in terms:
                ways = _fitting(row, ways, terms, total.without(_reach_of(table, terms, (code,))))
        if not ways:
            codes.add(code)
    return frozenset(codes)


def _reach_of(table: OpenTable, terms: Terms, codes: Iterable[str]) -> Reach:
    """What the cells of some rows make of left - right of an identity, over the placements left to them."""
    low = high = ZERO
    below = above = 0
    for code in codes:
        for column, added in terms[code]:
            least, most = table.bounds(code, column)
            if added:
                low, high, above = low + least, high + (most or ZERO), above + (most is None)
            else:
                low, high, below = low - (most or ZERO), high - least, below + (most is None)
    return Reach(low, high, below, above)


def _fitting(row: RowValues, ways: list[Placement], terms: Terms, others: Reach) -> list[Placement]:
    """The placements of a row with which the two sides can still be equal, when all other rows reach `others`.

    Many placements put the same values into the columns of the identity; each such choice is judged once.
    """
    places, signs = [], []
    for column, added in terms[row.row_code]:
        if column in row.columns:
            places.append(row.columns.index(column))
            signs.append(1 if added else -1)
        else:  # a cell that the row does not have can be any number
            others = others.with_(Reach(open_above=1) if added else Reach(open_below=1))
    if others.open_below and others.open_above:
        return ways
    if not places:
        return ways if _can_hold(row, (), (), others) else []
    choices = list(zip(*[[way[place] for way in ways] for place in places], strict=True))
    possible = {choice for choice in set(choices) if _can_hold(row, choice, signs, others)}
    return [way for way, choice in zip(ways, choices, strict=True) if choice in possible]


def _can_hold(row: RowValues, choice: tuple[int | None, ...], signs: Sequence[int], others: Reach) -> bool:
    """Whether left - right can be 0 with these values of the row."""
    known, above, below = ZERO, others.open_above > 0, others.open_below > 0
    for index, sign in zip(choice, signs, strict=True):
        number = row.number_at(index)
        if number is not None:
            known = known + number if sign > 0 else known - number
        elif sign > 0:
            above = True
        else:
            below = True
    return (below or others.low + known <= 0) and (above or others.high + known >= 0)
