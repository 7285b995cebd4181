"""The last answer of a function is kept for the same object, and for no other."""

from __future__ import annotations

from disclosure.parse.remember import remember_last


def test_the_same_object_is_asked_about_once() -> None:
    asked: list[list[int]] = []

    @remember_last
    def add(numbers: list[int]) -> int:
        asked.append(numbers)
        return sum(numbers)

    first, equal = [1, 2], [1, 2]
    assert [add(first), add(first), add(equal), add(first)] == [3, 3, 3, 3]
    assert [each is first for each in asked] == [True, False, True]


def test_an_answer_of_none_is_kept_too() -> None:
    calls = 0

    @remember_last
    def find(words: list[str]) -> str | None:
        nonlocal calls
        calls += 1
        return None

    words = ["公开"]
    assert find(words) is None and find(words) is None
    assert calls == 1
