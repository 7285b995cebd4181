"""What the rules of the register become on each edition: the instances and their signed cells."""

from __future__ import annotations

from collections import Counter

from catalogue.load import load_catalogue
from catalogue.model import IdentityInstance, Severity

CELL_RULES = {"T3-R01", "T3-R02", "T3-R03", "T4-R01", "T2A-R01"}


def instance(rule_id: str, edition: str, table: str, scope: str) -> IdentityInstance:
    [found] = [
        each
        for each in load_catalogue().instances
        if (each.rule_id, each.edition, each.table, each.scope) == (rule_id, edition, table, scope)
    ]
    return found


def cells(terms: tuple[object, ...]) -> list[str]:
    return [f"{term.row_code}/{term.column_code}" for term in terms]  # type: ignore[attr-defined]


def test_number_of_instances_a_report_of_each_edition_is_held_to() -> None:
    counts = Counter(each.edition for each in load_catalogue().instances if each.rule_id in CELL_RULES)
    assert counts == {"table_2019": 45, "table_2021": 42}


def test_every_instance_is_identified_by_rule_edition_table_and_scope() -> None:
    keys = Counter((each.rule_id, each.edition, each.table, each.scope) for each in load_catalogue().instances)
    assert [key for key, count in keys.items() if count > 1] == []


def test_no_instance_names_a_cell_twice_on_one_side() -> None:
    for each in load_catalogue().instances:
        for side in (each.left, each.right):
            assert len(set(cells(side))) == len(side), (each.rule_id, each.scope)


def test_inflow_equals_outflow_in_a_column() -> None:
    rule = instance("T3-R01", "table_2021", "T3", "column:org_business")
    assert cells(rule.left) == ["requests_received/org_business", "requests_carried_in/org_business"]
    assert cells(rule.right) == ["outcomes_total/org_business", "requests_carried_out/org_business"]
    assert rule.severity is Severity.OFFICIAL


def test_total_of_outcomes_sums_the_leaves_of_its_own_edition() -> None:
    rights = {
        edition: cells(instance("T3-R02", edition, "T3", "column:total").right)
        for edition in ("table_2019", "table_2021")
    }
    assert len(rights["table_2019"]) == 19
    assert "other_handling/total" in rights["table_2019"]
    assert len(rights["table_2021"]) == 21
    assert "other_misc/total" in rights["table_2021"]


def test_change_in_items_is_held_only_where_the_row_has_both_columns() -> None:
    scopes = {each.scope for each in load_catalogue().instances if each.rule_id == "T2A-R01"}
    assert scopes == {
        "row:administrative_licensing",
        "row:other_external_management_services",
        "row:administrative_penalty",
        "row:administrative_compulsion",
        "row:administrative_fees",
    }
    rule = instance("T2A-R01", "table_2019", "T2", "row:administrative_fees")
    assert cells(rule.left) == ["administrative_fees/items_prior_year", "administrative_fees/items_change"]
    assert rule.right == ()


def test_only_the_signed_column_may_be_negative() -> None:
    form = load_catalogue().edition("table_2019").table("T2")
    assert form is not None
    not_negative = set(cells(instance("G-01", "table_2019", "T2", "table").left))
    every = {"/".join(cell) for cell in form.cells_of_all_variants()}
    assert {cell.split("/")[1] for cell in every - not_negative} == {"items_change"}
    assert len(every - not_negative) == 5
    assert set(cells(instance("G-04", "table_2019", "T2", "table").left)) == every


def test_report_is_held_only_to_the_cells_of_its_own_variant() -> None:
    catalogue = load_catalogue()
    terms = {
        variant: {
            each.rule_id: len(each.left)
            for each in catalogue.instances_of("table_2019", "T2", variant)
            if each.scope == "table"
        }
        for variant in (None, "hubei_2020")
    }
    assert terms == {
        None: {"G-01": 17, "G-02": 22, "G-04": 22},
        "hubei_2020": {"G-01": 20, "G-02": 25, "G-04": 25},
    }


def test_parts_of_the_annex_are_three_instances_with_their_own_totals() -> None:
    pairs = {
        each.scope: (cells(each.left), cells(each.right))
        for each in load_catalogue().instances
        if each.rule_id == "S14-R08"
    }
    assert pairs == {
        "row:disclosed_normative_documents": (["disclosed_normative_documents/value"], ["disclosed_info_total/value"]),
        "row:press_conferences_principal": (["press_conferences_principal/value"], ["press_conferences_total/value"]),
        "row:online_interviews_principal": (["online_interviews_principal/value"], ["online_interviews_total/value"]),
    }


def test_rules_about_the_reading_have_no_instances() -> None:
    assert not {"S-01", "S-02", "S-07"} & {each.rule_id for each in load_catalogue().instances}
    assert {"S-01", "S-02", "S-07"} <= {rule.rule_id for rule in load_catalogue().identities}
