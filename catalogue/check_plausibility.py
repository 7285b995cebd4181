"""Proves that the rules that warn are declared whole: known editions, tables and facts, and an example that can be built.

What each figure stands for is proved while it is expanded (`expand_plausibility.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from catalogue.check import require
from catalogue.model import Edition, Identity, NarrativeFact
from catalogue.plausibility import Claim, ClaimKind, PlausibilityRule

PLACE = "identities"


def check_plausibility(
    rules: tuple[PlausibilityRule, ...],
    identities: tuple[Identity, ...],
    facts: tuple[NarrativeFact, ...],
    editions: tuple[Edition, ...],
) -> None:
    """Raises CatalogueError at the first rule that contradicts itself or the forms."""
    ids = Counter([*(rule.rule_id for rule in identities), *(rule.rule_id for rule in rules)])
    known_facts = {fact.code for fact in facts}
    codes = {edition.code for edition in editions}
    for rule in rules:
        name = rule.rule_id
        require(ids[name] == 1, PLACE, name, f"stands {ids[name]} times")
        require(set(rule.editions) | set(rule.related_editions) <= codes, PLACE, name, "names an unknown edition")
        require((rule.scope == "cases") == bool(rule.cases), PLACE, name, "scope cases, and only it, lists cases")
        judged = rule.claims or rule.cases or rule.judged_on == "sentences"
        require(judged, PLACE, name, "claims nothing")
        scopes = Counter(
            (case.scope, case.table, edition) for case in rule.cases for edition in case.editions or rule.editions
        )
        require(all(count == 1 for count in scopes.values()), PLACE, name, "two cases share a scope")
        for claim in _claims(rule):
            share = claim.kind is ClaimKind.SHARE
            require(share == bool(claim.whole), PLACE, name, "a share, and only it, is of a whole")
            for figure in (*claim.left, *claim.right, *claim.whole):
                require(figure.fact is None or figure.fact in known_facts, PLACE, name, f"unknown fact {figure.fact}")
        stated = {fact.fact for fact in rule.example.facts}
        require(stated <= known_facts, PLACE, name, f"example states unknown facts {sorted(stated - known_facts)}")
        _check_cells(rule, editions)


def _check_cells(rule: PlausibilityRule, editions: tuple[Edition, ...]) -> None:
    by_code = {edition.code: edition for edition in editions}
    example = rule.example
    for edition_code, cells in (
        (example.edition, example.cells),
        (example.related_edition or example.edition, example.related or {}),
    ):
        edition = by_code.get(edition_code)
        require(edition is not None, PLACE, rule.rule_id, f"example of the unknown edition {edition_code}")
        assert edition is not None
        on_form = {"/".join((table.code, *cell)) for table in edition.tables for cell in table.cells_of_all_variants()}
        unknown = sorted(set(cells) - on_form)
        require(not unknown, PLACE, rule.rule_id, f"example names cells not on the form: {unknown}")


def _claims(rule: PlausibilityRule) -> Iterator[Claim]:
    yield from (*rule.when, *rule.claims)
    for case in rule.cases:
        yield from (*case.when, *case.claims)
