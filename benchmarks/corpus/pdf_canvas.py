"""Draws text and rules on PDF pages in the manner of one style, and damages the character maps where the style says so.

Here belongs what depends on the PDF library. Where things stand on a page is decided in `pdf`. Coordinates are points from the
top left of the upright page.
"""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import dataclass

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from benchmarks.corpus.fonts import register_embedded, register_standard
from benchmarks.corpus.pdf_style import Codes, Rules, Style

Segment = tuple[float, float, float, float]  # x0, y0, x1, y1

_RULE = 0.6
_WATERMARK = "仅供公开查阅 2024-07"
_TURNED = 90
_BOLD_SHIFT = 0.3
# Radicals that NFKC leaves alone or maps to the traditional character.
_SUPPLEMENT = {"民": 0x2EA0, "门": 0x2ED4, "长": 0x2ED3, "见": 0x2EC5, "页": 0x2EDA, "车": 0x2ECB, "风": 0x2EDB}
_MAPPED = re.compile(rb"(/ToUnicode \d+ 0 R)")
_MAP_BLOCK = re.compile(rb"beginbfrange(.*?)endbfrange|beginbfchar(.*?)endbfchar", re.DOTALL)


@dataclass(frozen=True, slots=True)
class DrawnText:
    """A string as drawn; `baseline` is measured from the top of the page."""

    page: int
    x: float
    baseline: float
    size: float
    text: str


