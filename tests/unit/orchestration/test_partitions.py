"""Report years as partitions, and what --years accepts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from orchestration.partitions import UNDATED, last_report_year, parse_years, partition_keys, report_years, year_keys


def test_partitions_run_from_2008_to_the_year_just_ended_and_end_with_the_undated() -> None:
    keys = partition_keys(date(2027, 1, 1))
    assert keys[0] == "2008"
    assert keys[-2:] == ["2026", UNDATED]
    assert len(keys) == 2026 - 2008 + 2


@pytest.mark.parametrize(
    ("moment", "last"),
    [(datetime(2026, 12, 31, 15, 59, tzinfo=UTC), "2025"), (datetime(2026, 12, 31, 16, 1, tzinfo=UTC), "2026")],
)
def test_definitions_that_stay_loaded_know_the_new_year_when_it_has_come_in_china(moment: datetime, last: str) -> None:
    keys = report_years.get_partition_keys(current_time=moment)
    assert (keys[0], keys[-1]) == ("2008", last)
    assert keys == year_keys(moment.astimezone(timezone(timedelta(hours=8))).date())


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
