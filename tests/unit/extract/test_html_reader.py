"""HTML: spans, blank cells, layout tables, hidden text, charset and hostile pages."""

from __future__ import annotations

import pytest

from disclosure.document import Grid, Paragraph
from disclosure.extract.html import read_html
from disclosure.extract.reading import RefusalError
from disclosure.findings import FindingCode

Placed = tuple[str, int, int, int]  # text, column, row span, column span


def _grid(html: str) -> list[list[Placed]]:
    (grid,) = [block for block in read_html(html.encode()).blocks if isinstance(block, Grid)]
    return [[(cell.text, cell.column, cell.row_span, cell.column_span) for cell in row.cells] for row in grid.rows]


def _paragraphs(html: str) -> list[str]:
    return [block.text for block in read_html(html.encode()).blocks if isinstance(block, Paragraph)]


def test_spans_are_resolved_and_a_merged_cell_comes_once() -> None:
    html = """<table><tr><td rowspan=2 colspan=2>项目</td><td colspan=2>申请人</td></tr><tr><td>自然人</td><td>总计</td></tr>
    <tr><td rowspan=2>结果</td><td>公开</td><td>1</td><td>1</td></tr><tr><td>不予公开</td><td>0</td><td></td></tr></table>"""
    assert _grid(html) == [
        [("项目", 0, 2, 2), ("申请人", 2, 1, 2)],
        [("自然人", 2, 1, 1), ("总计", 3, 1, 1)],
        [("结果", 0, 2, 1), ("公开", 1, 1, 1), ("1", 2, 1, 1), ("1", 3, 1, 1)],
        [("不予公开", 1, 1, 1), ("0", 2, 1, 1), ("", 3, 1, 1)],
    ]


def test_blank_cells_stay_cells() -> None:
    assert _grid("<table><tr><td>a</td><td>&nbsp;</td><td><p> </p></td><td></td></tr></table>") == [
        [("a", 0, 1, 1), ("", 1, 1, 1), ("", 2, 1, 1), ("", 3, 1, 1)]
    ]


def test_breaks_and_paragraphs_in_a_cell_are_line_breaks() -> None:
    html = "<table><tr><td>本年新<br/>制作数量</td><td><p>商业</p><p>企业</p></td><td> 总\n <b>计</b></td></tr></table>"
    assert [cell[0] for cell in _grid(html)[0]] == ["本年新\n制作数量", "商业\n企业", "总 计"]


def test_a_row_span_ends_with_its_row_group() -> None:
    html = "<table><thead><tr><td rowspan=5>头</td><td>甲</td></tr></thead><tbody><tr><td>一</td><td>2</td></tr></tbody></table>"
    assert _grid(html)[1] == [("一", 0, 1, 1), ("2", 1, 1, 1)]


def test_rows_without_tr_and_odd_spans_are_kept() -> None:
    html = "<table><td>规章</td><td colspan=x>3</td><tr><td rowspan=0>许可</td><td colspan=0>4</td></table>"
    assert [[cell[0] for cell in row] for row in _grid(html)] == [["规章", "3"], ["许可", "4"]]


def test_a_layout_table_is_looked_through() -> None:
    html = """<table><tr><td>首页</td></tr><tr><td><p>一、总体情况</p>
    <table><tr><td>规章</td><td>0</td></tr></table><p>二、其他</p></td></tr></table>"""
    blocks = read_html(html.encode()).blocks
    assert [type(block).__name__ for block in blocks] == ["Paragraph", "Paragraph", "Grid", "Paragraph"]
    assert _grid(html) == [[("规章", 0, 1, 1), ("0", 1, 1, 1)]]


def test_a_data_table_with_a_table_in_a_cell_stays_whole() -> None:
    rows = "<tr><td>规章</td><td>1</td><td>2</td></tr>" * 3
    html = f"<table>{rows}<tr><td>注</td><td><table><tr><td>内</td></tr></table></td></tr></table>"
    assert [cell[0] for cell in _grid(html)[3]] == ["注", "内"]


def test_hidden_text_and_scripts_are_left_out() -> None:
    html = """<body>一<script>x</script><style>y</style><span style="display: none">z</span><div hidden>w</div>
    <!-- c -->二<noscript>n</noscript></body>"""
    assert _paragraphs(html) == ["一 二"]


def test_block_elements_and_breaks_part_paragraphs_inline_ones_do_not() -> None:
    assert _paragraphs("<div>甲<b>乙</b><div>丙</div>丁<br>戊</div><p>己&nbsp;庚</p>") == [
        "甲乙",
        "丙",
        "丁",
        "戊",
        "己\xa0庚",
    ]


def test_headings_carry_their_level_and_what_follows_does_not() -> None:
    blocks = read_html("<h2>一、<span>总体</span></h2>正文<h3>二</h3>".encode()).blocks
    assert blocks == (Paragraph("一、总体", 2), Paragraph("正文"), Paragraph("二", 3))


def test_title_and_meta_tags_are_properties() -> None:
    html = """<html><head><title> 年度报告 </title><meta name="PubDate" content="2021-01-30"><meta charset="gbk">
    <meta name="PubDate" content="later"></head><body>文</body></html>"""
    assert read_html(html.encode()).properties == {"title": "年度报告", "PubDate": "2021-01-30", "encoding": "utf-8"}


def test_the_bytes_decide_the_charset_not_the_meta_tag() -> None:
    html = '<meta charset="utf-8"><p>本机关主动公开政府信息三十条</p>'
    reading = read_html(html.encode("gb18030"))
    assert reading.blocks == (Paragraph("本机关主动公开政府信息三十条"),)
    assert reading.properties["encoding"] == "gb18030"


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ("<div>" * 50_000 + "文", FindingCode.RESOURCE_LIMIT),
        ("<table>" + "<tr><td colspan=1000 rowspan=60000>0</td></tr>" * 3000 + "</table>", FindingCode.RESOURCE_LIMIT),
        ("<b>" * 1_000_001, FindingCode.RESOURCE_LIMIT),
        ("<html><body><script>load()</script></body></html>", FindingCode.NO_TEXT),
    ],
)
def test_hostile_and_empty_pages_are_refused(html: str, code: FindingCode) -> None:
    with pytest.raises(RefusalError) as refused:
        read_html(html.encode())
    assert refused.value.code == code


def test_raised_digits_do_not_join_the_number_before_them() -> None:
    assert _grid("<table><tr><td>5<sup>1</sup></td><td>2<sub>[3]</sub></td></tr></table>")[0][0][0] == "5¹"
    assert _grid("<table><tr><td>5<sup>1</sup></td><td>2<sub>[3]</sub></td></tr></table>")[0][1][0] == "2[³]"
    assert _paragraphs("<p>收到申请5<sup>1</sup>件</p>") == ["收到申请5¹件"]


def test_what_is_struck_through_does_not_join_what_stands_for_it() -> None:
    page = "<table><tr><td><del>3</del>5</td><td><s>3</s>6</td><td><span style='text-decoration: line-through'>3</span>7</td></tr></table>"
    assert [cell[0] for cell in _grid(page)[0]] == ["5", "6", "7"]
