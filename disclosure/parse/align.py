"""Which column each value of a row belongs to, when the source lost or gained cells.

A row with as many values as columns is taken as it stands. Otherwise every order-preserving placement is a candidate;
the identities of the table decide between them by plain propagation of bounds. What they cannot decide stays suspect.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import comb
from typing import NamedTuple

from catalogue.model import Comparison, IdentityInstance
from disclosure.parse.closing import Settled, settle_by_sums
from disclosure.parse.narrowing import (
    ZERO,
    OpenTable,
    Placement,
    RowValues,
    find_contradicted,
    narrow_table,
    terms_by_row,
)
from disclosure.parse.tokens import BLANK, Token

MOST_CANDIDATES = 400
_MOST_SURPLUS = 2  # figures too many in a row of which the identities may choose; a row with more holds another table's


class AlignedRow(NamedTuple):
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
    if len(tokens) <= wanted:
        return tokens
    filled = tuple(token for token in tokens if token.kind is not BLANK)
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
    filled = [index for index, token in enumerate(tokens) if token.kind is not BLANK]
    if surplus <= 0:
        return []
    first, last = (filled[0], filled[-1]) if filled else (surplus, 0)
    return [start for start in range(min(surplus, first), -1, -1) if start + wanted > last]


def _strip_blanks(tokens: tuple[Token, ...], wanted: int) -> tuple[Token, ...]:
    kept = list(tokens)
    while len(kept) > wanted and kept[-1].kind is BLANK:
        kept.pop()
    while len(kept) > wanted and kept[0].kind is BLANK:
        kept.pop(0)
    return tuple(kept)


def placements(count: int, wanted: int) -> list[Placement]:
    """Every way to put `count` values in order into `wanted` columns, surplus values dropped, left-most first; none where
    there are more than MOST_CANDIDATES, as what is left of some of them proves nothing."""
    if comb(max(count, wanted), min(count, wanted)) > MOST_CANDIDATES:
        return []
    if count == wanted:
        return [tuple(range(wanted))]
    if count > wanted:
        return list(combinations(range(count), wanted))
    ways = []
    for filled in combinations(range(wanted), count):
        place: list[int | None] = [None] * wanted
        for index, column in enumerate(filled):
            place[column] = index
        ways.append(tuple(place))
    return ways


def align_rows(rows: Sequence[RowValues], instances: tuple[IdentityInstance, ...]) -> tuple[AlignedRow, ...]:
    """Place the values of all rows of a table. `instances` are the table's identities; they only choose between
    placements, they never change a value.

    A row's own identity chooses first. Identities over several rows come second and only count where the placement they
    leave contradicts none of them: in a table that does not tie they would exclude the right one.
    """
    ways = {row.row_code: _candidates(row) for row in rows}
    if all(len(each) == 1 for each in ways.values()):
        return tuple(AlignedRow(row, ways[row.row_code][0], frozenset(), len(row.tokens)) for row in rows)
    equalities = [instance for instance in instances if instance.comparison is Comparison.EQUAL]
    within: dict[str, list[IdentityInstance]] = {row.row_code: [] for row in rows}
    for instance in equalities:
        if len(codes := tuple(terms_by_row(instance))) == 1:
            within.setdefault(codes[0], []).append(instance)
    across = [terms for instance in equalities if len(terms := terms_by_row(instance)) > 1]
    table = OpenTable(rows, ways)
    narrow_table(table, [terms_by_row(instance) for own in within.values() for instance in own])
    by_own_row = dict(ways)
    narrow_table(table, across)
    settled = settle_by_sums(rows, ways, within, across)
    contradicted = find_contradicted(table, across)
    return tuple(
        _as_settled(row, settled[row.row_code])
        if row.row_code in settled
        else _choose(row, (by_own_row if row.row_code in contradicted else ways)[row.row_code], within[row.row_code])
        for row in rows
    )


def _as_settled(row: RowValues, settled: Settled) -> AlignedRow:
    suspects = frozenset(row.columns[place] for place in settled.differing)
    return AlignedRow(row, settled.placement, suspects, len(row.tokens))


def _candidates(row: RowValues) -> list[Placement]:
    if len(row.tokens) == len(row.columns):
        return [tuple(range(len(row.columns)))]
    if row.by_column is not None:
        return [row.by_column]
    wanted = len(row.columns)
    padded = [tuple(range(start, start + wanted)) for start in ghost_starts(row.tokens, wanted)]
    filled = sum(token.kind is not BLANK for token in row.tokens)
    if not padded and filled > wanted + _MOST_SURPLUS:
        return []
    unique: dict[tuple[str, ...], Placement] = {}
    for way in padded or placements(len(row.tokens), wanted):
        unique.setdefault(_as_values(row, way), way)
    return list(unique.values())


def _as_values(row: RowValues, way: Placement) -> tuple[str, ...]:
    return tuple(["absent" if i is None else (row.tokens[i].plain or "blank") for i in way])


def _choose(row: RowValues, ways: list[Placement], own: list[IdentityInstance]) -> AlignedRow:
    """The first surviving placement, those preferred in which the row adds up without the missing values.

    Columns on which the survivors differ are suspect, and all of them where a figure is left over, or a nought and the row
    adds up in no placement: then a number may be split, and what stands in a column every time is no number of the form.
    One exception: a row of zeros that lacks one value says the same in every placement, and where the table has
    identities they settle the missing one.
    """
    broken_by = [breaks(instance, row) for instance in own]
    ways = sorted(ways, key=lambda way: any(is_broken(way) for is_broken in broken_by))
    if ways and own and not _leaves_out_noughts(row, ways[0], any(is_broken(ways[0]) for is_broken in broken_by)):
        return AlignedRow(row, ways[0], frozenset(row.columns), len(row.tokens))
    if len(ways) == 1:
        # With a value missing the row's identity checks nothing: the one placement left may be that of a misread value.
        unchecked = 0 < len(row.tokens) < len(row.columns) and row.by_column is None
        return AlignedRow(row, ways[0], frozenset(row.columns if unchecked else ()), len(row.tokens))
    chosen = ways[0] if ways else tuple([None] * len(row.columns))
    suspects: set[str] = set()
    lacking = len(row.columns) - len(row.tokens)
    if len(ways) > 1 and not (own and lacking == 1 and all(number == 0 for number in row.numbers)):
        for column, values in zip(row.columns, zip(*(_as_values(row, way) for way in ways), strict=True), strict=True):
            if len(set(values)) > 1:
                suspects.add(column)
    return AlignedRow(row, chosen, frozenset(suspects), len(row.tokens))


def _leaves_out_noughts(row: RowValues, way: Placement, is_broken: bool) -> bool:
    """Whether the values left over, if any, are noughts and blanks, and the row adds up without them."""
    left_over = [row.number_at(index) for index in range(len(row.tokens)) if index not in way]
    return not left_over or not (is_broken or any(left_over))


def breaks(instance: IdentityInstance, row: RowValues) -> Callable[[Placement], bool]:
    """For a placement, whether an identity within the row is broken over the values that are placed."""
    places = [(row.columns.index(column), added) for column, added in terms_by_row(instance)[row.row_code]]

    def is_broken(way: Placement) -> bool:
        difference = ZERO
        for place, added in places:
            number = row.number_at(way[place]) or ZERO
            difference = difference + number if added else difference - number
        return difference != 0

    return is_broken
