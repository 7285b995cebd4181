"""Which expected filers of a report year are still missing: the question behind the check, `gouji health` and the summary.

Who is expected, and what became of each, stands in `marts.coverage_by_agency`; here it is counted by year and told. The
deadlines are those of the Regulation of 2019 (article 49): departments by 31 January, governments by 31 March.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

NAMED = 20
MISSING = "is_expected and report_id is null"
# a government's own report covers its jurisdiction; from 1 April on everything that has not come is late
OVERDUE = """(
    $today >= make_date(report_year + 1, 4, 1)
    or (reporting_scope = 'agency' and $today >= make_date(report_year + 1, 2, 1))
)"""


@dataclass(frozen=True, slots=True)
class YearOfFilers:
    """A report year: filers expected, of these filed, filed but not readable, and missing past their deadline."""

    report_year: int
    expected: int
    filed: int
    unreadable: int
    overdue: int

    @property
    def missing(self) -> int:
        """Expected and not in the tables, whether it never came or could not be read."""
        return self.expected - self.filed

    def __str__(self) -> str:
        return f"{self.report_year}: {self.missing} of {self.expected} expected filers are missing"


def count_filers(warehouse: Path, today: date) -> list[YearOfFilers]:
    """The report years in which filers are expected, in order. Raises duckdb.Error when the file is no whole warehouse."""
    query = f"""
        select report_year, count(*), count(report_id), count(*) filter (status = 'unreadable'),
            count(*) filter (report_id is null and {OVERDUE})
        from marts.coverage_by_agency where is_expected group by report_year order by report_year
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return [YearOfFilers(*row) for row in connection.execute(query, {"today": today}).fetchall()]


def count_missing(warehouse: Path) -> list[tuple[int, str, str, int, int]]:
    """Report year, level, function, filers expected and filers missing, where any is; the latest year first."""
    query = f"""
        select report_year, coalesce(agency_level, 'unknown'), coalesce(function_category, 'unknown'),
            count(*), count(*) filter ({MISSING}) as missing
        from marts.coverage_by_agency where is_expected
        group by all having missing > 0 order by report_year desc, missing desc, 2, 3
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


def name_missing(warehouse: Path, report_year: int, limit: int = NAMED) -> list[tuple[str, str, str, str, str | None]]:
    """The first missing filers of a year by name: name, level, function, why expected, and why theirs could not be read."""
    query = f"""
        select coalesce(agency_name, agency_id), coalesce(agency_level, 'unknown'), coalesce(function_category, 'unknown'),
            expected_by, reason
        from marts.coverage_by_agency where report_year = $year and {MISSING}
        order by 1, agency_id, reporting_scope limit $limit
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(query, {"year": report_year, "limit": limit}).fetchall()


def last_deadline(today: date) -> date:
    """The latest day after a statutory deadline that has come: 1 February or 1 April."""
    days = (date(year, month, 1) for year in (today.year, today.year - 1) for month in (4, 2))
    return next(day for day in days if day <= today)
