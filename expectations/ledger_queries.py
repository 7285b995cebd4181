"""SQL about the two accounts that quality keeps: the identity ledger and the coverage of what was received.

Each query answers with one row of counts and first failing rows (see `counted_rows.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from catalogue.model import Catalogue
from catalogue.plausibility import Applies
from expectations.sql import FIRST_ROWS, in_list, literal, values
from expectations.table_queries import BATCH, repeated_rows

RegisterLine = tuple[str, str, str, str, str]  # edition, table, rule, scope, variant or ""

PUBLISHED_DISPOSITIONS = "('published', 'withheld_in_part')"


def ledger_gaps(register: Sequence[RegisterLine], forms: Mapping[str, str]) -> str:
    """Rules of which the ledger lacks instances for a table of a current report. `forms`: table code -> form column.

    Reports are compared by the number and the summed codes of their instances; only those that differ are looked at rule
    by rule: there are fifty instances to a report.
    """
    tables = " UNION ALL ".join(
        f"SELECT report_id, agency_id, agency_name, report_year, form_variant, {literal(table)} AS table_code, "
        f"{column} AS edition FROM marts.dim_report WHERE {column} IS NOT NULL"
        for table, column in forms.items()
    )
    return f"""
WITH {BATCH},
register(edition, table_code, rule_id, scope, form_variant) AS MATERIALIZED (VALUES {values(register)}),
line AS MATERIALIZED (
    SELECT edition, table_code, rule_id, scope, hash(concat_ws(' ', edition, table_code, rule_id, scope)) AS code
    FROM register GROUP BY ALL
),
report_table AS NOT MATERIALIZED ({tables}),
form AS MATERIALIZED (
    SELECT seen.*, count(*) AS instances, count(DISTINCT register.rule_id) AS rules, sum(line.code) AS codes
    FROM (SELECT DISTINCT edition, table_code, form_variant FROM report_table) AS seen
        JOIN register ON register.edition = seen.edition AND register.table_code = seen.table_code
            AND register.form_variant IN ('', ifnull(seen.form_variant, ''))
        JOIN line ON line.edition = register.edition AND line.table_code = register.table_code
            AND line.rule_id = register.rule_id AND line.scope = register.scope
    GROUP BY ALL
),
due AS MATERIALIZED (
    SELECT report_id, sum(instances) AS instances, sum(rules) AS rules, sum(codes) AS codes
    FROM report_table JOIN form ON form.edition = report_table.edition AND form.table_code = report_table.table_code
        AND form.form_variant IS NOT DISTINCT FROM report_table.form_variant
    GROUP BY report_id
),
there AS MATERIALIZED (
    SELECT batch.report_id, count(*) AS instances, sum(line.code) AS codes
    FROM batch JOIN line USING (edition, table_code, rule_id, scope) GROUP BY batch.report_id
),
unlike AS MATERIALIZED (
    SELECT due.report_id FROM due LEFT JOIN there USING (report_id)
    WHERE (due.instances = there.instances AND due.codes = there.codes) IS NOT TRUE
),
expected AS NOT MATERIALIZED (
    SELECT report_table.report_id, report_table.table_code, register.rule_id, any_value(agency_id) AS agency_id,
        any_value(agency_name) AS agency_name, any_value(report_year) AS report_year,
        any_value(report_table.edition) AS edition, count(*) AS instances
    FROM report_table SEMI JOIN unlike USING (report_id)
        JOIN register ON register.edition = report_table.edition
            AND register.table_code = report_table.table_code
            AND register.form_variant IN ('', ifnull(report_table.form_variant, ''))
    GROUP BY report_table.report_id, report_table.table_code, register.rule_id
),
found AS NOT MATERIALIZED (
    SELECT batch.report_id, batch.table_code, batch.rule_id, count(*) AS instances
    FROM batch SEMI JOIN unlike USING (report_id) SEMI JOIN line USING (edition, table_code, rule_id, scope)
    GROUP BY batch.report_id, batch.table_code, batch.rule_id
),
judged AS MATERIALIZED (
    SELECT expected.*, found.instances AS found_instances,
        (expected.instances = found.instances) IS NOT TRUE AS broken
    FROM expected LEFT JOIN found USING (report_id, table_code, rule_id)
)
SELECT (SELECT count(*) FROM report_table) AS population, (SELECT sum(rules) FROM due) AS matched,
    (SELECT sum(rules) FROM due) AS assessed, count(*) FILTER (broken) AS unexpected,
    min(struct_pack(report_id := report_id, agency_id := agency_id, agency_name := agency_name,
        report_year := report_year, rule_id := rule_id, edition := edition, table_code := table_code,
        expected_instances := CAST(instances AS VARCHAR), found_instances := CAST(found_instances AS VARCHAR)
    ), {FIRST_ROWS}) FILTER (broken) AS rows
FROM judged"""


def repeated_instances(register: Sequence[RegisterLine], shown: Mapping[str, str]) -> str:
    """Instances of identities that stand twice. A table of a report whose instances are exactly those of a form has none;
    only the others are judged row by row."""
    code = "bit_xor(hash(rule_id || ' ' || scope))"
    relations = f"""WITH {BATCH},
