"""How a check about ourselves is planned: by an expectation of Great Expectations, a counting query, or a reference.

What is checked of which table stands in the suites; nothing is run here.
"""

from __future__ import annotations

from dataclasses import replace

from catalogue.published import PublishedTable
from expectations import table_queries
from expectations.checks import COUNTED_ROWS, About, Check, CheckSeverity
from expectations.limits import Ceiling

REPORT_COLUMNS = ("report_id", "agency_id", "agency_name", "report_year")


def qualified_name(table: PublishedTable) -> str:
    return f"{table.schema_name}.{table.name}"


def plan_reference(table: PublishedTable, column: str, target: str, target_column: str | None = None) -> Check:
    return replace(
        plan_count(
            table,
            "U-REFERENCE",
            f"{table.chinese}：{column} 在 {target} 中都有对应行",
            f"every {column} has its row in {target}",
            table_queries.pointing_nowhere(
                column, target, {name: name for name in naming_columns(table)}, target_column
            ),
        ),
        check_id=f"{qualified_name(table)}/U-REFERENCE/{column}",
    )


def plan_rule(
    table: PublishedTable,
    rule_id: str,
    chinese: str,
    english: str,
    expectation: str,
    arguments: dict[str, object],
    column: str | None = None,
) -> Check:
    """A check about us by an expectation that Great Expectations brings along."""
    name = qualified_name(table)
    return Check(
        check_id=f"{name}/{rule_id}" + (f"/{column}" if column else ""),
        rule_id=rule_id,
        table=name,
        about=About.US,
        severity=CheckSeverity.BLOCKING,
        chinese=chinese,
        english=english,
        expectation=expectation,
        arguments=arguments,
        shown_columns=naming_columns(table),
    )


def plan_count(
    table: PublishedTable,
    rule_id: str,
    chinese: str,
    english: str,
    query: str,
    about: About = About.US,
    edition: str | None = None,
    identity_severity: str | None = None,
    ceiling: Ceiling | None = None,
    line: str | None = None,
) -> Check:
    """A check by a counting query; about filers it warns, beyond its ceiling it blocks as those about us do. `line`: the
    check's own row of a query that several checks share."""
    name = qualified_name(table)
    return Check(
        check_id=f"{name}/{rule_id}" + (f"/{edition}" if edition else ""),
        rule_id=rule_id,
        table=name,
        about=about,
        severity=CheckSeverity.BLOCKING if about is About.US else CheckSeverity.WARNING,
        chinese=chinese,
        english=english,
        expectation=COUNTED_ROWS,
        arguments={"unexpected_rows_query": query} | ({"line": line} if line else {}),
        edition=edition,
        identity_severity=identity_severity,
        ceiling=ceiling,
    )


def naming_columns(table: PublishedTable) -> tuple[str, ...]:
    """The columns that tell a reader which row is meant: the report and the key."""
    report = (name for name in REPORT_COLUMNS if any(column.name == name for column in table.columns))
    return tuple(dict.fromkeys((*report, *table.primary_key)))
