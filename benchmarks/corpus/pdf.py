"""Prints a filing as a PDF with one trait: lines of prose, tables cell by cell, page breaks where the trait wants them.

Here belongs where things stand. How they are drawn is in `pdf_canvas`, what the traits are in `pdf_style`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from benchmarks.corpus.filing import Filing, Section, date_line
from benchmarks.corpus.layout import Placed, PlacedTable, place_table
from benchmarks.corpus.pdf_canvas import PageCanvas, Segment
from benchmarks.corpus.pdf_style import TRAITS, Break, Style, vary

__all__ = ["TRAITS", "draw", "render"]

_LEADING = 1.7
_CELL_LEADING = 1.25
_INDENT = 2
_SIDE = 2.0  # points between a cell's text and its rules
_NOTICE = ("温馨提示", "本页面向社会公众提供查阅服务，如对所列内容有疑问，可在工作时间与政务公开部门联系。")
_CARD = (("发文机关", "{agency}"), ("主题分类", "政务公开"), ("有效性", "有效"))
_BREAK_AFTER = {
    Break.CUT_GROUP_LABEL: ("T3", "unable_not_held"),
    Break.CUT_ROW_LABEL: ("T3", "denied_law_prohibited"),
    Break.CUT_ROW_LABEL_BELOW: ("T3", "unable_not_held"),
}


def render(filing: Filing, trait: str, random_source: random.Random) -> bytes:
    """The PDF of a filing. The trait's own changes of the figures have been made before (`Style.prepare`)."""
    style = TRAITS[trait]
    return draw(filing, vary(style, random_source) if style.varied else style).finish()


def draw(filing: Filing, style: Style, font: str | None = None) -> PageCanvas:
    """The drawn pages, not yet closed, in a font registered already where one is named."""
    flow = _Flow(filing, style, font)
    flow.paragraph(filing.title, style.body_size + 5, centred=True)
    if style.notice:
        flow.notice()
    for section in filing.sections:
        flow.section(section)
    for line in (filing.agency_name, *date_line(filing.signed_on)):
        flow.paragraph(line, style.body_size, to_right=True)
    flow.number_page()
    return flow.canvas


@dataclass(frozen=True, slots=True)
class _Measured:
    """A table with the lines of its cells wrapped and its columns and rows measured."""

    placed: PlacedTable
    lefts: tuple[float, ...]
    heights: tuple[float, ...]
    lines: dict[Placed, tuple[str, ...]]


