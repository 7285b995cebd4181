"""Header words broken into pieces: put together where one order is left, else what no order changes."""

from __future__ import annotations

import pytest
from composed import application_rows, document_of, grid_of, lines_of, values_of

from disclosure.document import Layout
from disclosure.findings import FindingCode
from disclosure.parse.tables import read_tables

DOCUMENTS = ("issued_this_year", "repealed_this_year", "in_force_total")
APPLICANTS = ["自然人", "商业|企业", "科研|机构", "社会公益|组织", "法律服务|机构", "其他", "总计"]
SWAPPED = (0, 2, 1, 3, 4, 5, 6)
FIGURES = ["5", "4", "3", "0", "0", "1", "13"]


def documents(*header: list[str], layout=Layout.ROWS):
    rows = [["第二十条第（一）项"], *header, ["规章", "0", "0", "0"], ["行政规范性文件", "2", "30", "1"]]
    rows += [
        ["第二十条第（八）项"],
        ["信息内容", "本年收费金额（单位：万元）"],
        ["行政事业性收费", "0"],
    ]  # of the form of 2021
    if layout is None:
        return lines_of(*(text for row in rows for text in row))
    return (grid_of(rows, layout),)


def read_documents(catalogue, *blocks):
    readings = read_tables(document_of(*blocks), catalogue)
    found = values_of(readings, "T2")
    ambiguous = {
        each.where.column_code for each in readings[0].findings if each.code is FindingCode.ALIGNMENT_AMBIGUOUS
    }
    return [found["normative_documents", name] for name in DOCUMENTS], ambiguous


@pytest.mark.parametrize(
    "header",
    [
        [["信息内容", "本年制发", "现行有效", "本年废止"], ["件数", "件数", "件数"]],
        [["信息", "本年", "现行", "本年"], ["内容", "制发件数", "有效件数", "废止件数"]],
        [["本年制发"], ["件数", "现行"], ["有效件数", "本年废"], ["止件数"]],
        [
            ["本", "现", "本"],
            ["年", "行", "年"],
            ["制", "有", "废"],
            ["发", "效", "止"],
            ["件", "件", "件"],
            ["数", "数", "数"],
        ],
    ],
)
@pytest.mark.parametrize("layout", [Layout.GRID, Layout.ROWS])
def test_rows_of_pieces_tell_the_order(catalogue, header, layout):
    assert read_documents(catalogue, *documents(*header, layout=layout)) == ([2, 1, 30], set())


@pytest.mark.parametrize(
    "header",
    [
        [["本年制发"], ["件数"], ["现行有效"], ["件数"], ["本年废止"], ["件数"]],
        [["本年制发"], ["现行有效"], ["本年废止"], ["件数"], ["件数"], ["件数"]],
    ],
)
@pytest.mark.parametrize("layout", [Layout.STREAM, None])
def test_lines_of_pieces_in_another_order_leave_unread_what_differs(catalogue, header, layout):
    figures, ambiguous = read_documents(catalogue, *documents(*header, layout=layout))
    assert all(figure in (None, printed) for figure, printed in zip(figures, [2, 1, 30], strict=True))
    assert figures[1:] == [None, None]
    assert {"repealed_this_year", "in_force_total"} <= ambiguous


@pytest.mark.parametrize(
    "header",
    [
        [["本年制发"], ["件数"], ["本年废止"], ["件数"], ["现行有效"], ["件数"]],
        [["本年制发"], ["本年废止"], ["现行有效"], ["件数"], ["件数"], ["件数"]],
        [["本年"], ["本年"], ["现行"], ["制发"], ["废止"], ["有效"], ["件数"], ["件数"], ["件数"]],
    ],
)
@pytest.mark.parametrize("layout", [Layout.STREAM, None])
def test_lines_of_pieces_in_the_order_of_the_form_are_the_form(catalogue, header, layout):
    assert read_documents(catalogue, *documents(*header, layout=layout)) == ([2, 30, 1], set())


