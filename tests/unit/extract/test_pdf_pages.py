"""What PDFium gives of a page: characters and rules, fetched in batches."""

from __future__ import annotations

import ctypes
from typing import Any

import composed_pdf as composed
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from reportlab.pdfgen.canvas import Canvas

from disclosure.extract.pdf import read_pdf
from disclosure.extract.pdf_pages import RawPage, Rule, TooManyObjectsError, read_page

_LIMIT = 60_000


def _page(data: bytes, index: int = 0, limit: int = _LIMIT) -> RawPage:
    with pypdfium2.PdfDocument(data) as document:
        return read_page(document, index, limit)


def test_batches_give_what_checked_single_calls_give() -> None:
    rows = [[f"第{number}项", str(number), "Ⅳ-2"] for number in range(400)]
    data = composed.flow("一、总体情况", "ﬁ 与全角　空格；" * 20, rows)
    seen = 0
    with pypdfium2.PdfDocument(data) as document:
        for index in range(len(document)):
            page = document[index]
            text = page.get_textpage()
            box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
            height = page.get_height()
            single = []
            for place in range(pdfium.FPDFText_CountChars(text)):
                if pdfium.FPDFText_IsGenerated(text, place) == 1:
                    continue
                pdfium.FPDFText_GetLooseCharBox(text, place, box)
                pdfium.FPDFText_GetCharOrigin(text, place, x, y)
                code = pdfium.FPDFText_GetUnicode(text, place)
                size = pdfium.FPDFText_GetFontSize(text, place)
                place_on_page = (box.left, height - box.top, box.right, height - box.bottom, height - y.value)
                single.append((chr(code), *place_on_page, size))
            text.close()
            page.close()
            found = read_page(document, index, _LIMIT).characters
            seen += len(found)
            assert [character.text for character in found] == [each[0] for each in single]
            assert [each[1:] for each in found] == [pytest.approx(each[1:]) for each in single]
    assert seen > 2500  # over the size of one batch on more than one page


def test_rules_of_lines_rectangles_closed_shapes_and_forms() -> None:
    def draw(canvas: Canvas, page: int) -> None:
        canvas.line(100, 700, 300, 700)
        canvas.line(100, 690, 300, 690.5)  # leans a little
        canvas.line(100, 680, 300, 600)  # slanted
        canvas.rect(100, 500, 200, 0.6, stroke=0, fill=1)
        canvas.rect(100, 400, 50, 40, stroke=1, fill=0)
        canvas.rect(200, 400, 50, 40, stroke=0, fill=1)  # shading
        canvas.setStrokeColorRGB(1, 1, 1)
        canvas.rect(300, 400, 50, 40, stroke=1, fill=0)  # white outline of a shading
        canvas.line(100, 350, 300, 350)
        canvas.setStrokeColorRGB(0, 0, 0)
        path: Any = canvas.beginPath()
        path.moveTo(100, 300)
        path.lineTo(150, 300)
        path.lineTo(150, 250)
        path.close()
        canvas.drawPath(path)
        canvas.beginForm("inner")
        canvas.line(0, 0, 10, 0)
        canvas.endForm()
        canvas.translate(400, 100)
        canvas.scale(2, 2)
        canvas.doForm("inner")

    top = 841.89
    found = _page(composed.drawn(draw)).rules
    assert [rule for rule in found if (rule.x0, rule.top) != (rule.x1, rule.bottom)] == [
        pytest.approx(Rule(*rule), abs=0.01)
        for rule in [
            (100, top - 700, 300, top - 700, False),
            (100, top - 690.25, 300, top - 690.25, False),
            (100, top - 500.3, 300, top - 500.3, False),
            (100, top - 400, 150, top - 400, False),
            (150, top - 440, 150, top - 400, False),
            (100, top - 440, 150, top - 440, False),
            (100, top - 440, 100, top - 400, False),
            (100, top - 350, 300, top - 350, True),
            (100, top - 300, 150, top - 300, False),
            (150, top - 300, 150, top - 250, False),
            (400, top - 100, 420, top - 100, False),
        ]
    ]


def test_a_page_without_drawings_and_one_without_anything() -> None:
    text = _page(composed.drawn(lambda canvas, page: canvas.drawString(80, 600, "内容")))
    assert (text.rules, "".join(character.text for character in text.characters)) == ([], "内容")
    empty = _page(composed.drawn(lambda canvas, page: None))
    assert (empty.rules, empty.characters, empty.hidden, empty.objects) == ([], [], [], 0)


def test_more_things_than_the_limit_are_refused() -> None:
    def draw(canvas: Canvas, page: int) -> None:
        for step in range(30):
            canvas.line(100, 100 + step, 200, 100 + step)

    assert len(_page(composed.drawn(draw), limit=30).rules) == 30
    with pytest.raises(TooManyObjectsError) as refused:
        _page(composed.drawn(draw), limit=29)
    assert refused.value.args == (30,)


def test_halves_of_one_character_are_joined() -> None:
    page = _page(composed.drawn(lambda canvas, page: canvas.drawString(80, 600, "𠮷林𠀀")))
    assert "".join(character.text for character in page.characters) == "𠮷林𠀀"


def test_a_hyphen_before_the_next_line_stays_a_hyphen() -> None:
    """PDFium takes it for a word that goes on and gives a control character instead."""

    def draw(canvas: Canvas, page: int) -> None:
        canvas.grid([100, 200, 300], [600, 570, 540])
        for x, y, text in ((110, 580, "规章"), (210, 580, "其他-"), (110, 550, "3"), (210, 550, "4")):
            canvas.drawString(x, y, text)

    (grid,) = read_pdf(composed.drawn(draw)).blocks
    assert [[cell.text for cell in row.cells] for row in grid.rows] == [["规章", "其他-"], ["3", "4"]]  # type: ignore[union-attr]
