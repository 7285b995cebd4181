"""Cells that ran together come apart only where the row leaves one way."""

from __future__ import annotations

import pytest

from catalogue.load import load_catalogue
from catalogue.model import Comparison, IdentityInstance
from disclosure.parse.glued import split_digits, split_line, ties_of_rows

EDITION = load_catalogue().edition("table_2021")
APPLICATIONS = EDITION.table("T3")
DISPUTES = EDITION.table("T4")
assert APPLICATIONS is not None
assert DISPUTES is not None
COLUMNS = APPLICATIONS.row("granted_full").columns


def equalities(table: str, row: str) -> list[IdentityInstance]:
    return [
        each
        for each in load_catalogue().instances_of("table_2021", table)
        if each.comparison is Comparison.EQUAL and each.scope == f"row:{row}"
    ]


@pytest.mark.parametrize(
    ("digits", "cells"),
    [
        ("0000000", ("0",) * 7),
        ("2000103", ("2", "0", "0", "0", "1", "0", "3")),
        ("190000019", ("19", "0", "0", "0", "0", "0", "19")),
        ("120300042015", None),  # 12+3+0+0+...: no way ties
        ("100001112", None),  # 10 0 0 0 1 1 12, or 1 0 0 0 0 11 12
        ("000000", None),  # a cell is missing, and nobody can say which
    ],
)
def test_a_row_of_applications(digits: str, cells: tuple[str, ...] | None) -> None:
    assert split_digits(digits, COLUMNS, equalities("T3", "granted_full")) == cells


def test_without_an_identity_only_single_digits_come_apart() -> None:
    columns = ("issued_this_year", "repealed_this_year", "in_force_total")
    assert split_digits("117", columns, ()) == ("1", "1", "7")
    assert split_digits("1117", columns, ()) is None


def test_one_column_takes_the_whole_number() -> None:
    assert split_digits("57.16", ("fee_amount",), ()) == ("57.16",)
    assert split_digits("057", ("fee_amount",), ()) is None


def test_the_line_of_disputes_has_three_totals() -> None:
    assert DISPUTES is not None
    every = [each for row in DISPUTES.rows for each in equalities("T4", row.code)]
    rows = ties_of_rows(((row.code, row.columns) for row in DISPUTES.rows), every)
    cells = split_line("07018000001200315", rows)
    assert cells == ("0", "7", "0", "1", "8", "0", "0", "0", "0", "0", "12", "0", "0", "3", "15")
    assert split_line("12345678901234567890", rows) is None
