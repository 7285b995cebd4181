"""Of two reports in one file the first is read, and the second is named in a finding."""

from __future__ import annotations

from composed import application_rows, document_of, grid_of, lines_of

from disclosure.findings import FindingCode
from disclosure.parse import parse_report
from disclosure.parse.first_report import take_first_report
from disclosure.report import Asserted


def report_of(catalogue, agency, year, edition, received):
    table = catalogue.edition(edition).table("T3")
    row = [received, "0", "0", "0", "0", "0", received]
    figures = {"requests_received": row, "granted_full": row, "outcomes_total": row}
    return (
        *lines_of(f"{agency}{year}年政府信息公开工作年度报告", "一、总体情况", "二、主动公开政府信息情况"),
        grid_of([["第二十条第（五）项"], ["信息内容", "本年处理决定数量"], ["行政许可", received]]),
        *lines_of("三、收到和处理政府信息公开申请情况"),
        grid_of(application_rows(table, figures)),
    )


def test_the_second_of_two_reports_leaves_no_figure_in_the_first(catalogue):
    first = report_of(catalogue, "江阴市审计局", 2020, "table_2019", "4")
    second = report_of(catalogue, "江阴市审计局", 2021, "table_2021", "9")
    report = parse_report(document_of(*first, *second), Asserted(), catalogue)
    values = {cell.key: cell.value_published for cell in report.cells}
    assert report.t3_form == "table_2019"
    assert values["T3", "requests_received", "total"] == 4
    assert ("T3", "other_misc", "total") not in values
    assert [found.where.text for found in report.findings if found.code is FindingCode.SECOND_REPORT] == [
        "江阴市审计局2021年政府信息公开工作年度报告"
    ]


def test_tables_of_two_editions_without_a_title_between_them_give_no_figure(catalogue):
    first = report_of(catalogue, "江阴市审计局", 2021, "table_2021", "9")
    _, *second = report_of(catalogue, "江阴市审计局", 2020, "table_2019", "4")
    report = parse_report(document_of(*first, *second), Asserted(), catalogue)
    applications = [cell for cell in report.cells if cell.table == "T3"]
    assert report.t3_form == "table_2021"
    assert [cell for cell in applications if cell.value is not None or cell.value_published is not None] == []
    named = {found.where.row_code for found in report.findings if found.code is FindingCode.CELL_TWICE}
    assert named >= {cell.row_code for cell in applications}


def test_a_table_that_only_the_second_report_has_gives_no_figure(catalogue):
    """The first report is cut short before its table of applications; no title stands before the second."""
    rows = [["第二十条第（一）项"], ["规章", "0", "0", "0"], ["行政规范性文件", "0", "0", "0"]]
    rows += [[name, "0"] for name in ("行政许可", "行政处罚", "行政强制", "行政事业性收费")]
    title, *_, applications = report_of(catalogue, "江阴市审计局", 2021, "table_2021", "9")
    printed = (*lines_of("二、主动公开政府信息情况"), grid_of(rows), *lines_of("三、收到和处理政府信息公开申请情况"))
    report = parse_report(document_of(title, *printed, *printed, applications), Asserted(), catalogue)
    assert [cell for cell in report.cells if cell.table == "T3" and cell.value is not None] == []
    assert {cell.value for cell in report.cells if cell.table == "T2"} == {0}
    named = {found.where.row_code for found in report.findings if found.code is FindingCode.CELL_TWICE}
    assert "requests_received" in named


def test_the_blank_form_before_the_tables_is_no_report(catalogue):
    table = catalogue.edition("table_2021").table("T3")
    blank = grid_of(application_rows(table, {}, default=""))
    _, *report = report_of(catalogue, "江阴市审计局", 2021, "table_2021", "9")
    read = parse_report(
        document_of(*report[:2], blank, *lines_of("五、存在的主要问题"), *report), Asserted(), catalogue
    )
    assert {cell.key: cell.value for cell in read.cells}["T3", "requests_received", "total"] == 9


def test_a_title_printed_twice_begins_no_second_report(catalogue):
    title, *rest = report_of(catalogue, "江阴市审计局", 2021, "table_2021", "9")
    document = document_of(title, *lines_of("本报告含表：结转下年度继续办理等"), title, *rest, title)
    assert take_first_report(document) == (document, ())


def test_disputes_alone_are_of_the_edition_of_the_year(catalogue):
    line = grid_of([["行政复议", "行政诉讼"], ["未经复议直接起诉", "复议后起诉"], ["0"] * 15])
    title = lines_of("江阴市审计局2022年政府信息公开工作年度报告", "一、总体情况")
    report = parse_report(document_of(*title, line), Asserted(), catalogue)
    assert report.t4_form == "table_2021"
    assert FindingCode.FORM_YEAR_MISMATCH not in {found.code for found in report.findings}
