"""Tables of real reports whose outcome is known by hand (docs/methodology.md)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from printed_tables import APPLICANTS, COLUMNS, broken, by_name, contradictions, reading, rows, run, with_suspects

from disclosure.findings import FindingCode
from disclosure.report import CellState, Outcome, ValueSource

HEILONGJIANG_2020 = rows(
    {
        "requests_received": "15 0 0 0 0 1 16",
        "granted_full": "2 1 0 0 0 1 3",
        "granted_partial": "1 0 0 0 0 0 1",
        "denied_process_information": "1 0 0 0 0 0 1",
        "denied_administrative_inquiry": "2 0 0 0 0 0 2",
        "unable_not_held": "5 0 0 0 0 0 5",
        "other_handling": "4 0 0 0 0 0 4",
        "outcomes_total": "15 0 0 0 0 1 16",
    }
)

SHANGHAI_2019 = rows(
    {
        "requests_received": "821 35 . . 2 1 859",
        "requests_carried_in": "18 . . . . . 18",
        "granted_full": "258 12 . . 1 1 .",
        "granted_partial": "3",
        "denied_state_secret": "14",
        "denied_internal_affairs": "5",
        "denied_process_information": "3 1",
        "denied_administrative_inquiry": "10 2",
        "unable_not_held": "252 12 . . 1",
        "unable_requires_creation": "44 3",
        "unable_unclear_after_correction": "25",
        "not_processed_petition": "148 1",
        "not_processed_duplicate": "5 4",
        "outcomes_total": "767 35 . . 2 1 805",
        "requests_carried_out": "72 . . . . . 72",
    }
)


def test_one_misprint_is_withheld_with_the_value_that_mends_the_table() -> None:
    table = reading("T3", "table_2019", HEILONGJIANG_2020)
    result = run(table)
    assert broken(result) == {("T3-R02", "column:org_business"), ("T3-R03", "row:granted_full")}
    wrong = by_name(result)["granted_full", "org_business"]
    assert (wrong.printed, wrong.value, wrong.value_suggested) == ("1", 1, 0)
    assert (wrong.value_published, wrong.value_source) == (None, ValueSource.WITHHELD)
    others = [c for c in result.cells if c is not wrong]
    assert all(c.value_published == c.value and c.value_source is ValueSource.PRINTED for c in others)


def test_findings_name_the_table_the_place_and_both_sides_in_chinese() -> None:
    result = run(reading("T3", "table_2019", HEILONGJIANG_2020))
    column, row, withheld = result.findings
    assert [f.code for f in result.findings] == [FindingCode.IDENTITY_BROKEN] * 2 + [FindingCode.CELL_WITHHELD]
    assert "收到和处理政府信息公开申请情况" in column.message
    assert "「商业企业」栏：（七）总计填写0，各项办理结果之和为1，相差1" in column.message
    assert "「予以公开」行：总计栏填写3，自然人与法人或其他组织各栏之和为4，相差1" in row.message
    assert "「予以公开」行「商业企业」栏印为“1”，改为 0" in withheld.message
    assert (column.where.row_code, column.where.column_code) == (None, "org_business")
    assert (row.where.row_code, row.where.column_code) == ("granted_full", None)
    assert (withheld.where.row_code, withheld.where.column_code) == ("granted_full", "org_business")


def test_one_blank_total_is_imputed() -> None:
    blank = ("unable_unclear_after_correction", "total")
    result = run(reading("T3", "table_2019", {blank: ""}))
    assert {name: c.value_imputed for name, c in by_name(result).items() if c.value_imputed is not None} == {blank: 0}
    filled = by_name(result)[blank]
    assert (filled.value, filled.value_published, filled.value_source) == (None, 0, ValueSource.IMPUTED)
    unclear = {(i.rule_id, i.scope): i for i in result.identities if i.outcome is Outcome.NOT_ASSESSABLE}
    assert unclear["T3-R03", "row:unable_unclear_after_correction"].missing == (("T3", *blank),)
    assert unclear["T3-R03", "row:unable_unclear_after_correction"].left is None
    assert unclear["T3-R03", "row:unable_unclear_after_correction"].right == 0
    assert result.findings == ()


def test_five_blank_applicants_before_a_total_of_zero_are_imputed() -> None:
    blanks = {("requests_received", column): "" for column in APPLICANTS[1:]}
    result = run(reading("T3", "table_2021", blanks))
    assert {n for n, c in by_name(result).items() if c.value_source is ValueSource.IMPUTED} == set(blanks)
    assert all(by_name(result)[name].value_published == 0 for name in blanks)


def test_a_missing_seventh_value_is_imputed_whichever_column_it_is() -> None:
    short_rows = (
        "granted_full",
        "granted_partial",
        "denied_state_secret",
        "denied_law_prohibited",
        "denied_security_stability",
        "denied_third_party_rights",
        "requests_carried_out",
    )
    for column in COLUMNS:
        absent: dict[tuple[str, str], str | None] = {(row, column): None for row in short_rows}
        result = run(reading("T3", "table_2019", absent))
        filled = {n: c.value_published for n, c in by_name(result).items() if c.value_source is ValueSource.IMPUTED}
        assert filled == dict.fromkeys(absent, 0), column


def test_126_blanks_are_filled_and_eleven_of_them_are_not_zero() -> None:
    table = reading("T3", "table_2019", SHANGHAI_2019, default="")
    assert sum(c.value is None for c in table.cells) == 126
    result = run(table)
    imputed = {n: c.value_published for n, c in by_name(result).items() if c.value_source is ValueSource.IMPUTED}
    assert len(imputed) == 126
    assert broken(result) == set()
    assert contradictions(result, table) == []
    assert {row: value for (row, column), value in imputed.items() if value} == {
        "granted_full": 272,
        "granted_partial": 3,
        "denied_state_secret": 14,
        "denied_internal_affairs": 5,
        "denied_process_information": 4,
        "denied_administrative_inquiry": 12,
        "unable_not_held": 265,
        "unable_requires_creation": 47,
        "unable_unclear_after_correction": 25,
        "not_processed_petition": 149,
        "not_processed_duplicate": 9,
    }
    assert {column for (_, column), value in imputed.items() if value} == {"total"}


def test_a_table_of_slashes_determines_nothing() -> None:
    result = run(reading("T3", "table_2021", {}, default="/"))
    assert {c.value_source for c in result.cells} == {ValueSource.NULL}
    assert {i.outcome for i in result.identities} == {Outcome.NOT_ASSESSABLE}
    assert result.findings == ()


def test_two_broken_rows_of_the_review_table_are_withheld_without_a_suggestion() -> None:
    table = reading(
        "T4",
        "table_2021",
        {
            ("reconsideration", "upheld"): "10",
            ("reconsideration", "corrected"): "1",
            ("litigation_after_reconsideration", "upheld"): "5",
        },
    )
    result = run(table)
    assert broken(result) == {
        ("T4-R01", "row:reconsideration"),
        ("T4-R01", "row:litigation_after_reconsideration"),
    }
    withheld = {n for n, c in by_name(result, "T4").items() if c.value_source is ValueSource.WITHHELD}
    assert {row for row, _ in withheld} == {"reconsideration", "litigation_after_reconsideration"}
    assert len(withheld) == 10
    assert all(c.value_suggested is None for c in result.cells)


def test_a_review_row_that_several_changes_would_mend_has_no_suggestion() -> None:
    printed = rows({"reconsideration": "2 4 0 0 7"}, ("upheld", "corrected", "other_result", "pending", "total"))
    result = run(reading("T4", "table_2019", printed))
    withheld = [c for c in result.cells if c.value_source is ValueSource.WITHHELD]
    assert {c.row_code for c in withheld} == {"reconsideration"} and len(withheld) == 5
    assert all(c.value_suggested is None for c in withheld)


def test_a_blank_with_only_a_row_identity_stays_unknown() -> None:
    result = run(reading("T4", "table_2021", {("litigation_direct", "total"): ""}))
    blank = by_name(result, "T4")["litigation_direct", "total"]
    assert (blank.value_imputed, blank.value_published, blank.value_source) == (None, None, ValueSource.NULL)


def test_a_misread_figure_beside_a_blank_is_not_copied_into_it() -> None:
    """The row alone would give 7 - 1 = 6 for the blank; its column says 5."""
    printed = rows(
        {
            "requests_received": "2 5 0 0 0 0 7",
            "granted_full": "1 . 0 0 0 0 7",  # natural persons: 2 misread as 1
            "outcomes_total": "2 5 0 0 0 0 7",
        }
    )
    table = reading("T3", "table_2021", printed)
    result = run(table)
    assert broken(result) == {("T3-R02", "column:natural_person")}
    cells = by_name(result)
    assert cells["granted_full", "org_business"].value_published is None
    assert cells["granted_full", "natural_person"].value_source is ValueSource.WITHHELD
    assert cells["granted_full", "natural_person"].value_suggested == 2
    assert contradictions(result, table) == []


def test_known_parts_that_exceed_the_total_break_an_identity_with_blanks() -> None:
    printed = rows({"requests_received": "3 . 0 0 0 0 2"})
    result = run(reading("T3", "table_2021", printed))
    row = next(i for i in result.identities if (i.rule_id, i.scope) == ("T3-R03", "row:requests_received"))
    assert row.outcome is Outcome.BROKEN
    assert (row.left, row.right, row.missing) == (2, None, (("T3", "requests_received", "org_business"),))
    assert by_name(result)["requests_received", "org_business"].value_published is None
    message = next(f.message for f in result.findings if f.where.row_code == "requests_received")
    assert "之和为至少 3，相差至少 1" in message


def test_known_parts_that_exceed_the_other_side_break_an_identity_with_blanks() -> None:
    """Five received and an unknown number carried in are more than the three that have an outcome."""
    printed = rows(
        {"requests_received": "5 0 0 0 0 0 5", "requests_carried_in": ". 0 0 0 0 0 .", "granted_full": "3 0 0 0 0 0 3"}
    )
    printed |= rows({"outcomes_total": "3 0 0 0 0 0 3"})
    result = run(reading("T3", "table_2021", printed))
    scopes = {scope for rule_id, scope in broken(result) if rule_id == "T3-R01"}
    assert scopes == {"column:natural_person", "column:total"}


def test_an_identity_that_holds_does_not_clear_a_cell_of_another_broken_one_of_its_column() -> None:
    """Four errors; received and outcomes of natural persons are too high by the same 3, so that T3-R01 holds there."""
    printed = rows(
        {
            "requests_received": "8 4 0 0 0 0 9",  # 5 printed 8
            "granted_full": "6 4 0 0 0 0 9",  # 5 printed 6
            "outcomes_total": "8 6 0 0 0 0 9",  # 5 printed 8, 4 printed 6
        }
    )
    table = reading("T3", "table_2021", printed)
    result = run(table)
    assert ("T3-R01", "column:natural_person") not in broken(result)
    cells = by_name(result)
    assert cells["outcomes_total", "natural_person"].value_source is ValueSource.WITHHELD
    assert contradictions(result, table) == []


def test_not_applicable_is_never_imputed() -> None:
    table = reading("T3", "table_2021", {("denied_state_secret", "org_research"): ""})
    cells = tuple(c._replace(state=CellState.NOT_APPLICABLE) if c.value is None else c for c in table.cells)
    result = run(replace(table, cells=cells))
    assert by_name(result)["denied_state_secret", "org_research"].value_source is ValueSource.NULL


def test_a_negative_count_is_withheld_and_mended_by_its_row_and_column() -> None:
    printed = rows(
        {
            "requests_received": "3 0 0 0 0 0 3",
            "granted_full": "-3 0 0 0 0 0 3",
            "outcomes_total": "3 0 0 0 0 0 3",
        }
    )
    result = run(reading("T3", "table_2021", printed))
    assert ("G-01", "table") in broken(result)
    cell = by_name(result)["granted_full", "natural_person"]
    assert (cell.value, cell.value_suggested, cell.value_source) == (-3, 3, ValueSource.WITHHELD)
    assert [c for c in result.cells if c.value_source is ValueSource.WITHHELD] == [cell]


def test_a_value_beyond_the_believable_maximum_is_withheld_alone() -> None:
    printed = {("normative_documents", "in_force_total"): "20212022"}
    result = run(reading("T2", "table_2021", printed))
    withheld = [c for c in result.cells if c.value_source is ValueSource.WITHHELD]
    assert [(c.row_code, c.column_code, c.value_suggested) for c in withheld] == [
        ("normative_documents", "in_force_total", None)
    ]


def test_more_items_lost_than_there_were_withholds_both_terms() -> None:
    printed = {
        ("administrative_penalty", "items_prior_year"): "6",
        ("administrative_penalty", "items_change"): "-8",
    }
    result = run(reading("T2", "table_2019", printed))
    assert broken(result) == {("T2A-R01", "row:administrative_penalty")}
    withheld = {(c.row_code, c.column_code) for c in result.cells if c.value_source is ValueSource.WITHHELD}
    assert withheld == set(printed)


def test_a_column_whose_rows_all_hold_is_withheld_whole() -> None:
    """Two figures swapped between columns: each row still adds up, two columns do not, nothing singles a cell out."""
    printed = rows(
        {
            "requests_received": "2 1 0 0 0 0 3",
            "granted_full": "1 2 0 0 0 0 3",
            "outcomes_total": "2 1 0 0 0 0 3",
        }
    )
    table = reading("T3", "table_2021", printed)
    result = run(table)
    assert broken(result) == {("T3-R02", "column:natural_person"), ("T3-R02", "column:org_business")}
    withheld = {column for (_, column), c in by_name(result).items() if c.value_source is ValueSource.WITHHELD}
    assert withheld == {"natural_person", "org_business"}
    assert contradictions(result, table) == []


def test_a_doubtful_reading_is_published_when_row_and_column_confirm_it() -> None:
    doubtful = [("granted_partial", column) for column in COLUMNS]
    printed = {k: v for k, v in HEILONGJIANG_2020.items() if k != ("granted_full", "org_business")}
    result = run(with_suspects(reading("T3", "table_2019", printed), doubtful))
    cells = by_name(result)
    assert all(cells[name].value_source is ValueSource.PRINTED for name in doubtful)
    assert cells["granted_partial", "natural_person"].value_published == 1


def test_a_doubtful_reading_in_the_wrong_column_is_withheld_with_the_determined_value() -> None:
    printed = {k: v for k, v in HEILONGJIANG_2020.items() if k != ("granted_full", "org_business")}
    printed |= rows({"granted_partial": "0 1 0 0 0 0 1"})
    doubtful = [("granted_partial", column) for column in COLUMNS]
    table = with_suspects(reading("T3", "table_2019", printed), doubtful)
    result = run(table)
    cells = by_name(result)
    withheld = {n: c.value_suggested for n, c in cells.items() if c.value_source is ValueSource.WITHHELD}
    assert withheld == {("granted_partial", "natural_person"): 1, ("granted_partial", "org_business"): 0}
    assert cells["granted_partial", "total"].value_published == 1
    assert contradictions(result, table) == []


def test_a_doubtful_reading_without_a_column_identity_is_withheld() -> None:
    table = with_suspects(reading("T4", "table_2021", {}), [("reconsideration", "upheld")])
    result = run(table)
    withheld = [c for c in result.cells if c.value_source is ValueSource.WITHHELD]
    assert [(c.row_code, c.column_code) for c in withheld] == [("reconsideration", "upheld")]
    (found,) = result.findings
    assert found.code is FindingCode.CELL_WITHHELD and "读数存疑" in found.message


def test_the_hubei_variant_has_its_extra_row_in_the_ledger() -> None:
    name = ("other_disclosed_documents", "made_this_year")
    result = run(reading("T2", "table_2019", {name: "-1"}, form_variant="hubei_2020"))
    assert broken(result) == {("G-01", "table")}
    assert by_name(result, "T2")[name].value_source is ValueSource.WITHHELD


def test_printed_text_and_value_never_change() -> None:
    table = reading("T3", "table_2019", HEILONGJIANG_2020 | {("unable_not_held", "total"): ""})
    result = run(table)
    assert [(c.printed, c.value, c.state) for c in result.cells] == [(c.printed, c.value, c.state) for c in table.cells]
    assert isinstance(by_name(result)["unable_not_held", "total"].value_published, Decimal)
