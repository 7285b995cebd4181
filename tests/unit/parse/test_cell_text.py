"""The cell grammar, one line per printed form."""

from decimal import Decimal

import pytest

from catalogue.model import ValueKind
from disclosure.findings import FindingCode
from disclosure.parse.cell_text import read_cell_text, trim
from disclosure.report import CellState


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("0", 0),
        ("０", 0),
        ("O", 0),
        ("o", 0),
        ("〇", 0),
        ("零", 0),
        ("12", 12),
        ("1,234", 1234),
        ("1，234", 1234),
        ("1 234", 1234),
        ("12件", 12),
        ("12 条", 12),
        ("\u3000\u00a00", 0),
        ("? 0", 0),
        ("11398889", 11398889),
    ],
)
def test_counts(printed, value):
    assert read_cell_text(printed, ValueKind.COUNT).value == value
    assert read_cell_text(printed, ValueKind.COUNT).state is CellState.REPORTED


@pytest.mark.parametrize(
    ("printed", "state", "value"),
    [
        ("", CellState.BLANK, None),
        ("\u00a0\u3000", CellState.BLANK, None),
        ("/", CellState.SLASH, None),
        ("／", CellState.SLASH, None),
        ("\\", CellState.SLASH, None),
        ("-", CellState.DASH, None),
        ("——", CellState.DASH, None),
        ("－", CellState.DASH, None),
        ("无", CellState.NONE_TEXT, Decimal(0)),
        ("无。", CellState.NONE_TEXT, Decimal(0)),
        ("未发生", CellState.NONE_TEXT, Decimal(0)),
        ("不涉及", CellState.NOT_APPLICABLE, None),
        ("N/A", CellState.NOT_APPLICABLE, None),
    ],
)
def test_nil_marks_are_told_apart_and_only_words_of_none_are_zero(printed, state, value):
    read = read_cell_text(printed, ValueKind.COUNT)
    assert (read.state, read.value) == (state, value)


def test_a_dash_before_digits_is_a_minus_sign():
    assert read_cell_text("-5", ValueKind.COUNT).value == -5
    assert read_cell_text("－5", ValueKind.SIGNED_COUNT).value == -5


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("475", 475),
        ("+19", 19),
        ("增3", 3),
        ("增加 3", 3),
        ("新增3项", 3),
        ("↑2", 2),
        ("减 6", -6),
        ("减少6", -6),
        ("−417", -417),
        ("↓2", -2),
        ("增3减2", 1),
        ("+5/-2", 3),
        ("持平", 0),
        ("无变化", 0),
        ("无", 0),
    ],
)
def test_signs_of_a_change(printed, value):
    assert read_cell_text(printed, ValueKind.SIGNED_COUNT).value == value


def test_a_pair_without_signs_is_not_guessed():
    read = read_cell_text("3/2", ValueKind.SIGNED_COUNT)
    assert read.value is None
    assert read.trouble is FindingCode.SIGN_AMBIGUOUS


@pytest.mark.parametrize(
    ("printed", "value", "unit_missing"),
    [
        ("8353.27 万", "8353.27", False),
        ("88.19万元", "88.19", False),
        ("251000元", "25.1", False),
        ("3千元", "0.3", False),
        ("1.2亿元", "12000", False),
        ("52.15", "52.15", True),
        ("0", "0", False),
    ],
)
def test_amounts_in_ten_thousand_yuan(printed, value, unit_missing):
    read = read_cell_text(printed, ValueKind.AMOUNT)
    assert read.value == Decimal(value)
    assert read.unit_missing is unit_missing


def test_an_annotation_is_kept_beside_the_number():
    read = read_cell_text("22（其中修订16件）", ValueKind.COUNT)
    assert (read.value, read.note) == (22, "其中修订16件")


def test_approximations_are_marked():
    assert read_cell_text("约12", ValueKind.COUNT).approximate
    assert read_cell_text("963余", ValueKind.COUNT).approximate
    assert not read_cell_text("963", ValueKind.COUNT).approximate


@pytest.mark.parametrize("printed", ["13812345678901", "0.1234567", "见附件", "1.2.3", "2|0", "三", "1/2/3", "公开"])
def test_what_is_no_number_is_illegible_not_zero(printed):
    read = read_cell_text(printed, ValueKind.COUNT)
    assert (read.state, read.value, read.trouble) == (CellState.ILLEGIBLE, None, FindingCode.CELL_UNREADABLE)


def test_the_printed_text_keeps_its_inside():
    assert read_cell_text(" 减 6\u3000", ValueKind.SIGNED_COUNT).printed == "减 6"
    assert trim("\u200b 1\u00a0") == "1"


@pytest.mark.parametrize(
    ("printed", "value", "note"),
    [
        ("0①", 0, "①"),
        ("5②", 5, "②"),
        ("37¹", 37, "¹"),
        ("3[1]", 3, "[1]"),
        ("3【注】", 3, "【注】"),
        ("12件③", 12, "③"),
        ("3*", 3, "*"),
        ("4注2", 4, "注2"),
    ],
)
def test_the_mark_of_a_note_is_no_digit_of_the_number(printed, value, note):
    read = read_cell_text(printed, ValueKind.COUNT)
    assert (read.printed, read.value, read.note) == (printed, value, note)


@pytest.mark.parametrize("printed", ["①", "①3", "¹3", "3½", "½", "[1]"])
def test_marks_that_stand_alone_or_before_a_number_are_not_read(printed):
    read = read_cell_text(printed, ValueKind.COUNT)
    assert (read.state, read.value) == (CellState.ILLEGIBLE, None)
