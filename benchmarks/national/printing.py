"""The figures of a table as text: counts, changes with their sign or word, amounts to the hundredth with or without a unit.

Which way a report prints hangs on the report alone. What a filer leaves blank or gets wrong is not decided here.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.national.chance import Integers
from benchmarks.national.figures import CENT, MICRO
from catalogue.model import Edition, Table, ValueKind

_UPWARDS = np.array(["", "", "+", "增", "增加"], dtype=object)
_DOWNWARDS = np.array(["-", "-", "减", "减 ", "减少"], dtype=object)


def print_table(edition: Edition, table_code: str, values: Integers, styles: Integers) -> pa.StringArray:
    """The texts of all cells, report by report in the order of the form. `styles`: any whole number per report."""
    table = edition.table(table_code)
    assert table is not None
    cells = table.cells()
    texts = np.empty(values.shape, dtype=object)
    plain = [place for place, cell in enumerate(cells) if table.kind_of(*cell) is ValueKind.COUNT]
    if len(plain) == len(cells):
        return pc.cast(pa.array((values // MICRO).ravel()), pa.string())
    for place, cell in enumerate(cells):
        texts[:, place] = _print_cell(table, cell, values[:, place], styles)
    return pa.array(texts.ravel(), pa.string())


def _print_cell(table: Table, cell: tuple[str, str], values: Integers, styles: Integers) -> np.ndarray:
    kind = table.kind_of(*cell)
    if kind is ValueKind.COUNT:
        return _text(values // MICRO)
    if kind is ValueKind.SIGNED_COUNT:
        signs = np.where(values < 0, _DOWNWARDS[styles % 5], np.where(values > 0, _UPWARDS[styles % 5], ""))
        return signs + _text(np.abs(values) // MICRO)
    unit = "" if "万元" in table.column(cell[1]).chinese else "万元"
    cents = values // CENT
    fraction = pc.utf8_lpad(pa.array(_text(cents % 100), pa.string()), 2, "0").to_numpy(zero_copy_only=False)
    amounts = _text(cents // 100) + "." + fraction + np.where(styles % 2 == 0, unit, "")
    return np.where(cents == 0, "0", amounts)


def _text(numbers: Integers) -> np.ndarray:
    return pc.cast(pa.array(numbers), pa.string()).to_numpy(zero_copy_only=False)
