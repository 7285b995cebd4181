"""Reports whose columns stand in another order than the form's, under header words broken over several lines.

Every dump is drawn from a seed: which columns change places, where the words break, and how the cells lie in lines. What does not
belong here: what the reader has to make of it (`test_permuted_columns.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random

from benchmarks.corpus.filing import Filing
from benchmarks.corpus.layout import Placed, PlacedTable, place_table

Row = list[list[str]]  # of a table: for each cell the lines of its text
Order = list[int]


def dump(filing: Filing, layout: str, breaking: str, draw: Random, in_order: bool = False) -> str:
    """The report as text, its tables with columns in another order (or in that of the form) and broken words."""
    lines = [filing.title, ""]
    for section in filing.sections:
        lines += [section.heading, *section.paragraphs]
        if section.table:
            table = place_table(filing, section.table)
            table = table if in_order else _permuted(table, draw)
            lines += LAYOUTS[layout](list(_rows_of(table, BREAKS[breaking], draw)))
    return "\n".join([*lines, "", filing.agency_name]) + "\n"


def _permuted(table: PlacedTable, draw: Random) -> PlacedTable:
    return {"T2": _blocks_permuted, "T3": _applicants_permuted, "T4": _disputes_permuted}[table.code](table, draw)


def _another_order(size: int, draw: Random) -> Order:
    order = list(range(size))
    while size > 1 and order == sorted(order):
        draw.shuffle(order)
    return order


def _blocks_permuted(table: PlacedTable, draw: Random) -> PlacedTable:
    cells: list[Placed] = []
    order: Order = []
    for index in range(table.height):
        name, *values = table.row(index)
        if len(values) != len(order) or not any(cell.figure for cell in values):
            order = _another_order(len(values), draw)
        cells += [name, *(replace(values[i], column=cell.column) for i, cell in zip(order, values, strict=True))]
    return replace(table, cells=tuple(cells))


def _applicants_permuted(table: PlacedTable, draw: Random) -> PlacedTable:
    """Persons, organisations and the total change places, or the kinds of organisations, or both."""
    first = table.width - 7
    units, kinds = [[0], [1, 2, 3, 4, 5], [6]], [1, 2, 3, 4, 5]
    which = draw.choice(("units", "kinds", "both"))
    if which != "kinds":
        units = [units[i] for i in _another_order(3, draw)]
    if which != "units":
        kinds = [kinds[i] for i in _another_order(5, draw)]
    order = [place for unit in units for place in (kinds if len(unit) > 1 else unit)]
    return _moved(table, {first + old: first + new for new, old in enumerate(order)})


def _disputes_permuted(table: PlacedTable, draw: Random) -> PlacedTable:
    """The outcomes change places, or both kinds of suits, or reconsideration and suits."""
    which = draw.choice(("outcomes", "suits", "groups"))
    blocks = {"outcomes": [0, 1, 2], "suits": [0, 2, 1], "groups": [1, 2, 0]}[which]
    outcomes = _another_order(5, draw) if which == "outcomes" else list(range(5))
    order = [5 * block + outcome for block in blocks for outcome in outcomes]
    return _moved(table, {old: new for new, old in enumerate(order)})


def _moved(table: PlacedTable, places: dict[int, int]) -> PlacedTable:
    cells = []
    for cell in table.cells:
        covered = [places.get(column, column) for column in range(cell.column, cell.column + cell.column_span)]
        cells.append(replace(cell, column=min(covered)))
    return replace(table, cells=tuple(cells))


def _rows_of(table: PlacedTable, broken: Callable[[str, Random], list[str]], draw: Random) -> Iterator[Row]:
    for index in range(table.height):
        cells = [cell for cell in table.row(index) if cell.text is not None]
        is_header = not any(cell.figure for cell in cells) and len(cells) > 1
        if cells:
            yield [broken(cell.text or "", draw) if is_header else [cell.text or ""] for cell in cells]


def _in_two(word: str, draw: Random) -> list[str]:
    if not 4 <= len(word) <= 8:
        return [word]
    at = draw.randint(2, len(word) - 2)
    return [word[:at], word[at:]]


def _in_halves(word: str, draw: Random) -> list[str]:
    return [word[:2], word[2:]] if len(word) == 4 else _in_two(word, draw)


def _in_pairs(word: str, draw: Random) -> list[str]:
    return [word[at : at + 2] for at in range(0, len(word), 2)] if len(word) <= 8 else [word]


def _in_characters(word: str, draw: Random) -> list[str]:
    return list(word) if len(word) <= 8 else [word]


BREAKS: dict[str, Callable[[str, Random], list[str]]] = {
    "two": _in_two,
    "halves": _in_halves,
    "pairs": _in_pairs,
    "characters": _in_characters,
}


def _is_figures(row: Row) -> bool:
    return all(len(cell) == 1 for cell in row)


def _lines_of_row(row: Row) -> Iterator[list[str]]:
    """The first pieces of all cells, then the second ones: what is over is empty."""
    for number in range(max(map(len, row))):
        yield [cell[number] if number < len(cell) else "" for cell in row]


def _wrapped_in_cells(rows: Sequence[Row]) -> list[str]:
    """商业⏎企业 | 科研⏎机构 |"""
    return ["".join("\n".join(cell) + " | " for cell in row).rstrip() for row in rows]


def _row_of_pieces(between: str, end: str, keep_empty: bool) -> Callable[[Sequence[Row]], list[str]]:
    def lay_out(rows: Sequence[Row]) -> list[str]:
        return [
            between.join(text for text in line if text or keep_empty or _is_figures(row)) + end
            for row in rows
            for line in _lines_of_row(row)
        ]

    return lay_out


def _foot_aligned(rows: Sequence[Row]) -> list[str]:
    """Rows of pieces, short words on the last line."""
    lines = []
    for row in rows:
        deepest = max(map(len, row))
        padded = [[""] * (deepest - len(cell)) + cell for cell in row]
        lines += [" ".join(text for text in line if text or _is_figures(row)) for line in zip(*padded, strict=True)]
    return lines


def _each_on_a_line(end: str) -> Callable[[Sequence[Row]], list[str]]:
    def lay_out(rows: Sequence[Row]) -> list[str]:
        return ["\n".join(cell) + end for row in rows for cell in row]

    return lay_out


def _each_piece_closed(rows: Sequence[Row]) -> list[str]:
    return [f"{piece} |" for row in rows for cell in row for piece in cell]


def _across_on_lines(rows: Sequence[Row]) -> list[str]:
    """One piece on each line, across the header: all first pieces before all second ones."""
    return [text for row in rows for line in _lines_of_row(row) for text in line if text or _is_figures(row)]


LAYOUTS: dict[str, Callable[[Sequence[Row]], list[str]]] = {
    "wrapped_in_cells": _wrapped_in_cells,
    "pipe_rows": _row_of_pieces(" | ", " |", True),
    "pipe_rows_filled": _row_of_pieces(" | ", " |", False),
    "tab_rows": _row_of_pieces("\t", "", True),
    "tab_rows_filled": _row_of_pieces("\t", "", False),
    "space_rows": _row_of_pieces(" ", "", False),
    "space_rows_foot": _foot_aligned,
    "glued_rows": _row_of_pieces("", "", False),
    "lines": _each_on_a_line(""),
    "paragraphs": _each_on_a_line("\n"),
    "pipe_lines": _each_on_a_line(" |"),
    "cell_and_pipe_lines": _each_on_a_line("\n|"),
    "pieces_and_pipes": _each_piece_closed,
    "across_on_lines": _across_on_lines,
}
