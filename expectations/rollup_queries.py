"""SQL that makes sums a second time: coverage, roll-ups, series and versions against the single rows they come from.

Each query answers with one row of counts and first failing rows (see `counted_rows.py`).
"""

from __future__ import annotations

from catalogue.load import CATALOGUE_ROOT
from catalogue.model import Catalogue
from catalogue.series import read_series
from expectations.sql import literal, values
from expectations.table_queries import BATCH, select_counts

_FACTS = {
    "T2": "marts.fct_proactive_disclosure",
    "T3": "marts.fct_applications",
    "T4": "marts.fct_review_litigation",
    "S14": "marts.fct_statistics_annex",
}
_GROUP = ("report_year", "reporting_scope", "region_code", "agency_level", "function_category")


def versions_without_current() -> str:
    """Agencies, years and scopes whose versions are not led by exactly one current report."""
    return f"""
WITH {BATCH},
judged AS NOT MATERIALIZED (
    SELECT agency_id, report_year, reporting_scope, count(*) FILTER (standing = 'current') AS current_versions,
        count(DISTINCT current_report_id) AS named, count(*) FILTER (standing = 'current' AND report_id <> current_report_id) AS other
    FROM batch GROUP BY agency_id, report_year, reporting_scope
)
{select_counts("current_versions <> 1 OR named <> 1 OR other > 0", {name: name for name in ("agency_id", "report_year", "reporting_scope", "current_versions")})}"""


def coverage_by_agency_unlike_reports() -> str:
    """Current reports that are not one row of the coverage, and rows whose report is not current."""
    shown = {name: name for name in ("agency_id", "report_year", "report_id", "status", "cells_withheld")}
    return f"""
WITH {BATCH},
judged AS NOT MATERIALIZED (
    SELECT coalesce(batch.agency_id, report.agency_id) AS agency_id, coalesce(batch.report_year, report.report_year) AS report_year,
        coalesce(batch.report_id, report.report_id) AS report_id, batch.status, report.cells_withheld
    FROM (SELECT * FROM batch WHERE report_id IS NOT NULL) AS batch
        FULL JOIN marts.dim_report AS report USING (report_id, agency_id, report_year, reporting_scope)
)
{select_counts("(status = CASE WHEN cells_withheld > 0 THEN 'withheld_in_part' ELSE 'published' END) IS NOT TRUE", shown)}"""


def coverage_unlike_its_rows() -> str:
    """Groups over all regions whose counts are not those of the rows of their agencies, and such groups that are missing."""
    counts = {
        "agencies_expected": "is_expected",
        "agencies_reporting": "report_id IS NOT NULL",
        "not_filed": "status = 'not_filed'",
        "unreadable": "status = 'unreadable'",
        "on_time": "timeliness = 'on_time'",
        "late": "timeliness = 'late'",
    }
    counted = ", ".join(f"count(*) FILTER ({condition}) AS {name}" for name, condition in counts.items())
    level, function = (f"coalesce({column}, 'unknown') AS {column}" for column in ("agency_level", "function_category"))
    unlike = " OR ".join(f"batch.{name} IS DISTINCT FROM again.{name}" for name in counts)
    return f"""
WITH {BATCH},
rows_by_group AS NOT MATERIALIZED (SELECT * REPLACE ({level}, {function}) FROM (
    SELECT *, {level.split(" AS ")[0]} AS level_known FROM marts.coverage_by_agency
)),
again AS NOT MATERIALIZED (
    SELECT report_year, reporting_scope, coalesce(agency_level, 'all') AS agency_level,
        coalesce(function_category, 'all') AS function_category, {counted}
    FROM rows_by_group
    GROUP BY GROUPING SETS (
        (report_year, reporting_scope), (report_year, reporting_scope, agency_level),
        (report_year, reporting_scope, function_category), (report_year, reporting_scope, agency_level, function_category)
    )
    HAVING reporting_scope = 'agency' OR grouping(agency_level) = 0
),
judged AS NOT MATERIALIZED (
    SELECT coalesce(batch.report_year, again.report_year) AS report_year,
        coalesce(batch.reporting_scope, again.reporting_scope) AS reporting_scope,
        coalesce(batch.agency_level, again.agency_level) AS agency_level,
        coalesce(batch.function_category, again.function_category) AS function_category,
        batch.agencies_reporting AS found, again.agencies_reporting AS due, {unlike} AS broken
    FROM (SELECT * FROM batch WHERE region_code = '100000') AS batch
        FULL JOIN again USING (report_year, reporting_scope, agency_level, function_category)
)
{select_counts("broken", {name: name for name in ("report_year", "reporting_scope", "agency_level", "function_category", "found", "due")})}"""


def rates_unlike_their_sums(catalogue: Catalogue) -> str:
    """Rates that are not numerator x factor / denominator + shift, and reports that are counted twice or not at all."""
    known = [(each.code, each.is_rate, str(each.factor), str(each.shift)) for each in catalogue.indicators]
    rate = "CASE WHEN is_rate AND denominator <> 0 THEN CAST(numerator AS DOUBLE) * CAST(factor AS DOUBLE) / CAST(denominator AS DOUBLE) + CAST(shift AS DOUBLE) END"
    shown = {name: name for name in (*_GROUP, "indicator_code", "numerator", "denominator", "rate")}
    return f"""
WITH {BATCH},
indicator(indicator_code, is_rate, factor, shift) AS MATERIALIZED (VALUES {values(known)}),
judged AS NOT MATERIALIZED (
    SELECT batch.*, indicator.is_rate, {rate} AS due FROM batch LEFT JOIN indicator USING (indicator_code)
)
{
        select_counts(
            "is_rate IS NULL OR (rate IS NULL) <> (due IS NULL) OR abs(rate - due) > 1e-9 * greatest(1, abs(due))"
            " OR reports_counted + reports_unknown <> agencies_reporting OR (NOT is_rate AND denominator IS NOT NULL)",
            shown,
        )
    }"""


