"""Tables drawn with tabs: one row per line, or one cell per line behind a leading tab with blank lines between rows.

Cell text stays as it is. What does not belong here: tables drawn with pipes, and paragraphs.
"""

from __future__ import annotations

import re

from disclosure.document import Block, Grid, GridCell, GridRow, Layout
from disclosure.extract.text_paragraphs import read_paragraph, starts_chapter

_BLANK_RUN = 3  # blank lines a page break may leave inside a table
_CELL_LINE = re.compile(r"\t[^\t]*")
_LONGEST_WRAP = 40  # characters of a line that may continue a cell or be a row of its own
_PROSE_CELL = 40  # a cell longer than this may be an indented paragraph


def read_tab_region(lines: list[str], start: int) -> tuple[list[Block], int]:
    """The blocks of the lines from `start` on that belong together by tabs, and the line after them."""
    region, end = _gather(lines, start)
    tabbed = [line for line in region if "\t" in line]
    if len(tabbed) == 1 and len(region) == 1:
        return read_paragraph(tabbed[0]), end
    by_cell = all(_CELL_LINE.fullmatch(line) for line in tabbed)
    rows = _rows_of_cells(region) if by_cell else [line.split("\t") for line in region if line.strip("\r\n ")]
    if _is_prose(rows):
        return [block for line in region for block in read_paragraph(line)], end
    return [as_grid(rows, _layout_of(rows))], end


def _layout_of(rows: list[list[str]]) -> Layout:
    """Rows that all have the same number of tabs, empty ones for what merged cells cover, keep the columns of the source;
    else only the order within a row counts."""
    same_length = len(rows) > 2 and len({len(row) for row in rows}) == 1
    covered = any(len(row) > 3 and not any(cell.strip() for cell in row[-2:]) for row in rows)
    return Layout.GRID if same_length and covered else Layout.ROWS


def as_grid(rows: list[list[str]], layout: Layout) -> Grid:
    """Rows of cell texts as a grid; a column is the running index within its row."""
    return Grid(
        tuple(
            GridRow(index, tuple(GridCell(text, column) for column, text in enumerate(row)))
            for index, row in enumerate(rows)
        ),
        layout,
    )


def _gather(lines: list[str], start: int) -> tuple[list[str], int]:
    """Lines with tabs, the blank lines between them, and the wrapped lines that continue a cell."""
    region: list[str] = []
    place = end = start
    while place < len(lines):
        line = lines[place]
        if "\t" in line:
            region.extend(lines[end:place])
            region.append(line)
            place = end = place + 1
        elif not line.strip():
            if place - end >= _BLANK_RUN:
                break
            place += 1
        elif place == end and _continues(lines, place, region[-1]):
            region.append(line)
            place = end = place + 1
        else:
            break
    return region, end


def _continues(lines: list[str], place: int, before: str) -> bool:
    """Whether a line without a tab, right below the table, belongs to it: a wrapped cell or a row of one cell."""
    line = lines[place].strip()
    if len(line) > _LONGEST_WRAP or starts_chapter(line) or line.startswith("#"):
        return False
    following = lines[place + 1] if place + 1 < len(lines) else ""
    if "\t" in following:
        return True
    return bool(_CELL_LINE.fullmatch(before) or "\t" not in before) and not line.endswith(("。", "；"))


def _rows_of_cells(region: list[str]) -> list[list[str]]:
    """One cell per line: a leading tab begins a cell, other lines continue it, a blank line ends the row."""
    rows: list[list[str]] = [[]]
    for line in region:
        if line.startswith("\t"):
            rows[-1].append(line[1:])
        elif not line.strip():
            rows.append([])
        elif rows[-1]:
            rows[-1][-1] += "\n" + line
        else:
            rows[-1].append(line)
    return [row for row in rows if row]


def _is_prose(rows: list[list[str]]) -> bool:
    """Whether the tabs only indent paragraphs: one text per row, most of it long, none of it a number or blank."""
    cells = [cell.strip() for row in rows for cell in row]
    filled = [cell for cell in cells if cell]
    if any(cell.replace(".", "").isdigit() for cell in filled):
        return False
    return sum(len(cell) for cell in filled if len(cell) > _PROSE_CELL) * 2 > sum(len(cell) for cell in filled)
