"""Plain text: the ways tables are drawn in dumps of real reports, told with figures of our own."""

from __future__ import annotations

import pytest

from disclosure.document import Grid, Layout, Paragraph
from disclosure.extract.reading import RefusalError
from disclosure.extract.text import read_lines, read_text
from disclosure.findings import FindingCode


def _blocks(text: str) -> list[object]:
    """Paragraph texts, and grids as (layout, rows of cell texts)."""
    found: list[object] = []
    for block in read_lines(text.split("\n")):
        if isinstance(block, Paragraph):
            found.append(block.text)
        else:
            found.append((block.layout, [[cell.text for cell in row.cells] for row in block.rows]))
    return found


def test_tab_rows_go_on_over_the_blank_lines_of_a_page_break() -> None:
    text = "## 二、情况\n\n规章\t3\t减 2\n5.属于三类内部事务\t\t1\n\n\t信息\t\n\t6.属于四类\t7\n\n## 三、情况\n"
    assert _blocks(text) == [
        "二、情况",
        (
            Layout.ROWS,
            [["规章", "3", "减 2"], ["5.属于三类内部事务", "", "1"], ["", "信息", ""], ["", "6.属于四类", "7"]],
        ),
        "三、情况",
    ]


def test_prose_between_tabbed_lines_parts_two_tables() -> None:
    text = "规章\t1\n行政许可\t2\n\n下表为申请情况，请一并查阅。\n\n自然人\t3\n总计\t4\n"
    layouts = [type(block).__name__ for block in read_lines(text.split("\n"))]
    assert layouts == ["Grid", "Paragraph", "Grid"]


def test_a_title_without_tabs_inside_a_tabbed_table_is_a_row() -> None:
    assert _blocks("规章\t1\n第二十条第（五）项\n行政许可\t2\n") == [
        (Layout.ROWS, [["规章", "1"], ["第二十条第（五）项"], ["行政许可", "2"]])
    ]


def test_one_cell_per_tabbed_line_with_wrapped_words_and_blank_cells() -> None:
    text = "三、申请情况\n\t\n\t商业\n企业\n\t总计\n\n\t一、新收\n\t\xa05\n\t\u3000\u30000\n\n\n四、诉讼情况\n"
    assert _blocks(text) == [
        "三、申请情况",
        (Layout.ROWS, [["", "商业\n企业", "总计"], ["一、新收", "\xa05", "\u3000\u30000"]]),
        "四、诉讼情况",
    ]


def test_tab_indented_paragraphs_are_no_table() -> None:
    sentence = (
        "本机关按照有关规定，持续做好各项公开工作，全年没有发生因公开引发的争议，群众反映总体良好，特此报告如下。"
    )
    assert _blocks(f"\t{sentence}\n\t{sentence}\n") == [sentence, sentence]


def test_one_cell_per_piped_line_where_ghost_pipes_end_the_row() -> None:
    text = "第二十条第(一)项 | ||||\n规章 |\n0 |\n7 | |\n3.补正后 |\n0 |\n| ||\n(五)不予处理 |\n1.信访 |\n2 | ||\n三、情况说明见下文\n"
    layout, rows = _blocks(text)[0]  # type: ignore[misc]
    assert layout == Layout.STREAM
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["第二十条第(一)项"],
        ["规章", "0", "7"],
        ["3.补正后", "0", ""],
        ["(五)不予处理", "1.信访", "2"],
    ]
    assert _blocks(text)[1:] == ["三、情况说明见下文"]


def test_ghost_pipes_on_a_line_of_their_own_end_the_row() -> None:
    layout, rows = _blocks("规章 |\n0 |\n7 |\n||\n许可 |\n5 |\n|\n")[0]  # type: ignore[misc]
    assert (layout, [[cell.strip() for cell in row] for row in rows]) == (
        Layout.STREAM,
        [["规章", "0", "7"], ["许可", "5"]],
    )


def test_a_pipe_on_a_line_of_its_own_above_a_figure_is_a_blank_cell() -> None:
    layout, rows = _blocks("一、本年新收 |\n|\n|\n3 |\n||\n二、上年结转 |\n|\n2 |\n3 |\n|\n")[0]  # type: ignore[misc]
    assert (layout, [[cell.strip() for cell in row] for row in rows]) == (
        Layout.STREAM,
        [["一、本年新收", "", "", "3"], ["二、上年结转", "", "2", "3"]],
    )


def test_cell_and_pipe_on_lines_in_turn() -> None:
    text = "二、主动公开政府信息情况\n规章\n|\n0\n|\n商业\n企业\n|\n|\n8\n|\n三、收到和处理政府信息公开申请情况\n"
    assert _blocks(text) == [
        "二、主动公开政府信息情况",
        (Layout.STREAM, [["规章", "0", "商业\n企业", "", "8"]]),
        "三、收到和处理政府信息公开申请情况",
    ]


def test_one_row_per_piped_line_keeps_inner_blanks_and_drops_ghosts() -> None:
    text = "第二十条第(一)项 | |||\n规章 | 0 | | 7 |\n行政许可 | 716  | -417  | ||\n"
    layout, rows = _blocks(text)[0]  # type: ignore[misc]
    assert layout == Layout.ROWS
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["第二十条第(一)项"],
        ["规章", "0", "", "7"],
        ["行政许可", "716", "-417"],
    ]


