"""A release against what is known of a nation: rows that are missing, and rows that nobody expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from benchmarks.nationwide.truth import COLUMNS, MILLION, Row, Truth

_QUALITY = ("report_versions", "coverage")
_SELECTED = {
    "coverage": "select report_id, disposition, reason, count(*) as receipts from quality.coverage group by all",
    "dim_agency_name": "select * from marts.dim_agency_name where name_kind in ('full', 'listed')",
}


@dataclass(frozen=True)
class Difference:
    """A table held against its truth: how many rows it should have, and those that are on one side only."""

    table: str
    rows: int
    missing: Sequence[Row]
    unexpected: Sequence[Row]

    @property
    def is_none(self) -> bool:
        return not self.missing and not self.unexpected

    def shown(self, most: int = 5) -> str:
        lines = [f"{self.table}: {len(self.missing)} rows missing, {len(self.unexpected)} unexpected, of {self.rows}"]
        lines.append(f"  {COLUMNS[self.table]}")
        lines += [f"  missing    {row}" for row in self.missing[:most]]
        lines += [f"  unexpected {row}" for row in self.unexpected[:most]]
        return "\n".join(lines)


def compare(truth: Truth, release: Path) -> list[Difference]:
    """Every table the truth knows against that of a release folder."""
    with duckdb.connect(str(release / "marts.duckdb"), read_only=True) as connection:
        return [_compare_table(truth, connection, table) for table in COLUMNS]


def _compare_table(truth: Truth, connection: duckdb.DuckDBPyConnection, table: str) -> Difference:
    schema = "quality" if table in _QUALITY else "marts"
    selected = _SELECTED.get(table, f"select * from {schema}.{table}")
    columns = ", ".join(COLUMNS[table])
    found = Counter(_plain(row) for row in connection.execute(f"select {columns} from ({selected})").fetchall())
    due = Counter(truth.rows(table))
    missing, unexpected = (sorted((one - other).elements(), key=str) for one, other in ((due, found), (found, due)))
    return Difference(table, due.total(), missing, unexpected)


def _plain(row: Row) -> Row:
    """Decimals as whole numbers of millionths."""
    return tuple(int(value * MILLION) if isinstance(value, Decimal) else value for value in row)
