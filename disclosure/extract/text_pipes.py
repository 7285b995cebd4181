"""Tables drawn with pipes: one row per line, one cell per line, or cell and pipe on lines in turn.

A pipe closes a cell. Further pipes without text before them are what page extractors leave of spanned columns: they end the
row and are no cells. A pipe with nothing but space before it on its line is a blank cell, and so is a pipe on a line of its
own above a figure, because no row begins with one. What does not belong here: tabs.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from disclosure.document import Block, Grid, Layout
from disclosure.extract.text_paragraphs import read_paragraph, starts_chapter
from disclosure.extract.text_tabs import as_grid

_PIPES_ONLY = re.compile(r"\s*\|[|\s]*")
_BLANK_CELL = re.compile(r"\s*\|\s+\|+\s*")  # "| ||": a blank cell, then ghosts
_LONE_PIPE = re.compile(r"\s*\|\s*")
_FIGURE_CELL = re.compile(r"\s*[\d.,]+\s*\|\s*")
_RULE_LINE = re.compile(r"\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?)?\s*")  # |---|---|
_LONGEST_WRAP = 12  # characters of a header word that stands on a line of its own
_WRAP_LINES = 3
_BLANK_RUN = 2


class PipeLine(NamedTuple):
    """What one line says: the cells it closes, and whether it ends the row."""

    cells: list[str]
    ends_row: bool


def starts_pipe_region(lines: list[str], place: int) -> bool:
    """Whether a table begins here: a line with a pipe at its end or with a neighbour that has one, or a text above pipes."""
    line = lines[place]
    following = next((text for text in lines[place + 1 : place + 3] if text.strip()), "")
    if "|" in line:
        return line.rstrip().endswith("|") or "|" in following
    return bool(place + 1 < len(lines) and _PIPES_ONLY.fullmatch(lines[place + 1]))


def read_pipe_region(lines: list[str], start: int) -> tuple[list[Block], int]:
    """The grid that begins at `start`, and the line after it."""
    region, end = _gather(lines, start)
    if not any(_has_text(line) for line in region):
        return [], end
    if len(region) == 1 and not region[0].rstrip().endswith("|"):
        return read_paragraph(region[0]), end
    parsed = _parse(region)
    several = sum(len(line.cells) > 1 for line in parsed)
    single = sum(len(line.cells) == 1 for line in parsed)
    if several * 4 > single:
        return [_as_rows(region, parsed)], end
    return [_as_stream(parsed)], end


def _gather(lines: list[str], start: int) -> tuple[list[str], int]:
    region: list[str] = []
    place = start
    while place < len(lines):
        taken = _take(lines, place, inside=bool(region))
        if not taken:
            break
        region.extend(line for line in lines[place : place + taken] if line.strip())
        place += taken
    return region, place


def _take(lines: list[str], place: int, inside: bool) -> int:
    """How many lines from `place` belong to the table: one with a pipe, short wrapped ones above it, or blank ones."""
    if "|" in lines[place]:
        return 1
    if not lines[place].strip():
        ahead = next(
            (step for step in range(1, _BLANK_RUN + 1) if "".join(lines[place + step : place + step + 1]).strip()), 0
        )
        return ahead if inside and ahead and "|" in lines[place + ahead] else 0
    if place + 1 < len(lines) and _PIPES_ONLY.fullmatch(lines[place + 1]):
        return 2
    for step in range(1, _WRAP_LINES + 1):
        line = lines[place + step - 1]
        if not inside or not line.strip() or len(line.strip()) > _LONGEST_WRAP or starts_chapter(line):
            return 0
        if place + step < len(lines) and "|" in lines[place + step]:
            return step + 1
    return 0


def _has_text(line: str) -> bool:
    return bool(line.replace("|", "").strip())


def _parse(region: list[str]) -> list[PipeLine]:
    """Every line's cells; lines without a pipe are glued to the cell that closes below them."""
    parsed: list[PipeLine] = []
    open_text: list[str] = []
    closed_above = True
    for place, line in enumerate(region):
        if "|" not in line:
            open_text.append(line)
        elif not open_text and closed_above and _is_above_figure(region, place):
            parsed.append(PipeLine([""], ends_row=False))
        elif _PIPES_ONLY.fullmatch(line):
            cells = ["\n".join(open_text)] if open_text else _blank_cells(line, closed_above)
            ghosts = line.count("|") - len(cells)
            parsed.append(PipeLine(cells, ends_row=ghosts > 0))
            closed_above = closed_above and not open_text
            open_text = []
        elif not _RULE_LINE.fullmatch(line):
            found = parse_line(line)
            if open_text and found.cells:
                found.cells[0] = "\n".join([*open_text, found.cells[0]])
            parsed.append(found)
            open_text, closed_above = [], True
    if open_text:
        parsed.append(PipeLine(["\n".join(open_text)], ends_row=False))
    return parsed


def _is_above_figure(region: list[str], place: int) -> bool:
    """Whether pipes on lines of their own, from `place` on, lead to a figure: the cells before it in its row are blank."""
    while place < len(region) and _LONE_PIPE.fullmatch(region[place]):
        place += 1
        if place < len(region) and _FIGURE_CELL.fullmatch(region[place]):
            return True
    return False


def _blank_cells(line: str, closed_above: bool) -> list[str]:
    """A line of pipes alone: a blank cell when a space parts its first pipe, or when pipes stand on lines of their own."""
    return [""] if _BLANK_CELL.fullmatch(line) or not closed_above else []


def parse_line(line: str) -> PipeLine:
    """The cells of a line with text and pipes. Blank cells between filled ones stay; ghosts at the end only end the row."""
    body = line.strip().removeprefix("|") if line.lstrip().startswith("|") else line
    *closed, rest = body.split("|")
    cells = [*closed, rest] if rest.strip() else closed
    last = max(index for index, cell in enumerate(cells) if cell.strip())
    trailing = cells[last + 1 :]
    if len(trailing) >= 2 and all(cell for cell in trailing):  # " | | |": blank cells, each with its own space
        return PipeLine(cells, ends_row=False)
    return PipeLine(cells[: last + 1], ends_row=bool(trailing))


def _as_rows(region: list[str], parsed: list[PipeLine]) -> Grid:
    """One row per line. In a Markdown table, where every line has the same pipes, blank cells at the end are cells too."""
    framed = [line.strip() for line in region if "|" in line and not _RULE_LINE.fullmatch(line)]
    if all(line.startswith("|") and line.endswith("|") for line in framed) and any(map(_RULE_LINE.fullmatch, region)):
        return as_grid([line[1:-1].split("|") for line in framed], Layout.ROWS)
    return as_grid([line.cells for line in parsed if line.cells], Layout.ROWS)


def _as_stream(parsed: list[PipeLine]) -> Grid:
    """One cell per line: rows end where ghosts stand, which is a hint only."""
    rows: list[list[str]] = [[]]
    for line in parsed:
        rows[-1].extend(line.cells)
        if line.ends_row and rows[-1]:
            rows.append([])
    return as_grid([row for row in rows if row], Layout.STREAM)
