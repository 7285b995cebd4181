"""Broken header words spelled by their pieces: which piece belongs to which word, and what that tells of their order.

What stands side by side tells what comes before what; pieces one below the other tell nothing but whether they could be the form's
header, line by line. What does not belong here: what is made of it (`header_pieces`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby, pairwise

from disclosure.parse.header_words import SPANNING, Line, Order, Words, Zone

_MOST_STEPS = 4000  # of one search


@dataclass(frozen=True, slots=True)
class Spelled:
    """How pieces spell all words: the orders that rows of them leave, where they leave one, and the places of their lines; whether a
    row contradicts the form in every way to spell them, or lines below each other are the form's in one; whether there is any."""

    orders: tuple[Order, ...] = ()
    may_be_form: bool = False
    is_form: bool = False
    is_complete: bool = False
    places: tuple[int, ...] = ()


def spell(zone: Zone, words: Words) -> Spelled:
    """What the pieces of a zone spell; nothing where that took too long to find out."""
    if not _may_be_spelled(zone, words):
        return Spelled()
    search = _Search(tuple(cut_repeats(line, words.times) for line in zone), words)
    orders: dict[Order, None] = {}
    places: set[int] = set()
    may_be_form = is_form = is_complete = False
    rowed = any(line.rowed for line in zone)
    for owners in search.run():
        is_complete = True
        upper, under = _pairs(owners, words)
        order = _joined_order(upper, under, words)
        if order is not None:
            orders[order] = None
            places.update(place for at in {at for _, at in owners} for place in zone[at].places)
        in_order = all(words.upper.index(one) < words.upper.index(other) for one, other in upper) and all(
            words.codes.index(one) < words.codes.index(other) for one, other in under
        )
        beside = rowed or bool(upper or under)
        may_be_form |= in_order and beside
        is_form |= not beside and _is_layered(owners, words)
    if search.is_cut_short:
        return Spelled()
    return Spelled(tuple(orders), may_be_form, is_form, is_complete, tuple(sorted(places)))


def cut_repeats(line: Line, times: int) -> Line:
    """A line that prints the same pieces several times side by side with those of the first time alone; any other as it is."""
    size = len(line.pieces) // times
    repeats = times > 1 and size > 0 and line.texts == line.texts[:size] * times
    return replace(line, pieces=line.pieces[:size]) if repeats else line


def _may_be_spelled(zone: Zone, words: Words) -> bool:
    """Whether the characters of every word stand in a zone."""
    printed = Counter("".join(text for line in zone for text in line.texts))
    return all(any(Counter(word) <= printed for word in words.wordings[code]) for code in words.codes)


_Owner = tuple[str, int]  # the code of the word a piece belongs to, and its line
_Pair = tuple[str, str]  # what stands before what
_Pairs = set[_Pair]
_Rest = Mapping[str, tuple[str, ...]]  # by code, what is left of its wordings to be spelled


