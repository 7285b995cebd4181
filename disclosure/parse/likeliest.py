"""The likeliest readings of unsure cells with which every identity through them holds.

A reading costs what it is less likely than the likeliest of its cell, in nats. From the cheapest readings on, a broken
identity is mended by another reading of one of its cells; of all that ties, only what nothing nearly as cheap contradicts is
chosen. Cells without a reading are unknowns of the identities, which are freed of them first. What does not belong here: which
cells are unsure (`candidates`), and values nobody read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from disclosure.parse.cell_text import CellText

_MARGIN = 6.9  # nats: other readings that tie have to be a thousand times less likely
_DEAREST = 12.0  # of a whole solution
_REPEATED = 0.5  # of its cost: what looks alike is misread alike
_MOST_STEPS = 20_000  # of one search; cells that need more stay undecided
_MOST_LEFT_OUT = 40  # cells tried

Weights = dict[int, int]  # of an identity: the sign of each cell, by cell position
Values = Mapping[int, Decimal]  # of the cells that are sure


@dataclass(frozen=True, slots=True)
class Choice:
    """A possible reading of a cell and what it costs."""

    text: CellText
    cost: float

    @property
    def value(self) -> Decimal:
        return self.text.value or Decimal(0)


Choices = tuple[Choice, ...]  # of one cell, the cheapest first
Domains = Mapping[int, Choices]  # by cell position
Solution = dict[int, Choice]


def choose_likeliest(domains: Domains, unread: Collection[int], rules: list[Weights], values: Values) -> Solution:
    """The readings that tie and that nothing nearly as likely contradicts; cells they leave open are missing.

    `unread` are cells without any reading. Where nothing ties, the true reading of one more cell may be missing: what ties
    whichever cell is left out is chosen.
    """
    search = _Search(domains, _free_of(rules, unread), values)
    best = search.best()
    if best is not None:
        return search.undisputed(best)
    settled = []
    for cell in search.suspects()[:_MOST_LEFT_OUT]:
        rest = {place: choices for place, choices in domains.items() if place != cell}
        without = _Search(rest, _free_of(rules, {*unread, cell}), values)
        best = without.best()
        if best is not None:
            settled.append((best.cost, without.undisputed(best)))
    cheapest = min((cost for cost, _ in settled), default=0.0)
    return _common([solution for cost, solution in settled if cost <= cheapest + _MARGIN])


def _common(solutions: list[Solution]) -> Solution:
    """The choices that all solutions share."""
    if not solutions:
        return {}
    first, *others = solutions
    return {
        cell: choice
        for cell, choice in first.items()
        if all(cell in other and other[cell].value == choice.value for other in others)
    }


def _free_of(rules: list[Weights], unknown: Collection[int]) -> list[Weights]:
    """What the identities say about the other cells: an unknown in two of them is eliminated, in one of them makes it void."""
    system = [dict(rule) for rule in rules]
    for cell in unknown:
        holding = [rule for rule in system if cell in rule]
        system = [rule for rule in system if cell not in rule]
        if holding:
            pivot, *others = sorted(holding, key=len)
            system += [_combine(rule, pivot, cell) for rule in others]
    return [rule for rule in system if rule]


def _combine(rule: Weights, pivot: Weights, cell: int) -> Weights:
    """A rule from which `cell` is taken out with the help of another."""
    combined = {
        place: rule.get(place, 0) * pivot[cell] - pivot.get(place, 0) * rule[cell] for place in {*rule, *pivot} - {cell}
    }
    return {place: weight for place, weight in combined.items() if weight}


@dataclass(frozen=True, slots=True)
class _State:
    """Some cells changed from their cheapest reading, what that costs, and the balance of each identity."""

    changed: Solution
    cost: float
    balances: tuple[Decimal, ...]
    alike: frozenset[tuple[str, str]] = frozenset()

    @property
    def broken(self) -> list[int]:
        return [place for place, balance in enumerate(self.balances) if balance != 0]


class _Search:
    """All ways to keep a system of identities, the cheapest first, as far as the steps of the search reach."""

    def __init__(self, domains: Domains, rules: list[Weights], values: Values) -> None:
        self.domains = domains
        self.rules = [rule for rule in rules if domains.keys() & rule.keys()]
        self.places = {cell: [at for at, rule in enumerate(self.rules) if cell in rule] for cell in domains}
        self.steps = 0
        self.base = _State({}, 0.0, tuple(self._balance(rule, values) for rule in self.rules))

    def _balance(self, rule: Weights, values: Values) -> Decimal:
        terms = (
            weight * (self.domains[cell][0].value if cell in self.domains else values[cell])
            for cell, weight in rule.items()
        )
        return sum(terms, Decimal(0))

    def best(self) -> _State | None:
        """The cheapest solution, if there is one that is cheap enough."""
        limit, found = 0.0, None
        while found is None and limit < _DEAREST and self.steps <= _MOST_STEPS:
            limit = min(_DEAREST, limit + _DEAREST / 4)
            found = min(self._solve(self.base, limit), key=lambda state: state.cost, default=None)
        return found if self.steps <= _MOST_STEPS else None

    def undisputed(self, best: _State) -> Solution:
        """The readings of the best solution that every other one of nearly its cost shares, of cells that are checked."""
        limit = best.cost + _MARGIN
        disputed: set[int] = set()
        for state in self._solve(self.base, limit):
            disputed |= self._differences(best, state)
        for cell, choices in self.domains.items():
            if cell in disputed or cell in best.changed:
                continue
            for choice in choices[1:]:
                forced = self._change(best, cell, choice)
                if forced.cost <= limit:
                    for state in self._solve(forced, limit):
                        disputed |= self._differences(best, state)
        if self.steps > _MOST_STEPS:
            return {}
        checked = {cell for cell, places in self.places.items() if places}
        return {cell: best.changed.get(cell, self.domains[cell][0]) for cell in checked - disputed}

    def suspects(self) -> list[int]:
        """The cells of broken identities, those in most of them first."""
        broken = set(self.base.broken)
        count = {cell: len(broken.intersection(places)) for cell, places in self.places.items()}
        return sorted((cell for cell in count if count[cell]), key=lambda cell: -count[cell])

    def _solve(self, start: _State, limit: float) -> Iterator[_State]:
        """All ways to mend what is broken that cost no more than `limit`."""
        seen: set[frozenset[tuple[int, str]]] = set()
        waiting = [start]
        while waiting:
            state = waiting.pop()
            key = frozenset((cell, choice.text.printed) for cell, choice in state.changed.items())
            if key in seen:
                continue
            seen.add(key)
            self.steps += 1
            if self.steps > _MOST_STEPS:
                return
            broken = state.broken
            if broken:
                waiting.extend(self._mend(state, broken, limit))
            else:
                yield state

    def _mend(self, state: _State, broken: list[int], limit: float) -> Iterator[_State]:
        """The next steps: another reading of a cell of the broken identity that has fewest cells to change."""
        open_cells = [
            [cell for cell in self.rules[place] if cell in self.domains and cell not in state.changed]
            for place in broken
        ]
        for cell in min(open_cells, key=len):
            for choice in self.domains[cell][1:]:
                if state.cost + choice.cost * _REPEATED <= limit:
                    step = self._change(state, cell, choice)
                    if step.cost <= limit:
                        yield step

    def _change(self, state: _State, cell: int, choice: Choice) -> _State:
        first = self.domains[cell][0]
        balances = list(state.balances)
        for place in self.places[cell]:
            balances[place] += self.rules[place][cell] * (choice.value - first.value)
        pair = (first.text.printed, choice.text.printed)
        cost = choice.cost * (_REPEATED if pair in state.alike else 1.0)
        return _State({**state.changed, cell: choice}, state.cost + cost, tuple(balances), state.alike | {pair})

    def _differences(self, one: _State, other: _State) -> set[int]:
        """The cells whose value two solutions give differently."""
        return {
            cell
            for cell in {*one.changed, *other.changed}
            if one.changed.get(cell, self.domains[cell][0]).value
            != other.changed.get(cell, self.domains[cell][0]).value
        }
