"""Writes a filing as a digital PDF: a red letterhead, ruled tables with merged cells, one of them over a page break.

The song face is not embedded (STSong-Light, UniGB-UCS2-H), as in most PDFs that office suites in China make. Streams are
uncompressed so that the bytes do not depend on the zlib at hand.
"""

from __future__ import annotations

import io
from dataclasses import replace
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor, black
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, HRFlowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from samples.recipe.sample import DISCLAIMER, Sample, Section
from samples.recipe.statutory import LABEL_COLUMNS, Laid, LaidTable, lay_out

FONT = "STSong-Light"
RED = HexColor(0xC00000)
TEXT_WIDTH = 470.0  # points between the margins of an A4 page

_BODY = ParagraphStyle("body", fontName=FONT, fontSize=12, leading=21, firstLineIndent=24, wordWrap="CJK")
_HEADING = ParagraphStyle("heading", parent=_BODY, fontSize=13.5, spaceBefore=6)
_TITLE = ParagraphStyle("title", parent=_BODY, fontSize=18, leading=28, alignment=TA_CENTER, firstLineIndent=0)
_LETTERHEAD = ParagraphStyle("letterhead", parent=_TITLE, fontSize=28, leading=44, textColor=RED)
_NUMBER = ParagraphStyle("number", parent=_TITLE, fontSize=12, leading=21)
_SIGNATORY = ParagraphStyle("signatory", parent=_NUMBER, alignment=TA_RIGHT)
_CELL = ParagraphStyle("cell", fontName=FONT, fontSize=9, leading=12, alignment=TA_CENTER, wordWrap="CJK")


def write_pdf(sample: Sample) -> bytes:
    """The PDF as bytes, the same every time (`invariant`: fixed date and document id)."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    margin = (A4[0] - TEXT_WIDTH) / 2
    template = SimpleDocTemplate(
        buffer, pagesize=A4, leftMargin=margin, rightMargin=margin, topMargin=64, bottomMargin=60,
        title=sample.title, author=DISCLAIMER, invariant=1, pageCompression=0,
    )  # fmt: skip
    template.build(_story(sample), onFirstPage=_number_page, onLaterPages=_number_page)
    return buffer.getvalue()


def _number_page(canvas: Canvas, _: SimpleDocTemplate) -> None:
    canvas.setFont(FONT, 10)
    canvas.drawCentredString(A4[0] / 2, 34, f"- {canvas.getPageNumber()} -")


def _story(sample: Sample) -> list[Flowable]:
    story: list[Flowable] = [
        Paragraph(escape(sample.letterhead or ""), _LETTERHEAD),
        Paragraph(escape(sample.document_number or ""), _NUMBER),
        Paragraph(f"签发人：{escape(sample.signatory or '')}", _SIGNATORY),
        HRFlowable(width="100%", thickness=1.4, color=RED, spaceAfter=18),
        Paragraph(escape(sample.title or ""), _TITLE),
        Spacer(1, 10),
        *(Paragraph(escape(text), _BODY) for text in sample.opening),
    ]
    for section in sample.sections:
        story += _section(sample, section)
    return [*story, Spacer(1, 12), Paragraph(escape(DISCLAIMER), _BODY)]


def _section(sample: Sample, section: Section) -> list[Flowable]:
    story: list[Flowable] = [Paragraph(escape(section.heading), _HEADING)]
    story += [Paragraph(escape(text), _BODY) for text in section.paragraphs]
    if section.table:
        story += [Spacer(1, 6), *_tables(sample, lay_out(sample, section.table)), Spacer(1, 8)]
    return story


def _tables(sample: Sample, laid: LaidTable) -> list[Flowable]:
    """One drawing per page the table stands on."""
    page_break = sample.page_break
    if page_break is None or page_break.table != laid.code:
        return [_draw(laid)]
    last = next(cell for cell in laid.cells if cell.code == page_break.after and not cell.figure)
    cut = replace(last, text=(last.text or "").removesuffix(page_break.carried_over))
    above = [cut if cell is last else cell for cell in laid.cells]
    top, bottom = _cut(replace(laid, cells=tuple(above)), last.row + 1, page_break.carried_over)
    return [_draw(top), PageBreak(), _draw(bottom)]


def _cut(laid: LaidTable, line: int, carried_over: str) -> tuple[LaidTable, LaidTable]:
    """The rows above and below `line`; merged cells go on without text, and the words that were cut off from the last
    label stand alone in the first row below."""
    top = tuple(replace(cell, row_span=min(cell.row_span, line - cell.row)) for cell in laid.cells if cell.row < line)
    ending = next(cell for cell in top if cell.row == line - 1 and not cell.figure and cell.row + cell.row_span == line)
    fragment = [Laid(0, ending.column, carried_over, column_span=ending.column_span)]
    fragment += [Laid(0, column, "") for column in range(LABEL_COLUMNS, laid.width)]
    continued = [
        replace(cell, row=0, text="", row_span=cell.row + cell.row_span - line + 1)
        for cell in laid.cells
        if cell.row < line < cell.row + cell.row_span
    ]
    below = [replace(cell, row=cell.row - line + 1) for cell in laid.cells if cell.row >= line]
    return replace(laid, cells=top), replace(laid, cells=(*fragment, *continued, *below))


def _draw(laid: LaidTable) -> Table:
    grid: list[list[object]] = [[""] * laid.width for _ in range(laid.height)]
    style: list[tuple[object, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.6, black),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("TOPPADDING", (0, 0), (-1, -1), 5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2),
    ]
    for cell in laid.cells:
        grid[cell.row][cell.column] = Paragraph(_words(cell, laid), _CELL)
        if cell.row_span > 1 or cell.column_span > 1:
            end = (cell.column + cell.column_span - 1, cell.row + cell.row_span - 1)
            style.append(("SPAN", (cell.column, cell.row), end))
    return Table(grid, colWidths=_widths(laid), style=TableStyle(style))


def _words(cell: Laid, laid: LaidTable) -> str:
    """Narrow header cells break after two characters, as clerks do by hand."""
    text = cell.text or ""
    if not cell.figure and len(text) == 4 and cell.column_span == 1 and laid.width > 4:
        return f"{escape(text[:2])}<br/>{escape(text[2:])}"
    return escape(text)


def _widths(laid: LaidTable) -> list[float]:
    if laid.code == "T3":
        labels = [38.0, 46.0, 106.0]
        return labels + [(TEXT_WIDTH - sum(labels)) / (laid.width - LABEL_COLUMNS)] * (laid.width - LABEL_COLUMNS)
    return [TEXT_WIDTH / laid.width] * laid.width
