"""What is checked of the tables of agencies, versions, coverage, series and roll-ups.

Sums are made here a second time, from the tables that publish the single rows, without the SQL of the models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from catalogue.model import Catalogue
from catalogue.published import PublishedTable
from expectations import rollup_queries, table_queries
from expectations.checks import Check
from expectations.planning import REPORT_COLUMNS, plan_count, plan_reference

_KEY = ("agency_id", "agency_name", "report_year", "reporting_scope")


def plan_agency_checks(table: PublishedTable, catalogue: Catalogue) -> Iterator[Check]:
    """The checks of one table; none for a table of another kind."""
    planned: dict[str, Callable[[PublishedTable, Catalogue], Iterator[Check]]] = {
        "dim_agency": _agency_checks,
        "dim_agency_name": _agency_name_checks,
        "dim_agency_lineage": _lineage_checks,
        "report_versions": _version_checks,
        "version_differences": _difference_checks,
        "agency_identification": _identification_checks,
        "coverage_by_agency": _coverage_checks,
        "coverage_rollups": _coverage_rollup_checks,
        "indicator_rollups": _indicator_rollup_checks,
        "fct_series": _series_checks,
        "dim_series_break": _series_break_checks,
    }
    if table.name in planned:
        yield from planned[table.name](table, catalogue)


def _agency_checks(table: PublishedTable, catalogue: Catalogue) -> Iterator[Check]:
    yield plan_reference(table, "region_code", "marts.dim_region")
    yield plan_reference(table, "lineage_id", "marts.dim_agency", "agency_id")


def _agency_name_checks(table: PublishedTable, catalogue: Catalogue) -> Iterator[Check]:
    yield plan_reference(table, "agency_id", "marts.dim_agency")


def _lineage_checks(table: PublishedTable, catalogue: Catalogue) -> Iterator[Check]:
    yield plan_reference(table, "agency_id", "marts.dim_agency")
    yield plan_reference(table, "predecessor_agency_id", "marts.dim_agency", "agency_id")
    yield plan_count(
        table,
        "U-LINEAGE",
        "承继的机关不是其自身，推断的承继指明规则",
        "no agency succeeds itself, and an inferred succession names its rule",
        table_queries.failing_rows(
            "agency_id = predecessor_agency_id OR (basis = 'inferred' AND rule_id IS NULL)",
            {name: name for name in ("agency_id", "predecessor_agency_id", "year", "kind")},
        ),
    )


def _version_checks(table: PublishedTable, catalogue: Catalogue) -> Iterator[Check]:
    yield plan_reference(table, "current_report_id", "marts.dim_report", "report_id")
    yield plan_count(
        table,
        "U-VERSIONS",
        "每个机关每年度每一范围恰有一个现行版本，且为已发布的报告",
        "each agency, year and scope has exactly one current version, which is published",
        rollup_queries.versions_without_current(),
    )


def _difference_checks(table: PublishedTable, catalogue: Catalogue) -> Iterator[Check]:
    yield plan_reference(table, "report_id", "quality.report_versions")
    yield plan_count(
        table,
        "U-DIFFERENCES",
        "版本差异均为不同的数值",
        "every difference is one",
        table_queries.failing_rows(
            "value IS NOT DISTINCT FROM current_value",
            {
                name: name
                for name in (*REPORT_COLUMNS, "table_code", "row_code", "column_code", "value", "current_value")
            },
        ),
    )


def _identification_checks(table: PublishedTable, catalogue: Catalogue) -> Iterator[Check]:
    yield plan_count(
        table,
        "U-IDENTIFIED",
        "认定的机关都有依据",
        "an agency that is told is told by something",
        table_queries.failing_rows(
            "(agency_id IS NULL) <> (identified_by IS NULL)",
            {name: name for name in ("report_id", "agency_id", "source")},
        ),
    )


def _coverage_checks(table: PublishedTable, catalogue: Catalogue) -> Iterator[Check]:
    yield plan_reference(table, "agency_id", "marts.dim_agency")
    yield plan_reference(table, "region_code", "marts.dim_region")
    yield plan_count(
        table,
        "U-COVERED",
        "每份现行报告在报送情况中恰有一行，状态与暂不发布的单元格一致",
        "each current report is one row of the coverage, withheld in part exactly where cells are",
        rollup_queries.coverage_by_agency_unlike_reports(),
    )
    yield plan_count(
        table,
        "U-TIMELINESS",
        "及时性与首次公布日期、法定期限一致",
        "timeliness follows from first publication and deadline",
        table_queries.failing_rows(
            """timeliness IS DISTINCT FROM CASE WHEN report_id IS NULL THEN NULL WHEN deadline IS NULL THEN 'no_deadline'
            WHEN first_published_on IS NULL THEN 'undated' WHEN first_published_on > deadline THEN 'late' ELSE 'on_time' END
            OR (NOT is_expected AND status = 'not_filed' AND reason IS NULL)""",
            {name: name for name in (*_KEY, "status", "timeliness")},
        ),
    )


def _coverage_rollup_checks(table: PublishedTable, catalogue: Catalogue) -> Iterator[Check]:
    group = ("report_year", "reporting_scope", "grouped_by", "region_code", "agency_level", "function_category")
    shown = {name: name for name in group}
    yield plan_count(
        table,
        "U-COVERAGE-SUMS",
        "各组的报送状态与及时性合计相符",
        "states and timeliness of each group add up to its reports",
        table_queries.failing_rows(
            "published + withheld_in_part <> agencies_reporting OR on_time + late + undated + no_deadline <> agencies_reporting"
            " OR agencies_expected_reporting > least(agencies_expected, agencies_reporting)"
            " OR (reporting_scope = 'jurisdiction' AND agency_level = 'all')",
            shown,
        ),
    )
    yield plan_count(
        table,
        "U-COVERAGE-ROLLUP",
        "汇总等于各机关报送情况之和",
        "each group is the sum of the rows of its agencies",
        rollup_queries.coverage_unlike_its_rows(),
    )


def _indicator_rollup_checks(table: PublishedTable, catalogue: Catalogue) -> Iterator[Check]:
    yield plan_count(
        table,
        "U-ROLLUP-RATE",
        "比率等于分子之和除以分母之和，计入与未计入的报告合计为已发布报告",
        "a rate is its sums divided, and reports counted and not counted are those published",
        rollup_queries.rates_unlike_their_sums(catalogue),
    )
    yield plan_count(
        table,
        "U-ROLLUP",
        "汇总的分子、分母等于各机关年度之和",
        "numerators and denominators are the sums over agency_year",
        rollup_queries.rollups_unlike_agency_years(catalogue),
    )


def _series_checks(table: PublishedTable, catalogue: Catalogue) -> Iterator[Check]:
    yield plan_reference(table, "report_id", "marts.dim_report")
    yield plan_reference(table, "series_code", "marts.dim_series")
    yield plan_count(
        table,
        "U-SERIES",
        "序列的数值等于其单元格之和，有一个未知即为未知",
        "a figure of a series is the sum of its cells, unknown where one of them is",
        rollup_queries.series_unlike_facts(catalogue),
    )


def _series_break_checks(table: PublishedTable, catalogue: Catalogue) -> Iterator[Check]:
    yield plan_reference(table, "series_code", "marts.dim_series")