def test_a_word_that_is_lost_leaves_the_order_open_only_where_the_others_contradict_the_form(catalogue):
    lost = (["本年制发"], ["件数"], ["现行有效"], ["件数"], ["本年"], ["件数"])
    assert read_documents(catalogue, *documents(*lost, layout=Layout.STREAM)) == ([2, 30, 1], set())
    contradicting = (["现行有效"], ["件数"], ["本年制发"], ["件数"], ["本年"], ["件数"])
    figures, ambiguous = read_documents(catalogue, *documents(*contradicting, layout=Layout.STREAM))
    assert (figures, ambiguous) == ([None, None, None], set(DOCUMENTS))


def test_blocks_of_lines_with_different_orders_leave_unread_what_differs(catalogue):
    """Lines do not say under which header a row stands."""
    lines = lines_of(
        *("第二十条第（五）项", "信息内容 上一年项目数量 处理决定数量 本年增/减", "行政许可 7 484 -1"),
        *("第二十条第（六）项", "信息内容 上一年项目数量 本年增/减 处理决定数量", "行政处罚 66 2 90"),
    )
    found = values_of(read_tables(document_of(*lines), catalogue), "T2")
    assert found["administrative_licensing", "items_prior_year"] == 7
    assert found["administrative_licensing", "decisions"] in (None, 484)
    assert found["administrative_penalty", "decisions"] in (None, 90)


@pytest.mark.parametrize("layout", [Layout.GRID, Layout.ROWS])
def test_applicants_in_rows_of_pieces(catalogue, layout):
    table = catalogue.edition("table_2021").table("T3")
    note, _, *rows = application_rows(table, {"requests_received": FIGURES, "outcomes_total": FIGURES})
    words = [APPLICANTS[place].split("|") for place in SWAPPED]
    header = [["自然人", "法人或", "总计"], ["其他组织"]]
    header += [[word[0] for word in words[1:6]], [word[1] for word in words[1:6] if len(word) > 1]]
    rows = [[label, *(cells[place] for place in SWAPPED)] for label, *cells in rows]
    found = values_of(read_tables(document_of(grid_of([note, *header, *rows], layout)), catalogue), "T3")
    assert [found["requests_received", column.code] for column in table.columns] == [5, 4, 3, 0, 0, 1, 13]


@pytest.mark.parametrize("layout", [Layout.GRID, Layout.ROWS])
def test_disputes_in_rows_of_pieces(catalogue, layout):
    printed = ["0", "4", "0", "5", "9", "1", "0", "2", "0", "3", "6", "0", "0", "1", "7"]
    rows = [
        ["行政", "行政"],
        ["诉讼", "复议"],
        ["未经复议直接起诉", "复议后起诉"],
        ["结果", "结果", "其他", "尚未", "总计"] * 3,
        ["维持", "纠正", "结果", "审结"] * 3,
        [*printed[:5], *printed[10:], *printed[5:10]],
    ]
    found = values_of(read_tables(document_of(grid_of(rows, layout)), catalogue), "T4")
    assert [found["reconsideration", name] for name in ("upheld", "other_result", "total")] == [1, 2, 3]
    assert [found["litigation_direct", name] for name in ("corrected", "pending", "total")] == [4, 5, 9]
    assert [found["litigation_after_reconsideration", name] for name in ("upheld", "pending", "total")] == [6, 1, 7]


def test_a_misread_word_leaves_the_set_of_columns_as_it_is(catalogue):
    """上一年项目数量 and 本年增/减 stand alone over other rows: 数量 of a third, misread word is not theirs."""
    rows = [
        ["第二十条第（六）项"],
        ["信息内容", "上一年项目数其", "本年增/减", "处理次定数量"],
        ["行政处罚", "66", "2", "90"],
        ["第二十条第（八）项"],
        ["信息内容", "上一年项目数量", "本年增/减"],
        ["行政事业性收费", "5", "-1"],
    ]
    found = values_of(read_tables(document_of(grid_of(rows)), catalogue), "T2")
    assert [found["administrative_penalty", name] for name in ("items_prior_year", "decisions")] == [66, 90]
    assert [found["administrative_fees", name] for name in ("items_prior_year", "items_change")] == [5, -1]
