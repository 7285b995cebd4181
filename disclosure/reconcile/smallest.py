"""The smallest changes that mend the broken must-hold identities of a table: one cell, else two (docs/methodology.md).

Broken identities that share no cell are mended apart, so that one wrong row of 表四 does not hide another. Nothing is
chosen here: all repairs of the smallest size come back, and what speaks for one of them is judged in `explain`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalogue.model import Comparison
from disclosure.reconcile.compiled import CompiledTable, Rule
from disclosure.reconcile.evaluate import ZERO, Evaluation, Values, evaluate_sum, unknown_reach, violates
from disclosure.report import Outcome

LARGEST = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Change:
    """Another value for one cell: any within the closed interval mends the table."""

    cell: int  # position in the compiled table
    lowest: Decimal
    highest: Decimal

    @property
    def value(self) -> Decimal | None:
        """The one value that mends the table; None when several do."""
        return self.lowest if self.lowest == self.highest else None


Repair = tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Broken must-hold identities that share cells, with every smallest repair of theirs (none beyond two cells)."""

    broken: tuple[Evaluation, ...]
    repairs: tuple[Repair, ...]

    @property
    def has_single(self) -> bool:
        """Whether one cell alone could explain it."""
        return any(len(repair) == 1 for repair in self.repairs)

    @property
    def only_repair(self) -> Repair | None:
        """The unique smallest repair, when it determines the value of each of its cells."""
        if len(self.repairs) != 1 or any(change.value is None for change in self.repairs[0]):
            return None
        return self.repairs[0]


def find_faults(compiled: CompiledTable, values: Values, evaluations: Sequence[Evaluation]) -> tuple[Fault, ...]:
    """The broken must-hold identities of a table in groups that share printed cells, each with its smallest repairs."""
    broken = [each for each in evaluations if each.rule.must_hold and each.outcome is Outcome.BROKEN]
    accusations = [(each, cells) for each in broken for cells in accused_by(values, each)]
    return tuple(_describe_group(compiled, values, group) for group in _groups(accusations))


def merge_faults(compiled: CompiledTable, values: Values, faults: Sequence[Fault]) -> Fault:
    """Faults that no single cell explains, taken as one: two cells may break identities that share no cell."""
    broken = sorted((each for fault in faults for each in fault.broken), key=lambda each: each.rule.place)
    accused = [cells for each in broken for cells in accused_by(values, each)]
    return Fault(tuple(broken), tuple(_mend_by_two(compiled, values, accused)))


def accused_by(values: Values, evaluation: Evaluation) -> Iterator[frozenset[int]]:
    """Sets of printed cells, of each of which at least one has to change: the terms of a sum, each single offender."""
    if evaluation.rule.is_sum:
        yield frozenset(cell for cell in evaluation.rule.weights if values[cell] is not None)
    else:
        yield from (frozenset({cell}) for cell in evaluation.offenders)


Accusation = tuple[Evaluation, frozenset[int]]


def _describe_group(compiled: CompiledTable, values: Values, group: Sequence[Accusation]) -> Fault:
    broken = {each.rule.place: each for each, _ in group}
    repairs = _mend(compiled, values, [cells for _, cells in group])
    return Fault(tuple(broken[place] for place in sorted(broken)), tuple(repairs))


def _groups(accusations: Sequence[Accusation]) -> list[list[Accusation]]:
    groups: list[tuple[set[int], list[Accusation]]] = []
    for accusation in accusations:
        together, apart = [accusation], []
        cells = set(accusation[1])
        for group in groups:
            if group[0] & cells:
                cells |= group[0]
                together = [*group[1], *together]
            else:
                apart.append(group)
        groups = [*apart, (cells, together)]
    return [members for _, members in groups]


def _mend(compiled: CompiledTable, values: Values, accused: Sequence[frozenset[int]]) -> list[Repair]:
    single = [
        (Change(cell, *interval),)
        for cell in sorted(frozenset.intersection(*accused))
        if (interval := allowed_interval(compiled, values, cell)) is not None
    ]
    return list(single) if single else list(_mend_by_two(compiled, values, accused))


