"""Tables without rules, or with horizontal rules only: lines of a page whose pieces stand in common columns.

A table begins and ends where several lines in a row fall apart into a label and numbers. Its cells get the bands between
the lines and between the columns as boxes, so that pages are stitched as for ruled tables. What does not belong here:
which statutory table it is.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from disclosure.extract.pdf_tables import BoxedCell, PageTable
from disclosure.extract.pdf_text import Line, Piece

_NUMBER = re.compile(r"[-+−－]?[\d,，.]+(?:万元|万|元)?|[/／\\—–-]{1,2}|无|[增减]\s?\d+")
_FEWEST_LINES = 3  # lines with numbers in columns that make a table
_MOST_WORDS_BETWEEN = 4  # lines of words between two lines of numbers of one table
_LONGEST_LABEL_LINE = 46  # characters; a longer line of words is prose
_COLUMN_SHIFT = 1.3  # font sizes by which the centres of one column's pieces may differ


def find_unruled(lines: Sequence[Line]) -> tuple[list[PageTable], list[Line]]:
    """The unruled tables among the lines of a page, from top to bottom, and the lines outside them."""
    tables: list[PageTable] = []
    outside: list[Line] = []
    position = 0
    for start, end in _runs(lines):
        outside.extend(lines[position:start])
        tables.append(_table(lines[start:end]))
        position = end
    outside.extend(lines[position:])
    return tables, outside


def _runs(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Stretches of lines that make a table: enough lines of numbers, short lines of words between them allowed."""
    start: int | None = None
    last = count = 0
    for index, line in enumerate(lines):
        if _has_columns(line):
            if start is None:
                start, count = index, 0
            count += 1
            last = index
        elif start is not None and (index - last > _MOST_WORDS_BETWEEN or len(line.text) > _LONGEST_LABEL_LINE):
            if count >= _FEWEST_LINES:
                yield _with_header(lines, start), last + 1
            start = None
    if start is not None and count >= _FEWEST_LINES:
        yield _with_header(lines, start), last + 1


def _has_columns(line: Line) -> bool:
    """A label with numbers that stand apart from it, or several numbers that stand apart from each other."""
    numbers = [piece for piece in line.pieces if _NUMBER.fullmatch(piece.text)]
    words = len(line.pieces) - len(numbers)
    return bool(numbers) and len(line.pieces) >= 2 and words <= 2


def _with_header(lines: Sequence[Line], start: int) -> int:
    """The first line of the header above the first line of numbers: lines of several short pieces."""
    while start > 0 and len(lines[start - 1].pieces) >= 2 and len(lines[start - 1].text) <= _LONGEST_LABEL_LINE:
        start -= 1
    return start


def _table(lines: Sequence[Line]) -> PageTable:
    columns = _column_centres(lines)
    left, right = min(line.box[0] for line in lines), max(line.box[2] for line in lines)
    walls = [left, *((one + other) / 2 for one, other in itertools.pairwise(columns)), right]
    cells: list[BoxedCell] = []
    for index, line in enumerate(lines):
        top = line.box[1] if index == 0 else (lines[index - 1].box[3] + line.box[1]) / 2
        bottom = line.box[3] if index + 1 == len(lines) else (line.box[3] + lines[index + 1].box[1]) / 2
        for column, text in _texts_by_column(line, columns):
            cells.append(BoxedCell(text, (walls[column], top, walls[column + 1], bottom)))
    return PageTable(tuple(cells), (left, lines[0].box[1], right, lines[-1].box[3]))


def _column_centres(lines: Sequence[Line]) -> list[float]:
    """The centres of the columns: first the labels', then those of the pieces that stand under each other."""
    centres = sorted((_centre(piece), line.size) for line in lines for piece in line.pieces[_labels_of(line) :])
    groups: list[list[float]] = []
    for centre, size in centres:
        if groups and centre - groups[-1][-1] <= _COLUMN_SHIFT * size:
            groups[-1].append(centre)
        else:
            groups.append([centre])
    found = [sum(group) / len(group) for group in groups]
    left = min(line.box[0] for line in lines)
    return [left, *found] if not found or found[0] > left else found


def _labels_of(line: Line) -> int:
    """How many pieces at the start of a line of numbers are its label."""
    for index, piece in enumerate(line.pieces):
        if _NUMBER.fullmatch(piece.text):
            return index
    return 0


def _centre(piece: Piece) -> float:
    return (piece.x0 + piece.x1) / 2


def _texts_by_column(line: Line, columns: list[float]) -> Iterator[tuple[int, str]]:
    labels = _labels_of(line)
    placed: dict[int, list[str]] = {}
    for index, piece in enumerate(line.pieces):
        column = 0 if index < labels else min(range(len(columns)), key=lambda i: abs(columns[i] - _centre(piece)))
        placed.setdefault(column, []).append(piece.text)
    for column, texts in sorted(placed.items()):
        yield column, " ".join(texts)
