"""What is imputed beside a withheld reading: only what an unseen error elsewhere could not have changed."""

from __future__ import annotations

from decimal import Decimal

from catalogue.load import load_catalogue
from disclosure.reconcile import reconcile
from disclosure.report import Cell, CellState, TableReading, ValueSource

EDITION = "table_2021"
CATALOGUE = load_catalogue()
ROWS = {"requests_received": 30, "outcomes_total": 30, "granted_full": 10, "unable_not_held": 12, "other_misc": 8}


def reading_of(changes: dict[tuple[str, str], int | None], suspects: set[tuple[str, str]]) -> TableReading:
    """A table of natural persons alone that ties, with some cells changed or blank and some readings in doubt."""
    table = CATALOGUE.edition(EDITION).table("T3")
    assert table is not None
    cells = []
    for row_code, column_code in table.cells():
        value: int | None = ROWS.get(row_code, 0) if column_code in ("natural_person", "total") else 0
        value = changes.get((row_code, column_code), value)
        state = CellState.BLANK if value is None else CellState.REPORTED
        number = None if value is None else Decimal(value)
        cells.append(
            Cell("T3", row_code, column_code, str(value or ""), state, number)._replace(
                suspect=(row_code, column_code) in suspects
            )
        )
    return TableReading("T3", EDITION, None, tuple(cells))


def published(reading: TableReading) -> dict[tuple[str, str], Cell]:
    return {cell.key[1:]: cell for cell in reconcile((reading,), CATALOGUE).cells}


def test_an_error_that_a_withheld_row_takes_up_does_not_enter_another_row() -> None:
    """The figure 12 of one row slipped a column on, its total is blank; the withheld row balances both columns."""
    slipped = {
        ("unable_not_held", "natural_person"): 0,
        ("unable_not_held", "org_business"): 12,
        ("unable_not_held", "total"): None,
        ("granted_full", "total"): None,
        ("other_misc", "natural_person"): 20,
        ("other_misc", "org_business"): 5,
    }
    in_doubt = {("other_misc", "natural_person"), ("other_misc", "org_business"), ("other_misc", "total")}
    cells = published(reading_of(slipped, in_doubt))
    assert cells["unable_not_held", "total"].value_source is ValueSource.NULL
    assert cells["granted_full", "total"].value_source is ValueSource.NULL


def test_blanks_beside_nothing_withheld_are_imputed() -> None:
    blank = {("unable_not_held", "total"): None, ("granted_full", "total"): None, ("granted_full", "org_other"): None}
    cells = published(reading_of(blank, set()))
    assert [cells["unable_not_held", "total"].value_imputed, cells["granted_full", "total"].value_imputed] == [12, 10]


def test_a_line_of_its_own_is_imputed_beside_doubt() -> None:
    """The cells of one row share that row alone: each column says what each cell is, and the row checks them all."""
    row = {("granted_full", column): None for column in ("natural_person", "org_business", "total")}
    cells = published(reading_of(row | {("granted_full", "org_other"): 4}, {("granted_full", "org_other")}))
    assert cells["granted_full", "natural_person"].value_imputed == 10
    assert cells["granted_full", "org_other"].value_source is ValueSource.WITHHELD
