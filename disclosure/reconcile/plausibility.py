"""Judge the rules that warn on one report: plausibility, prose against tables, dates of the document.

A rule is broken when all its conditions are true and none of its claims is; what is unknown makes a comparison unknown,
never false. Rules that look at another year or report are judged in the warehouse, where those reports are, and here only
when a person offers the report of the year before. Nothing here withholds a figure. The dbt model `plausibility_ledger` judges the same rules set-wise, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from catalogue.expand_plausibility import ANY
from catalogue.model import Catalogue
from catalogue.plausibility import (
    NARRATIVE,
    REPORT,
    Applies,
    ClaimInstance,
    ClaimKind,
    PlausibilityInstance,
    Quantity,
    Relation,
)
from disclosure.reconcile.figures import FigureKey, Figures, Known, Mention, in_relation
from disclosure.report import Metadata, Outcome, PlausibilityOutcome, SentenceParts

ZERO = Decimal(0)
_STEP = Decimal("0.000001")
_HUNDRED = Decimal(100)
_WORST_FIRST = (Outcome.BROKEN, Outcome.HOLDS, Outcome.NOT_ASSESSABLE)


class Judged(NamedTuple):
    """An outcome with the instance it is of."""

    instance: PlausibilityInstance
    outcome: PlausibilityOutcome


class _Term(NamedTuple):
    """A quantity of a rule as it is looked up: its key among the figures (None: the fact the prose states), and its name
    where it is missing."""

    key: FigureKey | None
    weight: Decimal
    name: str


class _Side(NamedTuple):
    total: Decimal
    slack: Decimal  # how far the true sum may lie from `total`
    missing: tuple[str, ...]


class _Compared(NamedTuple):
    """A comparison: true, false, or None when a term is unknown."""

    truth: bool | None
    left: Decimal | None
    right: Decimal | None
    missing: tuple[str, ...]


def judge_plausibility(
    figures: Figures,
    parts: Sequence[SentenceParts],
    forms: Mapping[str, str],
    form_version: str,
    form_variant: str | None,
    metadata: Metadata,
    catalogue: Catalogue,
    between: Sequence[PlausibilityInstance] = (),
) -> tuple[Judged, ...]:
    """Every rule about this report alone, in the order of the register, and then those `between` it and another year, of
    which the figures are among the known. A rule about a fact of the prose is judged where the prose states it, and
    nowhere else."""
    judged = []
    within = _rules_within_report(catalogue, frozenset({**forms, REPORT: form_version}.items()))
    for instance in (*within, *between):
        if instance.form_variant not in (None, form_variant) or not applies_to(instance.applies, metadata):
            continue
        if instance.judged_on == "sentences":
            judged += _judge_sentences(instance, parts)
        elif instance.mention is None:
            judged.append(Judged(instance, judge(instance, figures.known, None)))
        elif instance.mention in figures.mentions:
            judged.append(_judge_mentions(instance, figures.known, figures.mentions[instance.mention]))
    return tuple(judged)


@lru_cache(maxsize=256)
def _rules_within_report(catalogue: Catalogue, forms: frozenset[tuple[str, str]]) -> tuple[PlausibilityInstance, ...]:
    """The rules about one report alone whose tables were read on these editions."""
    return tuple(
        instance
        for instance in catalogue.plausibility_instances
        if instance.within_report and (instance.table, instance.edition) in forms
    )


def applies_to(applies: Applies, metadata: Metadata) -> bool:
    """Whether a rule is about a report that says this of itself."""
    year, category = metadata.report_year, metadata.function_category
    return (
        (not applies.reporting_scopes or metadata.reporting_scope in applies.reporting_scopes)
        and (not applies.agency_levels or metadata.agency_level in applies.agency_levels)
        and (not applies.function_categories or category in applies.function_categories)
        and (not applies.other_categories_than or category not in (None, *applies.other_categories_than))
        and (applies.first_report_year is None or (year is not None and year >= applies.first_report_year))
        and (applies.last_report_year is None or (year is not None and year <= applies.last_report_year))
    )


def _judge_mentions(
    instance: PlausibilityInstance, known: Mapping[tuple[str, str, str], Known], mentions: Iterable[Mention]
) -> Judged:
    """The worst of the places that state the fact, the first of equals."""
    judged = [
        Judged(instance, judge(instance, known, mention.known)._replace(sentence=mention.sentence))
        for mention in mentions
    ]
    return min(judged, key=lambda each: _WORST_FIRST.index(each.outcome.outcome))


def judge(
    instance: PlausibilityInstance, known: Mapping[tuple[str, str, str], Known], mention: Known | None = None
) -> PlausibilityOutcome:
    """A rule on these figures; those of another report stand under the key of their relation."""
    compared = [_compare(claim, known, mention, instance.tolerance) for claim in instance.claims]
    pairs = list(zip(instance.claims, compared, strict=True))
    conditions = [each.truth for claim, each in pairs if claim.is_condition]
    claims = [(claim, each) for claim, each in pairs if not claim.is_condition]
    held = next(((claim, each) for claim, each in claims if each.truth), None)
    shown = (held or claims[0])[1]
    if held or False in conditions:
        outcome = Outcome.HOLDS
    elif None in conditions or any(each.truth is None for _, each in claims):
        outcome = Outcome.NOT_ASSESSABLE
    else:
        outcome = Outcome.BROKEN
    return PlausibilityOutcome(
        rule_id=instance.rule_id,
        table=instance.table,
        scope=instance.scope,
        outcome=outcome,
        left=shown.left,
        right=shown.right,
        missing=tuple(dict.fromkeys(key for each in compared for key in each.missing)),
        matched=held[0].label if held else None,
        relation=instance.relation.value,
    )


def _compare(
    claim: ClaimInstance, known: Mapping[tuple[str, str, str], Known], mention: Known | None, tolerance: Decimal
) -> _Compared:
    left, right, whole = [_add(side, known, mention) for side in _terms_of(claim)]
    missing = (*left.missing, *right.missing, *whole.missing)
    shown_left = None if left.missing else left.total
    shown_right = _right_side(claim, right, whole)
    if missing or shown_left is None:
        return _Compared(None, shown_left, shown_right, missing)
    if shown_right is None:  # a share of nothing can only be 0
        return _Compared(shown_left == 0, shown_left, None, ())
    if claim.kind is ClaimKind.ZERO_TOGETHER:
        truth = not (_is_zero(left) and _is_not_zero(right)) and not (_is_zero(right) and _is_not_zero(left))
    elif claim.kind is ClaimKind.WITHIN_FACTOR:
        low, high = sorted((left.total, right.total))
        truth = high - low <= claim.constant or high <= claim.factor * low
    else:
        truth = _holds(claim.kind, shown_left - shown_right, left.slack + right.slack + tolerance)
    return _Compared(truth, shown_left, shown_right, ())


def _holds(kind: ClaimKind, difference: Decimal, slack: Decimal) -> bool:
    """Whether a true difference within `slack` of this one can satisfy the comparison (of NOT_EQUAL and MORE_THAN:
    must)."""
    match kind:
        case ClaimKind.EQUAL | ClaimKind.SHARE:
            return abs(difference) <= slack
        case ClaimKind.NOT_EQUAL:
            return abs(difference) > slack
        case ClaimKind.AT_MOST:
            return difference <= slack
        case ClaimKind.AT_LEAST:
            return difference >= -slack
        case ClaimKind.MORE_THAN:
            return difference > slack
    raise ValueError(f"{kind} is no comparison of a difference")


def _right_side(claim: ClaimInstance, right: _Side, whole: _Side) -> Decimal | None:
    """The right side as shown: with its constant, or as a percentage of the whole."""
    if right.missing or whole.missing:
        return None
    if claim.kind is ClaimKind.SHARE:
        return (_HUNDRED * right.total / whole.total).quantize(_STEP) if whole.total else None
    return right.total if claim.kind is ClaimKind.WITHIN_FACTOR else right.total + claim.constant


def _is_zero(side: _Side) -> bool:
    return side.total == 0 and side.slack == 0


def _is_not_zero(side: _Side) -> bool:
    return abs(side.total) > side.slack


@lru_cache(maxsize=4096)  # the claims of the catalogue are the same for every report
def _terms_of(claim: ClaimInstance) -> tuple[tuple[_Term, ...], ...]:
    """The terms of each side of a claim."""
    return tuple(tuple(map(_term_of, side)) for _, side in claim.sides)


def _term_of(quantity: Quantity) -> _Term:
    key = None if quantity.table_code == NARRATIVE else in_relation(quantity.key, quantity.of)
    is_own = quantity.of is Relation.THIS or quantity.row_code == ANY  # what is counted between two is the later's
    other = "" if is_own else f"@{quantity.of.value}"
    return _Term(key, quantity.weight, "/".join(quantity.key) + other)


def _add(side: tuple[_Term, ...], known: Mapping[FigureKey, Known], mention: Known | None) -> _Side:
    total = slack = ZERO
    missing = []
    for key, weight, name in side:
        figure = mention if key is None else known.get(key)
        if figure is None:
            missing.append(name)
            continue
        total += weight * figure.value
        if figure.slack:
            slack += abs(weight) * figure.slack
    return _Side(total, slack, tuple(missing))


def _judge_sentences(instance: PlausibilityInstance, parts: Sequence[SentenceParts]) -> list[Judged]:
    """One outcome for the report: the first sentence whose parts do not add up, else the first whose parts do."""
    judged = [
        Judged(
            instance,
            PlausibilityOutcome(
                rule_id=instance.rule_id,
                table=instance.table,
                scope=instance.scope,
                outcome=_outcome_of_parts(instance, each),
                left=each.total,
                right=each.sum_of_parts,
                sentence=each.sentence,
            ),
        )
        for each in parts
    ]
    return sorted(judged, key=lambda each: _WORST_FIRST.index(each.outcome.outcome))[:1]


def _outcome_of_parts(instance: PlausibilityInstance, parts: SentenceParts) -> Outcome:
    """A list that falls well short of its total names only some of its parts."""
    if parts.adds_up:
        return Outcome.HOLDS
    is_complete = parts.sum_of_parts >= instance.complete_from * parts.total
    return Outcome.BROKEN if is_complete else Outcome.NOT_ASSESSABLE
