"""What the parser says of reports that print exactly what was counted, for many reports at once.

Every must-hold identity holds there, or the draw is wrong and this raises. The rules that warn are judged as in
`disclosure.reconcile.plausibility`; a test holds the two together. Numbers are millionths, as in `figures`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from benchmarks.national.chance import Integers
from benchmarks.national.figures import CENT, MICRO, Drawn, cells_of
from benchmarks.national.filings import Filings
from benchmarks.national.prose import Statements
from catalogue.expand_plausibility import ANY, DOCUMENT
from catalogue.load import load_catalogue
from catalogue.model import Edition, ValueKind
from catalogue.plausibility import (
    NARRATIVE,
    REPORT,
    Applies,
    ClaimInstance,
    ClaimKind,
    Measure,
    PlausibilityInstance,
    Quantity,
)
from disclosure.reconcile.compiled import CompiledTable, compiled_table

UNKNOWN, NO, YES = -1, 0, 1
HOLDS, BROKEN, NOT_ASSESSABLE = 0, 1, 2
OUTCOMES = ("holds", "broken", "not_assessable")


@dataclass(frozen=True)
class Sides:
    """The identities of one table on many reports: rules in the ledger's order, both sides one column per rule."""

    compiled: CompiledTable
    left: Integers
    right: Integers


@dataclass(frozen=True)
class Judged:
    """A rule that warns on the reports it is about (`rows`): both sides where they are known, what is missing, the outcome."""

    instance: PlausibilityInstance
    rows: Integers
    outcome: Integers
    left: Integers
    left_known: np.ndarray
    right: Integers
    right_known: np.ndarray
    missing: np.ndarray  # bool, one column per key of `missing_keys`
    missing_keys: tuple[str, ...]
    held: Integers  # place of the claim that held, -1 where none did

    @property
    def labels(self) -> tuple[str | None, ...]:
        return tuple(claim.label for claim in self.instance.claims)


def judge_identities(drawn: Drawn) -> Iterator[Sides]:
    """Both sides of every identity of every table. Raises ValueError when one does not hold."""
    for code, values in drawn.tables.items():
        compiled = compiled_table(load_catalogue(), drawn.edition.code, code, None)
        assert compiled is not None
        left, right = (_sums(values, weights) for weights in _side_weights(drawn.edition, code))
        for rule in compiled.rules:
            if rule.is_sum and not _sum_holds(
                rule.instance.comparison.value, left[:, rule.place], right[:, rule.place]
            ):
                raise ValueError(
                    f"the draw breaks {rule.instance.rule_id} {rule.instance.scope} of {drawn.edition.code}"
                )
        yield Sides(compiled, left, right)


def _sums(values: Integers, weights: np.ndarray) -> Integers:
    # in floating point, which is exact for whole numbers of this size and many times as fast
    return (values.astype(np.float64) @ weights).astype(np.int64)


@lru_cache(maxsize=16)
def _side_weights(edition: Edition, code: str) -> tuple[np.ndarray, np.ndarray]:
    compiled = compiled_table(load_catalogue(), edition.code, code, None)
    assert compiled is not None
    sides = np.zeros((2, len(compiled.keys), len(compiled.rules)))
    for rule in compiled.rules:
        for side, terms in enumerate((rule.left, rule.right)):
            for cell, sign in terms if rule.is_sum else ():
                sides[side, cell, rule.place] += sign
    return sides[0], sides[1]


def _sum_holds(comparison: str, left: Integers, right: Integers) -> bool:
    return bool({"equal": left == right, "at_most": left <= right, "at_least": left >= right}[comparison].all())


@dataclass(frozen=True)
class _Column:
    """A figure of many reports: its number, how far rounding may have moved it, where it is known."""

    values: Integers
    slack: Integers
    known: np.ndarray


