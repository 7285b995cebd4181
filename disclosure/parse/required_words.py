"""Words without which an expression cannot match, told from the expression itself.

Most sentences state no fact, and looking for a word takes a fraction of the time of a search with an expression. Only what
holds of every match is told: an expression that can do without any word has none. What does not belong here: which
expressions there are.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Sequence
from typing import Any

# The syntax tree of an expression, which `re` itself compiles from.
_syntax: Any = importlib.import_module("re._parser")
_codes: Any = importlib.import_module("re._constants")

_MOST_CHARACTERS = 12  # of a set that are taken for words of one character each

Words = frozenset[str]


def required_words(expression: str) -> Words | None:
    """Words of which every match holds at least one; None where there are none. Raises re.error when the expression is wrong."""
    tree = _syntax.parse(expression)
    return None if tree.state.flags & re.IGNORECASE else _of_sequence(tree)


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> Words | None:
    """The most telling of what the parts of a sequence require: the longest words, and of these the fewest."""
    found: list[Words] = []
    literal = ""
    for code, argument in items:
        if code is _codes.LITERAL:
            literal += chr(argument)
            continue
        if literal:
            found.append(frozenset({literal}))
            literal = ""
        if (words := _of_item(code, argument)) is not None:
            found.append(words)
    if literal:
        found.append(frozenset({literal}))
    return max(found, key=_telling, default=None)


def _telling(words: Words) -> tuple[int, int]:
    return min(map(len, words)), -len(words)


def _of_item(code: Any, argument: Any) -> Words | None:
    """What one part of an expression requires; None for everything that may match without words of its own."""
    if code is _codes.SUBPATTERN:
        _, flags_added, _, inner = argument
        return None if flags_added & re.IGNORECASE else _of_sequence(inner)
    if code is _codes.BRANCH:
        return _of_any(argument[1])
    if code in (_codes.MAX_REPEAT, _codes.MIN_REPEAT):
        least, _, repeated = argument
        return _of_sequence(repeated) if least else None
    if code is _codes.IN:
        return _of_set(argument)
    return None


def _of_any(branches: Sequence[Any]) -> Words | None:
    """What alternatives require: the words of all of them, if every one requires some."""
    words = [_of_sequence(branch) for branch in branches]
    known = [each for each in words if each is not None]
    return frozenset().union(*known) if len(known) == len(words) else None


def _of_set(members: Sequence[tuple[Any, Any]]) -> Words | None:
    if len(members) > _MOST_CHARACTERS or any(code is not _codes.LITERAL for code, _ in members):
        return None
    return frozenset(chr(character) for _, character in members)
