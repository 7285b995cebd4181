"""A scanned page, put together: straightened, its ruled cells and its lines read, everything in points from the top left.

`read_scanned_page` is what the readers of PDF and images call. What does not belong here: pages in sequence (`pdf_stitch`), and
which of several readings is meant (`parse.candidates`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import cv2
import numpy as np

from disclosure.document import Box
from disclosure.extract.pdf_pages import Rule
from disclosure.extract.scan.decode import (
    Line,
    Reading,
    balanced,
    has_words,
    read_either,
    read_figures,
    read_line,
    without_brackets,
)
from disclosure.extract.scan.glyphs import CellPrint, Print, lines_outside, prints_in_cells
from disclosure.extract.scan.raster import POINT, Pixels, clean, measure_angle, runs_across, straighten, turn_quarter
from disclosure.extract.scan.recognise import Model, recognise
from disclosure.extract.scan.rules import (
    PixelBox,
    RuledTable,
    find_ridges,
    find_segments,
    find_tables,
)

_SURE = 0.98  # a first reading above this of a lone 0 in a large table is not read again
_LARGE_TABLE = 90  # cells; smaller tables are read twice in full
_UPRIGHT = 0.85  # mean confidence of lines that stand upright
_PROBES = 6
_PROBE_LENGTH = 10  # heights
_PROBE_HEIGHT = (14, 60)
_KNOWN_SHAPE = 0.98  # what a lone slash or dash, told by its direction, or a ring is trusted
_UNSURE_BORDER = 0.9  # the most a reading is trusted when print may have been lost at the border
_UNSURE_TORN = 0.965  # the most where print is torn: sure for nobody, but nearly
_MOST_TORN_SHARE, _MOST_TORN_CELLS = 0.12, 3  # of the figures of a page that is in order
_ROOM = 1.3  # widths of a figure
_POINTS = (".", ",")
_KEPT_READINGS = 4
_POOR_WORDS = 0.85  # words read less surely are read again by the larger model
_TITLE = 1.25  # times the usual height of a line
_MOST_NAMES = 5
_BEYOND_DOUBT = 0.995  # of a character; only what is less sure is kept beside the text
_MOST_READ_AGAIN = 30  # lines of a table or page: bounds the time of a hopeless one


@dataclass(frozen=True, slots=True)
class ScannedCell:
    """A cell with its likeliest text. `alternatives` are other readings with their probability; `agreed` says whether a
    second model read the same, None where there was no second reading."""

    text: str
    box: Box
    confidence: float
    alternatives: tuple[Reading, ...] = ()
    agreed: bool | None = None


@dataclass(frozen=True, slots=True)
class ScannedTable:
    cells: tuple[ScannedCell, ...]
    box: Box


@dataclass(frozen=True, slots=True)
class ScannedLine:
    """A line outside tables; `size` is its height in points, `doubts` the places of characters read less than surely, with
    their probability."""

    text: str
    box: Box
    confidence: float
    size: float
    doubts: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """One page. `angle` degrees it was straightened by, `turned` quarter turns counter-clockwise that made it upright;
    everything else is in points of the page as straightened."""

    number: int
    width: float
    height: float
    rules: tuple[Rule, ...]
    tables: tuple[ScannedTable, ...]
    lines: tuple[ScannedLine, ...]
    angle: float
    turned: int

    @property
    def is_empty(self) -> bool:
        return not self.tables and not self.lines


def read_scanned_page(image: Pixels, dpi: float, page_number: int) -> ScannedPage:
    """The cells and lines of a page raster (RGB or grey, rows from the top) of `dpi`. Needs the optional extra `ocr`."""
    ink = clean(image, dpi)
    sideways = 0 if runs_across(ink) else 1
    ink = turn_quarter(ink, sideways)
    angle = measure_angle(ink)  # only lines of print that run across show it
    reader = _FirstReader()
    layout = _turn_upright(straighten(ink, angle), sideways, reader)
    return ScannedPage(
        number=page_number,
        width=round(layout.ink.shape[1] * POINT, 2),
        height=round(layout.ink.shape[0] * POINT, 2),
        rules=tuple(side for table in layout.tables for side in _sides(table.ruled)),
        tables=tuple(_read_tables(layout.tables, reader)),
        lines=tuple(_read_lines(layout.outside, reader)),
        angle=round(angle, 2),
        turned=layout.turned,
    )


class _FirstReader:
    """Reads lines with the fast model, each line once: what was read to see which way is up is not read again."""

    def __init__(self) -> None:
        self._known: dict[Print, tuple[Line, tuple[Reading, ...] | None]] = {}

    def read(self, prints: Iterable[Print]) -> list[tuple[Line, tuple[Reading, ...] | None]]:
        """Each line as words, and as figures where it looks like such."""
        prints = list(prints)
        new = [one for one in prints if one not in self._known]
        read = recognise([one.picture for one in new], Model.TINY, read_either)
        self._known.update(zip(new, read, strict=True))
        return [self._known[one] for one in prints]


@dataclass(frozen=True, slots=True)
class _Table:
    """A ruled table with the print of each of its cells."""

    ruled: RuledTable
    prints: tuple[CellPrint, ...]


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where print stands on the page turned by some quarters, before anything is read."""

    ink: Pixels
    turned: int
    tables: tuple[_Table, ...]
    outside: tuple[Print, ...]

    @property
    def prints(self) -> list[Print]:
        return [*self.outside, *(line for table in self.tables for one in table.prints for line in one.lines)]

    @property
    def probes(self) -> list[Print]:
        """A few lines of several characters, of different length, the long ones only where there are no others."""
        low, high = _PROBE_HEIGHT
        wide = [
            one
            for one in self.prints
            if low <= one.picture.shape[0] <= high and one.picture.shape[1] >= 3 * one.picture.shape[0]
        ]
        short = [one for one in wide if one.picture.shape[1] <= _PROBE_LENGTH * one.picture.shape[0]]
        ranked = sorted(short or wide, key=lambda one: -one.picture.shape[1])
        return ranked[:: max(1, len(ranked) // _PROBES)][:_PROBES]


def _lay_out(ink: Pixels, turned: int) -> _Layout:
    ridges = find_ridges(ink)
    ruled = find_tables(find_segments(ridges), ridges)
    prints = iter(prints_in_cells(ink, [cell for table in ruled for cell in table.cells]))
    tables = tuple(_Table(table, tuple(islice(prints, len(table.cells)))) for table in ruled)
    return _Layout(ink, turned, tables, tuple(lines_outside(ink, [table.box for table in ruled])))


def _turn_upright(level: Pixels, sideways: int, reader: _FirstReader) -> _Layout:
    """The layout of a page whose lines run across, right side up. It has been turned by the quarters `sideways` already.

    Lines that run down may read well too, because the models know upright columns of characters. So the spacing of characters
    has told across from down, and only then reading tells up from down.
    """
    layout = _lay_out(level, sideways)
    likeness = _reads_well(layout, reader)
    if likeness >= _UPRIGHT:
        return layout
    other = _lay_out(turn_quarter(level, 2), sideways + 2)
    return other if _reads_well(other, reader) > likeness else layout


def _reads_well(layout: _Layout, reader: _FirstReader) -> float:
    """How surely a few lines of different length are read as the page stands."""
    read = reader.read(layout.probes)
    return float(np.mean([line.confidence for line, _ in read])) if read else 0.0


def _sides(table: RuledTable) -> Iterable[Rule]:
    for cell in table.cells:
        x0, top, x1, bottom = _points(cell)
        yield from (
            Rule(x0, top, x1, top),
            Rule(x0, bottom, x1, bottom),
            Rule(x0, top, x0, bottom),
            Rule(x1, top, x1, bottom),
        )


def _points(box: PixelBox) -> Box:
    x0, top, x1, bottom = (round(value * POINT, 2) for value in box)
    return x0, top, x1, bottom


@dataclass(frozen=True, slots=True)
class _FirstReading:
    """What the first model made of a cell: its lines as words, or its possible readings as figures. `table_size` counts the
    cells of its table."""

    box: PixelBox
    print: CellPrint
    table_size: int
    lines: tuple[Line, ...]
    figures: tuple[Reading, ...] | None

    @property
    def strokes(self) -> str:
        return self.print.lines[0].strokes if len(self.print.lines) == 1 else ""

    @property
    def ring(self) -> bool:
        return len(self.print.lines) == 1 and self.print.lines[0].ring


def _read_tables(tables: tuple[_Table, ...], reader: _FirstReader) -> Iterator[ScannedTable]:
    firsts = _read_words_again(_read_once(tables, reader))
    again = [index for index, first in enumerate(firsts) if _needs_second(first)]
    pictures = [firsts[index].print.lines[0].picture for index in again]
    second = recognise(pictures, Model.SMALL, read_figures)
    more: dict[int, tuple[tuple[Reading, ...], ...]] = {index: (one,) for index, one in zip(again, second, strict=True)}
    less_sure = [
        index for index in again if not (_is_sure_nought(firsts[index].figures) and _is_sure_nought(more[index][0]))
    ]
    pictures = [_blur(firsts[index].print.lines[0].picture) for index in less_sure]
    for index, readings in zip(less_sure, recognise(pictures, Model.TINY, read_figures), strict=True):
        more[index] = (more[index][0], readings)
    weighed = [_weigh(first, more.get(index)) for index, first in enumerate(firsts)]
    page = _look_of_figures(zip(firsts, weighed, strict=True))
    cells = iter([_settle(first, cell, page) for first, cell in zip(firsts, weighed, strict=True)])
    for table in tables:
        yield ScannedTable(tuple(islice(cells, len(table.ruled.cells))), _points(table.ruled.box))


def _read_once(tables: tuple[_Table, ...], reader: _FirstReader) -> list[_FirstReading]:
    """Every cell of the page as the small and fast model reads it."""
    read = iter(reader.read(line for table in tables for each in table.prints for line in each.lines))
    firsts = []
    for table in tables:
        for box, each in zip(table.ruled.cells, table.prints, strict=True):
            of_cell = [next(read) for _ in each.lines]
            figures = of_cell[0][1] if len(of_cell) == 1 else None
            firsts.append(_FirstReading(box, each, len(table.prints), tuple(line for line, _ in of_cell), figures))
    return firsts


def _read_words_again(firsts: list[_FirstReading]) -> list[_FirstReading]:
    """The labels, those of poor print as the larger model reads them: a row whose label is lost is lost."""
    places = [
        (index, number)
        for index, first in enumerate(firsts)
        if first.figures is None
        for number in range(len(first.lines))
    ]
    places = [(index, number) for index, number in places if firsts[index].lines[number].confidence < _POOR_WORDS]
    places = places[:_MOST_READ_AGAIN]
    pictures = [firsts[index].print.lines[number].picture for index, number in places]
    for (index, number), line in zip(places, recognise(pictures, Model.SMALL, read_line), strict=True):
        lines = list(firsts[index].lines)
        lines[number] = max(lines[number], line, key=lambda line: line.confidence)
        firsts[index] = replace(firsts[index], lines=tuple(lines))
    return firsts


def _needs_second(first: _FirstReading) -> bool:
    if first.figures is None or first.strokes:
        return False
    return first.table_size <= _LARGE_TABLE or not _is_sure_nought(first.figures) or first.print.doubtful


def _is_sure_nought(readings: tuple[Reading, ...] | None) -> bool:
    return readings is not None and len(readings) > 0 and readings[0][0] == "0" and readings[0][1] >= _SURE


@dataclass(frozen=True, slots=True)
class _Look:
    """What the figures of a page look like: whether thresholding has torn them, and how wide one is, in pixels."""

    torn: bool
    width: float


def _look_of_figures(cells: Iterable[tuple[_FirstReading, ScannedCell]]) -> _Look:
    noughts: list[bool] = []
    others: list[bool] = []
    widths: list[float] = []
    for first, cell in cells:
        digits = sum(character.isdigit() for character in cell.text)
        if first.figures is None or first.strokes or not digits:
            continue
        (noughts if cell.text == "0" else others).append(_marks_fit(cell.text, first.print.lines[0].marks))
        widths.append(_width(first) / digits)
    return _Look(_is_torn(noughts) or _is_torn(others), float(np.median(widths)) if widths else 0.0)


def _is_torn(whole: list[bool]) -> bool:
    return len(whole) - sum(whole) > max(_MOST_TORN_CELLS, _MOST_TORN_SHARE * len(whole))


def _width(first: _FirstReading) -> int:
    left, _, right, _ = first.print.lines[0].box
    return right - left


def _settle(first: _FirstReading, cell: ScannedCell, page: _Look) -> ScannedCell:
    """A cell as sure as its print allows.

    Pieces of ink that no character accounts for may be the rest of another one, unless there is no room for it. Where print is
    torn all over the page nothing is read twice alike, and only a whole ring is surely what it looks like.
    """
    if first.figures is None or first.strokes:
        unread = first.figures is None and bool(cell.text) and not has_words(cell.text)
        return replace(cell, confidence=min(cell.confidence, _UNSURE_BORDER)) if unread else cell
    fits = (first.ring and cell.text == "0") or _marks_fit(cell.text, first.print.lines[0].marks)
    compact = _width(first) <= _ROOM * page.width * len(cell.text)
    if first.print.doubtful or not (fits or compact) or _ends_in_point(cell.text):
        sure = min(cell.confidence, _UNSURE_BORDER)
        return replace(cell, confidence=sure, agreed=None if cell.agreed else cell.agreed)
    if not fits or (page.torn and cell.text != "0"):
        return replace(cell, confidence=min(cell.confidence, _UNSURE_TORN))
    return replace(cell, agreed=None) if page.torn and cell.agreed else cell


def _weigh(first: _FirstReading, more: tuple[tuple[Reading, ...], ...] | None) -> ScannedCell:
    """All readings of a cell as one list, each with its mean probability."""
    box = _points(first.box)
    if not first.print.lines:
        doubtful = first.print.doubtful
        return ScannedCell("", box, 0.5 if doubtful else 1.0, agreed=None if doubtful else True)
    if first.strokes:
        return ScannedCell(first.strokes, box, _KNOWN_SHAPE, agreed=not first.print.doubtful)
    if first.figures is None:
        confidence = float(np.mean([line.confidence for line in first.lines]))
        return ScannedCell("\n".join(line.text for line in first.lines), box, round(confidence, 4))
    if first.ring:
        cell = _weigh_figures(without_brackets(first.figures), [without_brackets(one) for one in more or ()], box)
        known = cell.text == "0" and cell.agreed is not False
        return replace(cell, confidence=max(cell.confidence, _KNOWN_SHAPE)) if known else cell
    return _weigh_figures(balanced(first.figures), [balanced(one) for one in more or ()], box)


def _weigh_figures(first: tuple[Reading, ...], more: Sequence[tuple[Reading, ...]], box: Box) -> ScannedCell:
    if more:
        return _weigh_together(first, more, box)
    if not first:
        return ScannedCell("?", box, 0.0)
    return ScannedCell(first[0][0], box, round(first[0][1], 4), _rounded(first[1:]))


def _weigh_together(first: tuple[Reading, ...], more: Sequence[tuple[Reading, ...]], box: Box) -> ScannedCell:
    """A cell is as sure as its two models make it, and no surer than with the blurred picture counted in: what is read right
    stays so when it is blurred a little."""
    readings = (first, *more)
    chances: dict[str, float] = {}
    for text, chance in (reading for one in readings for reading in one):
        chances[text] = chances.get(text, 0.0) + chance / len(readings)
    if not chances:
        return ScannedCell("?", box, 0.0, agreed=False)
    ranked = sorted(chances.items(), key=lambda one: -one[1])
    text, chance = ranked[0]
    by_models = sum(dict(one).get(text, 0.0) for one in (first, more[0])) / 2
    agreed = all(one and one[0][0] == text for one in readings)
    return ScannedCell(text, box, round(min(chance, by_models), 4), _rounded(tuple(ranked[1:])), agreed)


def _blur(picture: Pixels) -> Pixels:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.0), np.uint8)


