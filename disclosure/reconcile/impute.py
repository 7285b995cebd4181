"""Values that the identities leave as the only possible ones (docs/methodology.md).

Nothing printed is touched here, and nothing is taken from plausibility rules, prose or other years.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal

from catalogue.model import Comparison
from disclosure.reconcile.compiled import CompiledTable, Rule
from disclosure.reconcile.evaluate import ZERO, Values, evaluate_sum, violates
from disclosure.report import Outcome


def impute(
    compiled: CompiledTable, values: Values, fillable: Collection[int], failing: Collection[int]
) -> dict[int, Decimal]:
    """The value of each fillable cell that a row identity and a column identity agree on.

    `fillable` are unknown cells that may be filled; `failing` the places of rules already broken, which neither
    determine nor confirm anything. A value is accepted only when afterwards every must-hold identity that contains
    its cell holds, among them one along the row and one along the column: with the row alone, one misread figure
    beside a blank would be copied into it.
    """
    filled = list(values)
    determined = _propagate(compiled, filled, fillable, failing)
    while rejected := _find_unconfirmed(compiled, filled, determined, failing):
        for cell in rejected:
            del determined[cell]
            filled[cell] = None
    return determined


def leave_secure(
    compiled: CompiledTable, determined: dict[int, Decimal], values: Values, doubted: Collection[int]
) -> dict[int, Decimal]:
    """Of the determined values those that a misread figure elsewhere could not have changed unseen.

    A table is a parity code over rows and columns: where unknown cells lie on several rows and several columns at once, they
    take up the error of one more cell together, and every identity holds. That does no harm among blanks of a table read
    well. Among unknown cells one of which is withheld because the reading is in doubt, only those count that share one
    line and nothing else.
    """
    if not doubted:
        return determined
    secure = dict(determined)
    for cells, rules in _connected(compiled, [cell for cell, value in enumerate(values) if value is None]):
        shared = [rule for rule in rules.values() if sum(cell in cells for cell in rule.weights) > 1]
        if cells & set(doubted) and len(shared) > 1:
            for cell in cells & secure.keys():
                del secure[cell]
    return secure


def _connected(compiled: CompiledTable, unknown: Iterable[int]) -> Iterator[tuple[set[int], dict[int, Rule]]]:
    """Unknown cells that share identities, directly or over others, with those identities by place."""
    groups: list[tuple[set[int], dict[int, Rule]]] = []
    for cell in unknown:
        cells = {cell}
        rules = {rule.place: rule for rule in compiled.sums_of[cell] if rule.instance.comparison is Comparison.EQUAL}
        apart = []
        for group in groups:
            if group[1].keys() & rules.keys():
                cells |= group[0]
                rules |= group[1]
            else:
                apart.append(group)
        groups = [*apart, (cells, rules)]
    yield from groups


def holding_rules(compiled: CompiledTable, values: Values) -> frozenset[int]:
    """The places of the must-hold sums that hold on these values."""
    return frozenset(
        rule.place
        for rule in compiled.rules
        if rule.must_hold and rule.is_sum and evaluate_sum(compiled, rule, values).outcome is Outcome.HOLDS
    )


def holds_both_ways(compiled: CompiledTable, cell: int, holding: Collection[int]) -> bool:
    """Whether every must-hold sum that contains the cell is in `holding`, one of them along its row and one along its
    column."""
    rules = compiled.sums_of[cell]
    return {"row", "column"} <= {rule.direction for rule in rules} and all(rule.place in holding for rule in rules)


def _propagate(
    compiled: CompiledTable, filled: list[Decimal | None], fillable: Collection[int], failing: Collection[int]
) -> dict[int, Decimal]:
    """Fill `filled` up to the fixpoint; the cells filled, with their values."""
    open_rules = [
        rule
        for rule in compiled.rules
        if rule.must_hold
        and rule.instance.comparison is Comparison.EQUAL
        and rule.place not in failing
        and any(filled[cell] is None for cell in rule.weights)
    ]
    determined: dict[int, Decimal] = {}
    progress = True
    while progress:
        progress = False
        for rule in open_rules:
            for cell, value in _solve(compiled, rule, filled).items():
                if cell in fillable:
                    filled[cell] = determined[cell] = value
                    progress = True
    return determined


def _solve(compiled: CompiledTable, rule: Rule, values: Values) -> dict[int, Decimal]:
    """What one identity says about its unknown cells: the difference for a single one; 0 for all when they stand on
    one side, cannot be negative, and the rest balances already."""
    unknown = [cell for cell in rule.weights if values[cell] is None]
    if not unknown:
        return {}
    difference = sum((weight * (values[cell] or ZERO) for cell, weight in rule.weights.items()), ZERO)
    if len(unknown) == 1:
        weight = rule.weights[unknown[0]]
        return {unknown[0]: ZERO - difference / weight} if weight else {}
    same_side = len({rule.weights[cell] > 0 for cell in unknown}) == 1
    if difference == 0 and same_side and all(compiled.not_negative[cell] for cell in unknown):
        return dict.fromkeys(unknown, ZERO)
    return {}


def _find_unconfirmed(
    compiled: CompiledTable, filled: Values, determined: dict[int, Decimal], failing: Collection[int]
) -> list[int]:
    """The filled cells whose value offends a rule by itself, or whose identities do not all hold."""
    if not determined:
        return []
    holding = holding_rules(compiled, filled).difference(failing)
    return [
        cell
        for cell, value in determined.items()
        if not holds_both_ways(compiled, cell, holding)
        or any(violates(compiled, rule, cell, value) for rule in compiled.each_of[cell])
    ]
