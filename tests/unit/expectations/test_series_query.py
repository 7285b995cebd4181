"""The check of series against facts: quick by one sum a report, and no wrong figure passes it for that."""

from __future__ import annotations

import duckdb
import pytest

from catalogue.load import load_catalogue
from expectations.rollup_queries import series_unlike_facts

FACTS = ("fct_applications", "fct_proactive_disclosure", "fct_review_litigation", "fct_statistics_annex")
GRANTED = ("granted_full_total", "table_2021", 3)


@pytest.mark.parametrize(
    ("figure", "broken"),
    [
        (("requests_received_total", "table_2021", 0), 0),
        (("requests_received_total", "table_2021", 1), 1),
        (("requests_received_total", "table_2021", None), 1),
        (("requests_carried_in_total", "table_2021", 0), 1),
        (("requests_received_total", "table_2019", 0), 1),
        (("no such series", "table_2021", 0), 1),
    ],
    ids=["as it is", "another figure", "no figure", "a 0 of another series", "a 0 of another form", "a 0 of no series"],
)
def test_a_figure_that_is_not_that_of_the_facts_is_noticed(figure: tuple[str, str, int | None], broken: int) -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA marts")
        for table in FACTS:
            connection.execute(
                f"CREATE TABLE marts.{table} (report_id VARCHAR, form_version VARCHAR, row_code VARCHAR, "
                "column_code VARCHAR, value DECIMAL(20, 6))"
            )
        connection.execute(
            "INSERT INTO marts.fct_applications VALUES ('r', 'table_2021', 'requests_received', 'total', 0), "
            "('r', 'table_2021', 'granted_full', 'total', 3)"
        )
        connection.execute(
            "CREATE TABLE marts.fct_series (agency_id VARCHAR, report_year INTEGER, report_id VARCHAR, "
            "series_code VARCHAR, form_version VARCHAR, value DECIMAL(20, 6))"
        )
        for series in (figure, GRANTED):
            connection.execute("INSERT INTO marts.fct_series VALUES ('a', 2022, 'r', ?, ?, ?)", series)
        query = series_unlike_facts(load_catalogue()).format(batch="marts.fct_series")
        assert (connection.execute(query).fetchone() or ())[:4] == (2, 2, 2, broken)
