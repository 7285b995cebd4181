"""The plan: every must-hold rule once per table and edition, words and ids in order, nothing skipped."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from catalogue.model import Catalogue, Comparison
from catalogue.published import load_published
from expectations.checks import About, CheckSeverity
from expectations.suites import plan_checks

FACT_OF = {
    "T2": "marts.fct_proactive_disclosure",
    "T3": "marts.fct_applications",
    "T4": "marts.fct_review_litigation",
    "S14": "marts.fct_statistics_annex",
}


def test_each_must_hold_rule_has_exactly_one_check_per_table_and_edition(catalogue: Catalogue) -> None:
    planned = Counter(
        (check.rule_id, check.table, check.edition) for check in plan_checks(catalogue) if check.edition is not None
    )
    wanted = {
        (instance.rule_id, FACT_OF[instance.table], instance.edition)
        for instance in catalogue.instances
        if instance.severity.must_hold and instance.comparison is not Comparison.READING
    }
    assert ("T3-R03", "marts.fct_applications", "table_2021") in wanted
    assert planned == Counter(wanted)


def test_identity_checks_carry_the_severity_of_the_register_and_block(catalogue: Catalogue) -> None:
    checks = {check.check_id: check for check in plan_checks(catalogue)}
    official = checks["marts.fct_applications/T3-R01/table_2019"]
    assert (official.identity_severity, official.severity, official.about) == ("O", CheckSeverity.BLOCKING, About.US)
    assert official.chinese == catalogue.identity("T3-R01").chinese


def test_rules_about_filers_warn_and_cover_the_whole_register(catalogue: Catalogue) -> None:
    filers = {check.rule_id: check.severity for check in plan_checks(catalogue) if check.about is About.FILERS}
    judged = {rule.rule_id for rule in catalogue.identities if rule.comparison is not Comparison.READING}
    judged |= {rule.rule_id for rule in catalogue.plausibility}
    assert filers == dict.fromkeys(judged, CheckSeverity.WARNING)


def test_every_published_table_has_a_suite_with_its_key(catalogue: Catalogue) -> None:
    checks = {(check.table, check.rule_id) for check in plan_checks(catalogue)}
    for table in load_published(catalogue).tables:
        name = f"{table.schema_name}.{table.name}"
        assert (name, "U-COLUMNS") in checks
        assert ((name, "U-KEY") in checks) == (bool(table.primary_key) and not table.view)


def test_receipts_are_checked_only_when_the_register_was_asked(catalogue: Catalogue) -> None:
    without = {check.rule_id for check in plan_checks(catalogue)}
    with_receipts = {check.rule_id for check in plan_checks(catalogue, receipts=7)}
    assert with_receipts - without == {"U-RECEIPTS"}


def test_two_checks_of_one_id_are_refused(catalogue: Catalogue) -> None:
    doubled = replace_identities(catalogue)
    with pytest.raises(ValueError, match=r"quality\.identity_ledger/T3-R01"):
        plan_checks(doubled)


def replace_identities(catalogue: Catalogue) -> Catalogue:
    return catalogue.model_copy(update={"identities": (*catalogue.identities, catalogue.identity("T3-R01"))})


def test_a_check_is_plain_data(catalogue: Catalogue) -> None:
    check = plan_checks(catalogue)[0]
    assert replace(check, check_id="another") != check
