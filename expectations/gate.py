"""The gate: whether a validated warehouse may be published, and if not, why.

Rules about us must be zero; rules about filers refuse beyond their ceiling, and where a file breaks more than it did in the last
release. A check that could not be made counts as a failure, whatever its severity: silence is no
proof. `success` flags of Great Expectations are not asked, they know neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from expectations.checks import Check
from expectations.results import CheckResult, CheckState, FailingRow

_ROWS_IN_A_REASON = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reasons` are in Chinese, one for each check that refuses the release; empty when it passed."""

    passed: bool
    reasons: tuple[str, ...]


def judge(plan: Sequence[Check], results: Sequence[CheckResult]) -> Verdict:
    """Passed only if every planned check has a result and none of the results blocks."""
    answered = {result.check_id for result in results}
    missing = tuple(
        f"{check.rule_id} {check.table}：未能检验：计划中的检验没有结果（{check.chinese}）"
        for check in plan
        if check.check_id not in answered
    )
    nothing_planned = () if plan else ("没有计划任何检验",)
    reasons = (*nothing_planned, *missing, *(reason_for(result) for result in results if result.blocks))
    return Verdict(passed=not reasons, reasons=reasons)


def reason_for(result: CheckResult) -> str:
    """Why this result refuses the release: rule, table, edition, and for the first rows report and cells."""
    where = f"{result.table}，{result.edition}" if result.edition else result.table
    if result.state is CheckState.COULD_NOT_CHECK:
        return f"{result.rule_id}（{where}）未能检验：{result.reason}（{result.chinese}）"
    rows = "；".join(_describe(row) for row in result.rows[:_ROWS_IN_A_REASON])
    count = f"，{result.unexpected} 处" if result.unexpected is not None else ""
    details = rows or result.reason
    ceiling = f"，超过上限 {result.most_allowed} 处（可检验 {result.assessed} 处）" if result.is_over_ceiling else ""
    return f"{result.rule_id}（{where}）不成立{count}{ceiling}：{result.chinese}" + (f"：{details}" if details else "")


def _describe(row: FailingRow) -> str:
    """One failing row in a line."""
    parts = [
        row.agency_name or row.agency_id or "",
        f"{row.report_year}年度" if row.report_year is not None else "",
        f"报告 {row.report_id}" if row.report_id else "",
        row.scope or "",
        f"左侧 {row.left} 右侧 {row.right}" if row.left is not None else "",
        "单元格 " + " ".join(f"{cell.place}={_shown(cell.value)}" for cell in row.cells) if row.cells else "",
        " ".join(f"{name}={_shown(value)}" for name, value in row.other),
    ]
    return " ".join(part for part in parts if part)


def _shown(value: str | None) -> str:
    return "空" if value is None else value
