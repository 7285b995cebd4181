"""The check of coverage: which expected filers of each report year are still missing. It warns and stops nothing."""

import dagster as dg

from orchestration.filers import count_filers, count_missing, name_missing
from orchestration.partitions import today_in_china
from orchestration.preview import preview
from orchestration.resources import Home

SHOWN_GROUPS = 40
COUNTS = ("report year", "expected", "filed", "not readable", "missing", "overdue")
GROUPS = ("report year", "level", "function", "expected", "missing")
NAMES = ("agency", "level", "function", "expected by", "not readable because")


@dg.asset_check(
    asset=dg.AssetKey(["marts", "coverage_by_agency"]),
    description="Every agency that is expected to file has filed by its deadline (departments 31 January, governments 31 March); "
    "who is missing is counted by level and function and named.",
)
def expected_filers_are_in(home: Home) -> dg.AssetCheckResult:
    years = count_filers(home.warehouse, today_in_china())
    lacking = [year for year in years if year.missing]
    latest = lacking[-1].report_year if lacking else None
    groups = count_missing(home.warehouse)
    names = name_missing(home.warehouse, latest) if latest is not None else []
    lines = [(y.report_year, y.expected, y.filed, y.unreadable, y.missing, y.overdue) for y in reversed(years)]
    overdue = sum(year.overdue for year in years)
    return dg.AssetCheckResult(
        passed=overdue == 0,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(map(str, reversed(lacking[-3:]))) or "nobody who is expected is missing",
        metadata={
            "expected": sum(year.expected for year in years),
            "missing": sum(year.missing for year in years),
            "overdue": overdue,
            "by_year": preview(COUNTS, lines, limit=len(lines)),
            "missing_by_level_and_function": preview(GROUPS, groups, limit=SHOWN_GROUPS),
            f"first_missing_of_{latest}" if latest else "first_missing": preview(NAMES, names, limit=len(names)),
        },
    )
