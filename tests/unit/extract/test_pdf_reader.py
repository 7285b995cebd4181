"""PDF: tables with boxes, stitched over pages, text around them, and files that cannot be read."""

from __future__ import annotations

from typing import Any

import composed_pdf as composed
import pytest
from PIL import Image

from benchmarks.corpus.stream import make
from disclosure.document import Grid, Paragraph
from disclosure.extract import pdf_second
from disclosure.extract.pdf import read_pdf
from disclosure.extract.pdf_layout import lay_out
from disclosure.extract.pdf_stitch import join_pages
from disclosure.extract.reading import RefusalError
from disclosure.findings import FindingCode


def _grids(data: bytes) -> list[Grid]:
    return [block for block in read_pdf(data).blocks if isinstance(block, Grid)]


def _texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in grid.rows]


def test_a_ruled_table_between_paragraphs() -> None:
    rows = [["信息内容", "本年制发件数", "现行有效件数"], ["规章", "0", ""], ["行政许可", "减 6", "8353.27 万"]]
    reading = read_pdf(composed.flow("一、总体情况", rows, "二、其他情况"))
    assert [type(block).__name__ for block in reading.blocks] == ["Paragraph", "Grid", "Paragraph"]
    (grid,) = [block for block in reading.blocks if isinstance(block, Grid)]
    assert _texts(grid) == rows
    assert reading.page_count == 1
    assert reading.properties["Title"] == "年度报告"


def test_a_cell_carries_its_page_and_box() -> None:
    (grid,) = _grids(composed.flow([["规章", "3"], ["许可", "4"]]))
    upper, lower = grid.rows[0].cells[1], grid.rows[1].cells[1]
    assert upper.page == lower.page == 1
    assert upper.box is not None and lower.box is not None
    assert upper.box[0] == lower.box[0] < upper.box[2]
    assert upper.box[1] < upper.box[3] <= lower.box[1] + 0.1


def test_merged_cells_come_once_with_spans_and_blank_cells_stay() -> None:
    rows = [["结果", "申请人", ""], ["", "自然人", "总计"], ["", "", "7"]]
    (grid,) = _grids(composed.flow(composed.table(rows, ("SPAN", (0, 0), (0, 2)), ("SPAN", (1, 0), (2, 0)))))
    found = [[(c.text, c.column, c.row_span, c.column_span) for c in row.cells] for row in grid.rows]
    assert found == [
        [("结果", 0, 3, 1), ("申请人", 1, 1, 2)],
        [("自然人", 1, 1, 1), ("总计", 2, 1, 1)],
        [("", 1, 1, 1), ("7", 2, 1, 1)],
    ]


def test_a_table_over_two_pages_is_one_grid() -> None:
    rows = [[f"第{number}行", str(number), ""] for number in range(60)]
    reading = read_pdf(composed.flow("一、申请情况", rows, "二、诉讼情况"))
    assert reading.page_count == 2
    (grid,) = [block for block in reading.blocks if isinstance(block, Grid)]
    assert _texts(grid) == rows
    assert [row.index for row in grid.rows] == list(range(60))
    assert {row.page for row in grid.rows} == {1, 2}
    assert reading.blocks[-1] == Paragraph("二、诉讼情况", page=2)


def test_a_heading_between_parts_two_tables_on_consecutive_pages() -> None:
    rows = [[f"第{number}行", str(number)] for number in range(36)]
    data = composed.flow(rows, "三、收到和处理情况", [["甲", "1"], ["乙", "2"]])
    assert [len(grid.rows) for grid in _grids(data)] == [36, 2]


def test_lines_become_paragraphs_also_over_a_page_break_and_page_numbers_go() -> None:
    sentence = "本机关坚持以公开为常态、不公开为例外，及时回应社会关切，持续完善各项工作制度，切实保障群众的知情权。"
    paragraphs = [sentence * 8 for _ in range(6)]
    reading = read_pdf(composed.flow("一、总体情况", *paragraphs))
    assert (reading.page_count or 0) > 1
    assert [block.text for block in reading.blocks if isinstance(block, Paragraph)] == ["一、总体情况", *paragraphs]


def test_paragraph_shading_is_no_table() -> None:
    def draw(canvas: Any, page: int) -> None:
        for line in range(5):
            canvas.setFillColorRGB(0.9, 0.9, 0.9)
            canvas.rect(70, 700 - line * 22, 450, 22, stroke=0, fill=1)
            canvas.setFillColorRGB(0, 0, 0)
            canvas.drawString(74, 706 - line * 22, f"第{line}段说明文字。")

    reading = read_pdf(composed.drawn(draw))
    assert [type(block) for block in reading.blocks] == [Paragraph] * 5


def test_a_table_with_open_sides_and_no_top_rule_is_closed() -> None:
    def draw(canvas: Any, page: int) -> None:
        for y in (600, 570, 540):
            canvas.line(100, y, 400, y)
        for x in (200, 300):
            canvas.line(x, 630, x, 540)
        for row, y in enumerate((610, 580, 550)):
            for column, x in enumerate((110, 210, 310)):
                canvas.drawString(x, y, f"{row}{column}")

    (grid,) = _grids(composed.drawn(draw))
    assert _texts(grid) == [["00", "01", "02"], ["10", "11", "12"], ["20", "21", "22"]]


