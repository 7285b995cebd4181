"""SQL that holds published values to the must-hold identities, made from the catalogue's terms.

Independent of the models that build the marts on purpose: it starts from the published fact rows alone. A query judges all
rules of one kind on one edition in one scan and answers with a row of counts and first failing rows for each, its `line`
(see `counted_rows.py`); it keeps no more than `FIRST_ROWS` failures a rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from catalogue.model import Comparison, Edition, IdentityInstance, Table, Term, ValueKind
from expectations.sql import FIRST_ROWS, literal, values

EACH = (Comparison.EACH_NOT_NEGATIVE, Comparison.EACH_INTEGER, Comparison.EACH_WITHIN_MAXIMUM)
_BOTH_SIDES = "report_id := report_id, scope := scope, left_value := left_value, right_value := right_value"


def identity_queries(edition: Edition, instances: Sequence[IdentityInstance]) -> dict[str, str]:
    """Rule -> the query that judges it on the published rows of a table in one edition; rules share their queries.

    Raises ValueError when the edition has no such table.
    """
    table = edition.table(instances[0].table)
    if table is None:
        raise ValueError(f"{instances[0].rule_id}: edition {edition.code} has no table {instances[0].table}")
    each = [instance for instance in instances if instance.comparison in EACH]
    totals = [instance for instance in instances if instance.comparison not in EACH]
    queries = (
        (totals, _totals_query(edition, totals) if totals else ""),
        (each, _each_query(edition, table, each) if each else ""),
    )
    return {instance.rule_id: query for judged, query in queries for instance in judged}


def _totals_query(edition: Edition, instances: Sequence[IdentityInstance]) -> str:
    """Both sides of every instance as sums; only instances whose terms are all published are assessed.

    A cell of 0 adds nothing to a sum, and nine in ten are 0: only the others are looked at. That every report has every
    cell of its form is U-FORM's to check; an instance none of whose cells is here has two sides of 0, which every
    comparison allows. A rule whose cells no report has has matched nothing. A rule without right terms compares with zero.
    """
    terms = [
        (number, side, position, term.row_code, term.column_code, term.sign)
        for number, instance in enumerate(instances)
        for side, position, term in _placed_terms(instance)
    ]
    scopes = [
        (
            number,
            instance.rule_id,
            instance.scope,
            instance.form_variant or "",
            _size(instance),
            instance.comparison.value,
            instance.tolerance,
        )
        for number, instance in enumerate(instances)
    ]
    return f"""
WITH {_fact_rows(edition)},
term(instance, side, position, row_code, column_code, sign) AS MATERIALIZED (VALUES {values(terms)}),
applies(instance, line, scope, form_variant, terms, comparison, tolerance) AS MATERIALIZED (VALUES {values(scopes)}),
report AS MATERIALIZED (SELECT report_id, ifnull(form_variant, '') AS form_variant FROM marts.dim_report),
side AS NOT MATERIALIZED (
    SELECT told.report_id, term.instance, count(*) - count(told.value) AS unknown,
        sum(CASE WHEN term.side = 'left' THEN term.sign * told.value ELSE 0 END) AS left_value,
        sum(CASE WHEN term.side = 'right' THEN term.sign * told.value ELSE 0 END) AS right_value
    FROM told JOIN term USING (row_code, column_code)
    GROUP BY told.report_id, term.instance
),
judged AS MATERIALIZED (
    SELECT side.report_id, applies.line, applies.instance, applies.scope, left_value, right_value,
        unknown > 0 AS is_unknown,
        unknown = 0 AND (CASE applies.comparison
            WHEN {literal(Comparison.EQUAL.value)} THEN abs(left_value - right_value) <= applies.tolerance
            WHEN {literal(Comparison.AT_MOST.value)} THEN left_value - right_value <= applies.tolerance
            WHEN {literal(Comparison.AT_LEAST.value)} THEN right_value - left_value <= applies.tolerance
            END) IS NOT TRUE AS broken
    FROM side
        JOIN report ON report.report_id = side.report_id
        JOIN applies ON applies.instance = side.instance AND applies.form_variant IN ('', report.form_variant)
    WHERE is_unknown OR broken
),
cell AS MATERIALIZED (
    SELECT DISTINCT row_code, column_code FROM fact WHERE report_id = (SELECT report_id FROM fact LIMIT 1)
),
recognised AS MATERIALIZED (
    SELECT applies.line, applies.instance, applies.form_variant
    FROM applies JOIN term USING (instance) JOIN cell USING (row_code, column_code)
    GROUP BY ALL HAVING count(*) >= any_value(applies.terms)
),
due AS MATERIALIZED (
    SELECT recognised.line, count(*) AS instances
    FROM (SELECT DISTINCT report_id FROM fact) JOIN report USING (report_id)
        JOIN recognised ON recognised.form_variant IN ('', report.form_variant)
    GROUP BY recognised.line
),
summary AS MATERIALIZED (
    SELECT rule.line, ifnull(due.instances, 0) AS matched, ifnull(due.instances, 0) - ifnull(found.unknown, 0) AS assessed,
        ifnull(found.broken, 0) AS unexpected, found.first_rows
    FROM (SELECT DISTINCT line FROM applies) AS rule LEFT JOIN due USING (line) LEFT JOIN (
        SELECT line, count(*) FILTER (is_unknown) AS unknown, count(*) FILTER (broken) AS broken,
            min(CASE WHEN broken THEN struct_pack({_BOTH_SIDES}, instance := instance) END, {FIRST_ROWS})
                FILTER (broken) AS first_rows
        FROM judged GROUP BY line
    ) AS found USING (line)
),
{_failing_cells("term.instance = failing.instance", "failing.instance")}
{_ANSWER}"""


def _each_query(edition: Edition, table: Table, instances: Sequence[IdentityInstance]) -> str:
    """Every published cell by itself: an unknown neighbour does not excuse a wrong cell. A cell of 0 offends nothing."""
    terms = dict.fromkeys(
        (
            instance.rule_id,
            instance.comparison.value,
            instance.scope,
            "left",
            0,
            term.row_code,
            term.column_code,
            _bound(table, term, instance.comparison),
        )
        for instance in instances
        for term in instance.left
    )
    this_cell = (
        "term.line = failing.line AND term.scope = failing.scope AND fact.row_code = failing_row "
        "AND fact.column_code = failing_column"
    )
    return f"""
