"""A small warehouse built by hand: two reports without a flaw, in every published table, without any of the models."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from catalogue.load import load_catalogue
from catalogue.model import Catalogue, Comparison, Table
from catalogue.published import PublishedColumn, load_published
from expectations.results import ValidationRun
from expectations.suites import plan_checks
from expectations.validate import validate_plan

REPORTS = (
    {
        "report_id": "a" * 16,
        "agency_id": "agency-a",
        "agency_name": "甲市水务局",
        "report_year": 2019,
        "edition": "table_2019",
    },
    {
        "report_id": "b" * 16,
        "agency_id": "agency-b",
        "agency_name": "乙县教育局",
        "report_year": 2021,
        "edition": "table_2021",
    },
)
FACTS = {"T2": "fct_proactive_disclosure", "T3": "fct_applications", "T4": "fct_review_litigation"}
DEFAULTS: dict[str, Any] = {
    "VARCHAR": "甲",
    "INTEGER": 1,
    "BIGINT": 1,
    "BOOLEAN": False,
    "TIMESTAMP": "2022-02-01",
    "VARCHAR[]": [],
}

ABOUT_COVERAGE = {
    "status": "published",
    "cells_withheld": 0,
    "timeliness": "no_deadline",
    "deadline": None,
    "first_published_on": None,
}

Figures = dict[tuple[str, str], Decimal]


def consistent_figures(table: Table) -> Figures:
    """Figures of one table that hold every identity of the form."""
    if table.code == "T3":
        return _applications(table)
    figures = {cell: Decimal(3) for cell in table.cells()}
    if table.code == "T4":
        for row in table.rows:
            figures[row.code, "total"] = Decimal(3 * (len(row.columns) - 1))
    return figures


def _applications(table: Table) -> Figures:
    applicants = table.column_sets["applicants"]
    leaves = table.row_sets["leaves"]
    figures: Figures = {}
    for place, column in enumerate(applicants):
        for order, row in enumerate(leaves):
            figures[row, column] = Decimal((place + order) % 3)
        outcomes = sum((figures[row, column] for row in leaves), Decimal(0))
        figures["outcomes_total", column] = outcomes
        figures["requests_carried_in", column] = Decimal(2)
        figures["requests_carried_out", column] = Decimal(1)
        figures["requests_received", column] = outcomes + 1 - 2
    for row in table.rows:
        figures[row.code, "total"] = sum((figures[row.code, column] for column in applicants), Decimal(0))
    return figures


def build_warehouse(path: Path, catalogue: Catalogue) -> None:
    connection = duckdb.connect(str(path))
    for schema in ("marts", "quality"):
        connection.execute(f"CREATE SCHEMA {schema}")
    rows = published_rows(catalogue)
    for table in load_published(catalogue).tables:
        columns = ", ".join(f"{column.name} {column.type}" for column in table.columns)
        name = f"{table.schema_name}.{table.name}"
        connection.execute(f"CREATE TABLE {name} ({columns})")
        filled = [{column.name: _value(column, row) for column in table.columns} for row in rows.get(table.name, ())]
        if filled:
            arrow = pa.Table.from_pylist(filled)
            connection.register("filled", arrow)
            connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM filled")
    connection.close()


def _value(column: PublishedColumn, row: dict[str, Any]) -> Any:
    if column.name in row:
        return row[column.name]
    if not column.required:
        return None
    return column.accepted[0] if column.accepted else DEFAULTS[column.type]


def published_rows(catalogue: Catalogue) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in FACTS.values()}
    rows |= {
        "dim_report": [],
        "coverage": [],
        "cells_as_filed": [],
        "identity_ledger": [],
        "plausibility_ledger": [],
        "agency_year": [],
        "dim_agency": [],
        "coverage_by_agency": [],
        "coverage_rollups": [],
        "indicator_rollups": [],
        "report_versions": [],
    }
    rows["dim_line_item"] = [
        {"edition": edition.code, "table_code": table.code, "row_code": row_code, "column_code": column_code}
        for edition in catalogue.editions
        for table in edition.tables
        for row_code, column_code in table.cells_of_all_variants()
    ]
    for report in REPORTS:
        edition = report["edition"]
        forms = {f"t{number}_form": edition for number in (2, 3, 4)}
        common = (
            report
            | forms
            | {
                "form_version": edition,
                "reporting_scope": "agency",
                "sha256": report["report_id"] * 4,
                "source": f"inbox/{report['report_id']}.html",
                "receipt_id": report["report_id"],
                "disposition": "published",
            }
        )
        for name in ("dim_report", "coverage", "agency_year", "dim_agency", "coverage_by_agency", "report_versions"):
            rows[name].append(common | {"lineage_id": common["agency_id"]} | ABOUT_COVERAGE | _current(report))
        rows["coverage_rollups"] += _rollups(common)
        rows["indicator_rollups"] += [
            each
            | {"indicator_code": indicator.code, "reports_unknown": 1, "reports_counted": 0, "is_small_number": None}
            for each in _rollups(common)
            for indicator in catalogue.indicators
        ]
        for table_code, fact in FACTS.items():
            table = catalogue.edition(edition).table(table_code)
            assert table is not None
            cells = list(_cells(common, table))
            rows[fact] += cells
            rows["cells_as_filed"] += cells
            rows["identity_ledger"] += _ledger(catalogue, report, table)
        rows["plausibility_ledger"] += _warnings(catalogue, report)
    rows["dictionary"] = [
        {"schema_name": table.schema_name, "table_name": table.name, "column_name": column.name, "column_order": order}
        for table in load_published(catalogue).tables
        for order, column in enumerate(table.columns)
    ]
    return rows


def _current(report: dict[str, Any]) -> dict[str, Any]:
    return {"standing": "current", "current_report_id": report["report_id"], "content_id": report["report_id"]}


def _rollups(common: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The groups of one agency whose level and function are not known: it is the only one of its year."""
    for grouped_by, level, function in (
        ("all", "all", "all"),
        ("level", "unknown", "all"),
        ("function", "all", "unknown"),
        ("level_function", "unknown", "unknown"),
    ):
        yield {
            "report_year": common["report_year"],
            "reporting_scope": "agency",
            "grouped_by": grouped_by,
            "region_code": "100000",
            "agency_level": level,
            "function_category": function,
            **dict.fromkeys(("agencies_expected", "agencies_expected_reporting"), 0),
            **dict.fromkeys(("agencies_reporting", "published", "no_deadline"), 1),
            **dict.fromkeys(("withheld_in_part", "unreadable", "not_filed", "on_time", "late", "undated"), 0),
        }


