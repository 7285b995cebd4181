"""Tables without rules, or with horizontal rules only: lines of a page whose pieces stand in common columns.

A table begins and ends where several lines in a row fall apart into a label and numbers. Its cells get the bands between
the lines and between the columns as boxes, so that pages are stitched as for ruled tables. What does not belong here:
which statutory table it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from disclosure.extract.pdf_tables import BoxedCell, PageTable
from disclosure.extract.pdf_text import Line, Piece

_NUMBER = re.compile(r"[-+−－]?[\d,，.]+(?:万元|万|元)?|[/／\\—–-]{1,2}|无|[增减]\s?\d+")
_FEWEST_LINES = 3  # lines with numbers in columns that make a table
_MOST_WORDS_BETWEEN = 9  # lines of words between two lines of numbers of one table
_LONGEST_LABEL_LINE = 46  # characters; a longer line of words is prose
_COLUMN_SHIFT = 1.3  # font sizes by which the centres of one column's pieces may differ
_BESIDE = 0.95  # font sizes between the middle of a line of numbers and a line of the label beside it
_WITHIN_LABEL = 1.6  # font sizes between the lines of one label
_MOST_LINES_OF_LABEL = 8
_LEFT_OVER = 0.6  # font sizes a label may lie off its numbers before it is better taken for words of their own
_WITHOUT_LABEL = 2.5  # the same for a row that would be left without a label
_MANY_COLUMNS = 5  # with so many columns, header words between two of them head one that is blank on this page
_SAME_LEFT = 1.0  # points by which the left sides of one column differ
_RECURRING = 3  # pieces that begin at one place make a column of labels


@dataclass(frozen=True, slots=True)
class _Label:
    """A line of words in a column of labels."""

    column: int
    middle: float
    size: float
    text: str


@dataclass
class _Band:
    """A row: its numbers, if it has any, and the lines of words of its cells."""

    middle: float
    numbers: tuple[Piece, ...] = ()
    labels: list[_Label] = field(default_factory=list)
    is_header: bool = False


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
                yield _with_header(lines, start), _with_rest_of_label(lines, last)
            start = None
    if start is not None and count >= _FEWEST_LINES:
        yield _with_header(lines, start), _with_rest_of_label(lines, last)


def _has_columns(line: Line) -> bool:
    """A label with numbers that stand apart from it, or several numbers that stand apart from each other."""
    numbers = [piece for piece in line.pieces if _NUMBER.fullmatch(piece.text)]
    words = len(line.pieces) - len(numbers)
    return bool(numbers) and len(line.pieces) >= 2 and words <= 3


def _with_header(lines: Sequence[Line], start: int) -> int:
    """The first line of the header above the first line of numbers: lines of several short pieces, or of its label."""
    while start > 0 and (
        (len(lines[start - 1].pieces) >= 2 and len(lines[start - 1].text) <= _LONGEST_LABEL_LINE)
        or _gap(lines[start - 1], lines[start]) <= _BESIDE * lines[start].size
    ):
        start -= 1
    return start


def _with_rest_of_label(lines: Sequence[Line], last: int) -> int:
    """One past the last line of the label that the last line of numbers stands in."""
    end = last + 1
    limit = _BESIDE
    while end < len(lines) and _gap(lines[end - 1], lines[end]) <= limit * lines[end].size:
        limit = _WITHIN_LABEL
        end += 1
    return end


def _gap(upper: Line, lower: Line) -> float:
    return _middle(lower) - _middle(upper)


def _middle(line: Line) -> float:
    return (line.box[1] + line.box[3]) / 2


def _table(lines: Sequence[Line]) -> PageTable:
    columns = _Columns(lines)
    bands = _bands(lines, columns)
    left, right = min(line.box[0] for line in lines), max(line.box[2] for line in lines)
    half = max(line.size for line in lines) / 2
    blanks = _blank_columns(bands, columns)
    cells: list[BoxedCell] = []
    for index, band in enumerate(bands):
        top = band.middle - half if index == 0 else (bands[index - 1].middle + band.middle) / 2
        bottom = band.middle + half if index + 1 == len(bands) else (band.middle + bands[index + 1].middle) / 2
        texts = {**dict.fromkeys(blanks[index], ""), **dict(columns.texts(band))}
        for column, text in sorted(texts.items()):
            x0, x1 = columns.sides(column, left, right)
            cells.append(BoxedCell(text, (x0, top, x1, bottom)))
    return PageTable(tuple(cells), (left, lines[0].box[1], right, lines[-1].box[3]))


def _blank_columns(bands: Sequence[_Band], columns: _Columns) -> list[frozenset[int]]:
    """For each row of numbers, the columns in which other rows under the same header have numbers: where it has none
    itself, its cell is blank."""
    found: list[frozenset[int]] = [frozenset()] * len(bands)
    headed: set[int] = set()
    for is_header, run in groupby(range(len(bands)), key=lambda index: bands[index].is_header):
        members = list(run)
        if is_header:
            headed = {column for index in members for column in columns.of_numbers(bands[index])}
            continue
        rows = [index for index in members if bands[index].numbers]
        used = {column for index in rows for column in columns.of_numbers(bands[index])}
        if len(used) >= _MANY_COLUMNS:
            used |= {column for column in headed if min(used) < column < max(used)}
        for index in rows:
            found[index] = frozenset(used)
    return found


def _bands(lines: Sequence[Line], columns: _Columns) -> list[_Band]:
    """Rows from top to bottom. A label of several lines is centred on its numbers, so each row takes those lines of its
    label column whose middle is the middle of its numbers; lines that no row takes are rows of their own."""
    rows = [
        _Band(_middle(line), tuple(p for p in line.pieces if not columns.is_label(p)))
        for line in lines
        if columns.has_numbers(line)
    ]
    labels = [label for line in lines for label in columns.labels(line)]
    home = [_label_column(row, labels) for row in rows]
    free: list[_Label] = []
    for column in range(len(columns.label_lefts)):
        own = [label for label in labels if label.column == column]
        free.extend(_share_out([row for row, at in zip(rows, home, strict=True) if at == column], own))
    words = [
        _Band(_middle(line), line.pieces)
        for line in lines
        if not columns.has_numbers(line) and _has_header(line, columns)
    ]
    alone = [_Band(label.middle, (), [label]) for label in free]
    return sorted(rows + _merge(words, alone), key=lambda band: band.middle)


def _has_header(line: Line, columns: _Columns) -> bool:
    return any(not columns.is_label(piece) for piece in line.pieces)


def _merge(words: list[_Band], alone: list[_Band]) -> list[_Band]:
    """Header words and label words of the same line as one row."""
    bands = [_Band(band.middle, tuple(band.numbers), [], is_header=True) for band in words]
    for band in alone:
        same = next((other for other in bands if abs(other.middle - band.middle) < 1.0), None)
        if same:
            same.labels.extend(band.labels)
        else:
            bands.append(band)
    return bands


def _label_column(row: _Band, labels: Sequence[_Label]) -> int | None:
    """The column a row's own label stands in: the rightmost with a line of words beside the numbers."""
    beside = [label.column for label in labels if abs(label.middle - row.middle) <= _BESIDE * label.size]
    return max(beside, default=None)


