"""Which column each value of a row belongs to, when the source lost or gained cells.

A row with as many values as columns is taken as it stands. Otherwise every order-preserving placement is a candidate;
the identities of the table decide between them by plain propagation of bounds. What they cannot decide stays suspect.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, islice

from catalogue.model import Comparison, IdentityInstance
from disclosure.parse.tokens import Token, TokenKind

MOST_CANDIDATES = 400

Placement = tuple[int | None, ...]  # per column: index of the value token, or None


@dataclass(frozen=True, slots=True)
class RowValues:
    """The value tokens of one row with their numbers (None: a nil mark), and the columns they have to fill."""

    row_code: str
    columns: tuple[str, ...]
    tokens: tuple[Token, ...]
    numbers: tuple[Decimal | None, ...]
    by_column: Placement | None = None  # what the grid's own column positions say


@dataclass(frozen=True, slots=True)
class AlignedRow:
    """The placement chosen for a row; `suspects` are the columns on which the surviving placements differ."""

    row: RowValues
    placement: Placement
    suspects: frozenset[str]
    printed_count: int  # values in the source after ghost cells are dropped

    @property
    def count_differs(self) -> bool:
        return self.printed_count != len(self.row.columns)


def drop_ghosts(tokens: tuple[Token, ...], wanted: int) -> tuple[Token, ...]:
    """`tokens` without the blank cells that are no cells of the form: those that pad the end or the start of a row beyond
    the wanted number, and, where the row has just as many values as columns, all of them (merged columns leave blanks
    between the values). Where more than one reading remains, all tokens stay."""
    filled = tuple(token for token in tokens if token.kind is not TokenKind.BLANK)
    if len(filled) == wanted:
        return filled
    starts = ghost_starts(tokens, wanted)
    readings = {tuple(token.plain for token in tokens[start : start + wanted]): start for start in starts}
    if len(readings) == 1:
        start = starts[0]
        return tokens[start : start + wanted]
    return tokens if readings else _strip_blanks(tokens, wanted)


def ghost_starts(tokens: tuple[Token, ...], wanted: int) -> list[int]:
    """Where a row of `wanted` cells can begin so that only blanks are left out before and behind it, the last one first."""
    surplus = len(tokens) - wanted
    filled = [index for index, token in enumerate(tokens) if token.kind is not TokenKind.BLANK]
    if surplus <= 0:
        return []
    first, last = (filled[0], filled[-1]) if filled else (surplus, 0)
    return [start for start in range(min(surplus, first), -1, -1) if start + wanted > last]


def _strip_blanks(tokens: tuple[Token, ...], wanted: int) -> tuple[Token, ...]:
    kept = list(tokens)
    while len(kept) > wanted and kept[-1].kind is TokenKind.BLANK:
        kept.pop()
    while len(kept) > wanted and kept[0].kind is TokenKind.BLANK:
        kept.pop(0)
    return tuple(kept)


def placements(count: int, wanted: int) -> list[Placement]:
    """Every way to put `count` values in order into `wanted` columns, surplus values dropped, left-most first."""
    if count == wanted:
        return [tuple(range(wanted))]
    if count > wanted:
        return [tuple(chosen) for chosen in _first(combinations(range(count), wanted))]
    ways = []
    for filled in _first(combinations(range(wanted), count)):
        place: list[int | None] = [None] * wanted
        for index, column in enumerate(filled):
            place[column] = index
        ways.append(tuple(place))
    return ways


def _first(ways: Iterable[tuple[int, ...]]) -> list[tuple[int, ...]]:
    return list(islice(ways, MOST_CANDIDATES))


def align_rows(rows: Sequence[RowValues], instances: tuple[IdentityInstance, ...]) -> tuple[AlignedRow, ...]:
    """Place the values of all rows of a table. `instances` are the table's identities; they only choose between
    placements, they never change a value.

    A row's own identity chooses first. Identities over several rows come second and only count where the placement they
    leave contradicts none of them: in a table that does not tie they would exclude the right one.
    """
    open_table = _OpenTable(rows)
    ways = open_table.ways
    if all(len(each) == 1 for each in ways.values()):
        return tuple(AlignedRow(row, ways[row.row_code][0], frozenset(), len(row.tokens)) for row in rows)
    equalities = [instance for instance in instances if instance.comparison is Comparison.EQUAL]
    within = [instance for instance in equalities if len(_rows_of(instance)) == 1]
    across = [instance for instance in equalities if len(_rows_of(instance)) > 1]
    _filter_by_identities(open_table, within)
    by_own_row = {code: list(each) for code, each in ways.items()}
    _filter_by_identities(open_table, across)
    contradicted = _contradicted(open_table, across)
    return tuple(
        _choose(row, (by_own_row if row.row_code in contradicted else ways)[row.row_code], within) for row in rows
    )


class _OpenTable:
    """The rows of a table with the placements still possible for each, and the bounds of their cells."""

    def __init__(self, rows: Sequence[RowValues]) -> None:
        self.rows = {row.row_code: row for row in rows}
        self.ways = {row.row_code: _candidates(row) for row in rows}
        self._bounds: dict[tuple[str, str], tuple[Decimal, Decimal | None]] = {}

    def keep(self, code: str, ways: list[Placement]) -> None:
        self.ways[code] = ways
        for key in [key for key in self._bounds if key[0] == code]:
            del self._bounds[key]

    def bounds(self, code: str, column: str) -> tuple[Decimal, Decimal | None]:
        """Least and greatest value of a cell over the placements left."""
        key = (code, column)
        if key not in self._bounds:
            self._bounds[key] = _bounds(self.rows.get(code), self.ways.get(code), column)
        return self._bounds[key]


@lru_cache(maxsize=4096)
def _rows_of(instance: IdentityInstance) -> frozenset[str]:
    return frozenset(term.row_code for term in (*instance.left, *instance.right))


def _contradicted(table: _OpenTable, across: list[IdentityInstance]) -> frozenset[str]:
    """Rows of which no placement left fits every identity over several rows."""
    codes = set()
    for code, ways in table.ways.items():
        if len(table.rows[code].tokens) == len(table.rows[code].columns):
            continue
        touching = [instance for instance in across if code in _rows_of(instance)]
        if not any(all(_possible(instance, code, way, table) for instance in touching) for way in ways):
            codes.add(code)
    return frozenset(codes)


def _candidates(row: RowValues) -> list[Placement]:
    if len(row.tokens) != len(row.columns) and row.by_column is not None:
        return [row.by_column]
    wanted = len(row.columns)
    padded = [tuple(range(start, start + wanted)) for start in ghost_starts(row.tokens, wanted)]
    unique: dict[tuple[object, ...], Placement] = {}
    for way in padded or placements(len(row.tokens), wanted):
        unique.setdefault(_as_values(row, way), way)
    return list(unique.values())


def _as_values(row: RowValues, way: Placement) -> tuple[object, ...]:
    return tuple("absent" if i is None else (row.tokens[i].plain or "blank") for i in way)


def _filter_by_identities(table: _OpenTable, equalities: list[IdentityInstance]) -> None:
    changed = True
    while changed:
        changed = False
        for instance in equalities:
            for code in _rows_of(instance):
                ways = table.ways.get(code, [])
                if len(ways) < 2:
                    continue
                fitting = [way for way in ways if _possible(instance, code, way, table)]
                if fitting and len(fitting) < len(ways):
                    table.keep(code, fitting)
                    changed = True


def _possible(instance: IdentityInstance, fixed: str, way: Placement, table: _OpenTable) -> bool:
    """Whether the two sides can still be equal when row `fixed` is placed as `way` (bounds of all other rows)."""
    low, high = Decimal(0), Decimal(0)
    open_above = open_below = False
    for side, terms in ((1, instance.left), (-1, instance.right)):
        for term in terms:
            if term.row_code == fixed:
                least, most = _bounds(table.rows[fixed], [way], term.column_code)
            else:
                least, most = table.bounds(term.row_code, term.column_code)
            if side * term.sign > 0:
                low += least
                open_above |= most is None
                high += most or 0
            else:
                high -= least
                open_below |= most is None
                low -= most or 0
    return (open_below or low <= 0) and (open_above or high >= 0)


def _bounds(row: RowValues | None, ways: list[Placement] | None, column: str) -> tuple[Decimal, Decimal | None]:
    """Least and greatest value a cell can have over the candidates; an unknown cell is any number from 0 up."""
    if row is None or ways is None or column not in row.columns:
        return Decimal(0), None
    position = row.columns.index(column)
    least: Decimal | None = None
    most: Decimal | None = Decimal(0)
    for way in ways:
        index = way[position]
        number = None if index is None else row.numbers[index]
        if number is None:
            least, most = Decimal(0), None
            continue
        least = number if least is None else min(least, number)
        most = None if most is None else max(most, number)
    return least or Decimal(0), most


def _choose(row: RowValues, ways: list[Placement], within: list[IdentityInstance]) -> AlignedRow:
    """The first surviving placement, those preferred in which the row adds up without the missing values.

    Columns on which the survivors differ are suspect. One exception: a row of zeros that lacks one value says the same in
    every placement, and where the table has identities they settle the missing one.
    """
    own = [instance for instance in within if row.row_code in _rows_of(instance)]
    ways = sorted(ways, key=lambda way: not all(_adds_up(instance, row, way) for instance in own))
    if len(ways) == 1:
        # With a value missing the row's identity checks nothing: the one placement left may be that of a misread value.
        unchecked = 0 < len(row.tokens) < len(row.columns) and row.by_column is None
        return AlignedRow(row, ways[0], frozenset(row.columns if unchecked else ()), len(row.tokens))
    chosen = ways[0] if ways else tuple([None] * len(row.columns))
    suspects: set[str] = set()
    lacking = len(row.columns) - len(row.tokens)
    if len(ways) > 1 and not (own and lacking == 1 and all(number == 0 for number in row.numbers)):
        for position, column in enumerate(row.columns):
            if len({_as_values(row, way)[position] for way in ways}) > 1:
                suspects.add(column)
    return AlignedRow(row, chosen, frozenset(suspects), len(row.tokens))


def _adds_up(instance: IdentityInstance, row: RowValues, way: Placement) -> bool:
    """Whether an identity within the row holds over the values that are placed."""
    difference = Decimal(0)
    for side, terms in ((1, instance.left), (-1, instance.right)):
        for term in terms:
            index = way[row.columns.index(term.column_code)]
            number = None if index is None else row.numbers[index]
            difference += side * term.sign * (number or 0)
    return difference == 0
