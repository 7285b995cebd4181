"""Pages of a PDF as one sequence of blocks: tables continued over pages as one grid, lines joined into paragraphs.

What does not belong here: reading of characters and rules.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass

from disclosure.document import Block, Grid, GridCell, GridRow, Layout, Paragraph
from disclosure.extract.pdf_tables import PageTable
from disclosure.extract.pdf_text import Line
from disclosure.extract.text_paragraphs import starts_chapter

_PAGE_NUMBER = re.compile(
    r"[-—–－─~·]*\s*第?\s*(?:\d{1,3}|[IVXivx]{1,5})\s*页?\s*(?:[/／,，共]+\s*共?\s*\d{1,3}\s*页?)?\s*[-—–－─~·]*"
)
_MARGIN = 0.12  # share of the page height in which headers and footers stand
_REPEATED = 3  # pages on which a line in the margin makes it a header
_SAME_SIDE = 12.0  # points by which the sides of a continued table may differ
_SAME_COLUMN = 4.0  # points by which a column may shift between pages
_SAME_ROW = 3.0
_FULL_LINE = 1.6  # character widths a full line may fall short of the right margin
_LEAST_RIGHT = 0.75  # share of the page width that a full line reaches at least
_INDENT = 1.2  # character widths
_LEADING = 2.2  # line heights between lines of one paragraph


@dataclass(frozen=True, slots=True)
class PageContents:
    """One page as read. `unreadable` says why it has no text, or is empty."""

    number: int
    width: float
    height: float
    character_count: int
    lines: tuple[Line, ...]
    tables: tuple[PageTable, ...]
    unreadable: str


@dataclass(frozen=True, slots=True)
class _PlacedLine:
    line: Line
    page: int
    right: float  # right margin of the text on this page


_Item = _PlacedLine | tuple[int, PageTable]


def join_pages(pages: list[PageContents]) -> tuple[Block, ...]:
    """All blocks in reading order, without page numbers and running headers."""
    headers = _running_headers(pages)
    blocks: list[Block] = []
    paragraph: list[_PlacedLine] = []
    tables: list[tuple[int, PageTable]] = []
    for page in pages:
        for item in _in_order(page, headers):
            if isinstance(item, _PlacedLine):
                _close_table(tables, blocks)
                if paragraph and not _continues(paragraph[-1], item):
                    _close_paragraph(paragraph, blocks)
                paragraph.append(item)
            else:
                _close_paragraph(paragraph, blocks)
                if tables and not _continues_table(tables[-1], item):
                    _close_table(tables, blocks)
                tables.append(item)
    _close_paragraph(paragraph, blocks)
    _close_table(tables, blocks)
    return tuple(blocks)


def _in_order(page: PageContents, headers: set[str]) -> list[_Item]:
    """The page's lines and tables from top to bottom."""
    lines = [line for line in page.lines if not _is_furniture(line, page, headers)]
    right = max([line.box[2] for line in lines] + [page.width * _LEAST_RIGHT])
    placed: list[tuple[float, _Item]] = [(line.box[1], _PlacedLine(line, page.number, right)) for line in lines]
    placed += [(table.box[1], (page.number, table)) for table in page.tables]
    return [item for _, item in sorted(placed, key=lambda pair: pair[0])]


def _in_margin(line: Line, page: PageContents) -> bool:
    return line.box[3] < page.height * _MARGIN or line.box[1] > page.height * (1 - _MARGIN)


def _is_furniture(line: Line, page: PageContents, headers: set[str]) -> bool:
    return _in_margin(line, page) and (bool(_PAGE_NUMBER.fullmatch(line.text)) or line.text in headers)


def _running_headers(pages: list[PageContents]) -> set[str]:
    """Lines that stand in the margin of several pages."""
    seen = Counter(text for page in pages for text in {line.text for line in page.lines if _in_margin(line, page)})
    return {text for text, count in seen.items() if count >= max(_REPEATED, len(pages) // 2)}


def _continues(before: _PlacedLine, after: _PlacedLine) -> bool:
    """Whether a line goes on with the paragraph: the one before is full and this one is not indented."""
    size = before.line.size
    if abs(size - after.line.size) > 1.5 or starts_chapter(after.line.text):
        return False
    if before.line.box[2] < before.right - _FULL_LINE * size:
        return False
    same_page = before.page == after.page
    if same_page and after.line.box[1] - before.line.box[1] > _LEADING * (before.line.box[3] - before.line.box[1]):
        return False
    return after.line.box[0] < before.line.box[0] + _INDENT * size


def _close_paragraph(paragraph: list[_PlacedLine], blocks: list[Block]) -> None:
    if not paragraph:
        return
    text = paragraph[0].line.text
    doubts = list(paragraph[0].line.doubts)
    for placed in paragraph[1:]:
        both_latin = (
            text[-1:].isascii()
            and text[-1:].isalpha()
            and placed.line.text[:1].isascii()
            and placed.line.text[:1].isalpha()
        )
        text += " " if both_latin else ""
        doubts += [(len(text) + place, sure) for place, sure in placed.line.doubts]
        text += placed.line.text
    blocks.append(Paragraph(text, page=paragraph[0].page, doubts=tuple(doubts)))
    paragraph.clear()


def _continues_table(before: tuple[int, PageTable], after: tuple[int, PageTable]) -> bool:
    """Whether a table at the top of a page goes on with the one that ended the page before (no text stands between)."""
    (page_before, upper), (page_after, lower) = before, after
    return (
        page_after == page_before + 1
        and abs(upper.box[0] - lower.box[0]) <= _SAME_SIDE
        and abs(upper.box[2] - lower.box[2]) <= _SAME_SIDE
    )


def _close_table(tables: list[tuple[int, PageTable]], blocks: list[Block]) -> None:
    """The parts of a table as one grid; columns are the distinct left sides of cells over all its pages."""
    if not tables:
        return
    cells = [cell for _, table in tables for cell in table.cells]
    columns = _numbered([x for cell in cells for x in (cell.box[0], cell.box[2])], _SAME_COLUMN)
    rows: list[GridRow] = []
    for page, table in tables:
        lines = _numbered([y for cell in table.cells for y in (cell.box[1], cell.box[3])], _SAME_ROW)
        by_row: list[list[GridCell]] = [[] for _ in range(max(1, *lines.values()))]
        for cell in table.cells:
            x0, top, x1, bottom = cell.box
            row, column = min(lines[top], len(by_row) - 1), columns[x0]
            row_span, column_span = max(1, lines[bottom] - row), max(1, columns[x1] - column)
            by_row[row].append(GridCell(cell.text, column, row_span, column_span, page, cell.box))
        for in_row in by_row:
            in_row.sort(key=lambda one: one.column)
            rows.append(GridRow(len(rows), tuple(in_row), page))
    blocks.append(Grid(tuple(rows), Layout.GRID, page=tables[0][0]))
    tables.clear()


def _numbered(values: list[float], tolerance: float) -> dict[float, int]:
    """The number of the position each value stands at: values that differ by less than the tolerance from the first of a
    position share it, others take the nearest."""
    positions: list[float] = []
    for value in sorted(set(values)):
        if not positions or value - positions[-1] > tolerance:
            positions.append(value)
    return {value: _place(positions, value) for value in set(values)}


def _place(positions: list[float], value: float) -> int:
    """The index of the position nearest to a value."""
    after = bisect_left(positions, value)
    if after == 0 or (after < len(positions) and positions[after] - value < value - positions[after - 1]):
        return after
    return after - 1
