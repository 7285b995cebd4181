"""Figures known by their shape: strokes that lie or lean, and the ring of a nought.

A model takes a lone slash for a 1, and a ring that thresholding tore above and below for a pair of brackets. What does not belong
here: finding the print, and reading what has no such simple shape.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

Shape = np.ndarray[Any, np.dtype[np.bool_]]  # [row, column]: where ink is

_MOST_STROKES = 3
_STRAIGHT = 0.03  # of the variance along a stroke is across it, at the most
_LEANS, _LIES = 16.0, 72.0  # degrees from the vertical
_SMALLEST_RING = 11  # pixels down
_NARROWEST, _WIDEST = 0.4, 1.0  # of its height
_SIDE = 0.42  # of the width of a ring, at the most, its left or right side takes
_FLANK = 0.2  # of the height of a ring, above and below, where its sides bend together
_BENT = 0.7  # of the paper within a ring, at the most, is open at its ends
_UNEVEN = 1  # pixels by which the sides of a ring may be off


def strokes_of(marks: Sequence[Shape]) -> str:
    """`/` or dashes where the marks of a line, from the left, are nothing else, else ""."""
    if len(marks) > _MOST_STROKES:
        return ""
    directions = [_direction(mark) for mark in marks]
    if directions == ["/"]:
        return "/"
    return "-" * len(marks) if set(directions) == {"-"} else ""


def _direction(mark: Shape) -> str:
    """`/` or `-` for a straight stroke that leans or lies, "" for anything else."""
    ys, xs = np.nonzero(mark)
    if len(xs) < 6:
        return ""
    x, y = xs - xs.mean(), ys - ys.mean()
    wide, tall, slant = float(x @ x), float(y @ y), float(x @ y)
    spread = math.hypot(wide - tall, 2 * slant)
    if wide + tall - spread > _STRAIGHT * (wide + tall + spread):  # across the stroke, and along it
        return ""
    upright = 90 - abs(math.degrees(math.atan2(2 * slant, wide - tall))) / 2  # degrees from the vertical, 90 lies flat
    if upright >= _LIES:
        return "-"
    rises = slant < 0  # the right end is the upper one
    return "/" if upright >= _LEANS and rises else ""


def is_ring(shape: Shape) -> bool:
    """Whether the ink, which fills its box, is the ring of a nought: a left and a right side without a gap, bent together above
    and below, and nothing between them.

    The thin ends of a ring may be missing. Tearing takes ink away and adds none, so that no 6, 8 or 9 becomes one: a 6 has no
    right side above, a 9 no left one below, an 8 is drawn in at its waist.
    """
    height, width = shape.shape
    if height < _SMALLEST_RING or not _NARROWEST <= width / height <= _WIDEST:
        return False
    flank = round(_FLANK * height)
    body = shape[flank : height - flank]
    sides = [_sides_of(row) for row in body]
    if any(each is None or each[1] > _SIDE * width or each[2] < width - _SIDE * width for each in sides):
        return False
    left, inner_left, inner_right, right = np.array(sides).T
    within = inner_right - inner_left
    middle = slice(len(body) // 3, len(body) - len(body) // 3)
    if min(within[middle]) < max(within) - _UNEVEN:
        return False
    if max(left[middle]) > _UNEVEN or min(right[middle]) < width - _UNEVEN:
        return False
    return all(_opening(end) <= _BENT * max(within) for end in (shape[:flank], shape[height - flank :]))


def _sides_of(row: Shape) -> tuple[int, int, int, int] | None:
    """Where the two stretches of ink in a row begin and end; None when it has not two."""
    edges = np.flatnonzero(np.diff(row.astype(np.int8), prepend=0, append=0))
    return tuple(edges.tolist()) if len(edges) == 4 else None  # type: ignore[return-value]


def _opening(end: Shape) -> int:
    """How far the two sides of a ring stay apart above or below, in pixels; its whole width where only one is there."""
    width = end.shape[1]
    gaps = [width]
    for row in end:
        left, right = np.flatnonzero(row[: width // 2]), np.flatnonzero(row[width // 2 :])
        if len(left) and len(right):
            gaps.append(width // 2 + int(right[0]) - int(left[-1]) - 1)
    return min(gaps)
