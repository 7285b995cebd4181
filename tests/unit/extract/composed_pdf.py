"""PDFs composed for the tests, with a CID font that needs no font file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

FONT = "STSong-Light"
GRID_STYLE: list[tuple[Any, ...]] = [
    ("FONT", (0, 0), (-1, -1), FONT, 9),
    ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
]


@cache
def _register() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def flow(*parts: object, encrypt: str | None = None, title: str = "年度报告") -> bytes:
    """A document of flowing parts: a text is a paragraph, a list of rows a ruled table; page numbers at the foot."""
    _register()
    style = ParagraphStyle("body", fontName=FONT, fontSize=12, leading=20, firstLineIndent=24, wordWrap="CJK")
    story: list[Any] = []
    for part in parts:
        if isinstance(part, str):
            story.append(Paragraph(part, style))
        elif isinstance(part, Table):
            story.append(part)
        elif isinstance(part, list):
            story.append(table(part))
        story.append(Spacer(1, 6))
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer, pagesize=A4, title=title, encrypt=encrypt).build(
        story, onFirstPage=_number, onLaterPages=_number
    )
    return buffer.getvalue()


def table(rows: Sequence[Sequence[str]], *style: tuple[Any, ...], widths: Sequence[float] | None = None) -> Table:
    _register()
    return Table([list(row) for row in rows], style=[*GRID_STYLE, *style], colWidths=widths, repeatRows=0)


def drawn(draw: Any, pages: int = 1) -> bytes:
    """A document drawn by hand: `draw(canvas, page)` for every page."""
    _register()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for page in range(pages):
        canvas.setFont(FONT, 12)
        draw(canvas, page)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _number(canvas: Canvas, template: Any) -> None:
    canvas.setFont(FONT, 10)
    canvas.drawCentredString(297, 40, f"- {template.page} -")
