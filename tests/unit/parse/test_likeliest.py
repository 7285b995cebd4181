"""The likeliest readings that tie: what nearly as likely readings contradict is left open."""

from __future__ import annotations

from decimal import Decimal
from math import log

from catalogue.model import ValueKind
from disclosure.parse.cell_text import read_cell_text
from disclosure.parse.likeliest import Choice, choose_likeliest

SUM = {0: 1, 1: 1, 2: -1}  # the first two cells are the third


def choices(*readings: tuple[str, float]) -> tuple[Choice, ...]:
    best = readings[0][1]
    return tuple(Choice(read_cell_text(text, ValueKind.COUNT), log(best / chance)) for text, chance in readings)


def values_of(solution) -> dict[int, int]:
    return {cell: int(choice.value) for cell, choice in solution.items()}


def test_what_ties_as_read_stands_against_readings_far_less_likely():
    domains = {cell: choices(("0", 0.95), ("6", 0.005)) for cell in range(3)}
    assert values_of(choose_likeliest(domains, (), [SUM], {})) == {0: 0, 1: 0, 2: 0}


def test_readings_nearly_as_likely_that_tie_too_leave_their_cells_open():
    domains = {0: choices(("3", 0.6), ("8", 0.3)), 1: choices(("0", 0.96)), 2: choices(("3", 0.6), ("8", 0.3))}
    assert values_of(choose_likeliest(domains, (), [SUM], {})) == {1: 0}


def test_the_reading_that_mends_a_broken_identity_is_chosen():
    domains = {0: choices(("1", 0.9), ("4", 0.08))}
    assert values_of(choose_likeliest(domains, (), [SUM], {1: Decimal(2), 2: Decimal(6)})) == {0: 4}


def test_a_cell_nobody_could_read_does_not_keep_the_others_from_being_checked():
    """The unread cell 1 stands in two identities: together they still hold the others to each other."""
    column = {1: 1, 3: 1, 4: -1}
    domains = {0: choices(("1", 0.9), ("4", 0.08))}
    values = {2: Decimal(6), 3: Decimal(0), 4: Decimal(2)}
    assert values_of(choose_likeliest(domains, (1,), [SUM, column], values)) == {0: 4}


def test_an_identity_with_two_cells_nobody_could_read_checks_nothing():
    assert choose_likeliest({0: choices(("1", 0.9))}, (1,), [SUM], {2: Decimal(6)}) == {}
