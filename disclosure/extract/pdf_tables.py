"""Ruled tables of one PDF page: cells as boxes with their text.

`pdf_grid` finds the cells; here each gets its characters. What does not belong here: tables over several pages, and unruled
tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from disclosure.document import Box
from disclosure.extract.pdf_grid import find_cells
from disclosure.extract.pdf_pages import Rule
from disclosure.extract.pdf_text import Character, text_of

Numbers = NDArray[np.float64]


class BoxedCell(NamedTuple):
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table as far as it stands on one page; `box` is its outline."""

    cells: tuple[BoxedCell, ...]
    box: Box


def find_tables(rules: Sequence[Rule], characters: list[Character]) -> tuple[list[PageTable], list[Character]]:
    """The ruled tables of a page from top to bottom, and the characters outside them.

    White rules make a table only on a page where no visible ones do: beside them they are leftovers of editing.
    """
    visible = [rule for rule in rules if not rule.is_white]
    found = find_cells(visible)
    if not found and len(visible) < len(rules):
        found = find_cells(rules)
    if not found:
        return [], characters
    texts, outside = _share_out(characters, found)
    tables = [_fill(cells, texts) for cells in found]
    return sorted((table for table in tables if table), key=lambda table: table.box[1]), outside


def _share_out(
    characters: list[Character], tables: list[list[Box]]
) -> tuple[dict[Box, list[Character]], list[Character]]:
    """Each character to the cell its centre lies in, where cells overlap to the lowest; the others are outside all tables."""
    if not characters:
        return {}, []
    cells = sorted((cell for table in tables for cell in table), key=lambda cell: cell[1])
    rank = {cell: number for number, cell in enumerate(cells)}
    x0, top, x1, bottom = np.array(list(zip(*characters, strict=True))[1:5])
    x, y = (x0 + x1) / 2, (top + bottom) / 2
    holders = np.full(len(characters), -1)
    for table in tables:
        holders = np.maximum(holders, _holders(x, y, table, rank))
    inside: list[list[Character]] = [[] for _ in cells]
    outside: list[Character] = []
    for character, holder in zip(characters, holders.tolist(), strict=True):
        (outside if holder < 0 else inside[holder]).append(character)
    return dict(zip(cells, inside, strict=True)), outside


def _holders(x: Numbers, y: Numbers, table: list[Box], rank: dict[Box, int]) -> NDArray[np.int64]:
    """The rank of the cell of a table that each point lies in, -1 for none."""
    xs = sorted({x for cell in table for x in (cell[0], cell[2])})
    ys = sorted({y for cell in table for y in (cell[1], cell[3])})
    column, row = ({place: number for number, place in enumerate(places, 1)} for places in (xs, ys))
    holder = np.full((len(ys) + 1, len(xs) + 1), -1)
    for cell in table:
        x0, top, x1, bottom = cell
        holder[row[top] : row[bottom], column[x0] : column[x1]] = rank[cell]
    return holder[np.searchsorted(ys, y), np.searchsorted(xs, x, side="right")]


def _fill(cells: list[Box], texts: dict[Box, list[Character]]) -> PageTable | None:
    """The cells with their text; None for a frame without text."""
    filled = tuple(BoxedCell(text_of(texts.get(cell, ())), cell) for cell in cells)
    if not any(cell.text for cell in filled):
        return None
    outline = (
        min(cell.box[0] for cell in filled),
        min(cell.box[1] for cell in filled),
        max(cell.box[2] for cell in filled),
        max(cell.box[3] for cell in filled),
    )
    return PageTable(filled, outline)
