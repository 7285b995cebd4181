"""Columns and blocks printed in another order than the form's are read by their header, or not at all."""

from __future__ import annotations

import pytest
from composed import application_rows, document_of, grid_of, lines_of, values_of

from disclosure.document import Grid, GridCell, GridRow, Layout
from disclosure.findings import FindingCode
from disclosure.parse.tables import read_tables

FIGURES = ["5", "4", "3", "0", "0", "1", "13"]
OUTCOMES = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]


def applications(catalogue, order):
    """T3 with its columns in another order, given as places of the form's columns."""
    note, header, *rows = application_rows(
        catalogue.edition("table_2021").table("T3"), {"requests_received": FIGURES, "outcomes_total": FIGURES}
    )
    return [note, [header[i] for i in order], *([label, *(cells[i] for i in order)] for label, *cells in rows)]


def read_received(catalogue, *blocks):
    found = values_of(read_tables(document_of(*blocks), catalogue), "T3")
    table = catalogue.edition("table_2021").table("T3")
    return [found["requests_received", column.code] for column in table.columns]


@pytest.mark.parametrize("layout", [Layout.GRID, Layout.ROWS])
@pytest.mark.parametrize("order", [(0, 2, 1, 3, 4, 5, 6), (6, 0, 1, 2, 3, 4, 5), (0, 6, 1, 2, 3, 4, 5)])
def test_columns_are_read_in_the_order_of_their_header(catalogue, layout, order):
    assert read_received(catalogue, grid_of(applications(catalogue, order), layout)) == [5, 4, 3, 0, 0, 1, 13]


def test_a_total_before_the_spanning_word_comes_before_the_columns_under_it(catalogue):
    note, _, *rows = applications(catalogue, (6, 0, 1, 2, 3, 4, 5))
    upper, lower = (
        ["总计", "自然人", "法人或其他组织"],
        ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"],
    )
    assert read_received(catalogue, grid_of([note, upper, lower, *rows], Layout.ROWS)) == [5, 4, 3, 0, 0, 1, 13]


def test_single_words_in_another_order_leave_the_figures_that_differ_unread(catalogue):
    rows = applications(catalogue, (0, 2, 1, 3, 4, 5, 6))
    readings = read_tables(document_of(*lines_of(*(text for row in rows for text in row))), catalogue)
    found = values_of(readings, "T3")
    assert found["requests_received", "org_business"] is found["requests_received", "org_research"] is None
    assert found["requests_received", "natural_person"] == 5
    named = {each.where.column_code for each in readings[0].findings if each.code is FindingCode.ALIGNMENT_AMBIGUOUS}
    assert named == {"org_business", "org_research"}


def disclosure(header, figures, layout):
    return grid_of(
        [["第二十条第（一）项"], ["信息内容", *header], ["规章", "0", "0", "0"], ["行政规范性文件", *figures]], layout
    )


@pytest.mark.parametrize("layout", [Layout.GRID, Layout.ROWS])
def test_documents_issued_repealed_and_in_force(catalogue, layout):
    grid = disclosure(["本年制发件数", "现行有效件数", "本年废止件数"], ["2", "30", "1"], layout)
    found = values_of(read_tables(document_of(grid), catalogue), "T2")
    names = ("issued_this_year", "repealed_this_year", "in_force_total")
    assert [found["normative_documents", name] for name in names] == [2, 1, 30]


def test_words_cut_short_name_the_columns_that_no_other_word_names(catalogue):
    rows = [
        ["第二十条第（一）项"],
        ["信息内容", "本年新", "对外公开总数量", "本年新"],
        ["规章", "0", "0", "0"],
        ["规范性文件", "3", "31", "4"],
    ]
    found = values_of(read_tables(document_of(grid_of(rows, Layout.ROWS)), catalogue), "T2")
    names = ("made_this_year", "newly_disclosed_this_year", "disclosed_total")
    assert [found["normative_documents", name] for name in names] == [3, 4, 31]


def test_header_words_in_one_line(catalogue):
    lines = lines_of(
        "第二十条第（一）项", "信息内容 本年制发件数 现行有效件数 本年废止件数", "规章 0 0 0", "行政规范性文件 2 30 1"
    )
    found = values_of(read_tables(document_of(*lines), catalogue), "T2")
    assert found["normative_documents", "in_force_total"] == 30
    assert found["normative_documents", "repealed_this_year"] == 1


def test_single_words_over_documents_in_another_order(catalogue):
    words = ["第二十条第（一）项", "信息内容", "本年制发件数", "现行有效件数", "本年废止件数"]
    lines = lines_of(*words, "规章", "0", "0", "0", "行政规范性文件", "2", "30", "1")
    found = values_of(read_tables(document_of(*lines), catalogue), "T2")
    names = ("issued_this_year", "repealed_this_year", "in_force_total")
    assert [found["normative_documents", name] for name in names] == [2, None, None]
    assert [found["rules", name] for name in names] == [0, 0, 0]


