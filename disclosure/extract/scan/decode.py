"""From the probabilities of each step to texts: the likeliest line, and for cells of figures the possible readings.

A cell of figures is read with the few characters that can stand in one, look-alikes (O for 0, 一 for a dash) counted with what
they stand for; what is left over of the probability is doubt. What does not belong here: which reading is right.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from disclosure.extract.scan.recognise import Model, Probabilities, characters_of

Reading = tuple[str, float]  # text and probability

_LOOK_ALIKES = {
    "0": "0０OＯoｏ〇○ΟοОоQD",
    "1": "1１lｌI｜|丨Ⅰ",
    "2": "2２Zz",
    "3": "3３З",
    "4": "4４",
    "5": "5５",
    "6": "6６б",
    "7": "7７",
    "8": "8８",
    "9": "9９",
    "-": "-－—–―─一_ー~－",
    "/": "/／∕丿\\",
    ".": ".．。·",
    ",": ",，、",
    "+": "+＋",
    "(": "(（",
    ")": ")）",
    "无": "无旡",
    "↑": "↑",
    "↓": "↓",
    "%": "%",
}
_WORDS = "万元亿千件条次个项家增减加少约余多新其中不涉及适用持平起"
_HAN = re.compile(r"[\u3400-\u9fff]")
_LEAST_STEP = 3e-4
_BEAMS = 8
_READINGS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """The likeliest text of a line, how sure each of its characters is, and `confidence`, the mean of that."""

    text: str
    confidence: float
    sure: tuple[float, ...]


_Indices = np.ndarray[tuple[int], np.dtype[np.intp]]


@lru_cache(maxsize=len(Model))
def _figure_classes(model: Model) -> tuple[list[str], _Indices, _Indices]:
    """The characters of figures, the classes that count as one of them in their order, and where those of each begin."""
    index = {character: number for number, character in enumerate(characters_of(model))}
    symbols: list[str] = []
    members: list[int] = []
    starts: list[int] = []
    for character, alike in (*_LOOK_ALIKES.items(), *((word, word) for word in _WORDS)):
        classes = sorted({index[one] for one in alike if one in index})
        if classes:
            symbols.append(character)
            starts.append(len(members))
            members.extend(classes)
    return symbols, np.asarray(members), np.asarray(starts)


def read_line(probabilities: Probabilities, model: Model) -> Line:
    """The likeliest character at each step, repeated ones once."""
    characters = characters_of(model)
    best = probabilities.argmax(axis=1)
    text: list[str] = []
    sure: list[float] = []
    previous = 0
    for step, number in enumerate(best.tolist()):
        if number and number != previous:
            text.append(characters[number])
            sure.append(float(probabilities[step, number]))
        elif number and sure:
            sure[-1] = max(sure[-1], float(probabilities[step, number]))
        previous = number
    if not sure:
        return Line("", 0.0, ())
    return Line("".join(text), sum(sure) / len(sure), tuple(sure))


def read_figures(probabilities: Probabilities, model: Model) -> tuple[Reading, ...]:
    """The possible readings of a cell of figures with their probabilities, likeliest first. What other characters hold of
    the probability is missing from the sum."""
    symbols, members, starts = _figure_classes(model)
    steps = np.empty((len(probabilities), len(symbols) + 1))
    steps[:, 0] = probabilities[:, 0] + probabilities[:, -1]  # a space is no print
    np.add.reduceat(probabilities[:, members], starts, axis=1, out=steps[:, 1:])
    beams: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}  # text -> ending in blank, ending in its last character
    for row in steps:
        beams = _extend(beams, row, symbols)
    ranked = sorted(((text, blank + last) for text, (blank, last) in beams.items()), key=lambda one: -one[1])
    return tuple((text, min(1.0, chance)) for text, chance in ranked[:_READINGS] if chance >= _LEAST_STEP)


def _extend(
    beams: dict[str, tuple[float, float]], row: np.ndarray[tuple[int], np.dtype[np.float64]], symbols: list[str]
) -> dict[str, tuple[float, float]]:
    """One step of the prefix search over the readings kept so far."""
    likely = [(symbols[index - 1], float(row[index])) for index in np.flatnonzero(row >= _LEAST_STEP) if index]
    empty = float(row[0])
    blank: dict[str, float] = defaultdict(float)
    last: dict[str, float] = defaultdict(float)
    for text, (in_blank, in_last) in beams.items():
        blank[text] += (in_blank + in_last) * empty
        for symbol, chance in likely:
            if text.endswith(symbol):
                last[text] += in_last * chance
                last[text + symbol] += in_blank * chance
            else:
                last[text + symbol] += (in_blank + in_last) * chance
    merged = {text: (blank[text], last[text]) for text in {*blank, *last}}
    best = sorted(merged, key=lambda text: -sum(merged[text]))[:_BEAMS]
    return {text: merged[text] for text in best}


def read_either(probabilities: Probabilities, model: Model) -> tuple[Line, tuple[Reading, ...] | None]:
    """The likeliest line, and its possible readings as figures where it looks like such."""
    line = read_line(probabilities, model)
    return line, read_figures(probabilities, model) if looks_like_figures(line) else None


def balanced(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """The readings without those that open a bracket and close none, or the reverse, where others are left: that is a piece
    of a figure."""
    whole = tuple([one for one in readings if one[0].count("(") == one[0].count(")")])
    return whole or readings


def without_brackets(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """The readings of a ring: torn above and below it looks like brackets, whole or half, and there are none about it."""
    chances: dict[str, float] = {}
    for text, chance in readings:
        nought = (text.strip("()") or "0") if text else text
        chances[nought] = min(1.0, chances.get(nought, 0.0) + chance)
    return tuple(sorted(chances.items(), key=lambda one: -one[1]))


def looks_like_figures(line: Line) -> bool:
    """Whether an unrestricted reading is one of figures, or too unsure of anything else to exclude that."""
    if not line.text:
        return True
    foreign = [character for character in line.text if character not in _figure_characters()]
    digits = sum(character.isdigit() for character in line.text)
    return (
        not foreign
        or (len(line.text) <= 2 and line.confidence < 0.5)
        or (digits > len(foreign) and not has_words(line.text))
    )


def has_words(text: str) -> bool:
    """Whether there are Han characters in a text: without, it is a figure or nothing."""
    return _HAN.search(text) is not None


@lru_cache(maxsize=1)
def _figure_characters() -> frozenset[str]:
    return frozenset("".join(_LOOK_ALIKES.values()) + _WORDS + " ")