class _Search:
    """Which word each piece belongs to, so that the pieces of every word spell it from the first to the last."""

    def __init__(self, zone: Zone, words: Words) -> None:
        self._zone = zone
        self._words = words
        self._steps = 0

    @property
    def is_cut_short(self) -> bool:
        return self._steps > _MOST_STEPS

    def run(self) -> Iterator[tuple[_Owner, ...]]:
        yield from self._go_on(0, 0, "", self._words.wordings, (), frozenset())

    def _go_on(
        self, line: int, number: int, over: str, rest: _Rest, owners: tuple[_Owner, ...], before: frozenset[_Pair]
    ) -> Iterator[tuple[_Owner, ...]]:
        """From the `number`th piece of a line on; `over` is what is left of one that holds the pieces of several words."""
        self._steps += 1
        if self.is_cut_short:
            return
        if line == len(self._zone):
            if all(self._is_spelled(code, left, owners) for code, left in rest.items()):
                yield owners
            return
        pieces = self._zone[line].pieces
        if number == len(pieces):
            yield from self._go_on(line + 1, 0, "", rest, owners, before)
            return
        text = over or pieces[number].text
        taken = [code for code, at in owners if at == line]
        ways = [(code, shared) for code, left in rest.items() if code not in taken and (shared := _shared(text, left))]
        fits = any(shared == len(text) for _, shared in ways)
        may_be_several = len(pieces) == 1 and not fits
        for code, shared in sorted(ways, key=lambda way: -way[1]):
            if any((code, one) in before for one in taken):
                continue
            known = before | {(one, code) for one in taken}
            for length in range(shared, 0 if may_be_several else len(text) - 1, -1):
                following = tuple(word[length:] for word in rest[code] if word.startswith(text[:length]))
                at = (line, number, text[length:]) if length < len(text) else (line, number + 1, "")
                yield from self._go_on(*at, {**rest, code: following}, (*owners, (code, line)), known)
        if not fits and not over:
            yield from self._go_on(line, number + 1, "", rest, owners, before)

    @staticmethod
    def _is_spelled(code: str, left: tuple[str, ...], owners: tuple[_Owner, ...]) -> bool:
        """A spanning word may be missing, or left out altogether."""
        return "" in left or (code == SPANNING and all(owner != code for owner, _ in owners))


def _shared(text: str, words: Iterable[str]) -> int:
    """How many characters a text and one of the words begin with alike."""
    return max(
        next(
            (place for place, (one, other) in enumerate(zip(text, word, strict=False)) if one != other),
            min(len(text), len(word)),
        )
        for word in words
    )


def _is_layered(owners: Sequence[_Owner], words: Words) -> bool:
    """Whether pieces one below the other are what the form's header is, line by line: its words set from the top, from the foot or
    around the middle, or one after the other."""
    upper = [code for code, _ in owners if code not in words.under]
    under = [code for code, _ in owners if code in words.under]
    spanned = tuple(code for code in words.upper if code != SPANNING or code in upper)
    lower = tuple(code for code in words.codes if code in words.under)
    return upper in _layers(upper, spanned) and under in _layers(under, lower)


def _layers(pieces: Sequence[str], order: Order) -> Iterator[list[str]]:
    """The pieces of words as lines of them read, if the words stand in an order."""
    counts = Counter(pieces)
    depth = max(counts.values(), default=0)
    yield [code for code in order for _ in range(counts[code])]
    for lift in (lambda less: 0, lambda less: less, lambda less: less // 2, lambda less: (less + 1) // 2):
        first = {code: lift(depth - counts[code]) for code in order}
        yield [code for line in range(depth) for code in order if 0 <= line - first[code] < counts[code]]


def _pairs(owners: Sequence[_Owner], words: Words) -> tuple[_Pairs, _Pairs]:
    """What stands before what in a line, among the upper words and among those under the spanning one."""
    upper: _Pairs = set()
    under: _Pairs = set()
    for _, members in groupby(owners, key=lambda owner: owner[1]):
        row = [code for code, _ in members]
        for one, other in combinations(row, 2):
            if one in words.under and other in words.under:
                under.add((one, other))
            else:
                upper.add((words.above(one), words.above(other)))
    return {(one, other) for one, other in upper if one != other}, under


def _joined_order(upper: _Pairs, under: _Pairs, words: Words) -> Order | None:
    """The one order of all words; None where the pairs leave several, or none."""
    above = _sorted_by(upper, words.upper)
    below = _sorted_by(under, tuple(code for code in words.codes if code in words.under))
    return None if above is None or below is None else words.joined(above, below)


def _sorted_by(before: _Pairs, codes: Order) -> Order | None:
    """The codes in the only order in which each stands before what it is known to stand before."""
    known = set(before)
    for middle in codes:
        known |= {
            (one, other) for one in codes for other in codes if (one, middle) in known and (middle, other) in known
        }
    if any((one, one) in known for one in codes):
        return None
    order = tuple(sorted(codes, key=lambda code: sum((other, code) in known for other in codes)))
    return order if all(pair in known for pair in pairwise(order)) else None
