"""Every rule that must hold has an example that breaks it, and that example breaks nothing else.

The evaluator here is written for this test alone: it shares no line with the one that judges reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from catalogue.load import load_catalogue
from catalogue.model import Comparison, Identity, IdentityInstance, Table, Term
from disclosure.findings import FindingCode

CATALOGUE = load_catalogue()
LEDGER_RULES = [rule for rule in CATALOGUE.identities if rule.comparison is not Comparison.READING]

Values = Mapping[tuple[str, str], Decimal]


def value_of(printed: str) -> Decimal:
    return Decimal(printed.replace("减", "-"))


def total(terms: tuple[Term, ...], values: Values) -> Decimal:
    return sum((term.sign * values[term.row_code, term.column_code] for term in terms), Decimal(0))


def breaks(instance: IdentityInstance, table: Table, values: Values) -> bool:
    """Whether the instance is broken by these cells of the table."""
    each = [(term.row_code, term.column_code) for term in instance.left]
    match instance.comparison:
        case Comparison.EQUAL:
            return abs(total(instance.left, values) - total(instance.right, values)) > instance.tolerance
        case Comparison.AT_MOST:
            return total(instance.left, values) > total(instance.right, values) + instance.tolerance
        case Comparison.AT_LEAST:
            return total(instance.left, values) < total(instance.right, values) - instance.tolerance
        case Comparison.EACH_NOT_NEGATIVE:
            return any(values[cell] < 0 for cell in each)
        case Comparison.EACH_INTEGER:
            whole = [cell for cell in each if table.kind_of(*cell) != "amount"]
            return any(values[cell] % 1 for cell in whole) or any(values[cell] * 10**6 % 1 for cell in each)
        case Comparison.EACH_WITHIN_MAXIMUM:
            return any(abs(values[cell]) > table.maximum_of(*cell) for cell in each)
    raise AssertionError(f"no way to judge {instance.comparison}")


def example_table(rule: Identity) -> tuple[Table, Values]:
    """The table of the rule's example, filled with its cells and zeros."""
    assert rule.example is not None
    table = CATALOGUE.edition(rule.example.edition).table(rule.table or rule.example.table or "")
    assert table is not None
    values = dict.fromkeys(table.cells(), Decimal(0))
    for cell, printed in rule.example.cells.items():
        row, column = cell.split("/")
        values[row, column] = value_of(printed)
    return table, values


def broken_by(rule: Identity, table: Table, values: Values) -> set[tuple[str, str]]:
    assert rule.example is not None
    instances = CATALOGUE.instances_of(rule.example.edition, table.code)
    return {(each.rule_id, each.scope) for each in instances if breaks(each, table, values)}


def test_every_must_hold_rule_has_an_example() -> None:
    assert [rule.rule_id for rule in CATALOGUE.identities if rule.severity.must_hold and rule.example is None] == []


@pytest.mark.parametrize("rule", LEDGER_RULES, ids=lambda rule: rule.rule_id)
def test_example_breaks_its_rule_as_it_says_and_no_other_rule(rule: Identity) -> None:
    table, values = example_table(rule)
    assert rule.example is not None
    assert broken_by(rule, table, values) == {(rule.rule_id, scope) for scope in rule.example.breaks}


@pytest.mark.parametrize("rule", LEDGER_RULES, ids=lambda rule: rule.rule_id)
def test_table_of_zeros_breaks_nothing(rule: Identity) -> None:
    table, values = example_table(rule)
    assert broken_by(rule, table, dict.fromkeys(values, Decimal(0))) == set()


@pytest.mark.parametrize("rule", CATALOGUE.identities, ids=lambda rule: rule.rule_id)
def test_message_uses_only_the_placeholders_consumers_fill(rule: Identity) -> None:
    words = rule.message.format(scope="“予以公开”行", left=4, right=3, difference=1)
    assert words.startswith("“予以公开”行")


@pytest.mark.parametrize("rule", CATALOGUE.identities, ids=lambda rule: rule.rule_id)
def test_reading_rules_name_a_finding_that_exists(rule: Identity) -> None:
    if rule.comparison is Comparison.READING:
        assert rule.finding in {code.value for code in FindingCode}
    else:
        assert rule.finding is None
