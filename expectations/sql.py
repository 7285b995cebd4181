"""How values and lists are written into the queries of this package; no query of its own.

The texts pass through two readers before DuckDB sees them: the `{batch}` substitution of Great Expectations, and
SQLAlchemy, to which `:name` is a parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

FIRST_ROWS = 20
"""Failing rows that a result carries along; the counts are of all of them."""


def literal(value: object) -> str:
    """A value as an SQL literal that survives both readers."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | Decimal):
        return str(value)
    text = str(value).replace("'", "''").replace("{", "{{").replace("}", "}}").replace(":", "\\:")
    return f"'{text}'"


def values(rows: Sequence[Sequence[object]]) -> str:
    """The rows of a VALUES list, which must not be empty."""
    return ", ".join("(" + in_list(row) + ")" for row in rows)


def in_list(items: Iterable[object]) -> str:
    """Literals separated by commas."""
    return ", ".join(literal(item) for item in items)
