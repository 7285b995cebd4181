"""The largest of something are kept, whatever comes."""

from __future__ import annotations

from orchestration.records import Largest


def test_the_greatest_are_kept_in_order_and_the_first_of_equals() -> None:
    slowest = Largest(kept=3)
    for name, seconds in (("a", 1.0), ("b", 5.0), ("c", 1.0), ("d", 3.0), ("e", 0.5), ("f", 5.0)):
        slowest.enter(seconds, name)
    assert list(slowest) == [("b", 5.0), ("f", 5.0), ("d", 3.0)]
