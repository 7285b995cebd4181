"""The gate on results made by hand: what refuses a release, and in which words."""

from __future__ import annotations

from dataclasses import replace

from expectations.checks import About, Check, CheckSeverity
from expectations.gate import judge
from expectations.results import CheckResult, CheckState, FailingCell, FailingRow

CHECK = Check(
    check_id="marts.fct_applications/T3-R03/table_2021",
    rule_id="T3-R03",
    table="marts.fct_applications",
    about=About.US,
    severity=CheckSeverity.BLOCKING,
    chinese="总计栏等于各栏之和",
    english="the total column is the sum of the others",
    expectation="ExpectNoCountedRows",
    edition="table_2021",
)
PASSED = CheckResult(
    check_id=CHECK.check_id,
    rule_id=CHECK.rule_id,
    table=CHECK.table,
    about=CHECK.about,
    severity=CHECK.severity,
    chinese=CHECK.chinese,
    english=CHECK.english,
    edition=CHECK.edition,
    state=CheckState.PASSED,
    population=175,
    matched=25,
    assessed=25,
    unexpected=0,
)
BROKEN_ROW = FailingRow(
    agency_id="x",
    agency_name="甲市水务局",
    report_id="0123456789abcdef",
    report_year=2021,
    scope="row:granted_full",
    left="5",
    right="4",
    cells=(FailingCell("granted_full", "total", "5", "left"), FailingCell("granted_full", "org_other", None, "right")),
)


def test_all_passed() -> None:
    verdict = judge([CHECK], [PASSED])
    assert (verdict.passed, verdict.reasons) == (True, ())


def test_a_broken_rule_is_refused_with_rule_report_and_cells() -> None:
    failed = replace(PASSED, state=CheckState.FAILED, unexpected=1, rows=(BROKEN_ROW,))
    (reason,) = judge([CHECK], [failed]).reasons
    for part in (
        "T3-R03",
        "table_2021",
        "甲市水务局",
        "2021",
        "0123456789abcdef",
        "granted_full/total=5",
        "org_other=空",
    ):
        assert part in reason


def test_a_planned_check_without_a_result_is_refused() -> None:
    (reason,) = judge([CHECK], []).reasons
    assert reason.startswith("T3-R03") and "未能检验" in reason


def test_a_warning_does_not_block_but_one_that_could_not_be_made_does() -> None:
    warning = replace(PASSED, severity=CheckSeverity.WARNING, about=About.FILERS, state=CheckState.FAILED, unexpected=9)
    assert judge([CHECK], [warning]).passed
    assert not judge([CHECK], [replace(warning, state=CheckState.COULD_NOT_CHECK)]).passed


def test_nothing_to_check_is_allowed_but_an_empty_plan_is_not() -> None:
    assert judge([CHECK], [replace(PASSED, state=CheckState.NOTHING_TO_CHECK)]).passed
    assert not judge([], []).passed
