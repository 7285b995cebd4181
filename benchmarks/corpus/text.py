"""Prints a filing as the text dumps that extractors and mirror sites make of reports, one dialect per trait.

Here belongs how a dialect lays the cells of a table out in lines, and the noise of mirrors. The grid comes from `layout`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.corpus.characters import make_traditional
from benchmarks.corpus.filing import (
    Filing,
    Prepare,
    add_units,
    date_line,
    leave_totals_blank,
    leave_zeros_blank,
    make_mistake,
    mark_nothing,
)
from benchmarks.corpus.layout import Labels, Placed, PlacedTable, place_table

__all__ = ["TRAITS", "render"]

_PINYIN = {"公": "gōng", "开": "kāi", "信": "xìn", "报": "bào", "件": "jiàn", "数": "shù", "处": "chù", "年": "nián"}
_PAGE_ROWS = 11


@dataclass(frozen=True, slots=True)
class Dialect:
    """How tables are dumped, what is done to the whole text afterwards, and its encoding."""

    table: Callable[[PlacedTable], list[str]]
    labels: Labels = Labels.THREE
    noise: Callable[[str], str] | None = None
    encoding: str = "utf-8"
    heading: str = ""
    blank_between: bool = False
    prepare: Prepare | None = None
    busy: bool | None = None


def render(filing: Filing, trait: str, random_source: random.Random) -> bytes:
    """The dump of a filing as bytes."""
    del random_source
    dialect = TRAITS[trait]
    mark = f"{dialect.heading} " if dialect.heading else ""
    lines = [f"{mark}{filing.title}", ""]
    for section in filing.sections:
        lines += [f"{mark}{section.heading}", *section.paragraphs]
        if section.table:
            if dialect.blank_between:
                lines.append("")
            lines += dialect.table(place_table(filing, section.table, dialect.labels))
            if dialect.blank_between:
                lines.append("")
    lines += ["", filing.agency_name, *date_line(filing.signed_on)]
    text = "\n".join(lines) + "\n"
    return (dialect.noise(text) if dialect.noise else text).encode(dialect.encoding, errors="replace")


def _rows(table: PlacedTable) -> Iterator[tuple[Placed, ...]]:
    """The rows that have cells of their own, without cells the source has not."""
    for index in range(table.height):
        cells = tuple(cell for cell in table.row(index) if cell.text is not None)
        if cells:
            yield cells


def _texts(cells: tuple[Placed, ...]) -> list[str]:
    return [cell.text or "" for cell in cells]


def _pipes(table: PlacedTable) -> list[str]:
    """One row per line: 规章 | 0 | 0 | 0 |"""
    return ["".join(f"{text} | " for text in _texts(cells)).rstrip() for cells in _rows(table)]


def _ghost_pipes(table: PlacedTable) -> list[str]:
    """As pipes, with the ghosts of spanned columns: | 0 | |||"""
    lines = []
    for cells in _rows(table):
        ghosts = table.width - len(cells)
        lines.append("".join(f"{text} | " for text in _texts(cells)) + "|" * ghosts)
    return lines


def _cell_pipe_lines(table: PlacedTable) -> list[str]:
    """One cell per line, each closed by a pipe."""
    return [f"{text} |" for cells in _rows(table) for text in _texts(cells)]


def _cell_and_pipe(table: PlacedTable) -> list[str]:
    """The cell and its pipe on lines in turn."""
    return [line for cells in _rows(table) for text in _texts(cells) for line in (text, "|")]


def _cell_lines(table: PlacedTable) -> list[str]:
    """One cell per paragraph."""
    return [line for cells in _rows(table) for text in _texts(cells) for line in (text, "")]


def _tabs(table: PlacedTable) -> list[str]:
    return ["\t".join(_texts(cells)) for cells in _rows(table)]


def _full_tabs(table: PlacedTable) -> list[str]:
    """Every grid column a tab stop: what merged cells cover is empty."""
    lines = []
    for index in range(table.height):
        texts = [""] * table.width
        for cell in table.row(index):
            texts[cell.column] = cell.text or ""
        lines.append("\t".join(texts))
    return lines


def _spaces(table: PlacedTable) -> list[str]:
    """Columns parted by spaces, as flip-books copy."""
    return [" ".join(_texts(cells)) for cells in _rows(table)]


def _glued(table: PlacedTable) -> list[str]:
    """Every row's cells run together: 规章000."""
    return ["".join(_texts(cells)) for cells in _rows(table)]


def _upright(table: PlacedTable) -> list[str]:
    """The text layer of a PDF: one cell per line, tall labels one character per line, page numbers between the cells."""
    lines: list[str] = []
    for number, cells in enumerate(_rows(table)):
        if table.code == "T3" and number and number % _PAGE_ROWS == 0:
            lines.append(f"- {2 + number // _PAGE_ROWS} -")
        for cell in cells:
            upright = (cell.row_span > 5 and not cell.figure) or (table.code == "T4" and cell.row == 2)
            lines += list(cell.text or "") if upright else [cell.text or ""]
    return lines


def _numbered_pages(table: PlacedTable) -> list[str]:
    """Pipes with page footers between the rows."""
    lines = _pipes(table)
    return [
        line for number, row in enumerate(lines) for line in ((row, f"- {number} -") if number % 12 == 9 else (row,))
    ]


