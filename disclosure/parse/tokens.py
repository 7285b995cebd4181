"""A document as one sequence of tokens: the cells of its grids and the lines of its prose, in reading order.

Real reports lose their tables in extraction to every degree, from a clean grid to one cell per line, so the walk over the
form sees only tokens. Here belong flattening and the rough kind of a token; which row or column it means does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from catalogue.model import ValueKind
from disclosure.document import Box, Document, Grid, Layout, Paragraph
from disclosure.parse.cell_text import begins_as_words, read_cell_text, trim
from disclosure.parse.labels import has_han, squeeze
from disclosure.parse.remember import remember_last
from disclosure.report import CellState


class TokenKind(StrEnum):
    VALUE = "value"  # a number or a nil mark that is not blank
    BLANK = "blank"  # an empty cell
    LABEL = "label"  # words
    PROSE = "prose"  # a sentence between tables


# Tokens are asked for their kind thousands of times a report, and a look-up in an enumeration takes longer than the comparison.
VALUE, BLANK, LABEL, PROSE = TokenKind


class Token(NamedTuple):
    """A cell or a line. `row` is None for lines, whose row boundaries are unknown."""

    text: str
    plain: str  # squeezed
    kind: TokenKind
    layout: Layout | None = None  # None: a line of a paragraph
    grid: int | None = None
    row: int | None = None
    column: int | None = None
    column_span: int = 1
    page: int | None = None
    box: Box | None = None
    confidence: float | None = None
    alternatives: tuple[tuple[str, float], ...] = ()
    agreed: bool | None = None


_PAGE_FURNITURE = re.compile(r"[-—–―]+\s*\d{1,3}\s*[-—–―]+|第\s*\d+\s*页.{0,8}|P\.\s*\d+|Page \d+ .*", re.IGNORECASE)
_CHANGE_WORD = "(?:增加|新增|减少|增|减)"
_VALUE_WORD = (
    rf"(?:(?:(?:{_CHANGE_WORD}\s?|[-+−－–—])?\d[\d,，.]*(?:\s?万元|\s?万|元|%)?(?:[（(][^（）()]{{1,20}}[）)])?)"
    r"|[/／\\—\-–]{1,2}|无|持平)"
)
_VALUE = re.compile(_VALUE_WORD)
_LINE_OF_VALUES = re.compile(
    rf"(?P<label>.*?[^\d\s.,，])??\s*(?P<values>(?:(?<=\s)|^){_VALUE_WORD}(?:\s+{_VALUE_WORD})*)\s*"
)
_SIGNED_VALUE = re.compile(rf"{_CHANGE_WORD}\s+\d[\d,]*")  # 减 6: one value, no label
_LONGEST_LABEL_LINE = 60
# 1,2,7 or 3.: a damaged number is a value nobody can read, where 1. and (2) are list numbers and 2021-1-4 is a date.
_BROKEN_NUMBER = re.compile(r"(?!\(?\d{1,2}[.)）、．]$|（\d|\d{4}[-/.])[\d.,，\s+＋\-−－/／]{1,12}")


def tokens_of(document: Document) -> tuple[Token, ...]:
    """All tokens of a document in reading order."""
    tokens: list[Token] = []
    grid_index = -1
    for block in document.blocks:
        if isinstance(block, Grid):
            grid_index += 1
            tokens.extend(_tokens_of_grid(block, grid_index))
        else:
            tokens.extend(_tokens_of_paragraph(block))
    return tuple(tokens)


@remember_last  # the rows of a table and its headers are read from the same runs
def runs_of(tokens: Sequence[Token]) -> tuple[tuple[bool, tuple[Token, ...]], ...]:
    """The tokens in runs: (True, a row of the source) or (False, everything up to the next such row)."""
    return tuple(_runs_of(tokens))


def _runs_of(tokens: Sequence[Token]) -> Iterator[tuple[bool, tuple[Token, ...]]]:
    unbounded: list[Token] = []
    for layout, run in groupby(tokens, key=attrgetter("layout")):
        if layout is Layout.GRID or layout is Layout.ROWS:
            if unbounded:
                yield False, tuple(unbounded)
                unbounded = []
            for _, row in groupby(run, key=attrgetter("grid", "row")):
                yield True, tuple(row)
        else:
            unbounded.extend(run)
    if unbounded:
        yield False, tuple(unbounded)


def _tokens_of_grid(grid: Grid, index: int) -> Iterator[Token]:
    for row in grid.rows:
        for cell in row.cells:
            plain, kind = _look_at(cell.text)
            yield Token(
                cell.text,
                plain,
                kind,
                grid.layout,
                index,
                row.index,
                cell.column,
                cell.column_span,
                cell.page or row.page,
                cell.box,
                cell.confidence,
                cell.alternatives,
                cell.agreed,
            )


@lru_cache(maxsize=65536)
def _look_at(text: str) -> tuple[str, TokenKind]:
    """A cell's text squeezed, and its kind."""
    return squeeze(text), kind_of_text(text)


def _tokens_of_paragraph(paragraph: Paragraph) -> Iterator[Token]:
    for line in paragraph.text.splitlines():
        text = trim(line)
        if not text or _PAGE_FURNITURE.fullmatch(text):
            continue
        for part in _parts_of_line(text):
            yield Token(part, squeeze(part), _kind_of_line(part), page=paragraph.page, confidence=paragraph.confidence)


def _parts_of_line(line: str) -> list[str]:
    """A line of space-separated values with or without a label before them, taken apart; any other line as it is."""
    if "  " not in line and " " not in line and "\t" not in line:
        return [line]
    match = _LINE_OF_VALUES.fullmatch(line)
    if not match or "。" in line or _SIGNED_VALUE.fullmatch(line):
        return [line]
    label = match["label"]
    values = _VALUE.findall(match["values"])
    return [label, *values] if label else values


def _kind_of_line(text: str) -> TokenKind:
    kind = kind_of_text(text)
    if kind is LABEL and (len(text) > _LONGEST_LABEL_LINE or "。" in text):
        return PROSE
    return kind


@lru_cache(maxsize=65536)
def kind_of_text(text: str) -> TokenKind:
    """Value, blank or label, by the cell grammar of the most permissive kind."""
    if (has_han(text) and len(text) > 40) or begins_as_words(text):
        return LABEL
    states = {read_cell_text(text, kind).state for kind in (ValueKind.COUNT, ValueKind.SIGNED_COUNT, ValueKind.AMOUNT)}
    if CellState.BLANK in states:
        return BLANK
    if states == {CellState.ILLEGIBLE}:
        broken = any(map(str.isdigit, text)) and _BROKEN_NUMBER.fullmatch(trim(text))
        return VALUE if broken else LABEL
    return VALUE
