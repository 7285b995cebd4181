"""What could as well be read otherwise is withheld with a finding, never published as the first of two readings."""

from __future__ import annotations

import pytest
from composed import application_rows, document_of, grid_of, lines_of

from disclosure.document import Layout
from disclosure.findings import FindingCode
from disclosure.parse.tables import read_tables
from disclosure.reconcile import reconcile

BLOCK = "第二十条第（一）项"


def rows_of(catalogue, *blocks):
    """Row code -> what its cells publish, over all tables; and the findings of each row."""
    readings = read_tables(document_of(*blocks), catalogue)
    cells, findings = {}, {}
    for cell in reconcile(readings, catalogue).cells:
        cells.setdefault(cell.row_code, []).append(cell.value_published)
    for reading in readings:
        for found in reading.findings:
            findings.setdefault(found.where.row_code, set()).add(found.code)
    return cells, findings


def test_documents_without_header_words_are_of_no_certain_edition(catalogue):
    """规章 and its three figures mean other things in the form of 2019 than in that of 2021."""
    cells, findings = rows_of(catalogue, *lines_of(BLOCK, "规章", "0", "0", "7", "行政规范性文件", "1", "2", "9"))
    assert cells["rules"] == [None, None, None]
    assert FindingCode.ALIGNMENT_AMBIGUOUS in findings["rules"]
    assert FindingCode.ALIGNMENT_AMBIGUOUS in findings["normative_documents"]


def test_the_number_of_cells_can_prove_the_edition(catalogue):
    lines = (BLOCK, "规章", "0", "0", "7", "行政规范性文件", "1", "2", "9", "第二十条第（五）项", "行政许可", "31")
    cells, findings = rows_of(catalogue, *lines_of(*lines))
    assert (cells["rules"], cells["administrative_licensing"]) == ([0, 0, 7], [31])
    assert FindingCode.ALIGNMENT_AMBIGUOUS not in findings.get("rules", set())


@pytest.mark.parametrize("layout", [Layout.STREAM, Layout.GRID])
def test_where_lines_are_lost_a_label_may_stand_before_the_figures_of_another(catalogue, layout):
    """From the label of one row the text jumps to the figures of a row further down. A grid knows its rows."""
    table = catalogue.edition("table_2021").table("T3")
    rows = application_rows(table, {"granted_full": ["8", "0", "0", "0", "0", "0", "8"]})
    first = next(index for index, row in enumerate(rows) if "部分公开" in row[0])
    torn = [*rows[:first], [rows[first][0], *rows[first + 3][1:]], *rows[first + 4 :]]
    _, findings = rows_of(catalogue, grid_of(torn, layout))
    assert (FindingCode.LABEL_DAMAGED in findings.get("granted_partial", set())) is (layout is Layout.STREAM)


def test_figures_behind_a_column_word_are_not_those_of_the_row_of_that_name(catalogue):
    """其他 ends the header and is a row as well; the label of the first row is lost."""
    header = ["申请人情况", "法人或其他组织", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
    lines = [
        *header,
        *"5000005",
        "二、上年结转政府信息公开申请数量",
        *"0000000",
        "（六）其他处理",
        "3.其他",
        *"1000001",
    ]
    cells, findings = rows_of(catalogue, *lines_of("本列数据的勾稽关系", *lines, "1.申请人无正当理由逾期不补正"))
    assert cells["other_misc"] == [1, 0, 0, 0, 0, 0, 1]
    assert FindingCode.CELL_TWICE not in findings.get("other_misc", set())


def test_a_damaged_number_is_a_cell_that_nobody_can_read(catalogue):
    lines = (BLOCK, "信息内容", "本年制发件数", "第二十条第（六）项", "行政处罚", "3", ",427", "行政强制", "2")
    cells, findings = rows_of(catalogue, *lines_of(*lines))
    assert cells["administrative_compulsion"] == [2]
    assert cells["administrative_penalty"] == [None]
    assert FindingCode.ROW_VALUE_COUNT in findings["administrative_penalty"]


@pytest.mark.parametrize("layout", [Layout.GRID, Layout.ROWS])
def test_columns_stand_in_the_order_in_which_the_header_names_them(catalogue, layout):
    table = catalogue.edition("table_2021").table("T3")
    rows = application_rows(table, {"granted_full": ["8", "1", "2", "3", "4", "5", "23"]})
    head = rows[1]
    head[1], head[3] = head[3], head[1]
    rows[1] = ["", *head]
    readings = read_tables(document_of(grid_of(rows, layout)), catalogue)
    values = {cell.key[1:]: cell.value for reading in readings for cell in reading.cells}
    names = ("org_business", "org_research", "org_public_interest")
    assert [values["granted_full", name] for name in names] == [3, 2, 1]


def test_a_row_that_does_not_tie_has_no_blank_to_spare(catalogue):
    """Seven figures and a blank: the blank may be the total, and one of the figures no cell of the form."""
    table = catalogue.edition("table_2021").table("T3")
    rows = application_rows(table, {"granted_full": ["8", "1", "7", "4", "3", "2", "5", ""]})
    cells, findings = rows_of(catalogue, grid_of(rows, Layout.ROWS))
    assert cells["granted_full"] == [None] * 7
    assert FindingCode.ALIGNMENT_AMBIGUOUS in findings["granted_full"]


def test_a_blank_that_also_ends_a_row_that_ties_is_padding(catalogue):
    table = catalogue.edition("table_2021").table("T3")
    rows = application_rows(
        table,
        {
            "granted_full": ["8", "1", "7", "4", "3", "2", "5", ""],
            "granted_partial": ["1", "0", "2", "0", "0", "0", "3", ""],
        },
    )
    _, findings = rows_of(catalogue, grid_of(rows, Layout.ROWS))
    assert FindingCode.ALIGNMENT_AMBIGUOUS not in findings.get("granted_full", set())


def test_a_label_that_only_resembles_a_row_is_said_so(catalogue):
    rows = [
        [BLOCK],
        ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
        ["行政许可", "1", "2", "3"],
        ["其他对外管理服务事检查", "7", "7", "7"],
    ]
    _, findings = rows_of(catalogue, grid_of(rows))
    assert FindingCode.LABEL_DAMAGED in findings["other_external_management_services"]
    assert FindingCode.LABEL_DAMAGED not in findings.get("administrative_licensing", set())


def test_a_cell_with_two_numbers_leaves_the_row_in_doubt_where_only_the_order_is_known(catalogue):
    cells = ["信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量", "规章", "0", "0", "0"]
    grid = grid_of([[*cells, "规范性文件", "1\n19"], ["5", "", "第二十条第（五）项"]], Layout.STREAM)
    readings = read_tables(document_of(*lines_of("第二十条第（一）项"), grid), catalogue)
    row = [cell for cell in readings[0].cells if cell.row_code == "normative_documents"]
    assert all(cell.suspect for cell in row)
    assert {found.where.row_code for found in readings[0].findings} >= {"normative_documents"}
    assert not any(cell.suspect for cell in readings[0].cells if cell.row_code == "rules")
