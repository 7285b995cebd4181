"""Figures told by their shape, however thresholding wore them: a ring is a nought, and nothing else is a ring."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2", reason="recognition is not installed: make ocr")

from PIL import Image, ImageDraw
from scanned_picture import font

from disclosure.extract.scan.shapes import is_ring

SIZE = 19  # pixels down, as the figures of these tables at the working resolution


def ring(torn_above: int = 0, torn_below: int = 0, width: int = 13):
    """A nought whose thinnest parts, above and below, are gone."""
    picture = Image.new("L", (width, SIZE), 0)
    ImageDraw.Draw(picture).ellipse((0, 0, width - 1, SIZE - 1), outline=255, width=3)
    shape = np.asarray(picture) >= 90
    middle = slice(width // 2 - 1, width // 2 + 2)
    shape[:torn_above, middle] = False
    shape[SIZE - torn_below :, middle] = False
    return shape


def printed(figure: str, threshold: int = 90):
    """The box of ink of a figure, and what is left of it above a threshold."""
    picture = Image.new("L", (120, 60), 0)
    ImageDraw.Draw(picture).text((20, 10), figure, font=font(30), fill=255)
    ink = np.asarray(picture) >= threshold
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


@pytest.mark.parametrize(("above", "below"), [(0, 0), (4, 0), (0, 4), (4, 4)])
def test_a_ring_torn_above_and_below_is_one(above: int, below: int) -> None:
    assert is_ring(ring(above, below))


@pytest.mark.parametrize("threshold", [60, 90, 150, 220])
@pytest.mark.parametrize("figure", ["1", "2", "3", "4", "5", "6", "7", "8", "9", "11", "00"])
def test_no_other_figure_is_a_ring(figure: str, threshold: int) -> None:
    assert not is_ring(printed(figure, threshold))


def test_what_lacks_a_part_of_a_side_or_is_drawn_in_is_no_ring() -> None:
    """What tearing leaves of a 6, a 9 and an 8."""
    without_upper_right, without_lower_left, drawn_in = ring(4, 4), ring(4, 4), ring(4, 4)
    without_upper_right[5:8, 7:] = False
    without_lower_left[11:14, :6] = False
    drawn_in[8:11] = np.roll(drawn_in[8:11], 2, axis=1) & np.roll(drawn_in[8:11], -2, axis=1)
    drawn_in[8:11, 2:5] = drawn_in[8:11, 8:11] = True
    assert not any(map(is_ring, (without_upper_right, without_lower_left, drawn_in)))


def test_parallel_sides_and_a_few_pixels_are_no_ring() -> None:
    sides = np.zeros((SIZE, 13), bool)
    sides[:, :3] = sides[:, 10:] = True
    assert not is_ring(sides)
    assert not is_ring(ring()[:8])
