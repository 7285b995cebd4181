"""Literals pass two readers, batch substitution and SQLAlchemy, and reach DuckDB unchanged."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
import sqlalchemy

from expectations.sql import literal, values


@pytest.mark.parametrize("text", ["column:org_other", "12:30", ":name", "it's", "{batch}", "a{0}b", "第（一）项"])
def test_text_survives(text: str) -> None:
    statement = sqlalchemy.text(f"SELECT {literal(text)} FROM {{batch}}".format(batch="(SELECT 1)"))
    compiled = statement.compile()
    assert compiled.params == {}
    assert duckdb.sql(str(compiled)).fetchall() == [(text,)]


def test_values_of_every_kind() -> None:
    rows = duckdb.sql(f"SELECT * FROM (VALUES {values([(1, Decimal('0.5'), True, None, 'a')])})").fetchall()
    assert rows == [(1, Decimal("0.5"), True, None, "a")]
