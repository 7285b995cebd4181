"""Three-valued evaluation of identities: holds, broken, or not assessable because a term is unknown.

An unknown is never counted as 0. An identity with unknown terms is broken all the same when its known part alone
already breaks it and the unknown terms, which cannot be negative, could only make it worse.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from catalogue.model import Comparison, ValueKind
from disclosure.reconcile.compiled import CompiledTable, Rule
from disclosure.report import Outcome

Values = Sequence[Decimal | None]  # one per cell of the compiled table; None is unknown

ZERO = Decimal(0)
AMOUNT_STEP = Decimal(10) ** 6  # G-02: an amount has at most six decimals


class Evaluation(NamedTuple):
    """A rule on given values: sums of the known terms of both sides, the unknown cells, and for a rule about single
    values the cells that offend it."""

    rule: Rule
    outcome: Outcome
    known_left: Decimal = ZERO
    known_right: Decimal = ZERO
    missing_left: tuple[int, ...] = ()
    missing_right: tuple[int, ...] = ()
    offenders: tuple[int, ...] = ()

    @property
    def left(self) -> Decimal | None:
        """The left side; None when a term of it is unknown, and for rules about single values."""
        return self.known_left if self.rule.is_sum and not self.missing_left else None

    @property
    def right(self) -> Decimal | None:
        """The right side; None when a term of it is unknown, and for rules about single values."""
        return self.known_right if self.rule.is_sum and not self.missing_right else None

    @property
    def missing(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self.missing_left + self.missing_right))


def evaluate(compiled: CompiledTable, values: Values) -> tuple[Evaluation, ...]:
    """Every rule of the table on the given values, in the order of the ledger."""
    return tuple(evaluate_rule(compiled, rule, values) for rule in compiled.rules)


def evaluate_rule(compiled: CompiledTable, rule: Rule, values: Values) -> Evaluation:
    return evaluate_sum(compiled, rule, values) if rule.is_sum else _evaluate_each(compiled, rule, values)


def evaluate_sum(compiled: CompiledTable, rule: Rule, values: Values) -> Evaluation:
    """A rule that compares two sums (docs/methodology.md)."""
    left, missing_left = _add(rule.left, values)
    right, missing_right = _add(rule.right, values)
    if left == right and not (missing_left or missing_right):
        return Evaluation(rule, Outcome.HOLDS, left, right)
    comparison, tolerance = rule.instance.comparison, rule.instance.tolerance
    can_rise, can_fall = unknown_reach(compiled, rule, missing_left + missing_right)
    difference = left - right
    too_high = difference > tolerance and not can_fall and comparison is not Comparison.AT_LEAST
    too_low = difference < -tolerance and not can_rise and comparison is not Comparison.AT_MOST
    if too_high or too_low:
        outcome = Outcome.BROKEN
    elif missing_left or missing_right:
        outcome = Outcome.NOT_ASSESSABLE
    else:
        outcome = Outcome.HOLDS
    return Evaluation(rule, outcome, left, right, missing_left, missing_right)


def unknown_reach(compiled: CompiledTable, rule: Rule, unknown: tuple[int, ...]) -> tuple[bool, bool]:
    """Whether the unknown cells could raise, and could lower, the difference left - right."""
    can_rise = can_fall = False
    for cell in unknown:
        weight = rule.weights[cell]
        either_way = not compiled.not_negative[cell]
        can_rise = can_rise or weight > 0 or either_way
        can_fall = can_fall or weight < 0 or either_way
    return can_rise, can_fall


def violates(compiled: CompiledTable, rule: Rule, cell: int, value: Decimal) -> bool:
    """Whether a single value offends a rule about single values (G-01, G-02, G-04)."""
    comparison = rule.instance.comparison
    if comparison is Comparison.EACH_NOT_NEGATIVE:
        return value < 0 and compiled.kinds[cell] is not ValueKind.SIGNED_COUNT
    if comparison is Comparison.EACH_WITHIN_MAXIMUM:
        return abs(value) > compiled.maximum[cell]
    scaled = value * AMOUNT_STEP if compiled.kinds[cell] is ValueKind.AMOUNT else value
    return scaled != scaled.to_integral_value()


def _evaluate_each(compiled: CompiledTable, rule: Rule, values: Values) -> Evaluation:
    missing, offenders = [], []
    for cell, _ in rule.left:
        value = values[cell]
        if value is None:
            missing.append(cell)
        elif value and violates(compiled, rule, cell, value):
            offenders.append(cell)
    outcome = Outcome.BROKEN if offenders else Outcome.NOT_ASSESSABLE if missing else Outcome.HOLDS
    return Evaluation(rule, outcome, missing_left=tuple(missing), offenders=tuple(offenders))


def _add(terms: tuple[tuple[int, int], ...], values: Values) -> tuple[Decimal, tuple[int, ...]]:
    total, missing = ZERO, []
    for cell, sign in terms:
        value = values[cell]
        if value is None:
            missing.append(cell)
        elif value:
            total = total + value if sign == 1 else total + sign * value
    return total, tuple(missing)
