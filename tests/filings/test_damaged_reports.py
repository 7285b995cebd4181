"""Reports damaged on their way to the reader: cells may come out missing or in doubt, never wrong without a word."""

from __future__ import annotations

from pathlib import Path

import pytest
from damage import DAMAGES, damaged

from benchmarks.agreement import CheckedSource, agree
from benchmarks.corpus.stream import make
from disclosure.reading import read_filing

SEED = 5
TRAITS = ("pipes", "blank_zeros")
ALL_SAID = {
    "print_full_width",
    "group_the_digits",
    "number_the_rows",
    "change_the_order_of_sections",
}  # nothing is lost


@pytest.mark.parametrize("name", DAMAGES)
@pytest.mark.parametrize("trait", TRAITS)
def test_no_cell_is_silently_wrong(name: str, trait: str) -> None:
    for number in (0, 1):
        made = make(SEED, "text", trait, number)
        text = damaged(made.data.decode(), DAMAGES[name], f"{name}/{trait}/{number}")
        report = read_filing(text.encode(), made.file_name)
        agreement = agree(report, CheckedSource(Path(made.file_name), made.cells))
        drawn = made.filing.drawn
        assert agreement.extra == ()
        # A blank that stands for a zero may change places with one.
        assert [each for each in agreement.silently_wrong if each.read != drawn[each.key].value] == []
        for cell in report.cells:
            assert cell.value_published in (None, made.cells.get(cell.key), drawn[cell.key].value), cell
        if name in ALL_SAID and trait == "pipes":
            assert agreement.missing == ()


def test_the_tables_of_a_second_report_in_the_file_are_not_read() -> None:
    made, other = (make(SEED, "text", "pipes", number) for number in (0, 1))
    report = read_filing(made.data + b"\n\n" + other.data, made.file_name)
    agreement = agree(report, CheckedSource(Path(made.file_name), made.cells))
    assert (agreement.wrong, agreement.missing, agreement.extra) == ((), (), ())
