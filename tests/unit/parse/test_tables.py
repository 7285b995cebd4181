"""Tables read from every shape an extraction leaves them in."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from composed import application_rows, document_of, grid_of, lines_of

from disclosure.document import Layout
from disclosure.findings import FindingCode
from disclosure.parse.labels import match_label
from disclosure.parse.tables import read_tables
from disclosure.reconcile import reconcile
from disclosure.report import CellState

APPLICANTS = ["15", "1", "0", "0", "0", "0", "16"]


def cells_of(readings, table):
    return {
        (cell.row_code, cell.column_code): cell
        for reading in readings
        if reading.table == table
        for cell in reading.cells
    }


def codes_of(readings):
    return {finding.code for reading in readings for finding in reading.findings}


@pytest.mark.parametrize("edition", ["table_2019", "table_2021"])
@pytest.mark.parametrize("layout", [Layout.GRID, Layout.ROWS, Layout.STREAM])
def test_a_whole_table_of_applications(catalogue, edition, layout):
    table = catalogue.edition(edition).table("T3")
    rows = application_rows(table, {"requests_received": APPLICANTS, "outcomes_total": APPLICANTS})
    readings = read_tables(document_of(grid_of(rows, layout)), catalogue)
    cells = cells_of(readings, "T3")
    assert readings[0].edition == edition
    assert set(cells) == set(table.cells())
    assert [cells[("requests_received", column.code)].value for column in table.columns] == [15, 1, 0, 0, 0, 0, 16]
    assert all(cell.state is CellState.REPORTED for cell in cells.values())


def test_one_cell_per_line(catalogue):
    table = catalogue.edition("table_2021").table("T3")
    rows = application_rows(table, {"requests_received": APPLICANTS})
    readings = read_tables(document_of(*lines_of(*(text for row in rows for text in row))), catalogue)
    cells = cells_of(readings, "T3")
    assert cells[("requests_received", "natural_person")].value == 15
    assert cells[("other_misc", "total")].value == 0
    assert cells[("outcomes_total", "total")].value == 0
    assert all(cell.state is CellState.REPORTED for cell in cells.values())


def test_labels_broken_over_lines_and_vertical_labels(catalogue):
    lines = ["一、本年新收政府信息公开申请数量", *APPLICANTS, "二、上年结转政府信息公开申请数量", *["0"] * 7]
    lines += [*"三、本年度办理结果", "（一）予以公开", "2", "1", "0", "0", "0", "0", "3"]
    lines += ["（二）部分公开（区分处理的，只计这一情形，不", "计其他情形）", "4", "0", "0", "0", "0", "0", "4"]
    lines += ["（三）", "不予", "公开", "1.属于国家秘密", "1", "0", "0", "0", "0", "0", "1"]
    cells = cells_of(read_tables(document_of(*lines_of(*lines)), catalogue), "T3")
    assert cells[("granted_full", "natural_person")].value == 2
    assert cells[("granted_partial", "natural_person")].value == 4
    assert cells[("denied_state_secret", "total")].value == 1


def test_a_blank_cell_is_blank_and_a_missing_row_is_absent(catalogue):
    table = catalogue.edition("table_2019").table("T3")
    rows = application_rows(table, {"requests_received": ["0", "", "", "", "", "", "0"]})
    rows = [row for row in rows if "其他处理" not in row[0]]
    readings = read_tables(document_of(grid_of(rows)), catalogue)
    cells = cells_of(readings, "T3")
    assert cells[("requests_received", "org_business")].state is CellState.BLANK
    assert cells[("requests_received", "org_business")].value is None
    assert cells[("other_handling", "total")].state is CellState.ABSENT
    assert FindingCode.ROW_MISSING in codes_of(readings)


def test_a_surplus_value_is_absorbed_where_the_row_leaves_no_choice(catalogue):
    table = catalogue.edition("table_2019").table("T3")
    rows = application_rows(table, {"outcomes_total": ["15", "0", "0", "0", "0", "0", "1", "16"]})
    readings = read_tables(document_of(grid_of(rows, Layout.ROWS)), catalogue)
    cells = cells_of(readings, "T3")
    values = [cells[("outcomes_total", column.code)].value for column in table.columns]
    assert values == [15, 0, 0, 0, 0, 1, 16]
    assert not any(cell.suspect for cell in cells.values())
    assert FindingCode.ROW_VALUE_COUNT in codes_of(readings)


def test_a_short_row_that_fits_in_several_ways_is_suspect(catalogue):
    table = catalogue.edition("table_2019").table("T3")
    rows = application_rows(table, {"requests_received": ["3", "3"]})
    readings = read_tables(document_of(grid_of(rows, Layout.ROWS)), catalogue)
    cells = cells_of(readings, "T3")
    received = [cells[("requests_received", column.code)] for column in table.columns]
    assert all(cell.suspect for cell in received if cell.value is not None)
    assert FindingCode.ALIGNMENT_AMBIGUOUS in codes_of(readings)


def test_a_short_row_is_placed_by_the_columns_of_the_table(catalogue):
    """Two values were dropped from one row; the outcome rows of the same columns leave one placement."""
    table = catalogue.edition("table_2019").table("T3")
    full = ["4", "0", "0", "2", "0", "0", "6"]
    values = {"requests_received": ["4", "2", "6"], "granted_full": full, "outcomes_total": full}
    readings = read_tables(document_of(grid_of(application_rows(table, values), Layout.ROWS)), catalogue)
    received = {c.column_code: c for key, c in cells_of(readings, "T3").items() if key[0] == "requests_received"}
    assert received["natural_person"].value == 4
    assert received["org_public_interest"].value == 2
    assert received["total"].value == 6
    assert received["org_business"].value is None


def test_numbers_on_a_group_row_are_a_finding_and_go_nowhere(catalogue):
    table = catalogue.edition("table_2019").table("T3")
    rows = application_rows(table, {})
    rows.insert(15, ["（四）无法提供", "1", "0", "0", "0", "0", "0", "1"])
    readings = read_tables(document_of(grid_of(rows)), catalogue)
    assert FindingCode.GROUP_ROW_VALUES in codes_of(readings)
    assert all(cell.value == 0 for cell in cells_of(readings, "T3").values())


def test_a_row_printed_twice_with_other_numbers_is_a_finding(catalogue):
    table = catalogue.edition("table_2019").table("T3")
    rows = application_rows(table, {})
    rows.append([table.rows[-1].chinese, "9", "0", "0", "0", "0", "0", "9"])
    readings = read_tables(document_of(grid_of(rows)), catalogue)
    assert FindingCode.CELL_TWICE in codes_of(readings)
    assert cells_of(readings, "T3")[("requests_carried_out", "total")].value == 0


def test_other_handling_on_one_row_makes_it_the_form_of_2019_whatever_section_two_is(catalogue):
    disclosure = grid_of(
        [["第二十条第（一）项"], ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"], ["规章", "0", "0", "0"]]
    )
    applications = grid_of(application_rows(catalogue.edition("table_2019").table("T3"), {}))
    readings = read_tables(document_of(disclosure, applications), catalogue)
    assert {reading.table: reading.edition for reading in readings} == {"T2": "table_2021", "T3": "table_2019"}


@pytest.mark.parametrize("glued", ["规章000", "规 章000"])
def test_glued_cells_are_taken_apart_only_where_each_column_gets_a_digit(catalogue, glued):
    lines = ["第二十条第（一）项", "信息内容本年制发件数本年废止件数现行有效件数", glued, "行政规范性文件1234"]
    cells = cells_of(read_tables(document_of(*lines_of(*lines)), catalogue), "T2")
    assert cells[("rules", "in_force_total")].value == 0
    assert cells[("normative_documents", "issued_this_year")].value is None


def test_a_lost_label_is_found_by_its_place(catalogue):
    lines = [
        "第二十条第",
        "信息内容",
        "本年制发件数",
        "本年废止件数",
        "现行有效件数",
        "1",
        "2",
        "3",
        "行政规范性文件",
        "4",
        "5",
        "6",
    ]
    readings = read_tables(document_of(*lines_of(*lines)), catalogue)
    cells = cells_of(readings, "T2")
    assert cells[("rules", "repealed_this_year")].value == 2
    assert FindingCode.LABEL_DAMAGED in codes_of(readings)


def test_sub_rows_the_form_does_not_have_are_not_taken_for_their_parent(catalogue):
    rows = [
        ["第二十条第（五）项"],
        ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
        ["行政许可", "1", "2", "3"],
        ["其他对外管理服务事项", "行政检查", "7", "7", "7"],
        ["行政确认", "8", "8", "8"],
    ]
    readings = read_tables(document_of(grid_of(rows)), catalogue)
    cells = cells_of(readings, "T2")
    assert cells[("administrative_licensing", "decisions")].value == 3
    assert cells[("other_external_management_services", "decisions")].state is CellState.ABSENT
    assert FindingCode.ROW_UNKNOWN in codes_of(readings)


@pytest.mark.parametrize(
    ("header", "value", "assumed"),
    [("采购总金额", "52.15", True), ("采购总金额(万元)", "52.15", False), ("采购总金额（元）", "0.005215", False)],
)
def test_the_unit_of_an_amount_comes_from_the_cell_or_the_header(catalogue, header, value, assumed):
    rows = [["第二十条第（九）项"], ["信息内容", "采购项目数量", header], ["政府集中采购", "3", "52.15"]]
    readings = read_tables(document_of(grid_of(rows)), catalogue)
    amount = cells_of(readings, "T2")[("government_procurement", "procurement_amount")]
    assert (amount.printed, amount.value) == ("52.15", Decimal(value))
    assert (FindingCode.UNIT_ASSUMED in codes_of(readings)) is assumed


def test_a_unit_that_recognition_may_have_misread_is_not_taken_for_yuan(catalogue):
    """方元 is 万元 read wrongly, and 元 may be what is left of it: the amount stands as on the form, and says so."""
    for header, confidence in (("采购总金额（方元）", None), ("采购总金额（元）", 0.99)):
        rows = [["第二十条第（九）项"], ["信息内容", "采购项目数量", header], ["政府集中采购", "3", "52.15"]]
        grid = grid_of(rows)
        head = replace(grid.rows[1], cells=tuple(cell._replace(confidence=confidence) for cell in grid.rows[1].cells))
        grid = replace(grid, rows=(grid.rows[0], head, grid.rows[2]))
        readings = read_tables(document_of(grid), catalogue)
        amount = cells_of(readings, "T2")[("government_procurement", "procurement_amount")]
        assert amount.value == Decimal("52.15")
        assert FindingCode.UNIT_ASSUMED in codes_of(readings)


DISPUTE_HEADER = [["行政复议", "行政诉讼"], ["未经复议直接起诉", "复议后起诉"]]


def test_the_fifteen_values_of_disputes(catalogue):
    values = ["2", "4", "0", "0", "6", "0", "0", "0", "0", "0", "1", "0", "0", "1", "2"]
    cells = cells_of(read_tables(document_of(grid_of([*DISPUTE_HEADER, values])), catalogue), "T4")
    assert cells[("reconsideration", "corrected")].value == 4
    assert cells[("litigation_after_reconsideration", "pending")].value == 1
    assert len(cells) == 15


def test_sixteen_values_are_cut_only_when_the_totals_leave_no_choice(catalogue):
    zeros = read_tables(document_of(grid_of([*DISPUTE_HEADER, ["0"] * 16])), catalogue)
    assert all(cell.value == 0 for cell in cells_of(zeros, "T4").values())
    odd = ["2", "4", "9", "0", "0", "6", "0", "0", "0", "0", "0", "1", "0", "0", "1", "3"]
    unclear = read_tables(document_of(grid_of([*DISPUTE_HEADER, odd])), catalogue)
    assert all(cell.value is None for cell in cells_of(unclear, "T4").values())


def test_headings_without_tables_make_no_table(catalogue):
    lines = ["二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况"]
    assert read_tables(document_of(*lines_of(*lines)), catalogue) == ()


def test_the_annex_of_2014_with_units_and_serial_numbers(catalogue):
    annex = catalogue.edition("stat_annex_2014").table("S14")
    rows = [["序号", "统计指标", "单位", "统计数"], ["", "一、主动公开情况", "——", ""]]
    for number, row in enumerate(annex.rows, start=1):
        rows.append([str(number), (row.number or "") + row.chinese, row.unit or "件", str(number * 2)])
    readings = read_tables(document_of(grid_of(rows)), catalogue)
    assert [reading.table for reading in readings] == ["S14"]
    values = {key[0]: cell.value for key, cell in cells_of(readings, "S14").items()}
    assert values == {row.code: number * 2 for number, row in enumerate(annex.rows, start=1)}
    assert codes_of(readings) == set()


def test_labels_without_their_cells_are_a_finding_and_give_no_number(catalogue):
    table = catalogue.edition("table_2021").table("T3")
    labels = [(row.number or "") + row.chinese for row in table.rows]
    readings = read_tables(document_of(*lines_of("申请人情况", *labels)), catalogue)
    assert codes_of(readings) == {FindingCode.TABLE_CELLS_LOST}
    assert all(cell.state is CellState.ABSENT for cell in cells_of(readings, "T3").values())


def test_headers_cut_short_are_bound_by_position_and_noted(catalogue):
    rows = [["第二十条第（一）项"], ["信息内容", "本年新", "本年新", "对外公开总数量"], ["规章", "1", "2", "3"]]
    readings = read_tables(document_of(grid_of(rows)), catalogue)
    cells = cells_of(readings, "T2")
    assert [cells[("rules", code)].value for code in catalogue.edition("table_2019").table("T2").rows[0].columns] == [
        1,
        2,
        3,
    ]
    cut = [found for reading in readings for found in reading.findings if found.code is FindingCode.HEADER_UNRESOLVED]
    assert "本年新制作数量" in cut[0].message
    assert "对外公开总数量" not in cut[0].message


def test_a_header_that_does_not_stand_over_whole_rows_places_no_short_row(catalogue):
    """The rows have a label cell more than the header: a row short of a value must not be placed by positions."""
    table = catalogue.edition("table_2021").table("T3")
    rows = application_rows(table, {"granted_full": ["0", "1", "0", "0", "0", "0", "1"]})
    rows[2] = [rows[2][0], "0", "0", "0", "0", "0", "1"]
    readings = read_tables(document_of(grid_of(rows)), catalogue)
    received = {c.column_code: c for key, c in cells_of(readings, "T3").items() if key[0] == "requests_received"}
    assert all(cell.suspect or cell.value is None for code, cell in received.items() if code == "org_business")


def test_a_row_label_without_any_cell_beside_it_is_a_missing_row(catalogue):
    table = catalogue.edition("table_2021").table("T3")
    rows = application_rows(table, {"denied_state_secret": []})
    readings = read_tables(document_of(grid_of(rows, Layout.ROWS)), catalogue)
    cells = cells_of(readings, "T3")
    assert all(cells["denied_state_secret", column.code].state is CellState.ABSENT for column in table.columns)
    assert codes_of(readings) == {FindingCode.ROW_MISSING}


def test_disputes_in_three_small_tables(catalogue):
    header = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    parts = [
        (*lines_of(heading), grid_of([header, values.split()], Layout.ROWS))
        for heading, values in (
            ("行政复议", "7 1 0 2 10"),
            ("行政诉讼（未经复议直接起诉）", "0 0 0 0 0"),
            ("行政诉讼（复议后起诉）", "3 0 1 0 4"),
        )
    ]
    cells = cells_of(read_tables(document_of(*(block for part in parts for block in part)), catalogue), "T4")
    assert [cells["reconsideration", column].value for column in ("upheld", "total")] == [7, 10]
    assert [cells["litigation_after_reconsideration", column].value for column in ("upheld", "total")] == [3, 4]
    unnamed = [parts[0], parts[2], parts[1]]
    assert read_tables(document_of(*(block for part in unnamed for block in part)), catalogue) == ()


def test_several_rows_without_labels_stand_in_the_order_of_the_form_where_the_columns_tie(catalogue):
    table = catalogue.edition("table_2021").table("T3")
    two, one = ["2", "0", "0", "0", "0", "0", "2"], ["1", "0", "0", "0", "0", "0", "1"]
    three = ["3", "0", "0", "0", "0", "0", "3"]
    figures = {"requests_received": three, "unable_not_held": two, "unable_requires_creation": one}
    rows = application_rows(table, figures | {"outcomes_total": three})
    lost = [row[1:] if "不掌握" in row[0] or "另行制作" in row[0] else row for row in rows]
    readings = read_tables(document_of(grid_of(lost, Layout.ROWS)), catalogue)
    published = {cell.key[1:]: cell.value_published for cell in reconcile(readings, catalogue).cells}
    assert [published[row, "total"] for row in ("unable_not_held", "unable_requires_creation")] == [2, 1]
    assert FindingCode.LABEL_DAMAGED in codes_of(readings)
    figures["outcomes_total"] = two
    rows = application_rows(table, figures)
    lost = [row[1:] if "不掌握" in row[0] or "另行制作" in row[0] else row for row in rows]
    readings = read_tables(document_of(grid_of(lost, Layout.ROWS)), catalogue)
    published = {cell.key[1:]: cell.value_published for cell in reconcile(readings, catalogue).cells}
    assert published["unable_not_held", "total"] is None


def test_a_page_number_between_label_and_row_is_told_from_the_figures(catalogue):
    figures = ["4", "0", "0", "0", "0", "0", "4"]
    blocks = (
        grid_of([["本列数据的勾稽关系", "申请人情况"]], Layout.ROWS),
        *lines_of("一、本年新收政府信息公开", "申请数量", "3"),
        grid_of([figures], Layout.ROWS),
    )
    readings = read_tables(document_of(*blocks), catalogue)
    cells = cells_of(readings, "T3")
    assert [cells["requests_received", column].value for column in ("natural_person", "org_other", "total")] == [
        4,
        0,
        4,
    ]
    assert FindingCode.ROW_VALUE_COUNT in codes_of(readings)


def test_pieces_of_labels_that_look_like_a_heading_do_not_end_the_table(catalogue):
    values = ["0"] * 7
    lines = ["一、本年新收政府信息公开申请数量", *values, "2.没有现成信息需要另行制作", *values]
    pieces = ["三、本法提供", "年度办", "理结果", "3.补正后申请内容仍不明确", *values]
    cells = cells_of(read_tables(document_of(*lines_of(*lines, *pieces)), catalogue), "T3")
    assert cells["unable_unclear_after_correction", "total"].value == 0
    after = ["四、有关收费的说明", "本年收取 3 件", "3.补正后申请内容仍不明确", "9", *values[1:6], "9"]
    cells = cells_of(read_tables(document_of(*lines_of(*lines, "三、收费情况。", *after)), catalogue), "T3")
    assert cells["unable_unclear_after_correction", "total"].state is CellState.ABSENT


@pytest.mark.parametrize(
    ("edition", "label", "row"),
    [
        ("table_2019", "（六）其他处�?", "other_handling"),
        ("table_2021", "3.其他", "other_misc"),
        ("table_2021", "3.其他情形", "other_misc"),
        ("table_2021", "3.要求提供公开出版�?", "not_processed_publication"),
        ("table_2021", "行政事业性收贀", "administrative_fees"),
        ("table_2021", "其他处�?", None),
        ("table_2021", "自然人", None),
    ],
)
def test_labels_that_lost_a_character(catalogue, edition, label, row):
    tables = [catalogue.edition(edition).table(code) for code in ("T2", "T3")]
    matches = [match_label(label, table, -1) for table in tables]
    rows = [match.target.code for match in matches if match and not match.target.is_group]
    assert rows == ([row] if row else [])
