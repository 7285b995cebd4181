"""Rows that lost cells, told by all sums of the table together: what each row and what each column adds up to.

A placement fixes every cell of its row where the row's own sum leaves one value for those it lacks. The sums over rows then
leave some placements and exclude the rest; a row counts as settled when all that are left give it the same figures and
every sum through it closes. What does not belong here: rows with surplus values, and tables that do not tie; they stay as
`align.py` leaves them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import sub
from typing import NamedTuple

from catalogue.model import IdentityInstance
from disclosure.parse.narrowing import ZERO, Placement, RowValues, Terms

_MOST_STEPS = 20_000  # of the search through the placements left; tables that need more stay in doubt
_TELLING_ROWS = 2  # rows whose last figure is the sum of the others that show that totals are printed
_TELLING_FIGURE = 3  # a smaller figure that stands twice in a row may be two applicants' as well as one's and the total

Figures = tuple[Decimal, ...]  # of a whole row, in the order of its columns


class Settled(NamedTuple):
    """A placement that closes every sum; at the places in `differing` others that do so too give other figures."""

    placement: Placement
    differing: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Sum:
    """A sum over rows: for each of them the places of its cells and whether they are added."""

    terms: dict[str, tuple[tuple[int, bool], ...]]

    def part(self, code: str, figures: Figures) -> Decimal:
        return sum((figures[place] if added else -figures[place] for place, added in self.terms[code]), ZERO)


def settle_by_sums(
    rows: Sequence[RowValues],
    ways: Mapping[str, Sequence[Placement]],
    within: Mapping[str, Sequence[IdentityInstance]],
    across: Sequence[Terms],
) -> dict[str, Settled]:
    """What the sums of the table leave to its short rows, and confirm: a placement, and the places whose figures other
    solutions give otherwise."""
    short = [row for row in rows if 0 < len(row.tokens) < len(row.columns) and row.by_column is None]
    filled = {row.row_code: row for row in rows if row.tokens}
    totals = {code: _place_of_total(row, within[code]) for code, row in filled.items()}
    if not short or None in totals.values():
        return {}
    printed = _are_totals_printed(filled, across)
    choices: dict[str, dict[Figures, Placement]] = {}
    for code, row in filled.items():
        found = _choices_of(row, ways[code], totals[code] or 0, printed)
        if not found:
            return {}
        choices[code] = found
    sums = [each for terms in across if (each := _sum_over(terms, filled, printed)) is not None]
    try:
        solved = _solve(choices, sums)
    except _TooMuchError:
        return {}
    confirmed = {(code, place) for each in sums for code, cells in each.terms.items() for place, _ in cells}
    settled = {}
    for row in short:
        left = sorted(solved.get(row.row_code, ()))
        if left and all((row.row_code, place) in confirmed for place in range(len(row.columns))):
            differing = frozenset(
                place for place, figures in enumerate(zip(*left, strict=True)) if len(set(figures)) > 1
            )
            settled[row.row_code] = Settled(choices[row.row_code][left[0]], differing)
    return settled


def _place_of_total(row: RowValues, own: Sequence[IdentityInstance]) -> int | None:
    """The place of the column that is the sum of all others; None where the row has no such column."""
    for instance in own:
        for one, others in ((instance.left, instance.right), (instance.right, instance.left)):
            if len(one) == 1 and len(others) == len(row.columns) - 1:
                return row.columns.index(one[0].column_code)
    return None


def _are_totals_printed(rows: Mapping[str, RowValues], across: Sequence[Terms]) -> bool:
    """Whether the last figure of every row is its total: the sum of the others in each row, in more rows than by chance,
    and the totals of the rows add up as well."""
    telling = 0
    for row in rows.values():
        figures = [number for number in row.numbers if number]
        if None in row.numbers or (figures and (row.numbers[-1] != figures[-1] or 2 * figures[-1] != sum(figures))):
            return False
        telling += len(figures) > 2 or (bool(figures) and figures[0] >= _TELLING_FIGURE)
    balances = {balance for terms in across if (balance := _balance_of_totals(terms, rows)) is not None}
    return telling >= _TELLING_ROWS and balances == {ZERO}


def _balance_of_totals(terms: Terms, rows: Mapping[str, RowValues]) -> Decimal | None:
    """Left - right of a sum of totals; None for another column, and where rows without figures stand on both sides."""
    if len(_sides_without_figures(terms, rows)) == 2:
        return None
    balance = ZERO
    for code, row in rows.items():
        for column, added in terms.get(code, ()):
            if column != row.columns[-1]:
                return None
            balance += (row.numbers[-1] or ZERO) * (1 if added else -1)
    return balance


def _sides_without_figures(terms: Terms, rows: Mapping[str, RowValues]) -> set[bool]:
    return {added for code, cells in terms.items() if code not in rows for _, added in cells}


def _choices_of(
    row: RowValues, ways: Sequence[Placement], total: int, totals_printed: bool
) -> dict[Figures, Placement]:
    """The figures a row can have, each with the first placement that gives them; empty where a placement leaves them open
    or the row's own sum excludes all."""
    choices: dict[Figures, Placement] = {}
    for way in ways:
        if totals_printed and way[total] != len(row.tokens) - 1:
            continue
        figures = [row.number_at(index) for index in way]
        lacking = [place for place, figure in enumerate(figures) if figure is None]
        if len(lacking) > 1 and total in lacking:
            return {}
        short_of = (figures[total] or ZERO) - sum((figures[p] or ZERO for p in range(len(figures)) if p != total), ZERO)
        if lacking == [total]:
            figures[total] = -short_of
        elif short_of < 0 or (short_of and not lacking):
            continue
        elif short_of and len(lacking) > 1:
            return {}
        else:  # the one part that is lacking is what the total wants; where it wants nothing, none is
            figures = [short_of if figure is None else figure for figure in figures]
        choices.setdefault(tuple(figure or ZERO for figure in figures), way)
    return choices


