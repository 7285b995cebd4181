"""SQL that holds published values to the must-hold identities, made from the catalogue's terms.

Independent of the models that build the marts on purpose: it starts from the published fact rows alone. Every query
answers with one row of counts and first failing rows (see `counted_rows.py`), scans the fact table by grouped joins and
keeps no more than `FIRST_ROWS` failures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from catalogue.model import Comparison, Edition, IdentityInstance, Table, Term, ValueKind
from expectations.sql import FIRST_ROWS, literal, values

EACH = (Comparison.EACH_NOT_NEGATIVE, Comparison.EACH_INTEGER, Comparison.EACH_WITHIN_MAXIMUM)
_BOTH_SIDES = "report_id := report_id, scope := scope, left_value := left_value, right_value := right_value"


def identity_query(edition: Edition, instances: Sequence[IdentityInstance]) -> str:
    """The query for one rule on one table of one edition; the instances differ in scope or variant only.

    Raises ValueError when the edition has no such table.
    """
    table = edition.table(instances[0].table)
    if table is None:
        raise ValueError(f"{instances[0].rule_id}: edition {edition.code} has no table {instances[0].table}")
    if instances[0].comparison in EACH:
        return _each_query(edition, table, instances)
    return _totals_query(edition, instances)


def _totals_query(edition: Edition, instances: Sequence[IdentityInstance]) -> str:
    """Both sides of every instance as sums; only instances whose terms are all published are assessed.

    A cell of 0 adds nothing to a sum, and nine in ten are 0: only the others are looked at. That every report has every
    cell of its form is U-FORM's to check; an instance none of whose cells is here has two sides of 0, which every
    comparison allows. A rule whose cells no report has has matched nothing.
    """
    terms = [
        (number, side, position, term.row_code, term.column_code, term.sign)
        for number, instance in enumerate(instances)
        for side, position, term in _placed_terms(instance)
    ]
    scopes = [
        (number, instance.scope, instance.form_variant or "", _size(instance))
        for number, instance in enumerate(instances)
    ]
    right = "right_value" if instances[0].right else "0"  # a rule without right terms compares with zero
    return f"""
WITH {_fact_rows(edition)},
term(instance, side, position, row_code, column_code, sign) AS MATERIALIZED (VALUES {values(terms)}),
applies(instance, scope, form_variant, terms) AS MATERIALIZED (VALUES {values(scopes)}),
report AS MATERIALIZED (SELECT report_id, ifnull(form_variant, '') AS form_variant FROM marts.dim_report),
side AS NOT MATERIALIZED (
    SELECT told.report_id, term.instance, count(*) - count(told.value) AS unknown,
        sum(CASE WHEN term.side = 'left' THEN term.sign * told.value ELSE 0 END) AS left_value,
        sum(CASE WHEN term.side = 'right' THEN term.sign * told.value ELSE 0 END) AS right_value
    FROM told JOIN term USING (row_code, column_code)
    GROUP BY told.report_id, term.instance
),
judged AS NOT MATERIALIZED (
    SELECT side.report_id, applies.instance, applies.scope, left_value, {right} AS right_value,
        unknown > 0 AS is_unknown, unknown = 0 AND ({_holds(instances[0], right)}) IS NOT TRUE AS broken
    FROM side
        JOIN report ON report.report_id = side.report_id
        JOIN applies ON applies.instance = side.instance AND applies.form_variant IN ('', report.form_variant)
),
cell AS MATERIALIZED (
    SELECT DISTINCT row_code, column_code FROM fact WHERE report_id = (SELECT report_id FROM fact LIMIT 1)
),
recognised AS MATERIALIZED (
    SELECT applies.instance, applies.form_variant
    FROM applies JOIN term USING (instance) JOIN cell USING (row_code, column_code)
    GROUP BY ALL HAVING count(*) >= any_value(applies.terms)
),
due AS MATERIALIZED (
    SELECT count(*) AS instances
    FROM (SELECT DISTINCT report_id FROM fact) JOIN report USING (report_id)
        JOIN recognised ON recognised.form_variant IN ('', report.form_variant)
),
{
        _summary(
            "(SELECT instances FROM due)",
            "(SELECT instances FROM due) - count(*) FILTER (is_unknown)",
            _BOTH_SIDES + ", instance := instance",
        )
    },
{_failing_cells("term.instance = failing.instance", "failing.instance")}
{_ANSWER}"""


def _each_query(edition: Edition, table: Table, instances: Sequence[IdentityInstance]) -> str:
    """Every published cell by itself: an unknown neighbour does not excuse a wrong cell. A cell of 0 offends nothing."""
    comparison = instances[0].comparison
    terms = dict.fromkeys(
        (instance.scope, "left", 0, term.row_code, term.column_code, _bound(table, term, comparison))
        for instance in instances
        for term in instance.left
    )
    violated = {
        Comparison.EACH_NOT_NEGATIVE: "told.value < 0",
        Comparison.EACH_INTEGER: "term.bound IS NULL AND told.value <> trunc(told.value)",
        Comparison.EACH_WITHIN_MAXIMUM: "abs(told.value) > term.bound",
    }[comparison]
    this_cell = "term.scope = failing.scope AND fact.row_code = failing_row AND fact.column_code = failing_column"
    return f"""