def test_rules_drawn_as_thin_filled_shapes() -> None:
    def draw(canvas: Any, page: int) -> None:
        for y in (600, 570, 540):
            canvas.rect(100, y, 200, 0.6, stroke=0, fill=1)
        for x in (100, 200, 300):
            canvas.rect(x, 540, 0.6, 60, stroke=0, fill=1)
        for row, y in enumerate((580, 550)):
            for column, x in enumerate((110, 210)):
                canvas.drawString(x, y, f"{row}{column}")

    (grid,) = _grids(composed.drawn(draw))
    assert _texts(grid) == [["00", "01"], ["10", "11"]]


def test_fake_bold_and_a_watermark_do_not_disturb_numbers() -> None:
    def draw(canvas: Any, page: int) -> None:
        canvas.grid([100, 200, 300], [600, 570])
        for x in (110, 110.4):
            canvas.drawString(x, 580, "合计")
            canvas.drawString(x + 100, 580, "882")
        canvas.saveState()
        canvas.translate(150, 560)
        canvas.rotate(45)
        canvas.drawString(0, 0, "水印水印水印")
        canvas.restoreState()

    assert _texts(_grids(composed.drawn(draw))[0]) == [["合计", "882"]]


def test_digits_of_mixed_fonts_stay_in_order() -> None:
    def draw(canvas: Any, page: int) -> None:
        canvas.grid([100, 200, 300], [600, 570])
        canvas.drawString(110, 580, "金额")
        canvas.setFont("Helvetica", 12)
        canvas.drawString(210, 580, "20834")
        canvas.setFont("STSong-Light", 12)
        canvas.drawString(210 + 12 * 0.556 * 5, 580, ".")
        canvas.setFont("Times-Roman", 12)
        canvas.drawString(210 + 12 * 0.556 * 5 + 4, 580.8, "97")

    (grid,) = _grids(composed.drawn(draw))
    assert grid.rows[0].cells[1].text.replace(" ", "") == "20834.97"


def test_running_headers_are_left_out() -> None:
    def draw(canvas: Any, page: int) -> None:
        canvas.drawString(200, 800, "某某县司法局年度报告")
        canvas.drawString(80, 600, f"第{'一二三四'[page]}部分内容。")

    texts = [block.text for block in read_pdf(composed.drawn(draw, pages=4)).blocks if isinstance(block, Paragraph)]
    assert texts == ["第一部分内容。", "第二部分内容。", "第三部分内容。", "第四部分内容。"]


def _only_a_picture(canvas: Any, page: int) -> None:
    canvas.drawInlineImage(Image.new("RGB", (20, 20), "white"), 50, 50, 400, 600)


_SOUND = composed.flow("一、总体情况", [["规章", "0"], ["许可", "1"]])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (_SOUND[: len(_SOUND) // 2], FindingCode.TRUNCATED),
        (_SOUND[:-6], FindingCode.TRUNCATED),
        (b"%PDF-1.4\n%%EOF\n", FindingCode.DAMAGED),
        (composed.flow("文", encrypt="secret"), FindingCode.ENCRYPTED),
        (composed.drawn(lambda canvas, page: None), FindingCode.NO_TEXT),
        (composed.drawn(_only_a_picture), FindingCode.NO_TEXT),
    ],
    ids=["half", "no end", "no pages", "encrypted", "blank", "picture"],
)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, code: FindingCode) -> None:
    with pytest.raises(RefusalError) as refused:
        read_pdf(data)
    assert refused.value.code == code


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("disclosure.extract.pdf.PAGE_LIMIT", 2)
    with pytest.raises(RefusalError) as refused:
        read_pdf(composed.drawn(lambda canvas, page: canvas.drawString(80, 600, "内容"), pages=3))
    assert refused.value.code == FindingCode.RESOURCE_LIMIT


def test_a_page_with_a_picture_among_text_is_a_finding_with_its_page() -> None:
    def draw(canvas: Any, page: int) -> None:
        if page == 1:
            _only_a_picture(canvas, page)
        else:
            canvas.drawString(80, 600, "本机关全年收到申请三件，均已办结。")

    reading = read_pdf(composed.drawn(draw, pages=2))
    assert [(found.code, found.where.page) for found in reading.findings] == [(FindingCode.NO_TEXT, 2)]


@pytest.mark.parametrize(
    "trait", ["plain_embedded", "page_break", "mixed_fonts", "dashed_rules", "borderless", "watermark"]
)
def test_both_readers_find_the_same_cells(trait: str) -> None:
    """pdfplumber reads files that PDFium cannot open, with everything after the raw page in common."""
    data = make(3, "pdf", trait, 0).data
    pages = list(pdf_second.read_pages(data, 60_000))
    second = join_pages([lay_out(page, page.characters, "") for page in pages])
    cells = [_texts(block) for block in second if isinstance(block, Grid)]
    assert cells == list(map(_texts, _grids(data)))
    assert sum(len(row) for grid in cells for row in grid) > 200