def judge_plausibility(filings: Filings, drawn: Drawn, statements: Sequence[Statements]) -> Iterator[Judged]:
    """Every rule about one report alone, in the order of the register. No sentence states parts of a total."""
    figures = _collect_figures(filings, drawn)
    said = {
        (each.fact.code, "none" if as_none else "count"): (each, as_none)
        for each in statements
        for as_none in (False, True)
    }
    for instance in load_catalogue().plausibility_instances:
        if not (instance.within_report and instance.edition == drawn.edition.code and instance.form_variant is None):
            continue
        if instance.judged_on != "figures" or (instance.mention is not None and instance.mention not in said):
            continue
        meant = _applies(instance.applies, filings)
        mention = None
        if instance.mention is not None:
            statement, as_none = said[instance.mention]
            meant &= statement.stated & (statement.as_none == as_none)
            mention = _known(statement.values)
        rows = np.flatnonzero(meant)
        if len(rows):
            yield _judge(instance, rows, figures, mention)


def _applies(applies: Applies, filings: Filings) -> np.ndarray:
    agencies, year = filings.agencies, filings.year
    meant = np.ones(len(filings), bool)
    for allowed, said in (
        (applies.reporting_scopes, agencies.scope),
        (applies.agency_levels, agencies.level),
        (applies.function_categories, agencies.function_category),
    ):
        if allowed:
            meant &= np.isin(said.astype(str), allowed)
    if applies.other_categories_than:
        meant &= ~np.isin(agencies.function_category.astype(str), applies.other_categories_than)
    if year < (applies.first_report_year or year) or year > (applies.last_report_year or year):
        meant[:] = False
    return meant