WITH {_fact_rows(edition)},
term(line, comparison, scope, side, position, row_code, column_code, bound) AS MATERIALIZED (VALUES {values(list(terms))}),
judged AS MATERIALIZED (
    SELECT term.line, told.report_id, term.scope, told.row_code, told.column_code, told.value AS left_value,
        CAST(term.bound AS DECIMAL(20, 6)) AS right_value
    FROM told JOIN term USING (row_code, column_code)
    WHERE told.value IS NOT NULL AND CASE term.comparison
        WHEN {literal(Comparison.EACH_NOT_NEGATIVE.value)} THEN told.value < 0
        WHEN {literal(Comparison.EACH_INTEGER.value)} THEN term.bound IS NULL AND told.value <> trunc(told.value)
        WHEN {literal(Comparison.EACH_WITHIN_MAXIMUM.value)} THEN abs(told.value) > term.bound
        END
),
size AS MATERIALIZED (SELECT count(*) AS cells, count(value) AS known FROM fact),
summary AS MATERIALIZED (
    SELECT rule.line, size.cells AS matched, size.known AS assessed, ifnull(found.broken, 0) AS unexpected, found.first_rows
    FROM (SELECT DISTINCT line FROM term) AS rule CROSS JOIN size LEFT JOIN (
        SELECT line, count(*) AS broken,
            min(struct_pack({_BOTH_SIDES}, failing_row := row_code, failing_column := column_code), {FIRST_ROWS}) AS first_rows
        FROM judged GROUP BY line
    ) AS found USING (line)
),
{_failing_cells(this_cell, "failing_row, failing_column")}
{_ANSWER}"""


def _placed_terms(instance: IdentityInstance) -> Iterator[tuple[str, int, Term]]:
    for position, term in enumerate(instance.left):
        yield "left", position, term
    for position, term in enumerate(instance.right):
        yield "right", position, term


def _size(instance: IdentityInstance) -> int:
    """How many terms every report of the edition has; rows of a variant are over and above."""
    return sum(term.form_variant is None for term in (*instance.left, *instance.right))


def _bound(table: Table, term: Term, comparison: Comparison) -> Decimal | None:
    """G-04: the maximum of the cell. G-02: decimals allowed where the cell need not be whole, else null."""
    if comparison is Comparison.EACH_WITHIN_MAXIMUM:
        return table.maximum_of(term.row_code, term.column_code)
    if comparison is Comparison.EACH_INTEGER and table.kind_of(term.row_code, term.column_code) is ValueKind.AMOUNT:
        return Decimal(6)
    return None


def _fact_rows(edition: Edition) -> str:
    return f"""batch AS NOT MATERIALIZED (SELECT * FROM {{batch}}),
fact AS NOT MATERIALIZED (SELECT * FROM batch WHERE form_version = {literal(edition.code)}),
told AS NOT MATERIALIZED (SELECT * FROM fact WHERE (value = 0) IS NOT TRUE)"""


def _failing_cells(term_of_failing: str, failing_key: str) -> str:
    """The cells of the first failing instances with their values, so that a refusal names them."""
    return f"""failing AS MATERIALIZED (SELECT line, unnest(first_rows, recursive := true) FROM summary),
named AS MATERIALIZED (
    SELECT failing.line, any_value(fact.agency_id) AS agency_id, any_value(fact.agency_name) AS agency_name,
        failing.report_id, any_value(fact.report_year) AS report_year, failing.scope,
        CAST(failing.left_value AS VARCHAR) AS left_value, CAST(failing.right_value AS VARCHAR) AS right_value,
        list(struct_pack(side := term.side, row_code := term.row_code, column_code := term.column_code,
            value := CAST(fact.value AS VARCHAR)) ORDER BY term.side, term.position) AS cells
    FROM failing JOIN fact ON fact.report_id = failing.report_id
        JOIN term ON term.row_code = fact.row_code AND term.column_code = fact.column_code AND {term_of_failing}
    GROUP BY failing.line, failing.report_id, failing.scope, failing.left_value, failing.right_value, {failing_key}
),
shown AS MATERIALIZED (
    SELECT line, list(struct_pack(agency_id := agency_id, agency_name := agency_name, report_id := report_id,
        report_year := report_year, scope := scope, left_value := left_value, right_value := right_value, cells := cells)
        ORDER BY report_id, scope) AS rows
    FROM named GROUP BY line
)"""


_ANSWER = """SELECT summary.line, (SELECT count(*) FROM fact) AS population, matched, assessed, unexpected, shown.rows
FROM summary LEFT JOIN shown USING (line)"""
