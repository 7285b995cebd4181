"""The forms: how many cells each table of each edition has, and what is known of a cell."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from catalogue.load import load_catalogue
from catalogue.model import Table, ValueKind


def table(edition: str, code: str) -> Table:
    found = load_catalogue().edition(edition).table(code)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("edition", "code", "variant", "rows", "cells"),
    [
        ("table_2019", "T2", None, 8, 22),
        ("table_2019", "T2", "hubei_2020", 9, 25),
        ("table_2019", "T3", None, 23, 161),
        ("table_2019", "T4", None, 3, 15),
        ("table_2021", "T2", None, 6, 10),
        ("table_2021", "T3", None, 25, 175),
        ("table_2021", "T4", None, 3, 15),
        ("stat_annex_2014", "S14", None, 58, 58),
    ],
)
def test_number_of_rows_and_cells(edition: str, code: str, variant: str | None, rows: int, cells: int) -> None:
    on_form = table(edition, code).cells(variant)
    assert len(set(on_form)) == len(on_form) == cells
    assert len({row for row, _ in on_form}) == rows


def test_editions_stand_in_the_order_of_their_years() -> None:
    editions = load_catalogue().editions
    assert [edition.code for edition in editions] == ["narrative_2008", "stat_annex_2014", "table_2019", "table_2021"]
    for earlier, later in pairwise(editions):
        assert earlier.last_report_year is not None
        assert earlier.last_report_year + 1 == later.first_report_year
    assert editions[-1].last_report_year is None


def test_outcomes_are_nineteen_in_2019_and_twenty_one_in_2021() -> None:
    leaves_2019 = table("table_2019", "T3").row_sets["leaves"]
    leaves_2021 = table("table_2021", "T3").row_sets["leaves"]
    assert (len(leaves_2019), len(leaves_2021)) == (19, 21)
    assert set(leaves_2019) - set(leaves_2021) == {"other_handling"}
    assert set(leaves_2021) - set(leaves_2019) == {"other_correction_overdue", "other_fee_unpaid", "other_misc"}
    assert not {"requests_received", "outcomes_total", "requests_carried_out"} & {*leaves_2019, *leaves_2021}


def test_the_three_rows_of_other_handling_stand_where_the_single_row_stood() -> None:
    rows = [row.code for row in table("table_2021", "T3").rows]
    assert rows[rows.index("not_processed_confirm_or_reissue") + 1 :] == [
        *("other_correction_overdue", "other_fee_unpaid", "other_misc"),
        *("outcomes_total", "requests_carried_out"),
    ]


def test_edition_of_2021_inherits_the_unchanged_table_as_it_stands() -> None:
    assert table("table_2021", "T4") == table("table_2019", "T4")


def test_tables_of_two_editions_share_no_word_that_tells_them_apart() -> None:
    words = {edition: set(table(edition, "T2").edition_anchors) for edition in ("table_2019", "table_2021")}
    assert not words["table_2019"] & words["table_2021"]


@pytest.mark.parametrize(
    ("edition", "code", "row", "column", "kind", "unit", "maximum"),
    [
        ("table_2019", "T2", "administrative_penalty", "items_change", ValueKind.SIGNED_COUNT, "项", "1E+5"),
        ("table_2019", "T2", "administrative_penalty", "decisions", ValueKind.COUNT, "件", "1E+9"),
        ("table_2019", "T2", "government_procurement", "procurement_amount", ValueKind.AMOUNT, "万元", "1E+8"),
        ("table_2021", "T2", "administrative_fees", "fee_amount", ValueKind.AMOUNT, "万元", "1E+8"),
        ("table_2021", "T2", "normative_documents", "in_force_total", ValueKind.COUNT, "件", "1E+5"),
        ("table_2021", "T3", "other_misc", "org_other", ValueKind.COUNT, "件", "1E+6"),
        ("table_2021", "T4", "reconsideration", "pending", ValueKind.COUNT, "件", "1E+5"),
        ("stat_annex_2014", "S14", "dedicated_budget", "value", ValueKind.AMOUNT, "万元", "1E+8"),
        ("stat_annex_2014", "S14", "trainees", "value", ValueKind.COUNT, "人次", "1E+8"),
        ("stat_annex_2014", "S14", "reconsideration_total", "value", ValueKind.COUNT, "件", "1E+5"),
    ],
)
def test_kind_unit_and_maximum_of_a_cell(
    edition: str, code: str, row: str, column: str, kind: ValueKind, unit: str, maximum: str
) -> None:
    form = table(edition, code)
    assert form.kind_of(row, column) is kind
    assert form.unit_of(row, column) == unit
    assert form.maximum_of(row, column) == Decimal(maximum)


def test_cells_that_are_not_on_the_form_are_not_made() -> None:
    cells = table("table_2019", "T2").cells()
    assert ("administrative_fees", "decisions") not in cells
    assert ("government_procurement", "items_change") not in cells


def test_headings_have_no_cells_and_lie_under_one_another() -> None:
    form = table("table_2021", "T3")
    groups = {group.code: group.parent for group in form.groups}
    assert groups == {
        "outcomes_group": None,
        "denied_group": "outcomes_group",
        "unable_group": "outcomes_group",
        "not_processed_group": "outcomes_group",
        "other_group": "outcomes_group",
    }
    assert not set(groups) & {row for row, _ in form.cells()}
    assert len(form.row_sets["denied_group"]) == 8