def rollups_unlike_agency_years(catalogue: Catalogue) -> str:
    """Groups by level and function whose sums are not those over marts.agency_year."""
    parts = []
    for each in catalogue.indicators:
        numerator = f"{each.code}_numerator" if each.is_rate else each.code
        denominator = f"{each.code}_denominator" if each.is_rate else "CAST(NULL AS DECIMAL(20, 6))"
        known = f"{numerator} IS NOT NULL" + (f" AND {denominator} IS NOT NULL" if each.is_rate else "")
        parts.append(
            f"struct_pack(indicator_code := {literal(each.code)}, numerator := sum({numerator}) FILTER ({known}), "
            f"denominator := sum({denominator}) FILTER ({known}), counted := count(*) FILTER ({known}))"
        )
    shown = {
        name: name for name in ("report_year", "reporting_scope", "agency_level", "function_category", "indicator_code")
    }
    return f"""
WITH {BATCH},
grouped AS NOT MATERIALIZED (
    SELECT report_year, reporting_scope, coalesce(agency_level, 'unknown') AS agency_level,
        coalesce(function_category, 'unknown') AS function_category, unnest([{", ".join(parts)}]) AS part
    FROM marts.agency_year GROUP BY ALL
),
again AS NOT MATERIALIZED (
    SELECT report_year, reporting_scope, agency_level, function_category, part.indicator_code AS indicator_code,
        part.numerator AS numerator, part.denominator AS denominator, part.counted AS counted
    FROM grouped
),
judged AS NOT MATERIALIZED (
    SELECT batch.*, again.numerator AS numerator_due, again.denominator AS denominator_due, again.counted
    FROM (SELECT * FROM batch WHERE grouped_by = 'level_function') AS batch
        LEFT JOIN again USING (report_year, reporting_scope, agency_level, function_category, indicator_code)
)
{
        select_counts(
            "numerator IS DISTINCT FROM numerator_due OR denominator IS DISTINCT FROM denominator_due OR reports_counted <> counted",
            shown,
        )
    }"""


def series_unlike_facts(catalogue: Catalogue) -> str:
    """Figures of series that are not the sums of the published cells the catalogue says.

    Figures of a report, each multiplied by a number of its series, add up to what its cells multiplied by the same numbers add
    up to: that is one sum for a report instead of one for each of its series. The numbers alone add up too, or a figure of 0
    could stand under another series. Series are looked at one by one where sums differ, or where a cell is unknown and so
    has no part in them.
    """
    series, _ = read_series(CATALOGUE_ROOT, catalogue.editions)
    terms = [
        (each.code, term.edition, term.table, term.row_code, term.column_code, term.sign)
        for each in series
        for term in each.terms
    ]
    facts = " UNION ALL ".join(
        f"SELECT report_id, form_version, '{code}' AS table_code, row_code, column_code, value FROM {table}"
        for code, table in _FACTS.items()
    )
    shown = {name: name for name in ("agency_id", "report_year", "report_id", "series_code", "value", "due")}
    return f"""
WITH {BATCH},
term AS MATERIALIZED (
    SELECT *, CAST(hash(series_code || ' ' || form_version) % 1000000007 AS BIGINT) AS number,
        row_number() OVER (PARTITION BY series_code, form_version) = 1 AS is_first
    FROM (VALUES {values(terms)}) AS listed (series_code, form_version, table_code, row_code, column_code, sign)
),
fact AS NOT MATERIALIZED ({facts}),
told AS NOT MATERIALIZED (
    SELECT batch.report_id, count(*) AS figures, count(value) AS known, sum(number) AS series, sum(number * value) AS total
    FROM batch LEFT JOIN (SELECT series_code, form_version, number FROM term WHERE is_first) AS numbered
        USING (series_code, form_version)
    GROUP BY batch.report_id
),
due AS NOT MATERIALIZED (
    SELECT fact.report_id, count(*) FILTER (is_first) AS figures, count(*) = count(value) AS is_known,
        sum(number) FILTER (is_first) AS series, sum(sign * number * value) AS total
    FROM fact JOIN term USING (form_version, table_code, row_code, column_code) GROUP BY fact.report_id
),
doubtful AS MATERIALIZED (
    SELECT told.report_id FROM told LEFT JOIN due USING (report_id)
    WHERE (told.figures = told.known AND told.figures = due.figures AND told.series = due.series
        AND due.is_known AND told.total = due.total) IS NOT TRUE
),
again AS NOT MATERIALIZED (
    SELECT fact.report_id, term.series_code, fact.form_version,
        CASE WHEN count(value) = count(*) THEN sum(term.sign * value) END AS due
    FROM fact SEMI JOIN doubtful USING (report_id) JOIN term USING (form_version, table_code, row_code, column_code)
    GROUP BY fact.report_id, term.series_code, fact.form_version
),
judged AS NOT MATERIALIZED (
    SELECT batch.*, again.due, again.report_id IS NULL AS missing
    FROM batch SEMI JOIN doubtful USING (report_id) LEFT JOIN again USING (report_id, series_code, form_version)
)
SELECT counted.rows AS population, counted.rows AS matched, counted.rows AS assessed, found.unexpected, found.rows
FROM (SELECT count(*) AS rows FROM batch) AS counted CROSS JOIN (
    {select_counts("missing OR value IS DISTINCT FROM due", shown)}
) AS found"""
