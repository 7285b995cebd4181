"""How far the value of a cell in doubt is still bounded by the identities, when everything not in doubt is right.

The bounds follow from the figures that stand and from counts not being negative; they are what every repair that leaves
the other figures alone allows. Nothing is chosen and nothing is withheld here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from catalogue.model import Comparison
from disclosure.reconcile.compiled import CompiledTable, Rule
from disclosure.reconcile.evaluate import ZERO, Values

Range = tuple[Decimal, Decimal]  # closed

ROUNDS = 12  # bounds only ever tighten, so that stopping early leaves them wide and never wrong


def possible_ranges(compiled: CompiledTable, values: Values, in_doubt: Collection[int]) -> dict[int, Range]:
    """The range of each cell in doubt; empty when the figures that stand contradict each other by themselves."""
    ranges = {
        cell: (ZERO if compiled.not_negative[cell] else -maximum, maximum)
        if cell in in_doubt or (value := values[cell]) is None
        else (value, value)
        for cell, maximum in enumerate(compiled.maximum)
    }
    rules = {rule.place: rule for cell in in_doubt for rule in compiled.sums_of[cell]}
    for _ in range(ROUNDS):
        narrower = [cell for rule in rules.values() for cell in _tighten(rule, ranges)]
        if any(ranges[cell][0] > ranges[cell][1] for cell in narrower):
            return {}
        if not narrower:
            break
    return {cell: ranges[cell] for cell in sorted(in_doubt)}


def _tighten(rule: Rule, ranges: dict[int, Range]) -> list[int]:
    """Narrow the range of each term to what the others leave for it; the cells that became narrower."""
    comparison, slack = rule.instance.comparison, rule.instance.tolerance
    narrower = []
    for cell, weight in rule.weights.items():
        if not weight:
            continue
        rest = _reach({other: each for other, each in rule.weights.items() if other != cell}, ranges)
        # weight * value + rest lies between -slack and slack, or only on one side of it
        at_most = None if comparison is Comparison.AT_LEAST else (slack - rest[0]) / weight
        at_least = None if comparison is Comparison.AT_MOST else (-slack - rest[1]) / weight
        upper, lower = (at_most, at_least) if weight > 0 else (at_least, at_most)
        before = ranges[cell]
        after = (
            before[0] if lower is None else max(before[0], lower + ZERO),
            before[1] if upper is None else min(before[1], upper + ZERO),
        )
        if after != before:
            ranges[cell] = after
            narrower.append(cell)
    return narrower


def _reach(weights: Mapping[int, int], ranges: Mapping[int, Range]) -> Range:
    """The smallest and the largest sum of some weighted cells."""
    lowest = highest = ZERO
    for cell, weight in weights.items():
        ends = (weight * ranges[cell][0], weight * ranges[cell][1])
        lowest, highest = lowest + min(ends), highest + max(ends)
    return lowest, highest