register(edition, table_code, rule_id, scope, form_variant) AS MATERIALIZED (VALUES {values(register)}),
variant AS MATERIALIZED (SELECT DISTINCT form_variant FROM register UNION SELECT ''),
form AS MATERIALIZED (
    SELECT count(*) AS instances, {code} AS codes
    FROM register JOIN variant ON register.form_variant IN ('', variant.form_variant)
    GROUP BY register.edition, register.table_code, variant.form_variant
)"""
    doubtful = f"""SELECT hash(report_id, table_code) AS unit_hash FROM batch GROUP BY report_id, table_code
    HAVING (count(*), {code}) NOT IN (SELECT (instances, codes) FROM form)"""
    key = ("report_id", "rule_id", "table_code", "scope")
    return repeated_rows(relations, doubtful, "hash(report_id, table_code)", "unit_hash", key, shown)


def broken_by_filers() -> str:
    """Instances that do not hold on the figures as the agencies printed them: a line of counts for each rule."""
    return f"""
WITH {BATCH},
summary AS MATERIALIZED (
    SELECT rule_id, count(*) AS matched, count(*) FILTER (outcome <> 'not_assessable') AS assessed,
        count(*) FILTER (outcome = 'broken') AS unexpected
    FROM batch GROUP BY rule_id
),
first_broken AS MATERIALIZED (
    SELECT rule_id, min(struct_pack(report_id := report_id, edition := edition, table_code := table_code, scope := scope,
        left_value := CAST(left_value AS VARCHAR), right_value := CAST(right_value AS VARCHAR)), {FIRST_ROWS}) AS first_rows
    FROM batch WHERE outcome = 'broken' GROUP BY rule_id
),
failing AS MATERIALIZED (SELECT rule_id, unnest(first_rows, recursive := true) FROM first_broken),
named AS MATERIALIZED (
    SELECT failing.rule_id, list(struct_pack(report_id := failing.report_id, edition := failing.edition,
        table_code := failing.table_code, scope := failing.scope, left_value := left_value, right_value := right_value,
        agency_id := report.agency_id, agency_name := report.agency_name, report_year := report.report_year)
        ORDER BY failing.report_id) AS rows
    FROM failing LEFT JOIN marts.dim_report AS report ON report.report_id = failing.report_id
    GROUP BY failing.rule_id
)
SELECT summary.rule_id AS line, matched AS population, matched, assessed, unexpected, named.rows
FROM summary LEFT JOIN named ON named.rule_id = summary.rule_id
ORDER BY line"""


def breaks_risen(
    ledger_before: Sequence[Path], reports_before: Sequence[Path], accepted: Mapping[str, int], where: str
) -> str:
    """Rules that the reports the last release had break more often than they did in it, and more often than accepted.

    `ledger_before`, `reports_before`: Parquet files of that release. A report is its bytes, so only the reading or the
    register can have changed; a rule that release did not have is left out."""
    before, reports = (
        f"read_parquet([{in_list(path.resolve().as_posix() for path in files)}])"
        for files in (ledger_before, reports_before)
    )
    allowed = values([*accepted.items(), ("", 0)])
    return f"""
WITH {BATCH},
accepted(rule_id, up_to) AS MATERIALIZED (VALUES {allowed}),
known_report AS MATERIALIZED (
    SELECT DISTINCT report_id FROM {reports}
    SEMI JOIN quality.report_versions USING (report_id)
),
rule AS MATERIALIZED (SELECT DISTINCT rule_id FROM {before}),
was AS MATERIALIZED (
    SELECT report_id, rule_id, count(*) AS breaks FROM {before} SEMI JOIN known_report USING (report_id)
    WHERE outcome = 'broken' AND {where} GROUP BY ALL
),
is_now AS MATERIALIZED (
    SELECT report_id, rule_id, count(*) AS breaks FROM batch SEMI JOIN known_report USING (report_id)
    WHERE outcome = 'broken' AND {where} GROUP BY ALL
),
total AS MATERIALIZED (
    SELECT rule_id, ifnull(sum(is_now.breaks), 0) AS breaks_now, ifnull(sum(was.breaks), 0) AS breaks_before
    FROM is_now FULL JOIN was USING (report_id, rule_id) GROUP BY rule_id
),
risen AS MATERIALIZED (
    SELECT total.* FROM total SEMI JOIN rule USING (rule_id) LEFT JOIN accepted USING (rule_id)
    WHERE breaks_now > greatest(breaks_before, ifnull(up_to, 0))
),
worse AS MATERIALIZED (
    SELECT is_now.report_id, is_now.rule_id, is_now.breaks AS breaks_now, ifnull(was.breaks, 0) AS breaks_before
    FROM is_now SEMI JOIN risen USING (rule_id) LEFT JOIN was USING (report_id, rule_id)
    WHERE is_now.breaks > ifnull(was.breaks, 0)
),
first_worse AS MATERIALIZED (SELECT * FROM worse ORDER BY rule_id, report_id LIMIT {FIRST_ROWS}),
named AS MATERIALIZED (
    SELECT report.agency_id, report.agency_name, report.report_year, first_worse.report_id, first_worse.rule_id,
        CAST(first_worse.breaks_before AS VARCHAR) AS breaks_before, CAST(first_worse.breaks_now AS VARCHAR) AS breaks_now,
        CAST(risen.breaks_before AS VARCHAR) AS rule_breaks_before, CAST(risen.breaks_now AS VARCHAR) AS rule_breaks_now
    FROM first_worse JOIN risen USING (rule_id)
        LEFT JOIN marts.dim_report AS report ON report.report_id = first_worse.report_id
)
SELECT (SELECT count(*) FROM rule) AS population, (SELECT count(*) FROM rule) AS matched,
    (SELECT count(*) FROM rule) AS assessed, (SELECT count(*) FROM risen) AS unexpected,
    (SELECT list(named ORDER BY rule_id, report_id) FROM named) AS rows"""


def receipts_unaccounted(receipts: int) -> str:
    """Whether coverage has exactly one row for each receipt of the archive's register."""
    return f"""
WITH {BATCH},
judged AS MATERIALIZED (SELECT count(*) AS accounted, count(DISTINCT receipt_id) AS distinct_receipts FROM batch)
SELECT {receipts} AS population, {receipts} AS matched, {receipts} AS assessed,
    greatest(abs(accounted - {receipts}), abs(distinct_receipts - {receipts})) AS unexpected,
    [struct_pack(receipts := '{receipts}', accounted := CAST(accounted AS VARCHAR))] AS rows
FROM judged"""