def _sum_over(terms: Terms, rows: Mapping[str, RowValues], totals_printed: bool) -> _Sum | None:
    """A sum over the rows that have figures; None where rows without figures leave it open. Where the totals add up without
    those rows, and they stand on one side, nothing is missing in them."""
    without = _sides_without_figures(terms, rows)
    if len(without) == 2 or (without and not totals_printed):
        return None
    return _Sum(
        {
            code: tuple((rows[code].columns.index(column), added) for column, added in cells)
            for code, cells in terms.items()
            if code in rows
        }
    )


def _solve(choices: Mapping[str, Mapping[Figures, Placement]], sums: Sequence[_Sum]) -> dict[str, set[Figures]]:
    """For each row the figures it has in some solution. Raises _TooMuchError."""
    codes = sorted(choices, key=lambda code: len(choices[code]))
    search = _Search(
        [
            [
                (figures, tuple(each.part(code, figures) if code in each.terms else ZERO for each in sums))
                for figures in choices[code]
            ]
            for code in codes
        ]
    )
    search.has_solution(0, 0, ())
    return dict(zip(codes, search.seen, strict=True))


class _Packing:
    """Balances of several sums as one whole number, each in a field of its own. One addition then moves all of them, and one
    mask tells whether any is out of bounds: a table can take hundreds of thousands of such steps."""

    def __init__(self, parts: Sequence[Sequence[tuple[Figures, Figures]]]) -> None:
        rows = [[part for _, part in row] for row in parts]
        exponents = [each.as_tuple().exponent for row in rows for part in row for each in part]
        self._decimals = max((-each for each in exponents if isinstance(each, int)), default=0)
        furthest = sum(max((abs(self._whole(each)) for part in row for each in part), default=0) for row in rows)
        of_difference = (2 * furthest).bit_length()  # bits that the difference of any two balances takes
        self._width = of_difference + 1  # and one for its sign
        self.signs = sum(1 << (self._width * place + self._width - 1) for place in range(len(rows[0][0])))

    def pack(self, balances: Figures) -> int:
        return sum(self._whole(each) << (self._width * place) for place, each in enumerate(balances))

    def _whole(self, figure: Decimal) -> int:
        return int(figure.scaleb(self._decimals) if self._decimals else figure)


class _Search:
    """Goes through the choices row by row, what each adds to the sums carried along. `seen` collects for each row the
    figures that stand in some solution. Rows that can change places lead to the same balances again and again; what
    follows from a balance is looked for once."""

    def __init__(self, parts: Sequence[Sequence[tuple[Figures, Figures]]]) -> None:
        self.seen: list[set[Figures]] = [set() for _ in parts]
        packing = _Packing(parts)
        self._parts = [[(figures, packing.pack(part)) for figures, part in row] for row in parts]
        # A difference of balances plus `signs` has every sign bit set just where no field is negative.
        self._signs = packing.signs
        least, most = _closable(parts)
        self._least = [packing.pack(each) - packing.signs for each in least]
        self._most = [packing.pack(each) + packing.signs for each in most]
        self._known: dict[tuple[int, int], bool] = {}

    def has_solution(self, depth: int, balances: int, taken: tuple[Figures, ...]) -> bool:
        """Whether the sums can close from here on, every solution put down."""
        if depth == len(self._parts):
            self._put_down(taken)
            return True
        key = (depth, balances)
        if key in self._known:
            if self._known[key]:
                self._put_down(taken)
            return self._known[key]
        if len(self._known) >= _MOST_STEPS:
            raise _TooMuchError
        self._known[key] = False
        least, most, signs = self._least[depth + 1], self._most[depth + 1], self._signs
        for figures, part in self._parts[depth]:
            left = balances + part
            if (left - least) & signs == signs and (most - left) & signs == signs:
                found = self.has_solution(depth + 1, left, (*taken, figures))
                self._known[key] = self._known[key] or found
        return self._known[key]

    def _put_down(self, taken: tuple[Figures, ...]) -> None:
        for place, figures in enumerate(taken):
            self.seen[place].add(figures)


class _TooMuchError(Exception):
    """The search would take too many steps."""


def _closable(parts: Sequence[Sequence[tuple[Figures, Figures]]]) -> tuple[list[Figures], list[Figures]]:
    """For each row in the order of the search, the least and the greatest balances that it and all rows after it can close."""
    nothing = (ZERO,) * len(parts[0][0][1])
    least, most = [nothing], [nothing]
    for row in reversed(parts):
        columns = list(zip(*(part for _, part in row), strict=True))
        least.insert(0, tuple(map(sub, least[0], map(max, columns))))
        most.insert(0, tuple(map(sub, most[0], map(min, columns))))
    return least, most
