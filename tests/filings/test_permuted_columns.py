"""Columns in another order under header words broken over several lines: read by the header, or not published as the form's."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from permuted import BREAKS, LAYOUTS, dump

from benchmarks.agreement import Agreement, CheckedSource, agree
from benchmarks.corpus.stream import make
from disclosure.reading import read_filing

SEED = 31
NUMBERS = (0, 4)  # of the form of 2021, and of that of 2019
SIDE_BY_SIDE = ("wrapped_in_cells", "pipe_rows", "pipe_rows_filled", "tab_rows", "tab_rows_filled")


def read(number: int, layout: str, breaking: str, in_order: bool = False) -> Agreement:
    made = make(SEED, "text", "pipes", number)
    text = dump(made.filing, layout, breaking, Random(f"{layout}/{breaking}/{number}"), in_order)
    return agree(read_filing(text.encode(), made.file_name), CheckedSource(Path(made.file_name), made.cells))


@pytest.mark.parametrize("breaking", BREAKS)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("number", NUMBERS)
def test_no_cell_is_silently_wrong(number: int, layout: str, breaking: str) -> None:
    agreement = read(number, layout, breaking)
    assert (agreement.silently_wrong, agreement.extra) == ((), ())
    assert all(each.flagged for each in agreement.missing)


@pytest.mark.parametrize("breaking", ["two", "halves", "pairs"])
@pytest.mark.parametrize("layout", SIDE_BY_SIDE)
@pytest.mark.parametrize("number", NUMBERS)
def test_pieces_side_by_side_tell_the_order(number: int, layout: str, breaking: str) -> None:
    """Of disputes no word is left whole by which the table could be found."""
    agreement = read(number, layout, breaking)
    assert agreement.wrong == ()
    assert {each.key[0] for each in agreement.missing} <= {"T4"}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("number", NUMBERS)
def test_broken_words_in_the_order_of_the_form_cost_nothing(number: int, layout: str) -> None:
    agreement = read(number, layout, "two", in_order=True)
    assert agreement.wrong == ()
    if layout != "glued_rows":
        assert {each.key[0] for each in agreement.missing} <= {"T4"}