def coverage_unlike_reports() -> str:
    """Receipts said to be published without being a current report, and current reports without such a receipt."""
    return f"""
WITH {BATCH},
covered AS NOT MATERIALIZED (
    SELECT report_id, count(*) AS receipts, bool_or(disposition = 'withheld_in_part') AS in_part
    FROM batch WHERE disposition IN {PUBLISHED_DISPOSITIONS} GROUP BY report_id
),
withheld AS NOT MATERIALIZED (
    SELECT DISTINCT report_id FROM quality.cells_as_filed WHERE value_source = 'withheld'
),
judged AS NOT MATERIALIZED (
    SELECT coalesce(covered.report_id, report.report_id) AS report_id, report.agency_id, report.agency_name,
        report.report_year, covered.receipts, covered.in_part, withheld.report_id IS NOT NULL AS has_withheld_cells,
        (covered.receipts = 1 AND report.report_id IS NOT NULL
            AND covered.in_part = (withheld.report_id IS NOT NULL)) IS NOT TRUE AS broken
    FROM covered FULL JOIN marts.dim_report AS report ON report.report_id = covered.report_id
        LEFT JOIN withheld ON withheld.report_id = coalesce(covered.report_id, report.report_id)
)
SELECT count(*) AS population, count(*) AS matched, count(*) AS assessed, count(*) FILTER (broken) AS unexpected,
    min(struct_pack(report_id := report_id, agency_id := agency_id, agency_name := agency_name,
        report_year := report_year, receipts := CAST(receipts AS VARCHAR), said_in_part := CAST(in_part AS VARCHAR),
        has_withheld_cells := CAST(has_withheld_cells AS VARCHAR)), {FIRST_ROWS}) FILTER (broken) AS rows
FROM judged"""


def columns_undocumented(tables: list[tuple[str, str]]) -> str:
    """Columns of the published tables that the dictionary does not explain."""
    return f"""
WITH {BATCH},
published(schema_name, table_name) AS MATERIALIZED (VALUES {values(tables)}),
judged AS NOT MATERIALIZED (
    SELECT actual.schema_name, actual.table_name, actual.column_name, batch.column_name IS NULL AS broken
    FROM duckdb_columns() AS actual JOIN published USING (schema_name, table_name)
        LEFT JOIN batch ON batch.schema_name = actual.schema_name AND batch.table_name = actual.table_name
            AND batch.column_name = actual.column_name
)
SELECT count(*) AS population, count(*) AS matched, count(*) AS assessed, count(*) FILTER (broken) AS unexpected,
    min(struct_pack(table_name := schema_name || '.' || table_name, column_name := column_name), {FIRST_ROWS})
        FILTER (broken) AS rows
FROM judged"""


def identity_lines(catalogue: Catalogue) -> list[RegisterLine]:
    """Every instance the identity ledger has to hold."""
    return [
        (instance.edition, instance.table, instance.rule_id, instance.scope, instance.form_variant or "")
        for instance in catalogue.instances
    ]


def plausibility_lines(catalogue: Catalogue) -> list[RegisterLine]:
    """The instances that every report of their edition has in the plausibility ledger: those about the report alone that
    depend on nothing else it says."""
    return [
        (instance.edition, instance.table, instance.rule_id, instance.scope, instance.form_variant or "")
        for instance in catalogue.plausibility_instances
        if instance.within_report
        and instance.mention is None
        and instance.judged_on == "figures"
        and instance.applies == Applies()
    ]
