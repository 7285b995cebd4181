"""Reader for plain text: dumps of pages, DOCX and OCR, with tables drawn by tabs or pipes.

Lines become blocks here. The two ways of drawing a table are in `text_tabs` and `text_pipes`, the joining of broken
paragraphs in `text_paragraphs`; which table it is does not concern any of them.
"""

from __future__ import annotations

import re

from disclosure.document import Block
from disclosure.extract.encoding import decode
from disclosure.extract.reading import CELL_LIMIT, Reading, RefusalError
from disclosure.extract.text_paragraphs import is_markdown, join_broken, read_paragraph
from disclosure.extract.text_pipes import read_pipe_region, starts_pipe_region
from disclosure.extract.text_tabs import read_tab_region
from disclosure.findings import FindingCode

READER = "text"
READER_VERSION = "4"

_BLANK_CELLS_AHEAD = 16
_LINE_END = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")


def read_text(data: bytes) -> Reading:
    """The blocks of a text file. Raises RefusalError: UNKNOWN_ENCODING, NO_TEXT, RESOURCE_LIMIT."""
    text, encoding = decode(data)
    if not text.strip():
        raise RefusalError(FindingCode.NO_TEXT, "文件中只有空白")
    if text.count("\t") + text.count("|") + text.count("\n") > CELL_LIMIT:
        raise RefusalError(FindingCode.RESOURCE_LIMIT, f"行、制表符和竖线合计超过 {CELL_LIMIT} 个，不像一份年度报告")
    return Reading(read_lines(_LINE_END.split(text)), properties={"encoding": encoding})


def read_lines(lines: list[str]) -> tuple[Block, ...]:
    """Paragraphs and grids of the lines, in order."""
    blocks: list[Block] = []
    blanks_before: list[int] = []  # how many blank lines stand before each block
    place = blanks = 0
    while place < len(lines):
        line = lines[place]
        if not line.strip() and not _begins_with_blank_cell(lines, place):
            place, blanks = place + 1, blanks + 1
            continue
        if "\t" in line:
            found, place = read_tab_region(lines, place)
        elif starts_pipe_region(lines, place):
            found, place = read_pipe_region(lines, place)
        else:
            found, place = read_paragraph(line), place + 1
        for block in found:
            blocks.append(block)
            blanks_before.append(blanks)
            blanks = 0
    if is_markdown(lines):
        return join_broken(blocks, blanks_before)
    return tuple(blocks)


def _begins_with_blank_cell(lines: list[str], place: int) -> bool:
    """Whether a line of white space is the blank first cell of a tabbed table: tabbed text follows right below."""
    for line in lines[place : place + _BLANK_CELLS_AHEAD]:
        if "\t" not in line:
            return False
        if line.strip():
            return True
    return False