def _collect_figures(filings: Filings, drawn: Drawn) -> dict[tuple[str, str, str], _Column]:
    figures: dict[tuple[str, str, str], _Column] = {}
    for code, values in drawn.tables.items():
        table = drawn.edition.table(code)
        assert table is not None
        for (row, column), place in cells_of(drawn.edition, code).items():
            cell = values[:, place]
            # amounts are printed to the hundredth, a 0 without decimals
            rounded = table.kind_of(row, column) is ValueKind.AMOUNT
            figures[code, row, column] = _known(cell, np.where(cell != 0, CENT // 2, 0) if rounded else None)
        figures[code, ANY, Measure.CELLS_NOT_ZERO.value] = _known((values != 0).sum(axis=1) * MICRO)
    return figures | {(REPORT, DOCUMENT, name): column for name, column in _document_figures(filings).items()}


def _document_figures(filings: Filings) -> dict[str, _Column]:
    """Dates as `disclosure.reconcile.figures` counts them; titles name the report year."""
    year, size = filings.year, len(filings)
    dated, stated = ~np.isnat(filings.published_on), filings.states_period
    dates = np.where(dated, filings.published_on, np.datetime64("2000-01-01"))
    years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    months = dates.astype("datetime64[M]").astype(np.int64) % 12 + 1
    days = (dates - dates.astype("datetime64[M]")).astype(np.int64) + 1
    whole = np.full(size, MICRO, np.int64)
    return {
        "report_year": _known(whole * year),
        "publication_day": _Column(((years - year) * 10_000 + months * 100 + days) * MICRO, whole * 0, dated),
        "publication_year": _Column(years * MICRO, whole * 0, dated),
        "period_start": _Column(whole * 101, whole * 0, stated),
        "period_end": _Column(whole * 1231, whole * 0, stated),
        "period_year": _Column(whole * year, whole * 0, stated),
        "title_year": _known(whole * year),
    }


def _known(values: Integers, slack: Integers | None = None) -> _Column:
    return _Column(values, np.zeros_like(values) if slack is None else slack, np.ones(len(values), bool))


@dataclass(frozen=True)
class _Sum:
    total: Integers
    slack: Integers
    known: np.ndarray


@dataclass(frozen=True)
class _Compared:
    truth: Integers
    left: Integers
    left_known: np.ndarray
    right: Integers
    right_known: np.ndarray


def _judge(
    instance: PlausibilityInstance,
    rows: Integers,
    figures: dict[tuple[str, str, str], _Column],
    mention: _Column | None,
) -> Judged:
    def column_of(quantity: Quantity) -> _Column:
        found = mention if quantity.table_code == NARRATIVE else figures[quantity.key]
        assert found is not None
        return _Column(found.values[rows], found.slack[rows], found.known[rows])

    compared = [
        _compare(claim, [[(each.weight, column_of(each)) for each in side] for _, side in claim.sides], instance)
        for claim in instance.claims
    ]
    is_claim = [not claim.is_condition for claim in instance.claims]
    held, shown = np.full(len(rows), -1), np.full(len(rows), is_claim.index(True))
    for place in reversed(range(len(compared))):
        if is_claim[place]:
            held = np.where(compared[place].truth == YES, place, held)
    shown = np.where(held >= 0, held, shown)
    conditions = [each.truth for each, claim in zip(compared, is_claim, strict=True) if not claim]
    not_meant = np.any([truth == NO for truth in conditions], axis=0) if conditions else np.zeros(len(rows), bool)
    unknown = np.any([each.truth == UNKNOWN for each in compared], axis=0)
    outcome = np.where((held >= 0) | not_meant, HOLDS, np.where(unknown, NOT_ASSESSABLE, BROKEN))
    quantities = {"/".join(each.key): each for claim in instance.claims for _, side in claim.sides for each in side}
    missing = np.stack([~column_of(each).known for each in quantities.values()], axis=1)
    pick = (shown, np.arange(len(rows)))
    return Judged(
        instance=instance,
        rows=rows,
        outcome=outcome,
        left=np.stack([each.left for each in compared])[pick],
        left_known=np.stack([each.left_known for each in compared])[pick],
        right=np.stack([each.right for each in compared])[pick],
        right_known=np.stack([each.right_known for each in compared])[pick],
        missing=missing,
        missing_keys=tuple(quantities),
        held=held,
    )


def _compare(claim: ClaimInstance, sides: list[list], instance: PlausibilityInstance) -> _Compared:
    size = next(len(column.values) for side in sides for _, column in side)
    left, right, whole = (_add(side, size) for side in sides)
    constant = np.int64(0) if claim.kind is ClaimKind.WITHIN_FACTOR else np.int64(claim.constant * MICRO)
    if claim.kind is ClaimKind.SHARE:
        raise ValueError(f"{instance.rule_id}: no prose of the nation states a share")
    shown = right.total + constant
    right_known = right.known & whole.known
    difference, slack = left.total - shown, left.slack + right.slack + np.int64(instance.tolerance * MICRO)
    match claim.kind:
        case ClaimKind.EQUAL:
            truth = np.abs(difference) <= slack
        case ClaimKind.NOT_EQUAL:
            truth = np.abs(difference) > slack
        case ClaimKind.AT_MOST:
            truth = difference <= slack
        case ClaimKind.AT_LEAST:
            truth = difference >= -slack
        case ClaimKind.MORE_THAN:
            truth = difference > slack
        case ClaimKind.ZERO_TOGETHER:
            left_zero, right_zero = (left.total == 0) & (left.slack == 0), (right.total == 0) & (right.slack == 0)
            truth = ~(left_zero & (np.abs(right.total) > right.slack)) & ~(
                right_zero & (np.abs(left.total) > left.slack)
            )
        case ClaimKind.WITHIN_FACTOR:
            low, high = np.minimum(left.total, right.total), np.maximum(left.total, right.total)
            truth = (high - low <= np.int64(claim.constant * MICRO)) | (high <= int(claim.factor) * low)
    known = left.known & right_known
    return _Compared(np.where(known, truth, UNKNOWN), left.total, left.known, shown, right_known)


def _add(side: list, size: int) -> _Sum:
    total, slack, known = np.zeros(size, np.int64), np.zeros(size, np.int64), np.ones(size, bool)
    for weight, column in side:
        numerator, denominator = weight.as_integer_ratio()
        total += np.where(column.known, column.values, 0) * numerator // denominator
        slack += column.slack * abs(numerator) // denominator
        known &= column.known
    return _Sum(total, slack, known)