class PageCanvas:
    """Pages of one document. Strings drawn inside tables follow the style's table fonts; `font` is one registered already, in
    place of the style's."""

    def __init__(self, style: Style, font: str | None = None) -> None:
        self.style = style
        self.drawn: list[DrawnText] = []
        self.page = 1
        self._buffer = io.BytesIO()
        self._font = font or (register_embedded() if style.embedded else register_standard())
        width, height = style.page
        size = (height, width) if style.turned else (width, height)
        compressed = 1 if style.codes is Codes.TRUE else 0
        self._canvas = Canvas(self._buffer, pagesize=size, pageCompression=compressed, invariant=1)
        self._canvas.setTitle("")
        self._begin_page()

    def _begin_page(self) -> None:
        if self.style.turned:
            self._canvas.translate(self.style.page[1], 0)
            self._canvas.rotate(_TURNED)
            if self.style.turned == "page":
                self._canvas.setPageRotation(_TURNED)

    def end_page(self) -> None:
        if self.style.watermark:
            self._draw_watermark()
        self._canvas.showPage()
        self.page += 1
        self._begin_page()

    def finish(self) -> bytes:
        """The document as bytes, with its character maps as the style wants them."""
        if self.style.watermark:
            self._draw_watermark()
        self._canvas.save()
        return _damage_maps(self._buffer.getvalue(), self.style.codes)

    def _draw_watermark(self) -> None:
        width, height = self.style.page
        self._canvas.saveState()
        self._canvas.setFillGray(0.8)
        self._canvas.setFont(self._font, 34)
        for place in (0.3, 0.62):
            self._canvas.saveState()
            self._canvas.translate(width * 0.5, height * (1 - place))
            self._canvas.rotate(40)
            self._canvas.drawCentredString(0, 0, _WATERMARK)
            self._canvas.restoreState()
        self._canvas.restoreState()

    def width_of(self, text: str, size: float) -> float:
        return float(sum(pdfmetrics.stringWidth(run, font, size) for font, run in self._runs(text, in_table=True)))

    def _runs(self, text: str, in_table: bool) -> list[tuple[str, str]]:
        """The string in runs of one font."""
        latin = self.style.latin if in_table else None
        if latin is None:
            return [(self._font, text)] if text else []
        runs: list[tuple[str, str]] = []
        for character in text:
            own = character.isascii() and not (self.style.loose_point and character in ".,")
            font = latin if own else self._font
            if runs and runs[-1][0] == font:
                runs[-1] = (font, runs[-1][1] + character)
            else:
                runs.append((font, character))
        return runs

    def text(self, x: float, baseline: float, text: str, size: float, in_table: bool = False) -> None:
        self.drawn.append(DrawnText(self.page, x, baseline, size, text))
        at = x
        for font, run in self._runs(text, in_table):
            self._canvas.setFont(font, size)
            low = 1.2 if self.style.loose_point and run in (".", ",") else 0.0
            y = self.style.page[1] - baseline - low
            self._canvas.drawString(at, y, run)
            if self.style.double_strike:
                self._canvas.drawString(at + _BOLD_SHIFT, y, run)
            at += pdfmetrics.stringWidth(run, font, size)

    def shade(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self._canvas.saveState()
        self._canvas.setFillGray(0.88)
        self._canvas.rect(x0, self.style.page[1] - y1, x1 - x0, y1 - y0, stroke=0, fill=1)
        self._canvas.restoreState()

    def rules(self, segments: set[Segment], boxes: list[Segment]) -> None:
        """The rules of one piece of a table: `segments` are the sides of its cells, `boxes` its cells."""
        kind = self.style.rules
        if kind is Rules.NONE or not boxes:
            return
        self._canvas.saveState()
        self._canvas.setLineWidth(_RULE)
        if kind is Rules.WHITE:
            self._canvas.setStrokeGray(1)
        if kind is Rules.DASHED:
            self._canvas.setDash(3, 2)
        if kind is Rules.BOXES:
            for x0, y0, x1, y1 in boxes:
                self._canvas.rect(x0, self.style.page[1] - y1, x1 - x0, y1 - y0)
        else:
            for segment in sorted(_chosen(segments, boxes, kind)):
                self._rule(segment, kind)
        if kind is Rules.STRAY_WHITE:
            self._stray(boxes)
        self._canvas.restoreState()

    def _rule(self, segment: Segment, kind: Rules) -> None:
        x0, y0, x1, y1 = segment
        across = y0 == y1
        top = self.style.page[1]
        if kind is Rules.THIN_RECTANGLES:
            width, height = (x1 - x0, _RULE) if across else (_RULE, y1 - y0)
            self._canvas.rect(x0, top - y1, width, height, stroke=0, fill=1)
        elif kind is Rules.DOUBLE:
            for shift in (-0.9, 0.9):
                dx, dy = (0.0, shift) if across else (shift, 0.0)
                self._canvas.line(x0 + dx, top - y0 + dy, x1 + dx, top - y1 + dy)
        elif kind is Rules.GAPS:
            dx, dy = (1.5, 0.0) if across else (0.0, 1.5)
            self._canvas.line(x0 + dx, top - y0 - dy, x1 - dx, top - y1 + dy)
        else:
            self._canvas.line(x0, top - y0, x1, top - y1)

    def _stray(self, boxes: list[Segment]) -> None:
        """White lines through the middle of the table in both directions, as drawing programs leave them."""
        left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
        upper, lower = min(box[1] for box in boxes), max(box[3] for box in boxes)
        self._canvas.setStrokeGray(1)
        top = self.style.page[1]
        for share in (0.31, 0.57, 0.83):
            x = left + (right - left) * share
            self._canvas.line(x, top - upper, x, top - lower)
            y = upper + (lower - upper) * share
            self._canvas.line(left, top - y, right, top - y)

    def frame(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self._canvas.rect(x0, self.style.page[1] - y1, x1 - x0, y1 - y0)


def _chosen(segments: set[Segment], boxes: list[Segment], kind: Rules) -> set[Segment]:
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    upper, lower = min(box[1] for box in boxes), max(box[3] for box in boxes)
    if kind is Rules.HORIZONTAL:
        return {segment for segment in segments if segment[1] == segment[3]}
    if kind is Rules.NO_SIDES:
        return {segment for segment in segments if segment[0] != segment[2] or segment[0] not in (left, right)}
    if kind is Rules.NO_OUTLINE:
        return {
            (x0, y0, x1, y1)
            for x0, y0, x1, y1 in segments
            if not (x0 == x1 and x0 in (left, right)) and not (y0 == y1 and y0 in (upper, lower))
        }
    return segments


def _damage_maps(data: bytes, codes: Codes) -> bytes:
    """The same bytes with other targets in the character maps; every change keeps the length, so that all offsets hold."""
    if codes is Codes.TRUE:
        return data
    if codes is Codes.NONE:
        return _MAPPED.sub(lambda match: b" " * len(match[1]), data)
    return _MAP_BLOCK.sub(lambda match: _retarget(match[0], codes), data)


def _retarget(block: bytes, codes: Codes) -> bytes:
    def change(match: re.Match[bytes]) -> bytes:
        code = int(match[1], 16)
        if codes is Codes.PRIVATE:
            changed = 0xE000 + code % 0x1800 if code > 0x7F else code
        else:
            changed = _RADICALS.get(chr(code), code)
        return b"<%04X>" % changed

    return re.sub(rb"<([0-9A-Fa-f]{4})>", change, block)


_RADICALS = {
    **{unicodedata.normalize("NFKC", chr(point)): point for point in range(0x2F00, 0x2FD6)},
    **_SUPPLEMENT,
}
