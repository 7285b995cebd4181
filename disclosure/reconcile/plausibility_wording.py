"""What a clerk reads about rules that warn: the rule's message with its place and figures, and the sentence it is about."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from catalogue.model import Catalogue, Severity
from catalogue.plausibility import REPORT, ClaimKind, PlausibilityInstance, Quantity
from catalogue.wording import Phrase, load_wording
from disclosure.findings import Finding, FindingCode, Where, finding
from disclosure.reconcile.figures import DAYS, date_of
from disclosure.reconcile.places import scope_phrase, table_phrase
from disclosure.reconcile.plausibility import Judged
from disclosure.reconcile.wording import format_number
from disclosure.report import Outcome, PlausibilityOutcome

_EXCERPT = 200  # characters of the sentence a finding carries
_CENT = Decimal("0.01")  # a share is told to two decimals, however long the quotient is


def describe_warnings(judged: Iterable[Judged], report_year: int | None, catalogue: Catalogue) -> tuple[Finding, ...]:
    """A finding for each rule that is broken and only warns; what must hold has been told as a broken identity."""
    return tuple(
        _describe(each, report_year, catalogue)
        for each in judged
        if each.outcome.outcome is Outcome.BROKEN and each.instance.severity is Severity.PLAUSIBILITY
    )


def say_warning(
    outcome: PlausibilityOutcome, instance: PlausibilityInstance, report_year: int | None, catalogue: Catalogue
) -> Phrase:
    """The rule's own message with its place and both sides; in English both sides and the rule behind them."""
    rule = catalogue.rule(instance.rule_id)
    place = _place(instance, catalogue)
    left, right = (_figure(value, instance, report_year) for value in (outcome.left, outcome.right))
    known = outcome.left is not None and outcome.right is not None
    gap = abs(outcome.left - outcome.right) if known else None  # type: ignore[operator]
    chinese = rule.message.format(scope=place.chinese, left=left, right=right, difference=_figure(gap, instance, None))
    sides = f"{left} against {right}; " if known else ""
    return Phrase(chinese=chinese, english=f"{place.english}: {sides}rule: {rule.english}")


def _describe(judged: Judged, report_year: int | None, catalogue: Catalogue) -> Finding:
    instance, outcome = judged.instance, judged.outcome
    words = say_warning(outcome, instance, report_year, catalogue)
    kind, _, code = instance.scope.partition(":")
    where = Where(
        table=None if instance.table == REPORT else instance.table,
        row_code=code if kind == "row" else None,
        column_code=code if kind == "column" else None,
        text=outcome.sentence[:_EXCERPT] if outcome.sentence else None,
    )
    about_prose = outcome.sentence is not None
    finding_code = FindingCode.NARRATIVE_CONTRADICTS if about_prose else FindingCode.FIGURE_IMPLAUSIBLE
    return finding(finding_code, f"{words.chinese}（{instance.rule_id}）", where)


def _place(instance: PlausibilityInstance, catalogue: Catalogue) -> Phrase:
    """What the rule is about: a fact of the prose, a line of a table, a table, or the report."""
    words = load_wording()
    if instance.mention is not None:
        fact = next(each for each in catalogue.narrative_facts if each.code == instance.mention[0])
        return words.explanations["stated_fact"].fill(fact=Phrase(chinese=fact.chinese, english=fact.english))
    table = catalogue.edition(instance.edition).table(instance.table)
    if table is None:
        return words.explanations["report_scope"]
    whole = table_phrase(table)
    if instance.scope.partition(":")[0] not in ("row", "column"):
        return whole
    line = scope_phrase(table, instance.scope)
    return Phrase(chinese=f"{whole.chinese}{line.chinese}", english=f"{whole.english} {line.english}")


def _figure(value: Decimal | None, instance: PlausibilityInstance, report_year: int | None) -> str:
    """A figure as a person reads it: days as dates, shares to two decimals."""
    if value is None:
        return "—"
    claims = [claim for claim in instance.claims if not claim.is_condition]
    if report_year is not None and any(_is_day(each) for claim in claims for each in claim.left):
        return date_of(value, report_year).isoformat()
    if any(claim.kind is ClaimKind.SHARE for claim in claims):
        return format_number(value.quantize(_CENT))
    return format_number(value)


def _is_day(quantity: Quantity) -> bool:
    return quantity.table_code == REPORT and quantity.column_code in DAYS
