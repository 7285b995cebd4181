"""The last answer of a function kept, for readers that ask for the same thing one after the other.

What does not belong here: caches over documents, which are bounded tables of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


def remember_last(function: Callable[[Asked], Answer]) -> Callable[[Asked], Answer]:
    """The function with its last answer kept, for as long as the very same object is asked about: large values are not
    compared, and nothing but the last one is held."""
    last: tuple[Asked, Answer] | None = None

    @wraps(function)
    def remembering(asked: Asked) -> Answer:
        nonlocal last
        known = last  # another thread may ask meanwhile
        if known is None or known[0] is not asked:
            known = last = (asked, function(asked))
        return known[1]

    return remembering
