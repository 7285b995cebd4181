"""Characters of a PDF page as lines of text: by baseline, left to right, doubled characters once.

What does not belong here: rules and tables, and the joining of lines into paragraphs (`pdf_stitch`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from disclosure.document import Box

_SAME_PLACE = 0.12  # share of the font size within which a repeated character only makes it bold
_BASELINE = 0.35  # share of the font size within which characters stand on one line: mixed fonts differ a little
_PIECE_GAP = 0.25  # share of the font size between cells of an unruled table; within a cell characters touch
_APART = 2.0  # share of the font size that sets a page number apart from a row of the table beside it
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


def drop_repeats(characters: Iterable[Character]) -> list[Character]:
    """`characters` in their order, each once: printed twice in one place only makes a character bold."""
    kept: list[Character] = []
    places: dict[tuple[str, int, int], Character] = {}
    for character in characters:
        if character.text.isspace() or not _repeats(character, places):
            kept.append(character)
    return kept


def _repeats(character: Character, places: dict[tuple[str, int, int], Character]) -> bool:
    """Whether the same character is printed in the same place already (fake bold); else remember it."""
    step = max(character.size * _SAME_PLACE, 0.3)
    column, row = int(character.x0 / step), int(character.baseline / step)
    for near_column in (column - 1, column, column + 1):
        for near_row in (row - 1, row, row + 1):
            other = places.get((character.text, near_column, near_row))
            if other and abs(other.x0 - character.x0) <= step and abs(other.baseline - character.baseline) <= step:
                return True
    places[character.text, column, row] = character
    return False


def gather_lines(characters: Iterable[Character]) -> Iterator[Line]:
    """Lines from top to bottom; blank ones are left out."""
    for line in _cluster(characters):
        text = _join(line)
        if text:
            seen = [character for character in line if not character.text.isspace()]
            box = (
                min(character.x0 for character in seen),
                min(character.top for character in seen),
                max(character.x1 for character in seen),
                max(character.bottom for character in seen),
            )
            yield Line(text, box, max(character.size for character in seen), tuple(_pieces(seen)))


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
    for character in sorted(characters, key=attrgetter("baseline", "x0")):
        if line and character.baseline - line[0].baseline > _BASELINE * max(character.size, line[0].size):
            yield sorted(line, key=attrgetter("x0"))
            line = []
        line.append(character)
    if line:
        yield sorted(line, key=attrgetter("x0"))


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
