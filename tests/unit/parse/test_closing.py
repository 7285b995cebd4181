"""Rows that lost cells are published where the sums of rows and columns together leave one reading, and only there."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from composed import application_rows, document_of, grid_of

from disclosure.document import Layout
from disclosure.parse.tables import read_tables
from disclosure.reconcile import reconcile
from disclosure.report import ValueSource

EDITION = "table_2021"
ROWS = {
    "requests_received": [21, 7, 0, 0, 2, 0, 30],
    "granted_full": [11, 0, 0, 0, 0, 0, 11],
    "granted_partial": [0, 4, 0, 0, 0, 0, 4],
    "unable_not_held": [7, 2, 0, 0, 2, 0, 11],
    "other_misc": [3, 1, 0, 0, 0, 0, 4],
    "outcomes_total": [21, 7, 0, 0, 2, 0, 30],
}


def publish(catalogue, figures, print_row, layout=Layout.ROWS):
    """Row and column -> published value, of a table whose rows `print_row` prints."""
    table = catalogue.edition(EDITION).table("T3")
    rows = application_rows(table, {row.code: print_row([*figures.get(row.code, [0] * 7)]) for row in table.rows})
    readings = read_tables(document_of(grid_of(rows, layout)), catalogue)
    return {cell.key[1:]: cell for cell in reconcile(readings, catalogue).cells}


def wrong(cells, figures, catalogue):
    columns = [column.code for column in catalogue.edition(EDITION).table("T3").columns]
    return [
        (row, column, cell.value_published)
        for (row, column), cell in cells.items()
        if cell.value_published not in (None, Decimal(figures.get(row, [0] * 7)[columns.index(column)]))
    ]


@pytest.mark.parametrize("layout", [Layout.ROWS, Layout.STREAM])
def test_all_zeros_thrown_away_but_those_of_the_first_row(catalogue, layout):
    whole = ROWS["requests_received"]
    cells = publish(catalogue, ROWS, lambda row: [str(figure) for figure in row if figure or row == whole], layout)
    assert wrong(cells, ROWS, catalogue) == []
    assert cells["unable_not_held", "org_business"].value_published == 2
    assert cells["unable_not_held", "org_legal_service"].value_published == 2
    assert cells["granted_partial", "org_business"].value_published == 4
    assert cells["outcomes_total", "total"].value_published == 30


def test_which_columns_are_left_empty_throughout_cannot_be_told(catalogue):
    """With no row whole, the three kinds of applicants that stand may be any three; the totals are the totals."""
    cells = publish(catalogue, ROWS, lambda row: [str(figure) for figure in row if figure])
    assert wrong(cells, ROWS, catalogue) == []
    assert cells["unable_not_held", "org_business"].value_published is None
    assert cells["unable_not_held", "total"].value_published == 11


def test_totals_thrown_away_but_those_of_the_first_and_last_rows(catalogue):
    whole = (ROWS["requests_received"], ROWS["outcomes_total"])
    cells = publish(catalogue, ROWS, lambda row: [str(figure) for figure in (row if row in whole else row[:-1])])
    assert wrong(cells, ROWS, catalogue) == []
    assert cells["unable_not_held", "natural_person"].value_published == 7
    assert cells["unable_not_held", "total"].value_imputed == 11


def test_two_equal_figures_in_every_row_may_be_two_applicants(catalogue):
    """1 1 is one applicant and the total, or two applicants and a total left out: nothing tells."""
    figures = {code: [1, 0, 0, 0, 0, 0, 1] for code in ("requests_received", "granted_full", "outcomes_total")}
    cells = publish(catalogue, figures, lambda row: [str(figure) for figure in row if figure])
    assert all(cell.value_source is not ValueSource.PRINTED for cell in cells.values())


def test_what_two_solutions_give_alike_is_published_and_nothing_else(catalogue):
    """Which of two rows had the request of the company and which that of the person cannot be told; the totals can."""
    figures = {
        "requests_received": [6, 5, 0, 0, 0, 0, 11],
        "granted_full": [5, 0, 0, 0, 0, 0, 5],
        "granted_partial": [0, 5, 0, 0, 0, 0, 5],
        "other_misc": [1, 0, 0, 0, 0, 0, 1],
        "outcomes_total": [6, 5, 0, 0, 0, 0, 11],
    }
    cells = publish(catalogue, figures, lambda row: [str(figure) for figure in row if figure])
    assert cells["granted_full", "total"].value_published == cells["granted_partial", "total"].value_published == 5
    assert cells["granted_full", "natural_person"].value_published is None
    assert wrong(cells, figures, catalogue) == []


def test_a_misread_figure_among_dropped_cells_settles_nothing(catalogue):
    def print_row(row):
        kept = [str(figure) for figure in row if figure]
        return ["8" if figure == "7" else figure for figure in kept] if row == ROWS["unable_not_held"] else kept

    cells = publish(catalogue, ROWS, print_row)
    assert wrong(cells, ROWS, catalogue) == []
    assert cells["unable_not_held", "natural_person"].value_published is None


def test_drawn_tables_with_cells_dropped_at_random(catalogue):
    draw = random.Random(11)
    table = catalogue.edition(EDITION).table("T3")
    leaves = [row.code for row in table.rows if row.leaf]
    published = 0
    for _ in range(6):
        figures = {code: [0] * 7 for code in ("requests_received", "outcomes_total", *leaves)}
        for code in draw.choices(leaves, k=draw.randint(3, 14)):
            figures[code][draw.choice((0, 0, 0, 1, 1, 4, 5))] += draw.choice((1, 1, 2, 3, 9, 14))
        for code in leaves:
            figures[code][6] = sum(figures[code][:6])
        sums = [sum(figures[code][place] for code in leaves) for place in range(7)]
        figures["requests_received"] = figures["outcomes_total"] = sums
        keep = draw.choice((0.0, 0.3, 0.7))
        cells = publish(catalogue, figures, lambda row, keep=keep: [str(f) for f in row if f or draw.random() < keep])
        assert wrong(cells, figures, catalogue) == []
        published += sum(cell.value_published is not None for cell in cells.values())
    assert published > 6 * 60  # of 175 cells a table
