"""Runs the planned suites in-database against a warehouse file and returns typed results, one for each planned check.

A check that raises, or that Great Expectations leaves out of its answer, still has a result: it could not be checked.
Judging is `gate.py`; nothing is written here.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from catalogue.load import load_catalogue
from catalogue.model import Catalogue
from disclosure.publish import fingerprint_warehouse
from expectations.checks import COUNTED_ROWS, Check
from expectations.connect import open_context, open_warehouse
from expectations.gate import judge
from expectations.limits import NO_LIMITS, Limits
from expectations.results import CheckResult, CheckState, FailingCell, FailingRow, ValidationRun
from expectations.suites import build_suite, plan_checks

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
    from great_expectations.data_context import EphemeralDataContext
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource

_SHOWN_ROWS = 20
_CONTEXT_FIELDS = ("agency_id", "agency_name", "report_id", "scope")
_OWN_FIELDS = {*_CONTEXT_FIELDS, "report_year", "left_value", "right_value", "cells"}


def validate_warehouse(
    warehouse: Path,
    catalogue: Catalogue | None = None,
    *,
    receipts: int | None = None,
    limits: Limits = NO_LIMITS,
    fingerprint: str | None = None,
    context: EphemeralDataContext | None = None,
) -> ValidationRun:
    """Run every planned check on the published tables of a warehouse and judge the results.

    `receipts`: number of receipts in the archive's register; coverage has to account for exactly as many. `limits`:
    what a home accepts, and the release before. `fingerprint`: identifies the file as
    validated; computed when left out. `context`: to share between calls.

    Raises FileNotFoundError when there is no such warehouse; whatever is wrong inside it is a result.
    """
    catalogue = catalogue or load_catalogue()
    return validate_plan(
        plan_checks(catalogue, receipts, limits=limits), warehouse, catalogue.version, fingerprint, context
    )


def validate_plan(
    plan: tuple[Check, ...],
    warehouse: Path,
    catalogue_version: str,
    fingerprint: str | None = None,
    context: EphemeralDataContext | None = None,
) -> ValidationRun:
    """Run the checks of a plan and judge them as a whole; see `validate_warehouse`."""
    started, clock = datetime.now(UTC), time.monotonic()
    fingerprint = fingerprint or _fingerprint(
        warehouse
    )  # before the checks: a file changed under them is refused later
    with open_warehouse(context or open_context(), warehouse) as source:
        checks = tuple(run_checks(plan, source))
    verdict = judge(plan, checks)
    return ValidationRun(
        run_id=started.strftime("%Y%m%dT%H%M%S%fZ"),
        warehouse=str(warehouse),
        fingerprint=fingerprint,
        catalogue_version=catalogue_version,
        started_at=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - clock, 3),
        passed=verdict.passed,
        reasons=verdict.reasons,
        checks=checks,
    )


def run_checks(plan: tuple[Check, ...], source: SQLDatasource) -> Iterator[CheckResult]:
    """The result of each planned check, suite by suite in the order of the plan."""
    for table in dict.fromkeys(check.table for check in plan):
        yield from _run_suite(table, tuple(check for check in plan if check.table == table), source)


def _run_suite(table: str, checks: tuple[Check, ...], source: SQLDatasource) -> Iterator[CheckResult]:
    try:
        answered = _answers(table, checks, source)
    except Exception as error:  # whatever stops a suite, a missing table or a broken view, is a result and no crash
        for check in checks:
            yield _result(check, CheckState.COULD_NOT_CHECK, reason=f"无法检验 {table}：{_first_line(error)}")
        return
    for check in checks:
        found = answered.get(check.check_id)
        yield (
            read_answer(check, found)
            if found is not None
            else _result(check, CheckState.COULD_NOT_CHECK, reason="检验结果中没有这一项")
        )


def _answers(table: str, checks: tuple[Check, ...], source: SQLDatasource) -> dict[str, ExpectationValidationResult]:
    """What Great Expectations says of each check of one table, by check id; raises when there is no such table."""
    if all(check.of_columns for check in checks):
        described = source.add_query_asset(
            name=table, query=f"SELECT column_name FROM (DESCRIBE SELECT * FROM {table})"
        )
        batch = described.add_batch_definition_whole_table("columns").get_batch()
    else:
        schema, name = table.split(".")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # naming the schema is the only way to it on DuckDB
            asset = source.add_table_asset(name=table, table_name=name, schema_name=schema)
        batch = asset.add_batch_definition_whole_table("whole table").get_batch()
    keys = next((check.shown_columns for check in checks if check.shown_columns), ())
    answer = batch.validate(
        build_suite(table, checks),
        result_format={"result_format": "SUMMARY", "unexpected_index_column_names": list(keys)},
    )
    return _by_check_id(answer)


def _by_check_id(answer: ExpectationSuiteValidationResult) -> dict[str, ExpectationValidationResult]:
    return {
        result.expectation_config.meta["check_id"]: result
        for result in answer.results
        if result.expectation_config is not None and result.expectation_config.meta
    }


def read_answer(check: Check, answer: ExpectationValidationResult) -> CheckResult:
    """A result of Great Expectations in our own terms.

    `success: False` alone says nothing: it also stands for an exception. And `success: True` also stands for a query
    that looked at nothing.
    """
    raised = _exception_of(answer.exception_info)
    if raised or not answer.result:
        return _result(check, CheckState.COULD_NOT_CHECK, reason=f"检验时出错：{raised or '没有返回结果'}")
    if check.expectation == COUNTED_ROWS:
        return _read_counts(check, answer.result["details"])
    return _read_column(check, bool(answer.success), answer.result)


def _read_counts(check: Check, details: Mapping[str, Any]) -> CheckResult:
    """The counts of the project's own expectation."""
    counts = {name: int(details[name]) for name in ("population", "matched", "assessed", "unexpected")}
    state, reason = CheckState.PASSED, ""
    if counts["unexpected"]:
        state = CheckState.FAILED
    elif not counts["population"]:
        state, reason = CheckState.NOTHING_TO_CHECK, "没有这一类数据"
    elif not counts["matched"]:
        state = CheckState.COULD_NOT_CHECK
        reason = f"表中有 {counts['population']} 行数据，但没有一行能与本规则对应"
    elif not counts["assessed"]:
        state, reason = CheckState.NOTHING_TO_CHECK, "所需数值均未填或暂不发布"
    rows = tuple(_failing_row(row) for row in details["rows"][:_SHOWN_ROWS]) if counts["unexpected"] else ()
    most = check.ceiling.most_broken(counts["assessed"]) if check.ceiling else None
    return _result(check, state, reason=reason, rows=rows, most_allowed=most, **counts)


