"""The partitions of the pipeline: one per report year, and one for filings whose year the text does not tell.

Only the list of keys belongs here. Which partition a filing belongs to is decided where its metadata is read.
"""

from __future__ import annotations

from datetime import date

import dagster as dg

FIRST_REPORT_YEAR = 2008  # the Regulation of 2007 took effect on 1 May 2008
UNDATED = "undated"


def last_report_year(today: date | None = None) -> int:
    """The report year just ended: reports on a year are published from January of the next."""
    return (today or date.today()).year - 1


def partition_keys(today: date | None = None) -> list[str]:
    """Report years in order, then the undated ones."""
    return [*(str(year) for year in range(FIRST_REPORT_YEAR, last_report_year(today) + 1)), UNDATED]


def listed_keys(today: date | None = None) -> list[str]:
    """The keys the definitions list: also the year under way, so that a server that runs past New Year knows it."""
    *years, undated = partition_keys(today)
    return [*years, str(last_report_year(today) + 1), undated]


report_years = dg.StaticPartitionsDefinition(listed_keys())


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
