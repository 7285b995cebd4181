"""Makes the dbt seeds of the rules that warn, and their part of the page of the register.

An instance is a line, its comparisons are lines, and so are the figures they add up, so that one statement judges them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from catalogue.model import Catalogue
from catalogue.plausibility import PlausibilityInstance, PlausibilityRule

Field = str | int | bool | None
Line = tuple[Field, ...]

KEY = ("rule_id", "edition", "table_code", "scope")
INSTANCE_HEADER = (
    *KEY,
    *("severity", "relation", "mention_fact", "mention_stated", "judged_on", "tolerance", "form_variant"),
    *("reporting_scopes", "agency_levels", "function_categories", "other_categories_than"),
    *("first_report_year", "last_report_year", "related_editions", "chinese", "english", "source"),
)
CLAIM_HEADER = (*KEY, "claim", "is_condition", "comparison", "constant", "factor", "label")
TERM_HEADER = (*KEY, "claim", "side", "relation", "of_table_code", "row_code", "column_code", "weight")
LIST_MARK = "|"  # between the codes of a list in one field


def derive_plausibility(catalogue: Catalogue) -> dict[str, tuple[tuple[str, ...], Iterable[Line]]]:
    """Name of each seed -> its header and lines."""
    return {
        "plausibility": (INSTANCE_HEADER, instances(catalogue)),
        "plausibility_claims": (CLAIM_HEADER, claims(catalogue)),
        "plausibility_terms": (TERM_HEADER, terms(catalogue)),
    }


def instances(catalogue: Catalogue) -> Iterator[Line]:
    """One line per instance, with the reports it is about and the words of its rule."""
    rules = {rule.rule_id: rule for rule in catalogue.plausibility}
    for each in catalogue.plausibility_instances:
        rule, applies = rules[each.rule_id], each.applies
        yield (
            *_key(each),
            *(each.severity.value, each.relation.value, *(each.mention or (None, None)), each.judged_on),
            *(str(each.tolerance), each.form_variant),
            *(_codes(applies.reporting_scopes), _codes(applies.agency_levels)),
            *(_codes(applies.function_categories), _codes(applies.other_categories_than)),
            *(applies.first_report_year, applies.last_report_year, _codes(each.related_editions)),
            *(rule.chinese, rule.english, rule.source),
        )


def claims(catalogue: Catalogue) -> Iterator[Line]:
    """One line per comparison, numbered from 0 with the conditions first."""
    for each in catalogue.plausibility_instances:
        for number, claim in enumerate(each.claims):
            limits = (str(claim.constant), str(claim.factor), claim.label)
            yield (*_key(each), number, claim.is_condition, claim.kind.value, *limits)


def terms(catalogue: Catalogue) -> Iterator[Line]:
    """One line per figure of a side of a comparison."""
    for each in catalogue.plausibility_instances:
        for number, claim in enumerate(each.claims):
            for side, quantities in claim.sides:
                for quantity in quantities:
                    yield (*_key(each), number, side, quantity.of.value, *quantity.key, str(quantity.weight))


def plausibility_page(catalogue: Catalogue) -> Iterator[str]:
    """The rules that warn, in words, with what breaks them."""
    yield from (
        "",
        "# Rules that warn",
        "",
        "Plausibility, other years and reports, prose against tables, the document itself. They block and withhold nothing;",
        "their outcomes stand in quality.plausibility_ledger.",
    )
    for rule in catalogue.plausibility:
        yield from ("", f"## {rule.rule_id} {rule.chinese}", "", rule.english, "", *_facts(rule, catalogue))


def _facts(rule: PlausibilityRule, catalogue: Catalogue) -> Iterator[str]:
    own = [each for each in catalogue.plausibility_instances if each.rule_id == rule.rule_id]
    editions = list(dict.fromkeys(each.edition for each in own))
    yield f"- severity {rule.severity.value}; {rule.table or 'the report'}; {', '.join(editions)}"
    yield f"- instances: {', '.join(f'{sum(each.edition == code for each in own)} in {code}' for code in editions)}"
    related = sorted({each.relation.value for each in own if not each.within_report})
    if related:
        yield f"- compares with: {', '.join(related)}"
    yield f"- source: {rule.source}"
    example = rule.example
    parts = [f"`{cell}` = {text}" for cell, text in example.cells.items()]
    parts += [f"related `{cell}` = {text}" for cell, text in (example.related or {}).items()]
    parts += [f"prose `{fact.fact}` = {fact.printed}" for fact in example.facts]
    parts += [f"“{sentence}”" for sentence in example.prose]
    parts += [f"related “{sentence}”" for sentence in example.related_prose]
    parts += [f"{name} = {value}" for name, value in example.report.items()]
    parts += [f"“{example.sentence}”"] if example.sentence else []
    broken = ", ".join(f"`{scope}`" for scope in example.breaks)
    yield f"- broken by (all other cells 0): {', '.join(parts)}; breaks {broken}"


def _key(each: PlausibilityInstance) -> Line:
    return (each.rule_id, each.edition, each.table, each.scope)


def _codes(codes: tuple[str, ...]) -> str | None:
    return LIST_MARK.join(codes) or None
