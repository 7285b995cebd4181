"""Report years as partitions, and what --years accepts."""

from __future__ import annotations

from datetime import date

import pytest

from orchestration.partitions import UNDATED, last_report_year, listed_keys, parse_years, partition_keys


def test_partitions_run_from_2008_to_the_year_just_ended_and_end_with_the_undated() -> None:
    keys = partition_keys(date(2027, 1, 1))
    assert keys[0] == "2008"
    assert keys[-2:] == ["2026", UNDATED]
    assert len(keys) == 2026 - 2008 + 2


def test_the_definitions_also_list_the_year_under_way() -> None:
    assert listed_keys(date(2026, 12, 31))[-3:] == ["2025", "2026", UNDATED]
    assert set(partition_keys(date(2027, 2, 1))) <= set(listed_keys(date(2026, 12, 31)))


def test_the_report_year_changes_on_new_year() -> None:
    assert (last_report_year(date(2026, 12, 31)), last_report_year(date(2027, 1, 1))) == (2025, 2026)


@pytest.mark.parametrize(
    ("text", "years"), [("2019..2023", (2019, 2023)), ("2021", (2021, 2021)), ("2008..2008", (2008, 2008))]
)
def test_years_are_a_range_or_one_year(text: str, years: tuple[int, int]) -> None:
    assert parse_years(text) == years


@pytest.mark.parametrize("text", ["2023..2019", "2007..2010", "2019-2023", "", "..", "2019..", "2019..2999", "undated"])
def test_years_that_make_no_sense_are_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="--years"):
        parse_years(text)
