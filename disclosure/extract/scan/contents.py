"""Scanned pages in the shape of digital ones, so that both are stitched into blocks by the same code, and their confidence
put back on the blocks afterwards.

What does not belong here: reading a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from statistics import fmean

from disclosure.document import Block, Box, Grid, Paragraph
from disclosure.extract.pdf_stitch import PageContents
from disclosure.extract.pdf_tables import BoxedCell, PageTable
from disclosure.extract.pdf_text import Line
from disclosure.extract.scan.page import ScannedCell, ScannedPage


def as_contents(page: ScannedPage) -> PageContents:
    """The page as `pdf_stitch.join_pages` takes it."""
    return PageContents(
        number=page.number,
        width=page.width,
        height=page.height,
        character_count=sum(len(line.text) for line in page.lines)
        + sum(len(cell.text) for table in page.tables for cell in table.cells),
        lines=tuple(Line(line.text, line.box, line.size, doubts=line.doubts) for line in page.lines),
        tables=tuple(
            PageTable(tuple(BoxedCell(cell.text, cell.box) for cell in table.cells), table.box) for table in page.tables
        ),
        unreadable="",
    )


def with_confidence(blocks: Iterable[Block], pages: Iterable[ScannedPage]) -> tuple[Block, ...]:
    """The stitched blocks with what recognition said about the cells and lines of these pages; other pages stay as they are."""
    by_number = {page.number: page for page in pages}
    cells = {
        (page.number, cell.box): cell for page in by_number.values() for table in page.tables for cell in table.cells
    }
    lines = {
        number: round(fmean(line.confidence for line in page.lines), 4)
        for number, page in by_number.items()
        if page.lines
    }
    return tuple(
        _mark_grid(block, cells) if isinstance(block, Grid) else _mark_paragraph(block, lines) for block in blocks
    )


def _mark_grid(grid: Grid, cells: Mapping[tuple[int, Box], ScannedCell]) -> Grid:
    rows = []
    for row in grid.rows:
        marked = []
        for cell in row.cells:
            read = cells.get((cell.page, cell.box)) if cell.page is not None and cell.box is not None else None
            if read is not None:
                cell = cell._replace(confidence=read.confidence, alternatives=read.alternatives, agreed=read.agreed)
            marked.append(cell)
        rows.append(replace(row, cells=tuple(marked)))
    return replace(grid, rows=tuple(rows))


def _mark_paragraph(paragraph: Paragraph, lines: Mapping[int, float]) -> Paragraph:
    if paragraph.page is None or paragraph.page not in lines:
        return paragraph
    return replace(paragraph, confidence=lines[paragraph.page])