def _cells(common: dict[str, Any], table: Table) -> Iterator[dict[str, Any]]:
    for (row_code, column_code), value in consistent_figures(table).items():
        yield common | {
            "table_code": table.code,
            "row_code": row_code,
            "column_code": column_code,
            "printed": str(value),
            "value": value,
            "value_published": value,
            "value_source": "printed",
        }


def _ledger(catalogue: Catalogue, report: dict[str, Any], table: Table) -> Iterator[dict[str, Any]]:
    figures = consistent_figures(table)
    for instance in catalogue.instances_of(report["edition"], table.code):
        left = sum((term.sign * figures[term.row_code, term.column_code] for term in instance.left), Decimal(0))
        sided = instance.comparison in (Comparison.EQUAL, Comparison.AT_LEAST, Comparison.AT_MOST)
        yield {
            "report_id": report["report_id"],
            "rule_id": instance.rule_id,
            "edition": instance.edition,
            "table_code": table.code,
            "scope": instance.scope,
            "severity": instance.severity.value,
            "left_value": left if sided else None,
            "outcome": "holds",
        }


def _warnings(catalogue: Catalogue, report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for instance in catalogue.plausibility_instances:
        if instance.edition == report["edition"] and instance.form_variant is None:
            yield {
                "report_id": report["report_id"],
                "relation": instance.relation.value,
                "rule_id": instance.rule_id,
                "edition": instance.edition,
                "table_code": instance.table,
                "scope": instance.scope,
                "severity": instance.severity.value,
                "outcome": "holds",
            }


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def clean_warehouse(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    path = tmp_path_factory.mktemp("warehouse") / "clean.duckdb"
    build_warehouse(path, catalogue)
    return path


@pytest.fixture(scope="session")
def gx_context() -> Any:
    from expectations.connect import open_context

    return open_context()


Validate = Callable[..., ValidationRun]


@pytest.fixture
def validate_after(clean_warehouse: Path, catalogue: Catalogue, gx_context: Any, tmp_path: Path) -> Validate:
    """Validates the named tables of a copy of the clean warehouse after some statements were run on it."""

    def validate(*statements: str, tables: tuple[str, ...], receipts: int = len(REPORTS)) -> ValidationRun:
        copy = tmp_path / "warehouse.duckdb"
        shutil.copy(clean_warehouse, copy)
        connection = duckdb.connect(str(copy))
        for statement in statements:
            connection.execute(statement)
        connection.close()
        plan = tuple(check for check in plan_checks(catalogue, receipts) if check.table in tables)
        return validate_plan(plan, copy, catalogue.version, fingerprint="fixture", context=gx_context)

    return validate
