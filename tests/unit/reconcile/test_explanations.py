"""Why a table is broken: the cells named, the ways to mend it, what speaks for each, and whose mistake it seems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printed_tables import CellName, by_name, contradictions, reading, rows, run
from test_reconcile_properties import consistent_tables, misprint, other_value, some_cell

from disclosure.findings import FindingCode, Where, finding
from disclosure.reconcile.clues import Surroundings, edit_distance
from disclosure.reconcile.explain import explain
from disclosure.report import Cause, Clue, Explanation, NarrativeCount, TableReading, ValueSource

OUTCOMES = ("upheld", "corrected", "other_result", "pending", "total")


def explained(table: TableReading, **known: Any) -> tuple[Explanation, ...]:
    return explain(run(table).doubted, Surroundings(**known))


def changes(explanation: Explanation) -> list[dict[CellName, Decimal | None]]:
    return [
        {(change.row_code, change.column_code): change.value for change in candidate.changes}
        for candidate in explanation.candidates
    ]


def clue_codes(clues: Sequence[Clue]) -> set[str]:
    return {clue.code for clue in clues}


def applications(**lines: str) -> TableReading:
    return reading("T3", "table_2021", rows(lines))


def only(table: TableReading, **known: Any) -> Explanation:
    (explanation,) = explained(table, **known)
    return explanation


def test_one_wrong_cell_explains_the_breaks_of_its_row_and_its_column() -> None:
    explanation = only(
        applications(requests_received="3 0 0 0 0 0 3", granted_full="3 1 0 0 0 0 3", outcomes_total="3 0 0 0 0 0 3")
    )
    assert changes(explanation) == [{("granted_full", "org_business"): 0}]
    assert explanation.broken == (("T3-R02", "column:org_business"), ("T3-R03", "row:granted_full"))
    assert explanation.open_cells == ()
    assert "表三「予以公开」行「商业企业」栏印为 1，应为 0" in explanation.chinese
    assert "Table 3 row “granted in full”, column “businesses” prints 1 and should be 0" in explanation.english


def test_two_wrong_cells_are_found_when_no_single_one_explains() -> None:
    table = applications(
        requests_received="9 5 0 0 0 0 14",
        granted_full="4 0 0 0 0 0 6",  # 6 printed 4
        unable_not_held="3 8 0 0 0 0 8",  # 5 printed 8
        outcomes_total="9 5 0 0 0 0 14",
    )
    explanation = only(table)
    assert changes(explanation) == [{("granted_full", "natural_person"): 6, ("unable_not_held", "org_business"): 5}]
    cells = by_name(run(table))
    assert cells["granted_full", "natural_person"].value_suggested == 6
    assert cells["unable_not_held", "org_business"].value_suggested == 5


def test_two_equal_errors_can_lie_on_either_diagonal_and_neither_is_picked() -> None:
    table = applications(
        requests_received="9 5 0 0 0 0 14",
        granted_full="4 0 0 0 0 0 6",
        unable_not_held="3 3 0 0 0 0 8",
        outcomes_total="9 5 0 0 0 0 14",
    )
    explanation = only(table)
    assert len(explanation.candidates) == 2
    assert all(cell.value_suggested is None for cell in run(table).cells)
    intervals = {(cell.row_code, cell.column_code): (cell.lowest, cell.highest) for cell in explanation.open_cells}
    assert intervals["granted_full", "natural_person"] == (4, 6)
    assert intervals["granted_full", "org_business"] == (0, 2)


def test_rows_of_disputes_are_explained_apart() -> None:
    table = reading(
        "T4",
        "table_2021",
        rows({"reconsideration": "10 1 0 0 0", "litigation_after_reconsideration": "5 0 0 0 0"}, OUTCOMES),
    )
    first, second = explained(table)
    assert changes(first) == [{("reconsideration", "total"): 11}]
    assert changes(second) == [
        {("litigation_after_reconsideration", "total"): 5},
        {("litigation_after_reconsideration", "upheld"): 0},
    ]
    assert clue_codes(second.candidates[0].clues) == {"total_zero"}
    assert {first.cause, second.cause} == {Cause.FILER}
    assert all(cell.value_suggested is None for cell in run(table).cells)


def test_the_text_of_the_report_ranks_the_ways_and_picks_none() -> None:
    table = reading("T4", "table_2021", rows({"reconsideration": "4 0 0 0 3"}, OUTCOMES))
    without = only(table)
    assert without.candidates[0].clues == without.candidates[1].clues == ()
    stated = NarrativeCount("reconsideration_upheld", "3", Decimal(3), "件", True, "行政复议维持3件。")
    told = only(table, narrative=(stated,))
    assert changes(told)[0] == {("reconsideration", "upheld"): 3}
    assert clue_codes(told.candidates[0].clues) == {"narrative_agrees"}
    assert by_name(run(table), "T4")["reconsideration", "upheld"].value_suggested is None


@pytest.mark.parametrize(
    ("printed", "clue"),
    [
        ("43", "digits_transposed"),
        ("84", "digit_confusion"),
        ("3", "digit_lost"),
        ("314", "digit_added"),
        ("99", None),
    ],
)
def test_how_the_digits_differ_is_told(printed: str, clue: str | None) -> None:
    explanation = only(
        applications(
            requests_received="34 0 0 0 0 0 34",
            granted_full=f"{printed} 0 0 0 0 0 34",
            outcomes_total="34 0 0 0 0 0 34",
        )
    )
    assert changes(explanation) == [{("granted_full", "natural_person"): 34}]
    assert clue_codes(explanation.candidates[0].clues) == ({clue} if clue else set())


def test_a_number_split_over_two_cells_is_a_reading_error() -> None:
    explanation = only(
        applications(
            requests_received="20 0 0 0 0 0 20", granted_full="2 0 0 0 0 0 20", outcomes_total="20 0 0 0 0 0 20"
        )
    )
    assert "split_number" in clue_codes(explanation.candidates[0].clues)
    assert explanation.cause is Cause.READER


def test_a_confusable_digit_in_a_scan_is_a_reading_error() -> None:
    table = applications(
        requests_received="3 0 0 0 0 0 3", granted_full="8 0 0 0 0 0 3", outcomes_total="3 0 0 0 0 0 3"
    )
    scanned = replace(table, cells=tuple(cell._replace(confidence=0.7) for cell in table.cells))
    assert only(table).cause is Cause.UNDETERMINED
    explanation = only(scanned)
    assert clue_codes(explanation.candidates[0].clues) == {"digit_misrecognised", "low_confidence"}
    assert explanation.cause is Cause.READER


def test_a_row_in_doubt_since_reading_is_evidence_against_the_reading() -> None:
    table = applications(
        requests_received="3 0 0 0 0 0 3", granted_full="9 0 0 0 0 0 3", outcomes_total="3 0 0 0 0 0 3"
    )
    doubt = finding(FindingCode.ROW_VALUE_COUNT, "", Where(table="T3", row_code="granted_full"))
    assert only(replace(table, findings=(doubt,))).cause is Cause.READER


def test_a_cell_of_an_editable_table_is_the_filers_own() -> None:
    table = applications(
        requests_received="3 0 0 0 0 0 3", granted_full="9 0 0 0 0 0 3", outcomes_total="3 0 0 0 0 0 3"
    )
    structured = replace(table, cells=tuple(cell._replace(grid=0) for cell in table.cells))
    assert only(structured, holds_tables=True).cause is Cause.FILER
    assert only(structured).cause is Cause.UNDETERMINED, "a table in a text file may be another program's reading"


def test_a_total_that_leaves_a_column_out_says_which() -> None:
    table = reading("T4", "table_2021", rows({"reconsideration": "4 2 0 1 5"}, OUTCOMES))
    best = only(table).candidates[0]
    assert best.changes[0].column_code == "total" and best.changes[0].value == 7
    assert clue_codes(best.clues) == {"total_without_line"}
    assert "结果纠正" in best.clues[0].chinese


def test_a_value_in_the_neighbouring_row_is_told() -> None:
    table = applications(
        requests_received="5 0 0 0 0 0 5",
        granted_full="0 0 0 0 0 0 5",
        granted_partial="5 0 0 0 0 0 0",
        outcomes_total="5 0 0 0 0 0 5",
    )
    explanation = only(table)
    moved = [candidate for candidate in explanation.candidates if "value_moved" in clue_codes(candidate.clues)]
    natural_person = {("granted_full", "natural_person"): 5, ("granted_partial", "natural_person"): 0}
    assert natural_person in changes(explanation) and len(moved) == len(explanation.candidates) == 2


def test_two_rows_swapped_are_recognised() -> None:
    table = applications(
        requests_received="5 4 3 0 0 0 12",
        granted_full="4 3 2 0 0 0 9",
        outcomes_total="1 1 1 0 0 0 3",
        requests_carried_out="4 3 2 0 0 0 9",
    )
    explanation = only(table)
    patterns = [candidate.pattern for candidate in explanation.candidates]
    assert patterns == ["rows_swapped"]
    assert "「（七）" not in explanation.chinese and "互换" in explanation.candidates[0].clues[0].chinese
    assert all(cell.value_suggested is None for cell in run(table).cells)


def test_a_row_moved_by_one_column_is_recognised() -> None:
    table = applications(
        requests_received="5 4 3 2 1 0 15",
        granted_full="0 5 4 3 2 1 0",  # 5 4 3 2 1 0 15, moved by one
        outcomes_total="5 4 3 2 1 0 15",
    )
    assert "row_shifted" in [candidate.pattern for candidate in only(table).candidates]


def patterns_of(table: TableReading, pattern: str) -> list[str]:
    return [each.clues[0].chinese for each in only(table).candidates if each.pattern == pattern]


def test_the_total_printed_in_the_place_of_another_column_is_recognised() -> None:
    lines = {"requests_received": "5 9 4 0 0 0 0", "granted_full": "2 5 3 0 0 0 0", "unable_not_held": "3 4 1 0 0 0 0"}
    table = applications(**lines, outcomes_total="5 9 4 0 0 0 0")
    assert patterns_of(table, "columns_swapped") == ["「商业企业」栏与「总计」栏互换即可成立"]


def test_columns_swapped_below_a_page_break_are_recognised() -> None:
    table = applications(
        requests_received="5 9 4 0 0 0 18",
        granted_full="2 6 3 0 0 0 11",
        unable_not_held="3 1 1 0 0 0 5",  # from here on the first two columns stand the other way round
        not_processed_petition="0 2 0 0 0 0 2",
        outcomes_total="9 5 4 0 0 0 18",
    )
    (words,) = patterns_of(table, "columns_swapped_from")
    assert words == "自「本机关不掌握相关政府信息」行起，「自然人」栏与「商业企业」栏互换即可成立"


def test_a_column_moved_by_one_row_is_recognised() -> None:
    table = applications(
        requests_received="9 0 0 0 0 0 9",
        granted_partial="4 0 0 0 0 0 0",
        denied_state_secret="3 0 0 0 0 0 4",
        denied_law_prohibited="2 0 0 0 0 0 3",
        denied_security_stability="0 0 0 0 0 0 2",  # the total column stands one row too low
        outcomes_total="9 0 0 0 0 0 9",
    )
    shifted = patterns_of(table, "column_shifted")
    assert shifted == ["「自然人」栏的数值疑整体错一行", "「总计」栏的数值疑整体错一行"], (
        "either column would explain it"
    )


def test_figures_in_the_wrong_place_are_the_filers_where_the_file_holds_its_tables() -> None:
    table = applications(
        requests_received="5 9 4 0 0 0 0", granted_full="5 9 4 0 0 0 0", outcomes_total="5 9 4 0 0 0 0"
    )
    structured = replace(table, cells=tuple(cell._replace(grid=0) for cell in table.cells))
    scanned = replace(table, cells=tuple(cell._replace(confidence=0.6) for cell in table.cells))
    assert only(table).cause is Cause.UNDETERMINED
    assert only(structured, holds_tables=True).cause is Cause.FILER
    assert only(scanned).cause is Cause.READER


@pytest.mark.parametrize(
    ("total", "clue", "words"),
    [
        ("17 0 0 0 0 0 17", "total_without_line", "合计恰少「（五）不予处理」各行的 5"),
        ("25 0 0 0 0 0 25", "total_with_line", "合计恰多「结转下年度继续办理」行的 3"),
    ],
)
def test_a_total_over_the_wrong_rows_says_which(total: str, clue: str, words: str) -> None:
    """（七）总计 without a whole heading, or with the row below it."""
    table = applications(
        requests_received="25 0 0 0 0 0 25",
        granted_full="17 0 0 0 0 0 17",
        not_processed_petition="4 0 0 0 0 0 4",
        not_processed_duplicate="1 0 0 0 0 0 1",
        outcomes_total=total,
        requests_carried_out="3 0 0 0 0 0 3",
    )
    explanation = only(table)
    assert clue in clue_codes(explanation.candidates[0].clues)
    assert any(words in each.chinese for each in explanation.candidates[0].clues)
    assert explanation.cause is Cause.FILER


def test_an_only_change_that_is_not_determined_has_its_range() -> None:
    table = reading("T2", "table_2021", {("normative_documents", "in_force_total"): "20212022"})
    explanation = only(table)
    assert len(explanation.candidates) == 1
    assert [(each.lowest, each.highest) for each in explanation.open_cells] == [(0, 100_000)]


def test_without_a_candidate_the_other_figures_bound_the_cells_in_doubt() -> None:
    """Four wrong cells at the corners of a rectangle: their rows and columns leave one value for each of them."""
    table = applications(
        requests_received="9 9 9 0 0 0 27",
        granted_full="1 2 4 0 0 0 27",
        unable_not_held="0 3 0 7 0 0 0",
        outcomes_total="9 9 9 0 0 0 27",
    )
    explanation = only(table)
    assert explanation.candidates == ()
    bounds = {(each.row_code, each.column_code): (each.lowest, each.highest) for each in explanation.open_cells}
    assert bounds["granted_full", "natural_person"] == (9, 9)
    assert bounds["unable_not_held", "org_public_interest"] == (0, 0)
    assert all(cell.value_suggested is None for cell in run(table).cells)


@settings(max_examples=40, deadline=None)
@given(consistent_tables(), st.data())
def test_the_ranges_of_open_cells_hold_the_right_values(table: TableReading, data: st.DataObject) -> None:
    """Several errors; where the cells in doubt hold all of them, so do the ranges of what is left open."""
    wrong = {some_cell(data, table) for _ in range(data.draw(st.integers(2, 5)))}
    spoilt = table
    for index in wrong:
        spoilt = misprint(spoilt, index, other_value(data, table, index))
    result = run(spoilt)
    withheld = {i for i, cell in enumerate(result.cells) if cell.value_source is ValueSource.WITHHELD}
    explanations = explain(result.doubted)
    right = {(cell.row_code, cell.column_code): cell.value for cell in table.cells}
    for explanation in explanations:
        for cell in explanation.open_cells:
            if explanation.candidates or not wrong <= withheld or cell.lowest is None or cell.highest is None:
                continue
            assert cell.lowest <= (right[cell.row_code, cell.column_code] or 0) <= cell.highest


def test_what_more_than_two_cells_broke_is_left_without_a_candidate() -> None:
    table = applications(
        requests_received="9 9 9 0 0 0 27",
        granted_full="1 2 4 0 0 0 27",
        unable_not_held="0 3 0 7 0 0 0",
        outcomes_total="9 9 9 0 0 0 27",
    )
    explanation = only(table)
    assert explanation.candidates == () and explanation.cause is Cause.UNDETERMINED
    assert "改动两格以内不能使其全部成立" in explanation.chinese


def test_a_table_that_ties_needs_no_explanation() -> None:
    assert explained(applications()) == ()


def test_edit_distance_counts_digits() -> None:
    assert [edit_distance(*pair) for pair in [("34", "34"), ("34", "43"), ("2", "20"), ("0", "11")]] == [0, 2, 1, 2]


@settings(max_examples=40, deadline=None)
@given(consistent_tables(), st.data())
def test_a_single_wrong_cell_is_the_only_candidate_and_explains_every_break(
    table: TableReading, data: st.DataObject
) -> None:
    index = some_cell(data, table)
    spoilt = misprint(table, index, other_value(data, table, index))
    result = run(spoilt)
    broken = {
        (each.rule_id, each.scope) for each in result.identities if each.outcome == "broken" and each.rule_id != "G-01"
    }
    (explanation,) = explain(result.doubted)
    cell = table.cells[index]
    assert changes(explanation) == [{(cell.row_code, cell.column_code): cell.value}]
    assert broken <= set(explanation.broken)


@settings(max_examples=40, deadline=None)
@given(consistent_tables(), st.data())
def test_two_wrong_cells_are_among_the_candidates(table: TableReading, data: st.DataObject) -> None:
    first, second = some_cell(data, table), some_cell(data, table)
    spoilt = misprint(table, first, other_value(data, table, first))
    spoilt = misprint(spoilt, second, other_value(data, table, second))
    result = run(spoilt)
    right = {(table.cells[i].row_code, table.cells[i].column_code): table.cells[i].value for i in {first, second}}
    explanations = explain(result.doubted)
    ways = [way for explanation in explanations for way in changes(explanation)]
    together: dict[CellName, Decimal | None] = {name: value for way in ways for name, value in way.items()}
    assert right in ways or right == together or min(len(way) for way in ways) < len(right)
    assert contradictions(result, spoilt) == []


def test_a_rectangle_of_opposite_errors_is_invisible() -> None:
    """Four figures moved crosswise keep every row and every column: no identity can see it."""
    right = applications(
        requests_received="6 4 0 0 0 0 10",
        granted_full="4 1 0 0 0 0 5",
        unable_not_held="2 3 0 0 0 0 5",
        outcomes_total="6 4 0 0 0 0 10",
    )
    crossed = applications(
        requests_received="6 4 0 0 0 0 10",
        granted_full="3 2 0 0 0 0 5",
        unable_not_held="3 2 0 0 0 0 5",
        outcomes_total="6 4 0 0 0 0 10",
    )
    assert explained(right) == explained(crossed) == ()
    published = by_name(run(crossed))["granted_full", "natural_person"]
    assert (published.value_published, published.value_source) == (3, ValueSource.PRINTED)