def _rounded(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    return tuple((text, round(chance, 4)) for text, chance in readings[:_KEPT_READINGS])


def _marks_fit(text: str, marks: int) -> bool:
    """Whether every piece of ink is accounted for: a figure is one connected stroke, and figures may run together."""
    figures = [character for character in text if character.isdigit() or character in "-/+.,"]
    return len(figures) < len(text) or marks <= len(figures)


def _ends_in_point(text: str) -> bool:
    """Whether a reading begins or ends in a point, as a number with a speck beside it does and no number."""
    return text[:1] in _POINTS or text[-1:] in _POINTS


def _read_lines(prints: tuple[Print, ...], reader: _FirstReader) -> Iterable[ScannedLine]:
    lines = [line for line, _ in reader.read(prints)]
    names = _lines_of_names(prints)
    poor = [index for index, line in enumerate(lines) if line.text and line.confidence < _POOR_WORDS]
    again = list(dict.fromkeys((*names, *poor)))[:_MOST_READ_AGAIN]
    second = recognise([prints[index].picture for index in again], Model.SMALL, read_line)
    for index, line in zip(again, second, strict=True):
        if index in names or line.confidence > lines[index].confidence:
            lines[index] = line
    for one, line in zip(prints, lines, strict=True):
        if line.text.strip():
            box = _points(one.box)
            text, size = line.text.strip(), round(box[3] - box[1], 1)
            yield ScannedLine(text, box, round(line.confidence, 4), size, tuple(_doubts(line, text)))


def _doubts(line: Line, text: str) -> Iterator[tuple[int, float]]:
    """The characters of a line that are not beyond doubt, by their place in its stripped text."""
    skipped = line.text.index(text)
    for place, sure in enumerate(line.sure[skipped : skipped + len(text)]):
        if sure < _BEYOND_DOUBT:
            yield place, round(sure, 4)


def _lines_of_names(prints: tuple[Print, ...]) -> list[int]:
    """Titles (larger print) and short lines far to the right (signatures): names have characters only the larger model knows."""
    if not prints:
        return []
    usual = float(np.median([one.box[3] - one.box[1] for one in prints]))
    right = max(one.box[2] for one in prints)
    return [
        index
        for index, one in enumerate(prints)
        if one.box[3] - one.box[1] > _TITLE * usual
        or (one.box[0] > 0.5 * right and one.box[2] - one.box[0] < 0.4 * right)
    ][:_MOST_NAMES]