def _filled_pipes(table: PlacedTable) -> list[str]:
    """Pipes, but extractors of the main content threw the empty cells away."""
    return ["".join(f"{text} | " for text in _texts(cells) if text).rstrip() for cells in _rows(table)]


def _filled_cell_lines(table: PlacedTable) -> list[str]:
    """One cell per line, the empty ones thrown away."""
    return [f"{text} |" for cells in _rows(table) for text in _texts(cells) if text]


def _wrapped_header(table: PlacedTable) -> list[str]:
    """Pipes, header words broken over two lines."""
    lines = []
    for cells in _rows(table):
        texts = [
            f"{text[:2]}\n{text[2:]}" if len(text) == 4 and not cell.figure and cell.column else text
            for cell, text in zip(cells, _texts(cells), strict=True)
        ]
        lines.append("".join(f"{text} | " for text in texts).rstrip())
    return lines


def _markdown(table: PlacedTable) -> list[str]:
    lines = []
    for number, cells in enumerate(_rows(table)):
        texts = _texts(cells) + [""] * (table.width - len(cells))
        lines.append("| " + " | ".join(texts) + " |")
        if number == 0:
            lines.append("|" + " --- |" * table.width)
    return lines


def _add_pinyin(text: str) -> str:
    """The pronunciation behind some characters, as mirrors add it."""
    return re.sub(f"[{''.join(_PINYIN)}]", lambda match: f"{match[0]}({_PINYIN[match[0]]})", text)


def _make_traditional(text: str) -> str:
    """Taiwanese characters and terms: 文件 becomes 檔案."""
    return make_traditional(text, taiwanese_terms=True)


def _misread(text: str) -> str:
    """UTF-8 read as GB18030; what has no such reading is lost."""
    return text.encode("utf-8").decode("gb18030", errors="replace")


def _misread_by_windows(text: str) -> str:
    """UTF-8 read as the Chinese code page of Windows: byte 80 is the euro sign there, a byte without a partner is lost."""
    data = text.encode("utf-8")
    read = ""
    place = 0
    while place < len(data):
        lead, trail = data[place], data[place + 1 : place + 2]
        if lead <= 0x80:
            read += "€" if lead == 0x80 else chr(lead)
        elif trail and trail[0] >= 0x40 and trail[0] != 0x7F:
            read += data[place : place + 2].decode("gb18030", errors="replace")
            place += 1
        else:
            read += "?"
        place += 1
    return read


def _drop_header_ends(text: str) -> str:
    """The second lines of header words lost: 本年新 twice."""
    return re.sub("(本年新)(?:制作|公开)数量", r"\1", text).replace("尚未审结", "尚未")


def _half_width(text: str) -> str:
    return text.translate(str.maketrans("（），：；", "(),:;"))


def _no_break_spaces(text: str) -> str:
    """Cells padded with the wide spaces Word leaves."""
    return re.sub(r"\t(\d)", "\t\u3000\u00a0\\1", text)


TRAITS: dict[str, Dialect] = {
    "pipes": Dialect(_pipes),
    "pipes_half_width": Dialect(_pipes, noise=_half_width),
    "ghost_pipes": Dialect(_ghost_pipes),
    "cell_per_line_pipe": Dialect(_cell_pipe_lines),
    "cell_and_pipe_lines": Dialect(_cell_and_pipe),
    "cell_per_paragraph": Dialect(_cell_lines),
    "tabs": Dialect(_tabs, heading="##"),
    "tabs_full_grid": Dialect(_full_tabs, heading="##", blank_between=True),
    "tabs_wide_spaces": Dialect(_tabs, noise=_no_break_spaces),
    "markdown": Dialect(_markdown, heading="##", blank_between=True),
    "spaces": Dialect(_spaces),
    "glued": Dialect(_glued),
    "upright_labels": Dialect(_upright),
    "page_footers": Dialect(_numbered_pages),
    "wrapped_header": Dialect(_wrapped_header),
    "cut_header_words": Dialect(_pipes, noise=_drop_header_ends),
    "flat_labels": Dialect(_pipes, labels=Labels.FLAT),
    "numbered_labels": Dialect(_tabs, labels=Labels.NUMBERED),
    "gb18030": Dialect(_pipes, encoding="gb18030"),
    "pinyin": Dialect(_pipes, noise=_add_pinyin),
    "traditional": Dialect(_pipes, noise=_make_traditional),
    "traditional_big5": Dialect(_tabs, noise=_make_traditional, encoding="big5-hkscs"),
    "misread_encoding": Dialect(_pipes, noise=_misread),
    "misread_by_windows": Dialect(_pipes, noise=_misread_by_windows),
    "filer_mistake": Dialect(_pipes, busy=True, prepare=make_mistake),
    "blank_totals": Dialect(_pipes, busy=True, prepare=leave_totals_blank),
    "blank_zeros": Dialect(_pipes, busy=True, prepare=leave_zeros_blank),
    "nil_marks": Dialect(_pipes, prepare=mark_nothing),
    "units": Dialect(_pipes, prepare=add_units),
    "tabs_blank_zeros": Dialect(_full_tabs, busy=True, prepare=leave_zeros_blank),
    "cell_lines_blank_zeros": Dialect(_cell_and_pipe, busy=True, prepare=leave_zeros_blank),
    "dropped_empty_cells": Dialect(_filled_pipes, busy=True, prepare=leave_zeros_blank),
    "dropped_empty_cell_lines": Dialect(_filled_cell_lines, busy=True, prepare=leave_zeros_blank),
}
