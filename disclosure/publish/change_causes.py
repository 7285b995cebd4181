"""Why rows differ between two releases: traced by report, then by agency and year, then by agency.

A cause is a fact about both releases (a file that was not there, another version of the parser, a decision), never a
guess. Several are listed together, for nothing tells them apart.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import duckdb

from disclosure.publish.copy import MARTS, SCHEMA_IN_FILE
from disclosure.publish.tables import quote, text_literal

CAUSES = {
    "new_file": "a report that was not there before",
    "file_gone": "a report that is no longer there",
    "new_parser": "the file was read again by another version of its reader or of the parser",
    "new_catalogue": "read with another version of the catalogue",
    "new_decision": "people decided something about cells of the report, or a decision lapsed",
    "elsewhere": "nothing about this report changed; it follows from another report or another year",
    "recomputed": "nothing about the reports or the versions changed; computed by other models",
    "new_schema": "the published tables or columns changed",
}

REPORT = {
    "report_id": "VARCHAR",
    "agency_id": "VARCHAR",
    "report_year": "INTEGER",
    "reporting_scope": "VARCHAR",
    "reader_version": "VARCHAR",
    "parser_version": "VARCHAR",
    "catalogue_version": "VARCHAR",
}
RECEIPT = {
    "report_id": "VARCHAR",
    "agency_id": "VARCHAR",
    "agency_name": "VARCHAR",
    "report_year": "INTEGER",
    "source": "VARCHAR",
}
DECISION = dict.fromkeys(
    (
        *("report_id", "table_code", "row_code", "column_code", "action", "expect"),
        *("decided_value", "who", "why", "decided_on", "evidence"),
    ),
    "VARCHAR",
)


@dataclass(frozen=True, slots=True)
class Traced:
    """How the lines of a comparison find their cause: the SQL that joins it, and the cause of those without one."""

    join: str
    fallback: str

    def columns(self, rows: str) -> str:
        """Cause, number of rows, agency, year and report of a line, in the order of the table of changes."""
        cause = f"CASE WHEN traced.cause IS NULL THEN {text_literal(self.fallback)} ELSE traced.cause END"
        return f"{cause}, {rows}, traced.agency_id, traced.report_year, traced.report_id"


def traced_by(key: Collection[str], fallback: str) -> Traced:
    """The closest trace that a key allows."""
    for source, columns in (
        ("report_causes", ("report_id",)),
        ("year_causes", ("agency_id", "report_year", "reporting_scope")),
        ("agency_causes", ("agency_id",)),
    ):
        if set(columns) <= set(key):
            same = " AND ".join(f"traced.{quote(name)} = lines.{quote(name)}" for name in columns)
            return Traced(f"LEFT JOIN {source} AS traced ON {same}", fallback)
    return Traced("CROSS JOIN no_causes AS traced", fallback)


def fallback_cause(connection: duckdb.DuckDBPyConnection, key: Collection[str]) -> str:
    """The cause of lines without one of their own: what happened elsewhere, or all there was to this release."""
    (overall,) = connection.execute("SELECT cause FROM release_causes").fetchone() or (None,)
    if overall is None:
        return "recomputed"
    return "elsewhere" if {"report_id", "agency_id"} & set(key) else str(overall)


def trace_causes(
    connection: duckdb.DuckDBPyConnection,
    before: Mapping[str, Collection[str]],
    after: Collection[str],
    versions_before: Mapping[str, str],
    versions_after: Mapping[str, str],
) -> None:
    """Create the temporary tables report_causes, year_causes, agency_causes and release_causes.

    `before` and `after` name the tables (schema.name) of the two files; one that is missing counts as empty.
    """
    for name, title, columns in (
        ("reports", "marts.dim_report", REPORT),
        ("receipts", "quality.coverage", RECEIPT),
        ("decisions", "quality.corrections", DECISION),
    ):
        _take(connection, f"{name}_before", "previous_file", title, columns, title in before)
        _take(connection, f"{name}_after", MARTS, title, columns, title in after)
    changed = {name: versions_before.get(name) != versions_after.get(name) for name in ("parser", "catalogue")}
    connection.execute(_own_causes(changed["parser"], changed["catalogue"]))
    connection.execute(REPORT_CAUSES)
    connection.execute(YEAR_CAUSES)
    connection.execute(AGENCY_CAUSES)
    connection.execute(_release_causes(changed["catalogue"]))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE no_causes AS SELECT NULL::VARCHAR AS agency_id, NULL::INTEGER AS report_year, "
        "NULL::VARCHAR AS report_id, NULL::VARCHAR AS cause"
    )


def _take(
    connection: duckdb.DuckDBPyConnection, name: str, database: str, title: str, columns: Mapping[str, str], there: bool
) -> None:
    """Some columns of a table under a name of their own; a table or column that is not there is empty."""
    schema, table = title.split(".", 1)
    inside = SCHEMA_IN_FILE.get(schema, schema)
    known = {
        row[0]
        for row in connection.execute(
            "SELECT column_name FROM duckdb_columns() WHERE (database_name, schema_name, table_name) = (?, ?, ?)",
            [database, inside, table],
        ).fetchall()
    }
    chosen = ", ".join(
        f"{quote(column) if there and column in known else 'NULL'}::{kind} AS {quote(column)}"
        for column, kind in columns.items()
    )
    source = f"FROM {quote(database)}.{quote(inside)}.{quote(table)}" if there else "LIMIT 0"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {chosen} {source}")


def _own_causes(new_parser: bool, new_catalogue: bool) -> str:
    """What happened to each report by itself. Versions are known of current reports; one that is not current in both
    releases was read by the versions the releases name."""
    decided = "SELECT report_id, sum(hash(line)::HUGEINT) AS hashes FROM decisions_{} AS line GROUP BY report_id"
    return f"""