def _mend_by_two(compiled: CompiledTable, values: Values, accused: Sequence[frozenset[int]]) -> Iterator[Repair]:
    """Pairs of cells that cover every accusation and whose values the identities determine one after the other."""
    seen: set[frozenset[int]] = set()
    shortest = min(accused, key=len)
    for first in sorted(shortest):
        others = [cells for cells in accused if first not in cells]
        seconds = frozenset.intersection(*others) if others else _neighbours(compiled, values, first)
        for second in sorted(seconds - {first}):
            pair = frozenset({first, second})
            if pair not in seen:
                seen.add(pair)
                if repair := _solve_pair(compiled, values, first, second):
                    yield repair


def _neighbours(compiled: CompiledTable, values: Values, cell: int) -> frozenset[int]:
    return frozenset(
        other
        for rule in compiled.sums_of[cell]
        for other in rule.weights
        if values[other] is not None and other != cell
    )


def _solve_pair(compiled: CompiledTable, values: Values, first: int, second: int) -> Repair | None:
    """The values of two cells that leave no must-hold identity broken, where the identities determine both."""
    filled = list(values)
    filled[first] = filled[second] = None
    rules = {rule.place: rule for cell in (first, second) for rule in compiled.sums_of[cell]}
    for _ in range(2):
        for rule in rules.values():
            _solve_single(rule, filled)
    if filled[first] is None or filled[second] is None:
        return None
    changed = [cell for cell in (first, second) if filled[cell] != values[cell]]
    if len(changed) < 2 or not all(is_unbroken(compiled, filled, rule) for rule in rules.values()):
        return None
    intervals = {cell: allowed_interval(compiled, filled, cell) for cell in changed}
    if any(interval is None for interval in intervals.values()):
        return None
    return tuple(_exactly(cell, filled[cell]) for cell in sorted(changed))


def _exactly(cell: int, value: Decimal | None) -> Change:
    assert value is not None
    return Change(cell, value + ZERO, value + ZERO)  # -0 becomes 0


def _solve_single(rule: Rule, filled: list[Decimal | None]) -> None:
    if rule.instance.comparison is not Comparison.EQUAL:
        return
    unknown = [cell for cell in rule.weights if filled[cell] is None]
    if len(unknown) == 1 and rule.weights[unknown[0]]:
        difference = sum((weight * (filled[cell] or ZERO) for cell, weight in rule.weights.items()), ZERO)
        filled[unknown[0]] = ZERO - difference / rule.weights[unknown[0]]


def is_unbroken(compiled: CompiledTable, values: Values, rule: Rule) -> bool:
    return evaluate_sum(compiled, rule, values).outcome is not Outcome.BROKEN


def allowed_interval(compiled: CompiledTable, values: Values, cell: int) -> tuple[Decimal, Decimal] | None:
    """The values the cell could take so that no must-hold identity containing it is broken; None when there is none."""
    highest = compiled.maximum[cell]
    lowest = ZERO if compiled.not_negative[cell] else -highest
    for rule in compiled.sums_of[cell]:
        low, high = _allowed_by(compiled, values, cell, rule)
        lowest, highest = max(lowest, low), min(highest, high)
    whole = [rule for rule in compiled.each_of[cell] if rule.instance.comparison is Comparison.EACH_INTEGER]
    if lowest > highest or (lowest == highest and any(violates(compiled, rule, cell, lowest) for rule in whole)):
        return None
    return lowest + ZERO, highest + ZERO  # -0 becomes 0


def _allowed_by(compiled: CompiledTable, values: Values, cell: int, rule: Rule) -> tuple[Decimal, Decimal]:
    """The values of the cell that one sum allows, given everything else."""
    others = [None if index == cell else value for index, value in enumerate(values)]
    evaluation = evaluate_sum(compiled, rule, others)
    weight = rule.weights[cell]
    if not weight:
        return -LARGEST, LARGEST
    can_rise, can_fall = unknown_reach(compiled, rule, tuple(i for i in evaluation.missing if i != cell))
    comparison = rule.instance.comparison
    # weight * value has to equal this, or to stay below it or above it
    balance = evaluation.known_right - evaluation.known_left
    bounded_above = not can_fall and comparison is not Comparison.AT_LEAST
    bounded_below = not can_rise and comparison is not Comparison.AT_MOST
    ends = balance / weight
    upper = ends if (bounded_above if weight > 0 else bounded_below) else LARGEST
    lower = ends if (bounded_below if weight > 0 else bounded_above) else -LARGEST
    return lower, upper
