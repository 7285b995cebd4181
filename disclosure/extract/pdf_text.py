"""Characters of a PDF page as lines of text: by baseline, left to right, doubled characters once.

What does not belong here: rules and tables, and the joining of lines into paragraphs (`pdf_stitch`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from disclosure.document import Box

_SAME_PLACE = 0.12  # share of the font size within which a repeated character only makes it bold
_BASELINE = 0.35  # share of the font size within which characters stand on one line: mixed fonts differ a little
_PIECE_GAP = 1.0  # share of the font size that sets two pieces of a line apart
_WORD_GAP = 0.5  # share of the font size that reads as a space


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
    start = 0
    for index in range(1, len(line) + 1):
        if index < len(line) and line[index].x0 - line[index - 1].x1 <= _PIECE_GAP * line[index].size:
            continue
        run = line[start:index]
        yield Piece(_join(run), run[0].x0, max(character.x1 for character in run))
        start = index


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
