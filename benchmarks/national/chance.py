"""Chance as a function: the same number for the same seed, purpose, agency, year and place, whatever was drawn before.

A generator with a state would make a report depend on those drawn before it. Here a year is drawn again for the carry-over
of the next, and shards in any order.
"""

from __future__ import annotations

import zlib

import numpy as np

Integers = np.ndarray  # int64
Floats = np.ndarray  # float64

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def uniform(seed: int, purpose: str, agencies: Integers, year: int, places: int = 1) -> Floats:
    """Numbers in [0, 1), one row per agency and one column per place."""
    base = np.uint64(((seed << 32) ^ zlib.crc32(purpose.encode()) ^ (year * 0x5851F42D4C957F2D)) % 2**64)
    with np.errstate(over="ignore"):
        rows = _mix(agencies.astype(np.uint64) * _GOLDEN + base)
        places_mixed = _mix(np.arange(1, places + 1, dtype=np.uint64) * _FIRST)
        mixed = _mix(rows[:, None] ^ places_mixed[None, :])
    return (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53


def normal(seed: int, purpose: str, agencies: Integers, year: int, places: int = 1) -> Floats:
    """Numbers of the standard normal distribution, one row per agency and one column per place."""
    numbers = uniform(seed, purpose, agencies, year, 2 * places)
    radius = np.sqrt(-2.0 * np.log1p(-numbers[:, :places]))
    return radius * np.cos(2.0 * np.pi * numbers[:, places:])


def spread(totals: Integers, weights: Floats, starts: Floats) -> Integers:
    """Totals dropped into codes in proportion to their weights; the parts of a row add up to its total exactly.

    `totals` has any shape, `weights` one more axis (the codes), `starts` in [0, 1) the shape of `totals`: where on the
    line of whole numbers the count begins, so that small totals fall on every code in its turn.
    """
    shares = np.cumsum(weights, axis=-1)
    shares /= shares[..., -1:]
    shares[..., -1] = 1.0
    ends = np.floor(totals[..., None] * shares + starts[..., None])
    return np.diff(ends, axis=-1, prepend=0.0).astype(np.int64)


def _mix(numbers: np.ndarray) -> np.ndarray:
    """The finaliser of splitmix64."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * _FIRST
    numbers = (numbers ^ (numbers >> np.uint64(27))) * _SECOND
    return numbers ^ (numbers >> np.uint64(31))