WITH {_fact_rows(edition)},
term(scope, side, position, row_code, column_code, bound) AS MATERIALIZED (VALUES {values(list(terms))}),
judged AS NOT MATERIALIZED (
    SELECT told.report_id, term.scope, told.row_code, told.column_code, told.value AS left_value,
        CAST(term.bound AS DECIMAL(20, 6)) AS right_value, told.value IS NOT NULL AND ({violated}) AS broken
    FROM told JOIN term USING (row_code, column_code)
),
{
        _summary(
            "(SELECT count(*) FROM fact)",
            "(SELECT count(value) FROM fact)",
            _BOTH_SIDES + ", failing_row := row_code, failing_column := column_code",
        )
    },
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


def _holds(instance: IdentityInstance, right: str) -> str:
    return {
        Comparison.EQUAL: f"abs(left_value - {right}) <= {instance.tolerance}",
        Comparison.AT_MOST: f"left_value - {right} <= {instance.tolerance}",
        Comparison.AT_LEAST: f"{right} - left_value <= {instance.tolerance}",
    }[instance.comparison]


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


def _summary(matched: str, assessed: str, example: str) -> str:
    return f"""summary AS MATERIALIZED (
    SELECT {matched} AS matched, {assessed} AS assessed, count(*) FILTER (broken) AS unexpected,
        min(struct_pack({example}), {FIRST_ROWS}) FILTER (broken) AS first_rows
    FROM judged
),
failing AS MATERIALIZED (SELECT unnest(first_rows, recursive := true) FROM summary)"""


def _failing_cells(term_of_failing: str, failing_key: str) -> str:
    """The cells of the first failing instances with their values, so that a refusal names them."""
    return f"""named AS MATERIALIZED (
    SELECT any_value(fact.agency_id) AS agency_id, any_value(fact.agency_name) AS agency_name, failing.report_id,
        any_value(fact.report_year) AS report_year, failing.scope,
        CAST(failing.left_value AS VARCHAR) AS left_value, CAST(failing.right_value AS VARCHAR) AS right_value,
        list(struct_pack(side := term.side, row_code := term.row_code, column_code := term.column_code,
            value := CAST(fact.value AS VARCHAR)) ORDER BY term.side, term.position) AS cells
    FROM failing JOIN fact ON fact.report_id = failing.report_id
        JOIN term ON term.row_code = fact.row_code AND term.column_code = fact.column_code AND {term_of_failing}
    GROUP BY failing.report_id, failing.scope, failing.left_value, failing.right_value, {failing_key}
)"""


_ANSWER = """SELECT (SELECT count(*) FROM fact) AS population, matched, assessed, unexpected,
    (SELECT list(named ORDER BY report_id, scope) FROM named) AS rows
FROM summary"""
