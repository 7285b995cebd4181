"""The results of a validation as one HTML page that opens without a network: styles inside, no script, no asset.

Here belongs only how results look. Words of the checks come with the results.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from expectations.checks import About, CheckSeverity
from expectations.gate import reason_for
from expectations.results import CheckResult, CheckState, FailingRow, ValidationRun

_STATES = {
    CheckState.PASSED: "通过",
    CheckState.FAILED: "不成立",
    CheckState.COULD_NOT_CHECK: "未能检验",
    CheckState.NOTHING_TO_CHECK: "无可检验",
}
_SEVERITIES = {CheckSeverity.BLOCKING: "阻断发布", CheckSeverity.WARNING: "提示"}
_ORDER = (CheckState.COULD_NOT_CHECK, CheckState.FAILED, CheckState.NOTHING_TO_CHECK, CheckState.PASSED)

_STYLE = """
body { font-family: "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif;
  margin: 2rem auto; max-width: 75rem; padding: 0 1rem; color: #222; line-height: 1.5; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; }
th, td { border: 1px solid #ccc; padding: .3rem .5rem; text-align: left; vertical-align: top; }
th { background: #f3f3f3; } td.number { text-align: right; font-variant-numeric: tabular-nums; }
code { font-size: .85rem; overflow-wrap: anywhere; }
.verdict { padding: .6rem 1rem; border-left: .4rem solid; }
.verdict.passed { border-color: #2e7d32; background: #eef7ee; }
.verdict.refused { border-color: #b71c1c; background: #fbeaea; }
.state { white-space: nowrap; font-weight: 600; }
.passed .state { color: #2e7d32; } .failed .state, .could_not_check .state { color: #b71c1c; }
.failed.warning .state { color: #9a6700; } .nothing_to_check .state { color: #666; }
""".strip()


def write_page(run: ValidationRun, path: Path) -> Path:
    """Write the page of a run and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_page(run), encoding="utf-8")
    return path


def render_page(run: ValidationRun) -> str:
    """The page as text: the verdict, what refuses the release, what was counted about filers, and every check."""
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>勾稽检验 {escape(run.run_id)}</title><style>{_STYLE}</style></head>
<body>
<h1>勾稽检验结果</h1>
{_verdict(run)}
{_facts(run)}
{_failures("阻断发布的问题", run.refused_by)}
{_failures("机关填报中的问题（提示，不阻断发布）", run.warnings)}
{_all_checks(run)}
</body>
</html>
"""


def _verdict(run: ValidationRun) -> str:
    if run.passed:
        return '<p class="verdict passed">检验通过，可以发布。</p>'
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in run.reasons)
    return f'<div class="verdict refused">检验未通过，拒绝发布。<ul>{reasons}</ul></div>'


def _facts(run: ValidationRun) -> str:
    counts = run.counts()
    facts = {
        "检验编号": run.run_id,
        "开始时间": run.started_at,
        "用时": f"{run.seconds:.1f} 秒",
        "数据库": run.warehouse,
        "数据库指纹": run.fingerprint or "",
        "目录版本": run.catalogue_version,
        "检验项数": "，".join(f"{_STATES[state]} {counts[state.value]}" for state in CheckState),
    }
    rows = "".join(f"<tr><th>{name}</th><td>{escape(value)}</td></tr>" for name, value in facts.items())
    return f"<h2>概况</h2><table>{rows}</table>"


def _failures(title: str, results: tuple[CheckResult, ...]) -> str:
    if not results:
        return f"<h2>{title}</h2><p>无。</p>"
    return f"<h2>{title}</h2>" + "".join(_failure(result) for result in results)


def _failure(result: CheckResult) -> str:
    head = f"<p><strong>{escape(reason_for(result) if not result.rows else _title(result))}</strong></p>"
    if not result.rows:
        return head
    names = list(dict.fromkeys(name for row in result.rows for name, _ in row.other))
    titles = ("机关", "年度", "报告", "范围", "左侧", "右侧", "单元格", *names)
    header = "".join(f"<th>{escape(title)}</th>" for title in titles)
    body = "".join(f"<tr>{_cells(_row_values(row, names))}</tr>" for row in result.rows)
    return f"{head}<table><tr>{header}</tr>{body}</table>"


def _title(result: CheckResult) -> str:
    edition = f"，{result.edition}" if result.edition else ""
    return f"{result.rule_id}（{result.table}{edition}）：{result.chinese}：{result.unexpected} 处，列出前 {len(result.rows)} 处"


def _row_values(row: FailingRow, names: list[str]) -> list[str]:
    other = dict(row.other)
    return [
        row.agency_name or row.agency_id or "",
        "" if row.report_year is None else str(row.report_year),
        row.report_id or "",
        row.scope or "",
        row.left or "",
        row.right or "",
        " ".join(f"{cell.place}={'空' if cell.value is None else cell.value}" for cell in row.cells),
        *(other.get(name) or "" for name in names),
    ]


def _all_checks(run: ValidationRun) -> str:
    titles = ("规则", "表", "版本", "内容", "性质", "结果", "涉及", "可检验", "不成立", "说明")
    header = "".join(f"<th>{title}</th>" for title in titles)
    ordered = sorted(run.checks, key=lambda check: _ORDER.index(check.state))
    rows = "".join(_check_row(check) for check in ordered)
    return f"<h2>全部检验</h2><table><tr>{header}</tr>{rows}</table>"


def _check_row(check: CheckResult) -> str:
    severity = _SEVERITIES[check.severity] + ("" if check.about is About.US else "·机关填报")
    words = (check.rule_id, check.table, check.edition or "", check.chinese, severity)
    counts = "".join(
        f'<td class="number">{"" if count is None else f"{count:,}"}</td>'
        for count in (check.matched, check.assessed, check.unexpected)
    )
    state = f'<td class="state">{_STATES[check.state]}</td>'
    classes = f"{check.state.value} {check.severity.value}"
    return f'<tr class="{classes}">{_cells(words)}{state}{counts}<td>{escape(check.reason)}</td></tr>'


def _cells(texts: Iterable[str]) -> str:
    return "".join(f"<td>{escape(text)}</td>" for text in texts)
