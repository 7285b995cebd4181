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
    """Both sides of every instance as sums; only instances whose terms are all published are assessed."""
    terms = [
        (number, side, position, term.row_code, term.column_code, term.sign)
        for number, instance in enumerate(instances)
        for side, position, term in _placed_terms(instance)
    ]
    sizes = [(number, instance.scope, *_sizes(instance)) for number, instance in enumerate(instances)]
    right = "right_value" if instances[0].right else "0"  # a rule without right terms compares with zero
    return f"""
WITH {_fact_rows(edition)},
term(instance, side, position, row_code, column_code, sign) AS MATERIALIZED (VALUES {values(terms)}),
size(instance, scope, terms, terms_of_variant) AS MATERIALIZED (VALUES {values(sizes)}),
side AS NOT MATERIALIZED (
    SELECT fact.report_id, term.instance, count(*) AS found, count(fact.value) AS published,
        sum(term.sign * fact.value) FILTER (term.side = 'left') AS left_value,
        sum(term.sign * fact.value) FILTER (term.side = 'right') AS right_value
    FROM fact JOIN term USING (row_code, column_code)
    GROUP BY fact.report_id, term.instance
),
judged AS NOT MATERIALIZED (
    SELECT side.report_id, size.instance, size.scope, left_value, {right} AS right_value,
        published = found AS assessed, published = found AND ({_holds(instances[0], right)}) IS NOT TRUE AS broken
    FROM side JOIN size ON size.instance = side.instance AND side.found IN (size.terms, size.terms_of_variant)
),
{_summary(_BOTH_SIDES + ", instance := instance")},
{_failing_cells("term.instance = failing.instance", "failing.instance")}
{_ANSWER}"""


def _each_query(edition: Edition, table: Table, instances: Sequence[IdentityInstance]) -> str:
    """Every published cell by itself: an unknown neighbour does not excuse a wrong cell."""
    comparison = instances[0].comparison
    terms = dict.fromkeys(
        (instance.scope, "left", 0, term.row_code, term.column_code, _bound(table, term, comparison))
        for instance in instances
        for term in instance.left
    )
    violated = {
        Comparison.EACH_NOT_NEGATIVE: "fact.value < 0",
        Comparison.EACH_INTEGER: "term.bound IS NULL AND fact.value <> trunc(fact.value)",
        Comparison.EACH_WITHIN_MAXIMUM: "abs(fact.value) > term.bound",
    }[comparison]
    this_cell = "term.scope = failing.scope AND fact.row_code = failing_row AND fact.column_code = failing_column"
    return f"""
WITH {_fact_rows(edition)},
term(scope, side, position, row_code, column_code, bound) AS MATERIALIZED (VALUES {values(list(terms))}),
judged AS NOT MATERIALIZED (
    SELECT fact.report_id, term.scope, fact.row_code, fact.column_code, fact.value AS left_value,
        CAST(term.bound AS DECIMAL(20, 6)) AS right_value, fact.value IS NOT NULL AS assessed,
        fact.value IS NOT NULL AND ({violated}) AS broken
    FROM fact JOIN term USING (row_code, column_code)
),
{_summary(_BOTH_SIDES + ", failing_row := row_code, failing_column := column_code")},
{_failing_cells(this_cell, "failing_row, failing_column")}
{_ANSWER}"""


def _placed_terms(instance: IdentityInstance) -> Iterator[tuple[str, int, Term]]:
    for position, term in enumerate(instance.left):
        yield "left", position, term
    for position, term in enumerate(instance.right):
        yield "right", position, term


def _sizes(instance: IdentityInstance) -> tuple[int, int]:
    """How many terms a report of the national form has, and one of the variant that fills every row."""
    terms = (*instance.left, *instance.right)
    return sum(term.form_variant in (None, instance.form_variant) for term in terms), len(terms)


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
fact AS NOT MATERIALIZED (SELECT * FROM batch WHERE form_version = {literal(edition.code)})"""


def _summary(example: str) -> str:
    return f"""summary AS MATERIALIZED (
    SELECT count(*) AS matched, count(*) FILTER (assessed) AS assessed, count(*) FILTER (broken) AS unexpected,
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