def test_each_block_has_its_own_header(catalogue):
    """Cells over several grid columns, whose places differ from block to block."""
    texts = [
        [("第二十条第（五）项", 12)],
        [("信息内容", 3), ("上一年项目数量", 3), ("处理决定数量", 3), ("本年增/减", 3)],
        [("行政许可", 3), ("7", 3), ("484", 3), ("-1", 3)],
        [("第二十条第（六）项", 12)],
        [("信息内容", 3), ("上一年项目数量", 3), ("本年增/减", 3), ("处理决定数量", 3)],
        [("行政处罚", 3), ("66", 3), ("2", 3), ("90", 3)],
        [("第二十条第（八）项", 12)],
        [("信息内容", 4), ("上一年项目数量", 4), ("本年增/减", 4)],
        [("行政事业性收费", 4), ("1", 4), ("增2", 4)],
    ]
    rows = []
    for index, texts_of_row in enumerate(texts):
        starts = [sum(span for _, span in texts_of_row[:place]) for place in range(len(texts_of_row))]
        cells = (GridCell(text, start, 1, span) for (text, span), start in zip(texts_of_row, starts, strict=True))
        rows.append(GridRow(index, tuple(cells)))
    found = values_of(read_tables(document_of(Grid(tuple(rows), Layout.GRID)), catalogue), "T2")
    assert found["administrative_licensing", "decisions"] == 484
    assert found["administrative_licensing", "items_change"] == -1
    assert found["administrative_penalty", "decisions"] == 90
    assert found["administrative_penalty", "items_change"] == 2
    assert found["administrative_fees", "items_change"] == 2


@pytest.mark.parametrize("layout", [Layout.GRID, Layout.ROWS])
@pytest.mark.parametrize("blocks", [(0, 1, 2), (1, 2, 0), (0, 2, 1)])
@pytest.mark.parametrize("outcomes", [(0, 1, 2, 3, 4), (4, 0, 1, 2, 3)])
def test_disputes_in_any_order(catalogue, layout, blocks, outcomes):
    upper = [("行政复议", 5), ("行政诉讼", 10)] if blocks[0] == 0 else [("行政诉讼", 10), ("行政复议", 5)]
    lower = [name for block in blocks if (name := ("", "未经复议直接起诉", "复议后起诉")[block])]
    printed = [["1", "0", "2", "0", "3"], ["0", "4", "0", "5", "9"], ["6", "0", "0", "1", "7"]]
    column, cells = 0, []
    for name, span in upper:
        cells.append(GridCell(name, column, 2 if name == "行政复议" else 1, span))
        column += span
    first = 5 if blocks[0] == 0 else 0
    rows = [
        cells,
        [GridCell(name, first + 5 * place, 1, 5) for place, name in enumerate(lower)],
        [GridCell(OUTCOMES[i], 5 * block + place) for block in range(3) for place, i in enumerate(outcomes)],
        [
            GridCell(printed[b][i], 5 * block + place)
            for block, b in enumerate(blocks)
            for place, i in enumerate(outcomes)
        ],
    ]
    grid = Grid(tuple(GridRow(index, tuple(row)) for index, row in enumerate(rows)), layout)
    found = values_of(read_tables(document_of(grid), catalogue), "T4")
    assert [found["reconsideration", name] for name in ("upheld", "other_result", "total")] == [1, 2, 3]
    assert [found["litigation_direct", name] for name in ("corrected", "pending", "total")] == [4, 5, 9]
    assert [found["litigation_after_reconsideration", name] for name in ("upheld", "pending", "total")] == [6, 1, 7]


@pytest.mark.parametrize(
    "words",
    [
        ["行政诉讼", "行政复议", "未经复议直接起诉", "复议后起诉"],
        ["行政复议", "行政诉讼", "复议后起诉", "未经复议直接起诉"],
    ],
)
def test_single_words_in_another_order_leave_the_disputes_that_differ_unread(catalogue, words):
    figures = ["1", "0", "2", "0", "3", *["0"] * 10]
    swapped = words[0] == "行政诉讼"
    line = [*figures[10:], *figures[5:10], *figures[:5]] if swapped else [*figures[:5], *figures[10:], *figures[5:10]]
    readings = read_tables(document_of(*lines_of(*words, *OUTCOMES * 3, *line)), catalogue)
    found = values_of(readings, "T4")
    if swapped:
        assert [found["reconsideration", name] for name in ("upheld", "corrected", "total")] == [None, 0, None]
    else:
        assert [found["reconsideration", name] for name in ("upheld", "corrected", "total")] == [1, 0, 3]
    assert all(value in (None, 0) for (row, _), value in found.items() if row != "reconsideration")


def test_a_total_on_a_line_before_the_first_column_leaves_the_figures_that_differ_unread(catalogue):
    note, _, *rows = applications(catalogue, (6, 0, 1, 2, 3, 4, 5))
    words = ["总计", "自然人", "法人或其他组织", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
    found = values_of(
        read_tables(document_of(*lines_of(*note, *words, *(t for row in rows for t in row))), catalogue), "T3"
    )
    table = catalogue.edition("table_2021").table("T3")
    read = [found["requests_received", column.code] for column in table.columns]
    assert all(value in (None, printed) for value, printed in zip(read, [5, 4, 3, 0, 0, 1, 13], strict=True))