class _Flow:
    """The place on the page where the next thing goes."""

    def __init__(self, filing: Filing, style: Style, font: str | None) -> None:
        self.filing = filing
        self.style = style
        self.canvas = PageCanvas(style, font)
        self.y = style.margin
        self._rest: dict[Placed, tuple[str, ...]] = {}  # lines of merged cells that go on on the next page
        self.left, self.right = style.margin, style.page[0] - style.margin
        self.bottom = style.page[1] - style.margin

    def new_page(self) -> None:
        self.number_page()
        self.canvas.end_page()
        self.y = self.style.margin

    def number_page(self) -> None:
        if self.style.page_number:
            words = f"- {self.canvas.page} -"
            low = 8.0 if self.style.page_number == "in_table" else -30.0
            x = (self.left + self.right - self.canvas.width_of(words, 9)) / 2
            self.canvas.text(x, self.bottom - low, words, 9)

    def paragraph(self, text: str, size: float, centred: bool = False, to_right: bool = False) -> None:
        indent = 0 if centred or to_right else _INDENT
        for number, line in enumerate(self._wrap(text, self.right - self.left, size, indent)):
            if self.y + size * _LEADING > self.bottom:
                self.new_page()
            x = self.left + (indent * size if number == 0 else 0)
            if centred:
                x = (self.left + self.right - self.canvas.width_of(line, size)) / 2
            if to_right:
                x = self.right - 2 * size - self.canvas.width_of(line, size)
            self.y += size * _LEADING
            self.canvas.text(x, self.y - size * 0.4, line, size)

    def _wrap(self, text: str, width: float, size: float, indent: int = 0) -> list[str]:
        lines: list[str] = []
        for part in text.split("\n"):
            line = ""
            room = width - indent * size
            for word in _words(part, lambda run: self.canvas.width_of(run, size) > width):
                if line and self.canvas.width_of(line + word, size) > room:
                    lines.append(line)
                    line, room = "", width
                line += word
            lines.append(line)
        return lines

    def notice(self) -> None:
        """A framed text and a card of two columns before the report: tables that are none of the statutory ones."""
        size = self.style.body_size - 1
        top = self.y + 8
        self.y = top + 4
        for text in _NOTICE:
            self.paragraph(text, size)
        self.y += 6
        self.canvas.frame(self.left, top, self.right, self.y)
        self.y += 10
        for name, words in _CARD:
            for x0, x1, text in ((self.left, self.left + 90, name), (self.left + 90, self.right, words)):
                self.canvas.frame(x0, self.y, x1, self.y + 18)
                self.canvas.text(x0 + 4, self.y + 13, text.format(agency=self.filing.agency_name), size)
            self.y += 18
        self.y += 8

    def section(self, section: Section) -> None:
        alone = self.style.page_break is Break.SECTION_HEADING_ALONE
        measured = self._measure(section.table) if section.table else None
        whole = sum(measured.heights) if measured else 0.0
        room = self.bottom - self.y - 2 * self.style.body_size * _LEADING
        fits = whole <= self.bottom - self.style.margin - 2 * self.style.body_size * _LEADING
        keeps = self.style.page_break is not Break.NATURAL
        if measured and keeps and not alone and whole > room and fits:
            self.new_page()
        self.paragraph(section.heading, self.style.body_size)
        for text in section.paragraphs:
            self.paragraph(text, self.style.body_size)
        if measured:
            if alone and section.table == "T3":
                self.new_page()
            self.y += 6
            if self.y + sum(measured.heights[: measured.placed.header + 1]) > self.bottom:
                self.new_page()
            self._table(measured)
            self.y += 8

    def _measure(self, code: str) -> _Measured:
        style = self.style
        placed = _verticalise(place_table(self.filing, code, style.labels), style)
        placed = _cut_row(placed, style)
        part = (self.right - self.left) / sum(placed.widths)
        lefts = [self.left]
        for width in placed.widths:
            lefts.append(lefts[-1] + width * part)
        lines: dict[Placed, tuple[str, ...]] = {}
        leading = style.table_size * _CELL_LEADING
        heights = [style.table_size * _CELL_LEADING + 2 * style.row_padding] * placed.height
        for cell in sorted(placed.cells, key=lambda one: one.row_span):
            width = lefts[cell.column + cell.column_span] - lefts[cell.column] - 2 * _SIDE
            lines[cell] = tuple(self._wrap(cell.text or "", width, style.table_size)) if cell.text else ()
            missing = len(lines[cell]) * leading + 2 * style.row_padding
            missing -= sum(heights[cell.row : cell.row + cell.row_span])
            if missing > 0:
                heights[cell.row + cell.row_span - 1] += missing
        return _Measured(placed, tuple(lefts), tuple(heights), lines)

    def _table(self, table: _Measured) -> None:
        """The table in pieces, one per page."""
        first = 0
        head = table.placed.header
        for last in self._breaks(table):
            if self.style.repeated_header and first > 0:
                self._piece(table, 0, head)
            self._piece(
                table, first, last, to_bottom=self.style.page_number == "in_table" and last < table.placed.height
            )
            if last < table.placed.height:
                self.new_page()
            first = last

    def _breaks(self, table: _Measured) -> Iterator[int]:
        """The grid rows before which a page ends, and the end of the table."""
        forced = _forced_break(table.placed, self.style.page_break)
        repeated = sum(table.heights[: table.placed.header]) if self.style.repeated_header else 0.0
        room = self.bottom - self.y
        first = 0
        for row, height in enumerate(table.heights):
            over = height > room and row > max(first, table.placed.header if first == 0 else 0)
            if row == forced or over:
                yield row
                first = row
                room = self.bottom - self.style.margin - repeated
            room -= height
        yield table.placed.height

    def _piece(self, table: _Measured, first: int, last: int, to_bottom: bool = False) -> None:
        tops = [self.y]
        for row in range(first, last):
            tops.append(tops[-1] + table.heights[row])
        if to_bottom:
            tops[-1] = max(tops[-1], self.bottom)
        boxes: list[Segment] = []
        for cell in table.placed.cells:
            upper, lower = max(cell.row, first), min(cell.row + cell.row_span, last)
            if upper >= lower or cell.text is None:
                continue
            x0, x1 = table.lefts[cell.column], table.lefts[cell.column + cell.column_span]
            box = (round(x0, 2), round(tops[upper - first], 2), round(x1, 2), round(tops[lower - first], 2))
            boxes.append(box)
            if self.style.shaded_header and cell.row < table.placed.header:
                self.canvas.shade(*box)
            self._cell_text(table, cell, box, upper, lower)
        self.canvas.rules(_sides(boxes), boxes)
        self.y = tops[-1]

    def _cell_text(self, table: _Measured, cell: Placed, box: Segment, upper: int, lower: int) -> None:
        style = self.style
        leading = style.table_size * _CELL_LEADING
        lines = self._take_lines(table, cell, upper, lower, int((box[3] - box[1]) / leading))
        height = len(lines) * leading
        y = box[1] + style.row_padding if style.top_aligned else (box[1] + box[3] - height) / 2
        if style.page_number == "in_table" and box[3] - box[1] > height + 40:
            y = box[1] + style.row_padding
        for line in lines:
            width = self.canvas.width_of(line, style.table_size)
            y += leading
            if cell.figure and style.align == "right":
                x = box[2] - _SIDE - width
            elif cell.figure and style.align == "left":
                x = box[0] + _SIDE
            else:
                x = (box[0] + box[2] - width) / 2
            self.canvas.text(x, y - style.table_size * 0.25, line, style.table_size, in_table=True)

    def _take_lines(self, table: _Measured, cell: Placed, upper: int, lower: int, room: int) -> tuple[str, ...]:
        """The lines of a cell that stand on this page: as many as fit, or, where the label is to be cut, a share by height."""
        rest = self._rest.pop(cell, table.lines[cell])
        last = lower == cell.row + cell.row_span
        if last:
            return rest
        if self.style.page_break is Break.CUT_GROUP_LABEL:
            room = min(
                max(1, round(len(rest) * (lower - upper) / (cell.row + cell.row_span - upper))), max(1, len(rest) - 1)
            )
        self._rest[cell] = rest[room:]
        return rest[:room]