def _share_out(rows: Sequence[_Band], labels: Sequence[_Label]) -> list[_Label]:
    """Give consecutive lines of one label column to rows so that each group is centred on its numbers, at least cost;
    the lines left over. Rows and lines both run from top to bottom."""
    best: dict[tuple[int, int], tuple[float, tuple[int, int] | None]] = {(0, 0): (0.0, None)}

    def offer(state: tuple[int, int], cost: float, before: tuple[int, int]) -> None:
        if state not in best or cost < best[state][0]:
            best[state] = (cost, before)

    for taken in range(len(labels) + 1):
        for done in range(len(rows) + 1):
            if (taken, done) not in best:
                continue
            cost = best[taken, done][0]
            if taken < len(labels):
                offer((taken + 1, done), cost + _LEFT_OVER * labels[taken].size, (taken, done))
            if done == len(rows):
                continue
            offer((taken, done + 1), cost + _WITHOUT_LABEL * _size(labels), (taken, done))
            for end in _ends_of_label(labels, taken):
                group = labels[taken:end]
                middle = (group[0].middle + group[-1].middle) / 2
                offer((end, done + 1), cost + abs(middle - rows[done].middle), (taken, done))
    state, free = (len(labels), len(rows)), []
    while (before := best[state][1]) is not None:
        if state[1] > before[1]:
            rows[before[1]].labels.extend(labels[before[0] : state[0]])
        else:
            free.append(labels[before[0]])
        state = before
    return free


def _ends_of_label(labels: Sequence[_Label], start: int) -> Iterator[int]:
    """Every end of a label that begins at `start`: its lines follow each other closely."""
    for end in range(start + 1, min(len(labels), start + _MOST_LINES_OF_LABEL) + 1):
        if end - 1 > start and labels[end - 1].middle - labels[end - 2].middle > _WITHIN_LABEL * labels[end - 1].size:
            return
        yield end


