"""Characters of a PDF page as lines of text: by baseline, left to right, doubled characters once.

What does not belong here: rules and tables, and the joining of lines into paragraphs (`pdf_stitch`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from disclosure.document import Box
from disclosure.extract.reading import raise_digits

_SAME_PLACE = 0.12  # share of the font size within which a repeated character only makes it bold
_BASELINE = 0.35  # share of the font size within which characters stand on one line: mixed fonts differ a little
_PIECE_GAP = 0.25  # share of the font size between cells of an unruled table; within a cell characters touch
_APART = 2.0  # share of the font size that sets a page number apart from a row of the table beside it
_NOTE_SIZE = 0.8  # share of the font size below which a digit off the line is the number of a note
_NOTE_SHIFT = 0.12  # share of the font size that such a digit stands above or below the line
_WORD_GAP = 0.5  # share of the font size that reads as a space


_LOWER_MARGIN = 0.14  # share of the page height in which page numbers stand
_PAGE_NUMBER = re.compile(r"[-—–－─~·]+\d{1,3}[-—–－─~·]+|第\d{1,3}页(?:[,，/]?共\d{1,3}页)?")


class Character(NamedTuple):
    """A printed character; `baseline` grows downwards, like top and bottom."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    size: float

    @property
    def centre(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2


_from_top = attrgetter("baseline", "x0")
_from_left = attrgetter("x0", "baseline")


class Piece(NamedTuple):
    """A run of a line that stands apart from its neighbours, as the cells of an unruled table do."""

    text: str
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    box: Box
    size: float
    pieces: tuple[Piece, ...] = ()
    doubts: tuple[tuple[int, float], ...] = ()  # recognised lines only: as in `document.Paragraph`


def drop_repeats(characters: Sequence[Character]) -> list[Character]:
    """`characters` in their order, each once: printed twice in one place only makes a character bold."""
    places: dict[tuple[str, int, int], Character] = {}
    repeated = {
        index
        for index in _with_a_twin_near(characters)
        if not characters[index].text.isspace() and _repeats(characters[index], places)
    }
    return [character for index, character in enumerate(characters) if index not in repeated]


def _with_a_twin_near(characters: Sequence[Character]) -> list[int]:
    """The indices of characters that may be printed twice, in order: the same one stands at most a step away. Most pages
    have none, so all are looked at together first."""
    if not characters:
        return []
    texts, x0, _, _, _, baseline, size = zip(*characters, strict=True)
    numbers: dict[str, int] = {}
    kind = np.array([numbers.setdefault(text, len(numbers)) for text in texts])
    left, height = np.array(x0), np.array(baseline)
    step = _step(max(size))
    near = np.zeros(len(characters), bool)
    for shift in (
        0.0,
        1.25,
    ):  # two characters a step apart are in one strip of two and a half steps, or of the shifted ones
        strip = np.floor(left / (2.5 * step) + shift / 2.5)
        order = np.lexsort((height, strip, kind))
        alike = (np.diff(kind[order]) == 0) & (np.diff(strip[order]) == 0) & (np.diff(height[order]) <= step)
        near[order[1:][alike]] = near[order[:-1][alike]] = True
    return np.flatnonzero(near).tolist()


def _step(size: float) -> float:
    """Points within which a repeated character of a size only makes it bold."""
    return max(size * _SAME_PLACE, 0.3)


def _repeats(character: Character, places: dict[tuple[str, int, int], Character]) -> bool:
    """Whether the same character is printed in the same place already (fake bold); else remember it."""
    step = _step(character.size)
    column, row = int(character.x0 / step), int(character.baseline / step)
    for near_column in (column - 1, column, column + 1):
        for near_row in (row - 1, row, row + 1):
            other = places.get((character.text, near_column, near_row))
            if other and abs(other.x0 - character.x0) <= step and abs(other.baseline - character.baseline) <= step:
                return True
    places[character.text, column, row] = character
    return False


def text_of(characters: Sequence[Character]) -> str:
    """The text of a few characters, such as those of a cell, line by line."""
    if len(characters) < 2:
        return characters[0].text.strip() if characters else ""
    _, _, _, _, _, baselines, sizes = zip(*characters, strict=True)
    if min(sizes) < _NOTE_SIZE * max(sizes):
        characters = _with_notes_raised(characters)
        _, _, _, _, _, baselines, sizes = zip(*characters, strict=True)
    if max(baselines) - min(baselines) <= _BASELINE * min(sizes):
        return _join(sorted(characters, key=_from_left))
    return "\n".join(filter(None, map(_join, _cluster(characters))))


def _with_notes_raised(characters: Sequence[Character]) -> list[Character]:
    """The characters with small digits that stand off the line of a figure told as the raised numbers of notes."""
    raised: list[Character] = []
    for character in sorted(characters, key=_from_left):
        before = next((other for other in reversed(raised) if _is_beside(other, character)), None)
        if before is not None and character.text.isdecimal():
            character = character._replace(
                text=raise_digits(character.text), baseline=before.baseline, size=before.size
            )
        raised.append(character)
    return raised


def _is_beside(before: Character, small: Character) -> bool:
    """Whether a character stands right before a smaller one on another line than its own."""
    shift, gap = abs(before.baseline - small.baseline), small.x0 - before.x1
    is_note = small.size < _NOTE_SIZE * before.size and _NOTE_SHIFT * before.size < shift < before.size
    return is_note and abs(gap) < _WORD_GAP * before.size


def gather_lines(characters: Iterable[Character]) -> Iterator[Line]:
    """Lines from top to bottom; blank ones are left out."""
    for line in _cluster(characters):
        text = _join(line)
        if text:
            seen = [character for character in line if not character.text.isspace()]
            _, x0, top, x1, bottom, _, size = zip(*seen, strict=True)
            yield Line(text, (min(x0), min(top), max(x1), max(bottom)), max(size), tuple(_pieces(seen)))


def _pieces(line: list[Character]) -> Iterator[Piece]:
    """The pieces of a line without its spaces, from left to right."""
    for run in _runs(line, _PIECE_GAP):
        yield Piece(_join(run), run[0].x0, max(character.x1 for character in run))


def _runs(line: list[Character], gap: float) -> Iterator[list[Character]]:
    """A line cut where characters stand further apart than so many font sizes."""
    start = 0
    for index in range(1, len(line) + 1):
        if index == len(line) or line[index].x0 - line[index - 1].x1 > gap * line[index].size:
            yield line[start:index]
            start = index


def drop_page_number(characters: list[Character], page_height: float) -> list[Character]:
    """`characters` without a decorated page number (- 3 -, 第3页) in the lower margin: a table may run down over it."""
    margin = page_height * (1 - _LOWER_MARGIN)
    low = [character for character in characters if character.baseline > margin]
    dropped: set[int] = set()
    for line in _cluster(low):
        for run in _runs(line, _APART):
            if _PAGE_NUMBER.fullmatch(_join(run).replace(" ", "")):
                dropped.update(id(character) for character in run)
    return [character for character in characters if id(character) not in dropped]


def _cluster(characters: Iterable[Character]) -> Iterator[list[Character]]:
    """Characters whose baselines lie close together, each line sorted from left to right."""
    line: list[Character] = []
    for character in sorted(characters, key=_from_top):
        if line and character.baseline - line[0].baseline > _BASELINE * max(character.size, line[0].size):
            yield sorted(line, key=_from_left)
            line = []
        line.append(character)
    if line:
        yield sorted(line, key=_from_left)


def _join(line: list[Character]) -> str:
    """The text of a line: a space where one is printed or a gap is left, never two."""
    pieces: list[str] = []
    previous: Character | None = None
    for character in line:
        if character.text.isspace():
            if pieces and pieces[-1] != " ":
                pieces.append(" ")
            previous = character
            continue
        if previous and pieces[-1:] != [" "] and character.x0 - previous.x1 > _WORD_GAP * character.size:
            pieces.append(" ")
        pieces.append(character.text)
        previous = character
    return "".join(pieces).strip()
