"""The partitions of the pipeline: one per report year, and a staging partition for filings whose year the text does not tell.

Only the list of keys belongs here. Which partition a filing belongs to is decided where its metadata is read.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import dagster as dg

FIRST_REPORT_YEAR = 2008  # the Regulation of 2007 took effect on 1 May 2008
UNDATED = "undated"
TIMEZONE = "Asia/Shanghai"

# Dagster knows the years by the calendar, not by a list: a server that runs past New Year knows the year that has ended. The
# undated filings are no partition there, they come with every run.
report_years = dg.TimeWindowPartitionsDefinition(
    start=str(FIRST_REPORT_YEAR), fmt="%Y", cron_schedule="0 0 1 1 *", timezone=TIMEZONE
)


def today_in_china() -> date:
    return datetime.now(timezone(timedelta(hours=8))).date()


def last_report_year(today: date | None = None) -> int:
    """The report year just ended in China: reports on a year are published from January of the next."""
    return (today or today_in_china()).year - 1


def year_keys(today: date | None = None) -> list[str]:
    """Report years in order."""
    return [str(year) for year in range(FIRST_REPORT_YEAR, last_report_year(today) + 1)]


def partition_keys(today: date | None = None) -> list[str]:
    """The partitions of staging: report years in order, then the undated ones."""
    return [*year_keys(today), UNDATED]


def partition_of(report_year: int | None) -> str:
    """The partition of a filing; a year that has no partition of its own cannot have ended and is undated."""
    key = str(report_year)
    return key if key in partition_keys() else UNDATED


def parse_years(text: str) -> tuple[int, int]:
    """`2019..2023` or `2021` as first and last year. Raises ValueError with words for the one who typed it."""
    first, separator, last = text.partition("..")
    try:
        start, end = int(first), int(last if separator else first)
    except ValueError:
        raise ValueError(f"--years {text}: expected A..B or one year, e.g. 2019..2023 or 2021") from None
    if not FIRST_REPORT_YEAR <= start <= end <= last_report_year():
        raise ValueError(
            f"--years {text}: report years run from {FIRST_REPORT_YEAR} to {last_report_year()}, first before last"
        )
    return start, end