def _size(labels: Sequence[_Label]) -> float:
    return max((label.size for label in labels), default=1.0)


class _Columns:
    """The columns of a table: those of labels by their left sides, those of numbers by their centres."""

    def __init__(self, lines: Sequence[Line]) -> None:
        size = max(line.size for line in lines)
        rows = [line for line in lines if _has_columns(line)]
        numbers = [piece for line in rows for piece in line.pieces if _NUMBER.fullmatch(piece.text)]
        self.first_number = min(piece.x0 for piece in numbers) - size / 2
        lefts = [piece.x0 for line in lines for piece in line.pieces if self.is_label(piece)]
        starts = {line.pieces[0].x0 for line in lines if line.pieces}
        for line in rows:  # the piece before the numbers is the row's own label, centred or not
            starts.update([piece.x0 for piece in line.pieces if self.is_label(piece)][-1:])
        self.label_lefts = [
            min(group) for group in _group(lefts, size) if len(group) >= _RECURRING or starts.intersection(group)
        ]
        centres = [sum(group) / len(group) for group in _group(map(_centre, numbers), _COLUMN_SHIFT * size)]
        headers = [piece for line in lines if line not in rows for piece in line.pieces if not self.is_label(piece)]
        self.number_centres = _with_empty_columns(centres, sorted(map(_centre, headers)), _COLUMN_SHIFT * size)

    def is_label(self, piece: Piece) -> bool:
        return piece.x0 < self.first_number

    def has_numbers(self, line: Line) -> bool:
        """Whether a line has a number where numbers stand, even a single one."""
        return any(_NUMBER.fullmatch(piece.text) and not self.is_label(piece) for piece in line.pieces)

    def labels(self, line: Line) -> list[_Label]:
        """The words of a line in each column of labels."""
        found: dict[int, list[str]] = {}
        for piece in line.pieces:
            if self.is_label(piece):
                column = max((i for i, left in enumerate(self.label_lefts) if left <= piece.x0 + _SAME_LEFT), default=0)
                found.setdefault(column, []).append(piece.text)
        return [_Label(column, _middle(line), line.size, " ".join(texts)) for column, texts in found.items()]

    def of_numbers(self, band: _Band) -> list[int]:
        """The columns of a row's numbers."""
        pieces = (piece for piece in band.numbers if not self.is_label(piece))
        return [len(self.label_lefts) + _nearest(self.number_centres, _centre(piece)) for piece in pieces]

    def texts(self, band: _Band) -> Iterator[tuple[int, str]]:
        """(column, text) of a row's cells, the lines of a cell below each other."""
        found: dict[int, list[str]] = {}
        for label in sorted(band.labels, key=lambda label: label.middle):
            found.setdefault(label.column, []).append(label.text)
        for piece in band.numbers:
            if not self.is_label(piece):
                column = len(self.label_lefts) + _nearest(self.number_centres, _centre(piece))
                found.setdefault(column, []).append(piece.text)
        for column, texts in sorted(found.items()):
            yield column, "\n".join(texts)

    def sides(self, column: int, left: float, right: float) -> tuple[float, float]:
        """Left and right side of a column: where labels begin, half-way between numbers."""
        walls = [left, *self.label_lefts[1:], self.first_number]
        walls += [(one + other) / 2 for one, other in pairwise(self.number_centres)]
        walls.append(max(right, walls[-1] + 1.0))
        return walls[column], walls[column + 1]


def _with_empty_columns(centres: list[float], headers: Sequence[float], shift: float) -> list[float]:
    """`centres` with those of header words between two columns that stand over no number on this page."""
    if len(centres) < _MANY_COLUMNS:
        return centres
    found = list(centres)
    for group in _group(headers, shift):
        middle = sum(group) / len(group)
        if centres[0] < middle < centres[-1] and min(abs(middle - centre) for centre in found) > 2 * shift:
            found.append(middle)
    return sorted(found)


def _group(values: Iterable[float], tolerance: float) -> list[list[float]]:
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= tolerance:
            groups[-1].append(value)
        else:
            groups.append([value])
    return groups


def _nearest(positions: Sequence[float], value: float) -> int:
    return min(range(len(positions)), key=lambda index: abs(positions[index] - value))


def _centre(piece: Piece) -> float:
    return (piece.x0 + piece.x1) / 2