def _read_column(check: Check, success: bool, result: Mapping[str, Any]) -> CheckResult:
    """An expectation about one column, or about the columns of a table, which counts nothing."""
    state = CheckState.PASSED if success else CheckState.FAILED
    if "element_count" not in result:
        return _result(check, state, reason="" if success else f"列不相符：{result.get('details')}")
    population = int(result["element_count"])
    if not population:
        return _result(check, CheckState.NOTHING_TO_CHECK, reason="表中没有数据", population=0)
    assessed = population - int(result.get("missing_count") or 0)
    keys = result.get("partial_unexpected_index_list") or [
        {check.arguments["column"]: value} for value in result.get("partial_unexpected_list", ())
    ]
    return _result(
        check,
        state,
        population=population,
        matched=population,
        assessed=assessed,
        unexpected=int(result["unexpected_count"]),
        rows=tuple(_failing_row(row) for row in keys[:_SHOWN_ROWS]),
    )


def _result(check: Check, state: CheckState, **found: Any) -> CheckResult:
    return CheckResult(
        check_id=check.check_id,
        rule_id=check.rule_id,
        table=check.table,
        about=check.about,
        severity=check.severity,
        chinese=check.chinese,
        english=check.english,
        state=state,
        edition=check.edition,
        identity_severity=check.identity_severity,
        **found,
    )


def _failing_row(row: Mapping[str, Any]) -> FailingRow:
    """A failing row with its known fields in place and every other one kept as text."""
    year = row.get("report_year")
    return FailingRow(
        **{name: _text(row.get(name)) for name in _CONTEXT_FIELDS},
        report_year=None if year is None else int(year),
        left=_text(row.get("left_value")),
        right=_text(row.get("right_value")),
        cells=tuple(
            FailingCell(cell["row_code"], cell["column_code"], _text(cell["value"]), cell.get("side"))
            for cell in row.get("cells") or ()
        ),
        other=tuple((name, _text(value)) for name, value in row.items() if name not in _OWN_FIELDS),
    )


def _text(value: Any) -> str | None:
    """The value as text, a decimal without the zeros its type adds."""
    if value is None:
        return None
    text = str(value)
    whole, point, digits = text.partition(".")
    if point and len(digits) == 6 and digits.isdigit() and whole.lstrip("-").isdigit():
        return f"{whole}.{digits}".rstrip("0").rstrip(".")
    return text


def _exception_of(information: Mapping[str, Any] | None) -> str:
    """The first line of what was raised, empty when nothing was. Each metric that raised has its own entry."""
    if not information:
        return ""
    entries = [information, *(entry for entry in information.values() if isinstance(entry, Mapping))]
    raised = [entry for entry in entries if entry.get("raised_exception")]
    return _first_line(raised[0].get("exception_message") or "unknown") if raised else ""


def _first_line(error: object) -> str:
    return str(error).strip().splitlines()[0][:500] if str(error).strip() else type(error).__name__


def _fingerprint(warehouse: Path) -> str | None:
    """The fingerprint that publish will compare; null when the file cannot be read whole, which publish refuses."""
    try:
        return fingerprint_warehouse(warehouse)
    except duckdb.Error:
        return None
