"""A page raster made fit for reading: one resolution, stamp and grey background taken out, straightened.

What does not belong here: finding rules or text.
"""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np

Pixels = np.ndarray[Any, np.dtype[np.uint8]]

cv2.setNumThreads(1)  # pages are read by processes side by side; threads within one mostly wait for each other

WORKING_DPI = (
    200.0  # the resolution everything after this module works at: print of 5 to 16 points is legible, pages stay small
)
POINT = 72.0 / WORKING_DPI
_RED_EXCESS = 36  # by how much red outweighs green and blue in the ink of a stamp
_PALE = 45  # by how much the palest print is darker than paper
_MOST_GAIN = 2.2
_STAMP_MARGIN = 22  # by how much printed black is darker than the stamp over it, at the least
_STAMP_STRETCH = 3.2  # a stamp laid over print leaves it grey
_PAPER_CELL = 16  # pixels over which the brightness of the paper is taken
_PRINT = 70  # darkness at half the resolution
_LARGEST_CHARACTER = 90  # pixels across
_LEAST_MARK, _TORN, _BRIDGED = 3, 3, 5  # pixels at half the resolution
_DECISIVE = 1.3  # times as many pieces
_WIDEST_ANGLE = 5.0  # degrees a sheet lies askew; beyond that it has been turned
_COARSE, _FINE = 0.25, 0.04  # degrees
_SAMPLE = 60_000  # ink pixels that suffice to see the angle


def clean(image: Pixels, dpi: float) -> Pixels:
    """The ink of an RGB or grey raster of `dpi` at the working resolution; red stamps and the tint of the paper are gone."""
    scale = WORKING_DPI / dpi
    if abs(scale - 1.0) > 0.01:
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=method)  # type: ignore[assignment]
    if image.ndim == 2:
        return _deepen(_flatten(image))
    red, green, blue = cv2.split(image)
    stamped = cv2.subtract(red, cv2.max(green, blue)) > _RED_EXCESS
    if np.count_nonzero(stamped) < 50:
        return _deepen(_flatten(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)))  # type: ignore[arg-type]
    return _lift_stamp(_deepen(_flatten(np.asarray(red, np.uint8))), stamped)


def _lift_stamp(ink: Pixels, stamped: Any) -> Pixels:
    """The ink without the stamp: in the red channel it is a light grey, and what is printed under it is darker."""
    around = cv2.dilate(stamped.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    tint = float(np.median(ink[stamped]))
    lifted = (ink[around].astype(np.float32) - tint - _STAMP_MARGIN) * _STAMP_STRETCH
    ink[around] = np.minimum(np.clip(lifted, 0, 255), np.maximum(ink[around], 140)).astype(np.uint8)
    return ink


def _flatten(grey: Pixels) -> Pixels:
    """Darkness against the local brightness of the paper."""
    small = cv2.resize(
        grey, (max(1, grey.shape[1] // _PAPER_CELL), max(1, grey.shape[0] // _PAPER_CELL)), interpolation=cv2.INTER_AREA
    )
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((3, 3), np.uint8)), 5)
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    flat = cv2.divide(grey, np.maximum(paper, 60), scale=255)
    return np.asarray(cv2.bitwise_not(flat), np.uint8)


def _deepen(ink: Pixels) -> Pixels:
    """The ink stretched so that print is black and paper white, however pale or blurred the copy."""
    levels = np.bincount(ink[::3, ::3].ravel(), minlength=256).astype(np.int64)
    paper = _level_below(levels, 0.5)
    levels[: paper + _PALE + 1] = 0
    if levels.sum() < 100:
        return ink
    black = _level_below(levels, 0.8)
    gain = min(_MOST_GAIN, max(1.0, 235.0 / (black - paper)))
    return np.asarray(cv2.convertScaleAbs(cv2.subtract(ink, float(paper)), alpha=gain), np.uint8)  # type: ignore[call-overload]


def _level_below(levels: np.ndarray[Any, np.dtype[np.int64]], share: float) -> int:
    """The level below which this share of the counted pixels lies."""
    return int(np.searchsorted(levels.cumsum(), share * levels.sum()))


def measure_angle(ink: Pixels) -> float:
    """Degrees by which lines of print and rules fall to the right: the angle at which they gather in fewest pixel rows."""
    places = np.flatnonzero(ink > 110)
    if len(places) < 200:
        return 0.0
    ys, xs = np.divmod(places[:: -(-len(places) // _SAMPLE)], ink.shape[1])
    xs = xs - ink.shape[1] / 2
    margin = int(math.tan(math.radians(_WIDEST_ANGLE)) * ink.shape[1] / 2) + 2
    quarter = slice(None, None, 4)
    coarse = np.arange(-_WIDEST_ANGLE, _WIDEST_ANGLE + 0.01, _COARSE)
    best = max(coarse, key=lambda angle: _sharpness(xs[quarter], ys[quarter], angle, margin))
    fine = best + _FINE * np.arange(
        -round(_COARSE / _FINE), round(_COARSE / _FINE) + 1
    )  # a straight sheet stays as it is
    return float(max(fine, key=lambda angle: _sharpness(xs, ys, angle, margin)))


def _sharpness(xs: Any, ys: Any, angle: float, margin: int) -> float:
    rows = (ys - xs * math.tan(math.radians(angle)) + margin).astype(np.int32)
    counts = np.bincount(np.clip(rows, 0, None)).astype(np.float64)
    return float(np.dot(counts, counts))


def straighten(ink: Pixels, angle: float) -> Pixels:
    """The page turned back by `angle` degrees around its middle."""
    if abs(angle) < 0.03:
        return ink
    height, width = ink.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return np.asarray(cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=0), np.uint8)


def runs_across(ink: Pixels) -> bool:
    """Whether lines of print run across the page: characters stand closer within a line than lines do to each other, so
    bridging small gaps along the lines leaves fewer pieces than bridging them across. Where that decides nothing, print may
    be torn, and is mended first; print that is whole or blurred would run together by it."""
    half = cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    printed = (half >= _PRINT).astype(np.uint8)
    across, down = _pieces_when_bridged(printed)
    if max(across, down) < _DECISIVE * min(across, down):
        mended = cv2.morphologyEx(printed, cv2.MORPH_CLOSE, np.ones((_TORN, _TORN), np.uint8))
        across, down = _pieces_when_bridged(np.asarray(mended, np.uint8))
    return across <= down


def _pieces_when_bridged(printed: Pixels) -> tuple[int, int]:
    """How many pieces of print are left when gaps across and when gaps down are bridged."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(printed, connectivity=8)
    is_print = np.max(stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]], axis=1) <= _LARGEST_CHARACTER // 2
    is_print &= stats[:, cv2.CC_STAT_AREA] >= _LEAST_MARK
    is_print[0] = False
    mask = is_print.astype(np.uint8)[labels]
    across = cv2.connectedComponents(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, _BRIDGED), np.uint8)))[0]
    down = cv2.connectedComponents(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((_BRIDGED, 1), np.uint8)))[0]
    return across, down


def turn_quarter(ink: Pixels, quarters: int) -> Pixels:
    """The page turned counter-clockwise by quarter turns."""
    return np.ascontiguousarray(np.rot90(ink, quarters))