def test_a_markdown_table_keeps_blank_cells_at_the_end_and_loses_its_rule() -> None:
    _, rows = _blocks("| 项目 | 数量 |\n|---|---|\n| 规章 | |\n| 许可 | 3 |\n")[0]  # type: ignore[misc]
    assert [[cell.strip() for cell in row] for row in rows] == [["项目", "数量"], ["规章", ""], ["许可", "3"]]


def test_a_lone_line_with_pipes_is_a_paragraph() -> None:
    line = "作者:本站 | 来源:本站 | 时间:2019-01-18"
    assert _blocks(f"题目\n\n{line}\n\n正文。\n") == ["题目", line, "正文。"]


def test_headings_and_bold_marks_of_ocr_dumps() -> None:
    blocks = read_lines(["### 一、总体情况", "", "**(一)组织有力。**全年平稳。"])
    assert blocks == (Paragraph("一、总体情况", level=3), Paragraph("(一)组织有力。全年平稳。"))


def test_a_paragraph_cut_by_a_page_break_is_one_again() -> None:
    text = "# 报告\n\n全年公开信息12条，解读政策4次，回\n\n应关切2次。\n\n1、加强队伍建设，提高素质\n\n2、加强学习。\n"
    assert _blocks(text) == [
        "报告",
        "全年公开信息12条，解读政策4次，回应关切2次。",
        "1、加强队伍建设，提高素质",
        "2、加强学习。",
    ]


def test_titles_and_signatures_are_not_joined() -> None:
    text = "# 文件\n\n某司呈〔2021〕15号\n\n签发人：某某\n\n现将有关情况，报告如下：\n\n某某县司法局\n\n2021年1月10日\n"
    assert len(_blocks(text)) == 6


def test_a_plain_dump_is_never_joined() -> None:
    assert len(_blocks("全年公开信息12条，解读政策4次，回\n\n应关切2次。\n")) == 2


def test_indented_prose_keeps_its_inner_spaces() -> None:
    (block,) = read_text("\xa0\xa0 收到申请 2 件,作维持\xa0\xa0 处理。".encode()).blocks
    assert block == Paragraph("收到申请 2 件,作维持\xa0\xa0 处理。")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be"])
def test_simplified_text_in_every_encoding(encoding: str) -> None:
    text = "某某县司法局二〇二〇年政府信息公开工作年度报告\r\n一、总体情况\r\n收到申请3件。"
    data = ("\ufeff" if encoding == "utf-16-be" else "") + text
    blocks = read_text(data.encode(encoding)).blocks
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == text.split("\r\n")


def test_traditional_text_in_big5() -> None:
    text = "本機關2020年政府資訊公開工作年度報告，收到申請三件，均已依法辦理。"
    reading = read_text(text.encode("big5"))
    assert reading.blocks == (Paragraph(text),)
    assert reading.properties["encoding"] == "big5hkscs"


def test_utf8_once_read_as_gb18030_is_turned_back() -> None:
    text = "2023 年，某某县认真贯彻落实有关规定，主动公开政府信息 385 条，收到申请 21 件，均已按期答复。"
    garbled = text.encode().decode("gb18030", errors="replace")
    (block,) = read_text(garbled.encode()).blocks
    assert isinstance(block, Paragraph)
    assert "主动公开政府信息 385 条" in block.text


def test_a_misread_paragraph_between_sound_ones_is_turned_back_alone() -> None:
    sound = "本报告由办公室编制，所列数据的统计期限为上一年度全年，如有疑问请来电咨询。" * 3
    misread = "全年主动公开政府信息十二条，收到申请三件，均按规定的期限答复申请人。"
    garbled = misread.encode().decode("gb18030", errors="replace")
    rare = "鏀姟：两个少见的字不是乱码，也不是别的什么文字，照原样保留在这一行里。"
    reading = read_text(f"{sound}\n{garbled}\n{rare}\n".encode())
    first, second, third = (block.text for block in reading.blocks if isinstance(block, Paragraph))
    assert "主动公开政府信息" in second
    assert (first, third) == (sound, rare)
    assert reading.properties["encoding"] == "utf-8, partly read as gb18030"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b" \n\t\n", FindingCode.NO_TEXT),
        ("Отчёт о работе правительства".encode("koi8-r") * 20, FindingCode.UNKNOWN_ENCODING),
        ("カタカナとひらがなの文章".encode("shift_jis") * 20, FindingCode.UNKNOWN_ENCODING),
        (b"1\t" * 600_000 + b"\n" * 500_000, FindingCode.RESOURCE_LIMIT),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, code: FindingCode) -> None:
    with pytest.raises(RefusalError) as refused:
        read_text(data)
    assert refused.value.code == code


def test_columns_run_within_their_row() -> None:
    (grid,) = read_lines(["规章\t1\t2", "\t3"])
    assert isinstance(grid, Grid)
    assert [[cell.column for cell in row.cells] for row in grid.rows] == [[0, 1, 2], [0, 1]]
    assert [row.index for row in grid.rows] == [0, 1]
