"""Decisions of people: what they release, what they cannot release, and when they lapse."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from printed_tables import CATALOGUE, by_name, reading, rows

from disclosure.decisions import (
    Action,
    Decision,
    DecisionBook,
    DecisionError,
    DecisionState,
    append_decision,
    check_reports_known,
    read_decisions,
)
from disclosure.reconcile import reconcile
from disclosure.reconcile.clues import Surroundings
from disclosure.reconcile.decide import describe_lapsed, report_outcomes
from disclosure.reconcile.explain import explain
from disclosure.report import Cause, Cell, TableReading, ValueSource

REPORT = "0123456789abcdef"
WRONG = ("granted_full", "org_business")
MISPRINTED = rows(
    {
        "requests_received": "3 0 0 0 0 0 3",
        "granted_full": "3 1 0 0 0 0 3",
        "outcomes_total": "3 0 0 0 0 0 3",
    }
)


def decide(cell: str = "T3/granted_full/org_business", **given: Any) -> Decision:
    fields: dict[str, Any] = {
        "report_id": REPORT, "cell": cell, "action": "accept_suggestion", "expect": "1", "value": 0,
        "who": "核对人", "why": "与原件核对", "decided_on": date(2024, 3, 1),
    }  # fmt: skip
    return Decision.model_validate({**fields, **given})


def settle(table: TableReading, *decisions: Decision) -> tuple[dict[tuple[str, str], Cell], list[DecisionState]]:
    result = reconcile((table,), CATALOGUE, decisions)
    return by_name(result, table.table), [each.state for each in report_outcomes(decisions, result.cells)]


def test_an_accepted_suggestion_is_published_as_corrected_and_the_print_stays() -> None:
    cells, states = settle(reading("T3", "table_2021", MISPRINTED), decide())
    corrected = cells[WRONG]
    assert (corrected.printed, corrected.value, corrected.value_published) == ("1", 1, 0)
    assert corrected.value_source is ValueSource.CORRECTED
    assert states == [DecisionState.APPLIED]
    assert {cell.value_source for name, cell in cells.items() if name != WRONG} == {ValueSource.PRINTED}


def test_the_ledger_judges_what_is_printed_and_not_what_was_decided() -> None:
    result = reconcile((reading("T3", "table_2021", MISPRINTED),), CATALOGUE, (decide(),))
    broken = {each.rule_id for each in result.identities if each.outcome == "broken"}
    assert broken == {"T3-R02", "T3-R03"}


def test_a_typed_figure_that_mends_one_row_releases_that_row_only() -> None:
    printed = {
        ("reconsideration", "upheld"): "10",
        ("reconsideration", "corrected"): "1",
        ("litigation_after_reconsideration", "upheld"): "5",
    }
    decision = decide(
        "T4/reconsideration/total", action="correct", expect="0", value="11", evidence="更正公告〔2024〕3号"
    )
    cells, states = settle(reading("T4", "table_2021", printed), decision)
    assert states == [DecisionState.APPLIED]
    assert cells["reconsideration", "total"].value_source is ValueSource.CORRECTED
    withheld = {row for (row, _), cell in cells.items() if cell.value_source is ValueSource.WITHHELD}
    assert withheld == {"litigation_after_reconsideration"}


def test_a_figure_an_identity_still_contradicts_is_withheld() -> None:
    decision = decide(action="correct", value=7, evidence="电话记录")
    cells, states = settle(reading("T3", "table_2021", MISPRINTED), decision)
    assert states == [DecisionState.WITHHELD]
    assert (cells[WRONG].value_published, cells[WRONG].value_source) == (None, ValueSource.WITHHELD)


def test_confirming_the_print_does_not_publish_what_identities_contradict() -> None:
    cells, states = settle(reading("T3", "table_2021", MISPRINTED), decide(action="confirm_printed", value=None))
    assert states == [DecisionState.WITHHELD]
    assert cells[WRONG].value_source is ValueSource.WITHHELD
    assert cells[WRONG].value_suggested == 0


def test_a_break_is_the_filers_once_its_print_is_confirmed() -> None:
    table = reading("T3", "table_2021", MISPRINTED)
    result = reconcile((table,), CATALOGUE, (decide(action="confirm_printed", value=None),))
    (before,) = explain(reconcile((table,), CATALOGUE).doubted)
    (after,) = explain(result.doubted, Surroundings(confirmed=result.confirmed))
    assert (before.cause, after.cause) == (Cause.UNDETERMINED, Cause.FILER)
    assert [clue.chinese for clue in after.candidates[0].clues] == ["已有人核对原件，确认印为“1”"]


def test_confirming_a_doubtful_reading_publishes_it_as_printed() -> None:
    from printed_tables import with_suspects

    table = with_suspects(reading("T4", "table_2021", {}), [("reconsideration", "upheld")])
    decision = decide("T4/reconsideration/upheld", action="confirm_printed", expect="0", value=None)
    before, _ = settle(table)
    after, states = settle(table, decision)
    assert before["reconsideration", "upheld"].value_source is ValueSource.WITHHELD
    assert (after["reconsideration", "upheld"].value_published, states) == (0, [DecisionState.APPLIED])
    assert after["reconsideration", "upheld"].value_source is ValueSource.PRINTED


def test_a_decision_lapses_when_something_else_is_printed() -> None:
    result = reconcile((reading("T3", "table_2021", MISPRINTED),), CATALOGUE, (decide(expect="2"),))
    outcomes = report_outcomes((decide(expect="2"),), result.cells)
    assert [each.state for each in outcomes] == [DecisionState.LAPSED]
    assert by_name(result)[WRONG].value_source is ValueSource.WITHHELD
    (found,) = describe_lapsed(outcomes)
    assert "决定时印为“2”，现印为“1”" in found.message
    assert (found.where.row_code, found.where.column_code) == WRONG


def test_a_decision_about_a_table_the_report_no_longer_has_lapses() -> None:
    (outcome,) = report_outcomes((decide(),), ())
    assert (outcome.state, outcome.printed) == (DecisionState.LAPSED, None)


def test_a_blank_cell_can_be_corrected() -> None:
    table = reading("T4", "table_2021", {("reconsideration", "total"): ""})
    decision = decide("T4/reconsideration/total", action="correct", expect="", value=0, evidence="原件扫描件第4页")
    cells, states = settle(table, decision)
    assert states == [DecisionState.APPLIED]
    assert (cells["reconsideration", "total"].value, cells["reconsideration", "total"].value_published) == (None, 0)


# the store


def test_what_is_appended_is_read_back_and_the_last_about_a_cell_counts(tmp_path: Path) -> None:
    first = decide()
    path = append_decision(tmp_path, first, CATALOGUE)
    path.write_text(path.read_text(encoding="utf-8") + "# 待复核\n", encoding="utf-8")
    second = decide(action="correct", value="2.5", evidence="更正公告")
    append_decision(tmp_path, second, CATALOGUE)
    assert "# 待复核" in path.read_text(encoding="utf-8")
    book = read_decisions(CATALOGUE, tmp_path / "decisions")
    assert book.about(REPORT) == (second,)
    assert book.version_of(REPORT) != DecisionBook({REPORT: (first,)}).version_of(REPORT)
    assert book.version_of("f" * 16) == ""


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"cell": "T9/granted_full/total"}, "no form has a table T9; there are S14, T2, T3, T4"),
        ({"cell": "T3/granted/total"}, "T3 has no row granted; its rows are"),
        ({"cell": "T3/granted_full/sum"}, "T3 row granted_full has no column sum; its columns are"),
        ({"who": ""}, "who: String should have at least 1 character"),
        ({"expect": 1}, "expect: Input should be a valid string"),
        ({"action": "correct"}, "correct needs evidence"),
        ({"value": None}, "accept_suggestion needs a value"),
        ({"action": "confirm_printed"}, "confirm_printed takes no value"),
        ({"comment": "x"}, "comment: Extra inputs are not permitted"),
    ],
)
def test_a_wrong_entry_is_refused_with_file_and_entry(tmp_path: Path, entry: dict[str, Any], said: str) -> None:
    import yaml

    good = decide().model_dump(mode="json", exclude_none=True)
    store = tmp_path / "decisions"
    store.mkdir()
    text = yaml.safe_dump({"decisions": [good, {**good, **entry}]}, allow_unicode=True)
    (store / "2024.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DecisionError, match=r"2024\.yaml, entry 2") as raised:
        read_decisions(CATALOGUE, store)
    assert said in str(raised.value)


def test_a_decision_about_a_report_never_received_is_refused(tmp_path: Path) -> None:
    append_decision(tmp_path, decide(), CATALOGUE)
    check_reports_known(tmp_path, CATALOGUE, [REPORT])
    with pytest.raises(DecisionError, match=rf"{REPORT}\.yaml, entry 1 .*no report {REPORT} has been received"):
        check_reports_known(tmp_path, CATALOGUE, [])


def test_a_later_version_of_the_report_is_recognised() -> None:
    about = {"agency_id": "a", "report_year": 2020, "reporting_scope": "agency"}
    book = DecisionBook({REPORT: (decide(**about),)})
    assert book.about_other_bytes("f" * 16, "a", 2020, "agency") == (decide(**about),)
    assert book.about_other_bytes(REPORT, "a", 2020, "agency") == ()
    assert book.about_other_bytes("f" * 16, "a", 2021, "agency") == ()
    assert book.about_other_bytes("f" * 16, None, None, None) == ()


def test_the_schema_for_editors_names_the_fields_there_are(project_root: Path) -> None:
    import json

    schema = json.loads((project_root / "catalogue" / "corrections" / "decision.schema.json").read_text("utf-8"))
    assert set(schema["properties"]) == set(Decision.model_fields)
    required = {name for name, field in Decision.model_fields.items() if field.is_required()}
    assert set(schema["required"]) == required
    assert schema["properties"]["action"]["enum"] == [action.value for action in Action]


def test_a_figure_is_kept_exactly(tmp_path: Path) -> None:
    append_decision(tmp_path, decide(action="correct", value="8353.270000", evidence="x"), CATALOGUE)
    (kept,) = read_decisions(CATALOGUE, tmp_path / "decisions").about(REPORT)
    assert kept.value == Decimal("8353.27")
