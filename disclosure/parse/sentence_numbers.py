"""A number for each sentence of a report's prose, by which the prose of two years is compared without being kept.

What is compared is decided by the rules of the catalogue; here only equal sentences get equal numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b

SHORTEST = 10  # characters; what is shorter is a heading, a menu entry or a signature, the same every year

_DIGITS = re.compile(r"[0-9]+")


def number_sentences(sentences: Iterable[str]) -> tuple[int, ...]:
    """The numbers (64 bits, signed) of the different sentences of folded text, in ascending order.

    Digits are masked first, years too: a sentence that says the same of another year has the same number (D-W06).
    """
    masked = {_DIGITS.sub("#", sentence) for sentence in sentences if len(sentence) >= SHORTEST}
    return tuple(sorted(_number(sentence) for sentence in masked))


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