CREATE OR REPLACE TEMP TABLE own_causes AS
WITH known AS (
    SELECT report_id, bool_or(NOT is_new) AS stood, bool_or(is_new) AS stands
    FROM (
        SELECT report_id, false AS is_new FROM receipts_before UNION ALL SELECT report_id, false FROM reports_before
        UNION ALL SELECT report_id, true FROM receipts_after UNION ALL SELECT report_id, true FROM reports_after
    )
    GROUP BY report_id
)
SELECT known.report_id, list_filter([
    CASE WHEN NOT stood THEN 'new_file' END,
    CASE WHEN NOT stands THEN 'file_gone' END,
    CASE WHEN stood AND stands AND (
        ({str(new_parser).lower()} AND (b.report_id IS NULL OR a.report_id IS NULL))
        OR (a.report_id = b.report_id
            AND (a.reader_version, a.parser_version) IS DISTINCT FROM (b.reader_version, b.parser_version))
    ) THEN 'new_parser' END,
    CASE WHEN stood AND stands AND (
        ({str(new_catalogue).lower()} AND (b.report_id IS NULL OR a.report_id IS NULL))
        OR (a.report_id = b.report_id AND a.catalogue_version IS DISTINCT FROM b.catalogue_version)
    ) THEN 'new_catalogue' END,
    CASE WHEN stood AND stands AND d.hashes IS DISTINCT FROM e.hashes THEN 'new_decision' END
], cause -> cause IS NOT NULL) AS causes
FROM known
LEFT JOIN reports_before AS b ON known.report_id = b.report_id
LEFT JOIN reports_after AS a ON known.report_id = a.report_id
LEFT JOIN ({decided.format("before")}) AS d ON known.report_id = d.report_id
LEFT JOIN ({decided.format("after")}) AS e ON known.report_id = e.report_id"""


# A report that another one displaced changes because of what happened to that one.
REPORT_CAUSES = """
CREATE OR REPLACE TEMP TABLE report_causes AS
WITH displaced AS (
    SELECT b.report_id, any_value(a.report_id) AS by_report
    FROM reports_before AS b
    JOIN reports_after AS a USING (agency_id, report_year, reporting_scope)
    WHERE a.report_id <> b.report_id
    GROUP BY b.report_id
),
placed AS (
    SELECT report_id, any_value(agency_id) AS agency_id, any_value(agency_name) AS agency_name,
        any_value(report_year) AS report_year, min(source) AS source
    FROM (FROM receipts_after UNION ALL FROM receipts_before)
    GROUP BY report_id
)
SELECT own.report_id, placed.* EXCLUDE (report_id),
    nullif(array_to_string(list_sort(list_distinct(own.causes || ifnull(other.causes, []))), ','), '') AS cause
FROM own_causes AS own
LEFT JOIN displaced ON own.report_id = displaced.report_id
LEFT JOIN own_causes AS other ON displaced.by_report = other.report_id
LEFT JOIN placed ON own.report_id = placed.report_id"""

YEAR_CAUSES = """
CREATE OR REPLACE TEMP TABLE year_causes AS
SELECT agency_id, report_year, reporting_scope, any_value(report_id) AS report_id, any_value(cause) AS cause
FROM (
    SELECT reports.*, causes.cause FROM reports_after AS reports LEFT JOIN report_causes AS causes USING (report_id)
    UNION ALL
    SELECT reports.*, causes.cause
    FROM (
        FROM reports_before AS reports
        ANTI JOIN reports_after AS later USING (agency_id, report_year, reporting_scope)
    ) AS reports
    LEFT JOIN report_causes AS causes USING (report_id)
)
GROUP BY agency_id, report_year, reporting_scope"""

AGENCY_CAUSES = """
CREATE OR REPLACE TEMP TABLE agency_causes AS
SELECT agency_id, NULL::INTEGER AS report_year, NULL::VARCHAR AS report_id,
    array_to_string(list_sort(list_distinct(flatten(list(string_split(cause, ','))))), ',') AS cause
FROM year_causes WHERE cause IS NOT NULL GROUP BY agency_id"""


def _release_causes(new_catalogue: bool) -> str:
    return f"""
CREATE OR REPLACE TEMP TABLE release_causes AS
SELECT array_to_string(list_sort(list_distinct(list(each))), ',') AS cause
FROM (
    SELECT unnest(causes) AS each FROM own_causes
    UNION ALL SELECT 'new_catalogue' WHERE {str(new_catalogue).lower()}
)
HAVING count(*) > 0"""
