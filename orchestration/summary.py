"""The closing summary of `gouji run`: what became of every file, what was found, where the marts are.

Figures are read from the quality tables, never counted a second time; here they are only added up and shown.
"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

DISPOSITIONS = {
    "published": "published 已发布",
    "withheld_in_part": "withheld in part 部分暂不发布",
    "quarantined": "quarantined 已隔离",
    "duplicate": "duplicates 重复或被取代",
    "not_a_report": "not reports 非年度报告",
}
SHOWN_FAILURES = 10
NAMED_FILERS = 5


@dataclass(frozen=True, slots=True)
class Balance:
    """Files received, and what became of them; `outside` were received but belong to years that were not asked for."""

    received: int
    dispositions: dict[str, int]
    outside: int

    @property
    def total(self) -> int:
        return sum(self.dispositions.values()) + self.outside

    @property
    def adds_up(self) -> bool:
        return self.total == self.received


def read_balance(home: Path) -> Balance:
    """Receipts of the archive against the dispositions in the warehouse."""
    import duckdb
    import pyarrow.parquet as pq

    from disclosure.archive import Archive

    with closing(Archive(home)) as archive:
        received = archive.register.receipt_ids()
    filings = pq.ParquetFile(home / "staging" / "filings.parquet").read(columns=["receipt_id"])
    staged = set(filings["receipt_id"].to_pylist())
    with duckdb.connect(str(home / "warehouse" / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.execute("select disposition, count(*) from quality.coverage group by disposition").fetchall()
    return Balance(len(received), dict(rows), len(received - staged))


def read_findings(home: Path) -> list[tuple[str, str, int, int]]:
    """Code, severity, number of findings and of reports they concern; the most severe and frequent first."""
    import duckdb

    query = """
        select code, severity, count(*), count(distinct report_id) from quality.findings group by code, severity
        order by case severity when 'error' then 0 when 'warning' then 1 else 2 end, count(*) desc, code
    """
    with duckdb.connect(str(home / "warehouse" / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def print_summary(console: Console, home: Path, seconds: float, *, published: bool) -> bool:
    """Print the summary; returns whether the dispositions add up to the files received."""
    balance = read_balance(home)
    console.print()
    console.print(tabulate_balance(balance))
    findings = read_findings(home)
    if findings:
        console.print(tabulate_findings(findings))
    for line in describe_missing(home):
        console.print(line, soft_wrap=True)
    if published:
        latest = (home / "releases" / "latest").resolve()
        console.print(f"marts    {latest / 'marts.duckdb'}", soft_wrap=True)
        console.print(f"parquet  {latest / 'parquet'}", soft_wrap=True)
        console.print(f"changes  {read_changes(latest)}", soft_wrap=True)
    console.print(f"time     {seconds:.1f} s")
    if not balance.adds_up:
        console.print(
            f"[red]{balance.received} files were received but {balance.total} are accounted for: a defect, please report it"
        )
    return balance.adds_up


def describe_missing(home: Path) -> list[str]:
    """The latest report year in which expected filers are missing, how many, and the first of them by name."""
    from orchestration.filers import count_filers, name_missing
    from orchestration.partitions import today_in_china

    warehouse = home / "warehouse" / "warehouse.duckdb"
    lacking = [year for year in count_filers(warehouse, today_in_china()) if year.missing]
    if not lacking:
        return []
    names = "、".join(name for name, *_ in name_missing(warehouse, lacking[-1].report_year, NAMED_FILERS))
    return [f"filers   {lacking[-1]}: {names}{' …' if lacking[-1].missing > NAMED_FILERS else ''}"]


def read_changes(release: Path) -> str:
    """What the release changed against the one before it, in a sentence."""
    from disclosure.publish.change_report import describe_changes
    from disclosure.publish.manifest import read_manifest

    return describe_changes(read_manifest(release)["changes"]).replace("`", "")


def tabulate_balance(balance: Balance) -> Table:
    table = Table(title="Files", title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_row("[bold]received 收到", f"[bold]{balance.received}", end_section=True)
    for disposition, label in DISPOSITIONS.items():
        table.add_row(label, str(balance.dispositions.get(disposition, 0)))
    if balance.outside:
        table.add_row("outside --years 不在所选年度", str(balance.outside))
    table.add_section()
    table.add_row("sum 合计", f"{balance.total} {'✓' if balance.adds_up else '✗'}")
    return table


def tabulate_findings(findings: list[tuple[str, str, int, int]]) -> Table:
    from disclosure.findings import KINDS, FindingCode

    colours = {"error": "red", "warning": "yellow", "info": "dim"}
    table = Table(title="Findings", title_justify="left")
    for heading in ("code", "severity", "findings", "files", "meaning"):
        table.add_column(heading, justify="right" if heading in ("findings", "files") else "left")
    for code, severity, count, reports in findings:
        words = KINDS[FindingCode(code)].chinese
        table.add_row(code, f"[{colours[severity]}]{severity}", str(count), str(reports), words)
    return table


def print_refusal(console: Console, home: Path) -> None:
    """Say which rule refused the release, in which reports and cells; the last release stands."""
    validation = home / "validation" / "latest.json"
    stored = json.loads(validation.read_text(encoding="utf-8"))
    console.print("\n[bold red]✗ validation refused the release; the last one, if any, stands")
    for reason in stored["reasons"]:
        console.print(f"  {escape(reason)}", soft_wrap=True)
    for check in stored["checks"]:
        if not refuses(check):
            continue
        console.print(
            f"\n  [red]{check['rule_id']}[/] {check['table']}: {escape(check['chinese'])} {escape(check['reason'])}"
        )
        for row in check["rows"][:SHOWN_FAILURES]:
            console.print(f"    {escape(describe_row(row))}", soft_wrap=True)
    console.print(f"\nall results  {validation}", soft_wrap=True)


def refuses(check: dict) -> bool:  # type: ignore[type-arg]
    if check["state"] == "could_not_check":
        return True
    return bool(check["state"] == "failed" and check["severity"] == "blocking")


def describe_row(row: dict) -> str:  # type: ignore[type-arg]
    """Report, place, both sides and the cells of one failing row."""
    cells = ", ".join(f"{cell['row_code']}/{cell['column_code']}={cell['value']}" for cell in row["cells"])
    other = ", ".join(f"{name}={value}" for name, value in row["other"])
    sides = f"{row['left']} against {row['right']}" if row["left"] is not None else ""
    report = " ".join(str(row[name]) for name in ("report_id", "agency_name", "report_year") if row[name] is not None)
    return "; ".join(
        part for part in (f"report {report}" if report else "", row["scope"] or "", sides, cells, other) if part
    )


def print_failure(console: Console, home: Path, problems: list[str]) -> None:
    console.print("\n[bold red]✗ the run could not finish; nothing was published, and running it again carries on")
    for problem in problems:
        console.print(f"  {escape(problem)}", soft_wrap=True)
    console.print(f"\ndetails  {home / 'logs' / 'run.log'}", soft_wrap=True)
