"""What a clerk reads about rules that warn: the rule's message with its place and figures, and the sentence it is about."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from catalogue.model import Catalogue, Severity, Table
from catalogue.plausibility import PlausibilityInstance, PlausibilityRule
from disclosure.findings import Finding, FindingCode, Where, finding
from disclosure.reconcile.plausibility import Judged
from disclosure.reconcile.wording import format_number
from disclosure.report import Outcome

_EXCERPT = 200  # characters of the sentence a finding carries
_WHOLE_REPORT = "报告"


def describe_warnings(judged: Iterable[Judged], catalogue: Catalogue) -> tuple[Finding, ...]:
    """A finding for each rule that is broken and only warns; what must hold has been told as a broken identity."""
    rules = {rule.rule_id: rule for rule in catalogue.plausibility}
    return tuple(
        _describe(each, rules[each.instance.rule_id], catalogue)
        for each in judged
        if each.outcome.outcome is Outcome.BROKEN and each.instance.severity is Severity.PLAUSIBILITY
    )


def _describe(judged: Judged, rule: PlausibilityRule, catalogue: Catalogue) -> Finding:
    instance, outcome = judged.instance, judged.outcome
    table = catalogue.edition(instance.edition).table(instance.table)
    known = outcome.left is not None and outcome.right is not None
    difference = outcome.left - outcome.right if known else None  # type: ignore[operator]
    detail = rule.message.format(
        scope=_scope_words(instance, table, catalogue),
        left=_figure(outcome.left),
        right=_figure(outcome.right),
        difference=_figure(abs(difference) if difference is not None else None),
    )
    kind, _, code = instance.scope.partition(":")
    where = Where(
        table=table.code if table else None,
        row_code=code if kind == "row" else None,
        column_code=code if kind == "column" else None,
        text=judged.sentence[:_EXCERPT] if judged.sentence else None,
    )
    about_prose = judged.sentence is not None
    finding_code = FindingCode.NARRATIVE_CONTRADICTS if about_prose else FindingCode.FIGURE_IMPLAUSIBLE
    return finding(finding_code, f"{detail}（{rule.rule_id}）", where)


def _scope_words(instance: PlausibilityInstance, table: Table | None, catalogue: Catalogue) -> str:
    if instance.mention is not None:
        fact = next(each for each in catalogue.narrative_facts if each.code == instance.mention[0])
        return f"「{fact.chinese}」"
    if table is None:
        return _WHOLE_REPORT
    kind, _, code = instance.scope.partition(":")
    if kind == "row":
        return f"{table.chinese}「{table.row(code).chinese}」行"
    if kind == "column":
        return f"{table.chinese}「{table.column(code).chinese}」栏"
    return table.chinese


def _figure(value: Decimal | None) -> str:
    return "—" if value is None else format_number(value)
