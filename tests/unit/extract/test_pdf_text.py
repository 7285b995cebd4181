"""Characters of a page as text: what is printed twice in one place, and the lines of a cell."""

from __future__ import annotations

import random

import pytest

from disclosure.extract.pdf_text import Character, drop_repeats, gather_lines, text_of


def _character(text: str, x: float, baseline: float, size: float = 10) -> Character:
    return Character(text, x, baseline - size, x + size, baseline, baseline, size)


@pytest.mark.parametrize("seed", range(20))
def test_each_character_is_kept_once_wherever_its_double_stands(seed: int) -> None:
    """The yardstick compares every character with every other."""
    chance = random.Random(seed)
    characters = [
        _character(chance.choice("01总 "), x + chance.choice((0, 0.4, 1.1, 1.3)), y + chance.choice((0, 0.9)))
        for x in range(0, 300, 10)
        for y in (100, 103, 700)
        for _ in range(chance.choice((1, 1, 2, 3)))
    ]
    chance.shuffle(characters)
    kept: list[Character] = []
    for one in characters:
        near = (other for other in kept if abs(other.x0 - one.x0) <= 1.2 and abs(other.baseline - one.baseline) <= 1.2)
        if one.text == " " or not any(other.text == one.text for other in near):
            kept.append(one)
    assert drop_repeats(characters) == kept
    assert len(kept) < len(characters)


def test_a_blank_page_has_no_repeats() -> None:
    assert drop_repeats([]) == []


def test_the_text_of_a_cell_is_that_of_its_lines() -> None:
    chance = random.Random(1)
    for _ in range(200):
        cell = [
            _character(
                chance.choice("合计甲乙 -"),
                chance.uniform(0, 60),
                chance.choice((10, 12, 13, 25)),
                chance.choice((6, 10)),
            )
            for _ in range(chance.randint(0, 6))
        ]
        assert text_of(cell) == "\n".join(line.text for line in gather_lines(cell))


def test_a_small_digit_off_the_line_is_the_number_of_a_note() -> None:
    figure = [_character("3", 10, 100, 10), _character("7", 20, 100, 10)]
    assert text_of([*figure, _character("1", 30, 97, 6)]) == "37¹"
    assert text_of([*figure, _character("2", 30, 94, 6)]) == "37²"
    assert text_of([*figure, _character("1", 30, 100, 6)]) == "371"  # on the line: another font, the same number
    assert text_of([*figure, _character("1", 30, 99, 10)]) == "371"