def _words(text: str, too_wide: object) -> Iterator[str]:
    """What may not be torn apart at the end of a line: a number, or a single character."""
    assert callable(too_wide)
    run = ""
    for character in text:
        if character.isascii() and (character.isdigit() or character in ".,"):
            run += character
            continue
        if run:
            yield from run if too_wide(run) else (run,)
            run = ""
        yield character
    if run:
        yield from run if too_wide(run) else (run,)


def _sides(boxes: list[Segment]) -> set[Segment]:
    segments: set[Segment] = set()
    for x0, y0, x1, y1 in boxes:
        segments |= {(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)}
    return segments


def _verticalise(placed: PlacedTable, style: Style) -> PlacedTable:
    """Labels written one character per line."""
    cells = []
    for cell in placed.cells:
        upright = (style.vertical_group and cell.row_span > 5 and cell.column == 0) or (
            style.vertical_header and placed.code == "T4" and cell.row == 2
        )
        cells.append(replace(cell, text="\n".join(cell.text)) if upright and cell.text else cell)
    widths = placed.widths
    if style.vertical_group and placed.code == "T3":
        widths = (0.35, 1.1, *widths[2:])
    return replace(placed, cells=tuple(cells), widths=widths)


def _forced_break(placed: PlacedTable, wanted: Break) -> int | None:
    if wanted in _BREAK_AFTER and placed.code == _BREAK_AFTER[wanted][0]:
        below = wanted is Break.CUT_ROW_LABEL_BELOW  # the figures' row is then the first of the next page
        return placed.line_of(_BREAK_AFTER[wanted][1]) + (0 if below else 1)
    if wanted is Break.BLOCK_HEADING_ALONE and placed.code == "T2":
        return next(cell.row + 1 for cell in placed.cells if cell.code == "art20_5")
    if wanted is Break.DISPUTES_APART and placed.code == "T4":
        return placed.header
    return None


def _cut_row(placed: PlacedTable, style: Style) -> PlacedTable:
    """The row that the page break goes through as two rows: its label in two parts, its figures in one of them."""
    below = style.page_break is Break.CUT_ROW_LABEL_BELOW
    if style.page_break not in (Break.CUT_ROW_LABEL, Break.CUT_ROW_LABEL_BELOW) or placed.code != "T3":
        return placed
    line = placed.line_of(_BREAK_AFTER[style.page_break][1])
    cells: list[Placed] = []
    for cell in placed.cells:
        if cell.row > line:
            cells.append(replace(cell, row=cell.row + 1))
        elif cell.row + cell.row_span <= line:
            cells.append(cell)
        elif cell.row_span > 1:
            cells.append(replace(cell, row_span=cell.row_span + 1))
        else:
            text = cell.text or ""
            middle = len(text) - 2 if not below else len(text) // 2
            upper, lower = (
                ("", text) if cell.figure and below else (text, "") if cell.figure else (text[:middle], text[middle:])
            )
            cells += [
                replace(cell, text=upper, figure=cell.figure and not below),
                replace(cell, row=cell.row + 1, text=lower, figure=cell.figure and below),
            ]
    return replace(placed, cells=tuple(cells))
