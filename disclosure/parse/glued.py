"""Cells that ran together into one string of digits (规章000), taken apart again where only one way is possible.

One digit for every column leaves no choice; otherwise the row's own identity has to leave exactly one way. What does not belong
here: finding the row a string belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from catalogue.model import IdentityInstance, Term

_LONGEST = 40  # digits; longer strings are identity numbers or damage
_MOST_WAYS = 200_000
_ONE_NUMBER = re.compile(r"(?:0|[1-9]\d*)(?:\.\d+)?")

Ties = Callable[[Sequence[int]], bool]


def split_digits(text: str, columns: tuple[str, ...], instances: Iterable[IdentityInstance]) -> tuple[str, ...] | None:
    """The cells of a row whose figures ran together, one for every column; None where no way or several ways fit.

    `instances` are the equalities that hold within the row.
    """
    if len(columns) == 1:
        return (text,) if _ONE_NUMBER.fullmatch(text) else None
    if not text.isascii() or not text.isdigit():
        return None
    if len(text) == len(columns):
        return tuple(text)
    checks = [_tie_of(instance, columns) for instance in instances]
    return split_line(text, [(len(columns), checks)]) if checks else None


def are_certain(cells: Sequence[str], columns: tuple[str, ...], instances: Iterable[IdentityInstance]) -> bool:
    """Whether figures that ran together can be no others: they are one, or all nought, or the row's own equalities hold. Else a
    cell may have been blank, and two digits one figure."""
    if len(cells) == 1 or not any(cell.strip("0") for cell in cells):
        return True
    checks = [_tie_of(instance, columns) for instance in instances]
    return bool(checks) and all(check([int(cell) for cell in cells]) for check in checks)


def split_line(text: str, rows: Sequence[tuple[int, Sequence[Ties]]]) -> tuple[str, ...] | None:
    """The one way to cut digits into rows of so many whole numbers each, so that every row ties; None where it is not one."""
    wanted = sum(count for count, _ in rows)
    if not text.isdigit() or not wanted <= len(text) <= _LONGEST:
        return None
    if len(text) == wanted:
        return tuple(text)
    found: tuple[str, ...] | None = None
    for tried, way in enumerate(_ways(text, rows)):
        if tried >= _MOST_WAYS:
            return None
        if way is not None:
            if found is not None:
                return None
            found = way
    return found


def _ways(text: str, rows: Sequence[tuple[int, Sequence[Ties]]]) -> Iterator[tuple[str, ...] | None]:
    """Every way that ties, and None for every way that does not, so that the caller can count them."""
    if not rows:
        yield () if not text else None
        return
    (count, checks), following = rows[0], rows[1:]
    needed = sum(number for number, _ in following)
    for cells, rest in _cuts(text, count, needed):
        if following or not rest:
            if all(check([int(cell) for cell in cells]) for check in checks):
                for others in _ways(rest, following):
                    yield None if others is None else (*cells, *others)
            else:
                yield None


def _cuts(text: str, count: int, needed: int) -> Iterator[tuple[tuple[str, ...], str]]:
    """The ways to take `count` numbers without leading zeros from the start, leaving at least `needed` digits."""
    if count == 0:
        yield (), text
        return
    longest = 1 if text.startswith("0") else len(text) - needed - count + 1
    for length in range(1, longest + 1):
        for cells, rest in _cuts(text[length:], count - 1, needed):
            if len(rest) >= needed:
                yield (text[:length], *cells), rest


def _tie_of(instance: IdentityInstance, columns: tuple[str, ...]) -> Ties:
    """Whether the numbers of a row, in the order of its columns, hold an equality."""
    left, right = _signs(instance.left, columns), _signs(instance.right, columns)

    def ties(numbers: Sequence[int]) -> bool:
        return sum(s * n for s, n in zip(left, numbers, strict=True)) == sum(
            s * n for s, n in zip(right, numbers, strict=True)
        )

    return ties


def _signs(terms: tuple[Term, ...], columns: tuple[str, ...]) -> list[int]:
    signs = dict.fromkeys(columns, 0)
    for term in terms:
        signs[term.column_code] += term.sign
    return [signs[column] for column in columns]


def ties_of_rows(
    rows: Iterable[tuple[str, tuple[str, ...]]], instances: Iterable[IdentityInstance]
) -> list[tuple[int, list[Ties]]]:
    """For each row, given as its code and columns: how many numbers it has and the equalities within it."""
    known = tuple(instances)
    return [
        (len(columns), [_tie_of(each, columns) for each in known if each.left[0].row_code == code])
        for code, columns in rows
    ]
