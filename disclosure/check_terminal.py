"""What a clerk sees on the terminal when `gouji check` has read a filing: Chinese by default, English on request.

Only layout and words belong here. Labels of rows, columns and rules come from the catalogue; a table shows the cells
as printed, and what is in doubt is marked by a sign beside the figure, never by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table as TerminalTable

from catalogue.model import Catalogue, Edition, Identity, Table
from disclosure.check_output import broken_must_hold, exit_code, plain
from disclosure.findings import KINDS, Finding, FindingCode, FindingSeverity
from disclosure.report import Cell, CellKey, CellState, IdentityOutcome, Outcome, ReadingStatus, Report, ValueSource

BROKEN_MARK = "✗"
WITHHELD_MARK = "⊘"
ARROW = "→"


@dataclass(frozen=True, slots=True)
class Words:
    """The fixed words of the output in one language."""

    fields: dict[str, str]
    values: dict[str, str]  # of fields that hold codes
    evidence: str
    states: dict[CellState, str]
    line_item: str
    legend: str
    broken: str
    repairs: str
    findings: str
    column_scope: str
    row_scope: str
    table_scope: str
    suggestion: str
    ties: str
    unassessed: str
    does_not_tie: str
    unreadable: str
    not_a_report: str
    facts: str


CHINESE = Words(
    fields={
        "agency_name": "行政机关",
        "report_year": "报告年度",
        "reporting_scope": "报告范围",
        "region_name": "行政区划",
        "region_code": "区划代码",
        "agency_level": "层级",
        "publication_date": "发布日期",
        "document_number": "文号",
        "form_version": "表格版本",
        "form_variant": "地方变体",
    },
    values={
        "agency": "本机关",
        "jurisdiction": "本行政区域",
        "national": "国家级",
        "province": "省级",
        "prefecture": "地市级",
        "county": "县级",
        "township": "乡级",
        "functional_zone": "功能区",
    },
    evidence="依据",
    states={CellState.BLANK: "空", CellState.ABSENT: "缺", CellState.ILLEGIBLE: "不清"},
    line_item="项目",
    legend="✗ 所在的勾稽关系不成立　⊘ 存疑，暂不发布　→ 勾稽推算或建议的数值",
    broken="不成立的勾稽关系",
    repairs="建议核对",
    findings="其他发现",
    column_scope="“{label}”列",
    row_scope="“{label}”行",
    table_scope="全表",
    suggestion="{table} “{row}”行“{column}”列：现为 {printed}，若改为 {suggested}，各项勾稽关系即全部成立。",
    ties="勾稽关系全部成立。",
    unassessed="没有发现不成立的勾稽关系；{count} 项因单元格空缺无法判断。",
    does_not_tie="有 {count} 项必须成立的勾稽关系不成立。",
    unreadable="文件无法读取。",
    not_a_report="不是政府信息公开工作年度报告。",
    facts="正文中的数字",
)

ENGLISH = Words(
    fields={
        "agency_name": "agency",
        "report_year": "report year",
        "reporting_scope": "scope",
        "region_name": "region",
        "region_code": "region code",
        "agency_level": "level",
        "publication_date": "published",
        "document_number": "document number",
        "form_version": "form edition",
        "form_variant": "variant",
    },
    values={},
    evidence="from",
    states={CellState.BLANK: "blank", CellState.ABSENT: "absent", CellState.ILLEGIBLE: "illegible"},
    line_item="line item",
    legend="✗ in an identity that is broken   ⊘ suspect, withheld   → value the identities determine or suggest",
    broken="Broken identities",
    repairs="Please check",
    findings="Findings",
    column_scope="column {label}",
    row_scope="row {label}",
    table_scope="whole table",
    suggestion="{table} row {row}, column {column}: printed {printed}; with {suggested} every identity would hold.",
    ties="All identities hold.",
    unassessed="No identity is broken; {count} cannot be assessed because cells are empty.",
    does_not_tie="{count} identities that must hold are broken.",
    unreadable="The file could not be read.",
    not_a_report="Not an annual report on government-information disclosure.",
    facts="Counts in the prose",
)

LANGUAGES = {"zh": CHINESE, "en": ENGLISH}


@dataclass(frozen=True, slots=True)
class Labels:
    """The catalogue's labels of the tables of one report, in one language."""

    catalogue: Catalogue
    editions: dict[str, Edition]  # by table code
    chinese: bool

    def table(self, code: str) -> Table | None:
        edition = self.editions.get(code)
        return edition.table(code) if edition else None

    def table_name(self, code: str) -> str:
        table = self.table(code)
        return code if table is None else (table.chinese if self.chinese else table.english)

    def row(self, table_code: str, row_code: str) -> str:
        table = self.table(table_code)
        row = next((row for row in table.rows if row.code == row_code), None) if table else None
        if row is None:
            return row_code
        return f"{row.number or ''}{row.chinese}" if self.chinese else row.english

    def column(self, table_code: str, column_code: str) -> str:
        table = self.table(table_code)
        column = next((column for column in table.columns if column.code == column_code), None) if table else None
        if column is None:
            return column_code
        return column.chinese if self.chinese else column.english


def print_report(console: Console, report: Report, source: str, catalogue: Catalogue, language: str = "zh") -> None:
    """The whole answer for one filing: who and when, the tables, what does not tie, what else was found."""
    words = LANGUAGES[language]
    labels = label_tables(report, catalogue, chinese=language == "zh")
    console.rule(f"[bold]{escape(source)}", align="left")
    print_metadata(console, report, words)
    for code in labels.editions:
        print_table(console, report, code, labels, words)
    print_narrative(console, report, catalogue, words, chinese=labels.chinese)
    print_broken(console, report, labels, words)
    print_repairs(console, report, labels, words)
    print_findings(console, report.findings, words, chinese=labels.chinese)
    print_verdict(console, report, catalogue, words)


def print_unopened(console: Console, source: str, problem: Finding) -> None:
    console.rule(f"[bold]{escape(source)}", align="left")
    console.print(f"[red]{BROKEN_MARK} {escape(problem.message)}")


def label_tables(report: Report, catalogue: Catalogue, chinese: bool) -> Labels:
    """Which edition each table of the report is printed on, as its header words proved."""
    forms = {"T2": report.t2_form, "T3": report.t3_form, "T4": report.t4_form, "S14": report.s14_form}
    editions = {code: catalogue.edition(edition) for code, edition in forms.items() if edition}
    return Labels(catalogue, editions, chinese)


def print_metadata(console: Console, report: Report, words: Words) -> None:
    if report.metadata.title:
        console.print(f"[bold]{escape(report.metadata.title)}")
    grid = TerminalTable.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(style="dim")
    evidence = {item.field: item for item in reversed(report.metadata.evidence)}
    for name, label in words.fields.items():
        value = getattr(report.metadata, name, None) if hasattr(report.metadata, name) else getattr(report, name)
        if value is None:
            continue
        item = evidence.get(name)
        because = f"{words.evidence} {item.method}: {shorten(item.text)}" if item else ""
        shown = str(plain(value))
        grid.add_row(label, escape(words.values.get(shown, shown)), escape(because))
    console.print(grid)


def shorten(text: str, width: int = 60) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= width else f"{flat[:width]}…"


def print_table(console: Console, report: Report, code: str, labels: Labels, words: Words) -> None:
    """The cells of a table as printed, each row of the form on a line."""
    form = labels.table(code)
    if form is None:
        return
    cells = {cell.key: cell for cell in report.cells if cell.table == code}
    broken = cells_in_broken_identities(report, labels)
    shown = [row for row in form.rows if any((code, row.code, column) in cells for column in row.columns)]
    if not shown:
        return
    console.print(f"\n[bold]{code} {labels.table_name(code)}")
    for columns in column_blocks(tuple(row.columns for row in shown)):
        printed = TerminalTable(box=SIMPLE_HEAD, pad_edge=False)
        printed.add_column(words.line_item, min_width=24, max_width=44)
        for column in columns:
            printed.add_column(labels.column(code, column), justify="right", max_width=13)
        for row in shown:
            if row.columns == columns:
                marked = [mark_cell(cells.get((code, row.code, column)), broken, words) for column in columns]
                printed.add_row(escape(labels.row(code, row.code)), *marked)
        console.print(printed)
    if any(is_marked(cell, broken) for cell in cells.values()):
        console.print(f"[dim]{words.legend}")


def column_blocks(columns: tuple[tuple[str, ...], ...]) -> Iterator[tuple[str, ...]]:
    """The different column sets of a table, in order: 表二 repeats its header per block."""
    yield from dict.fromkeys(columns)


def cells_in_broken_identities(report: Report, labels: Labels) -> frozenset[CellKey]:
    """The terms of every broken must-hold identity, one of which must be wrong."""
    broken = {(item.rule_id, item.table, item.scope) for item in broken_must_hold(report, labels.catalogue)}
    keys: set[CellKey] = set()
    for code, edition in labels.editions.items():
        for instance in labels.catalogue.instances_of(edition.code, code, report.form_variant):
            if (instance.rule_id, code, instance.scope) in broken:
                keys |= {(code, term.row_code, term.column_code) for term in (*instance.left, *instance.right)}
    return frozenset(keys)


def is_marked(cell: Cell, broken: frozenset[CellKey]) -> bool:
    return cell.key in broken or cell.value_source in (ValueSource.WITHHELD, ValueSource.IMPUTED)


def mark_cell(cell: Cell | None, broken: frozenset[CellKey], words: Words) -> str:
    """The printed text with its marks, e.g. `1⊘→0` for a withheld 1 that 0 would mend."""
    if cell is None:
        return ""
    printed = escape(cell.printed or "") or words.states.get(cell.state, cell.state.value)
    suggested = cell.value_imputed if cell.value_imputed is not None else cell.value_suggested
    determined = "" if suggested is None else f"{ARROW}{format_number(suggested)}"
    if cell.value_source is ValueSource.WITHHELD:
        return f"[bold red]{printed}{WITHHELD_MARK}{determined}[/]"
    if cell.value_source in (ValueSource.IMPUTED, ValueSource.CORRECTED):
        return f"[green]{printed}{ARROW}{format_number(cell.value_published)}[/]"
    if cell.key in broken:
        return f"[yellow]{printed}{BROKEN_MARK}{determined}[/]"
    return f"[dim]{printed}[/]" if cell.value is None or cell.value == 0 else printed


def format_number(value: Decimal | None) -> str:
    return "—" if value is None else str(plain(value))


def print_narrative(console: Console, report: Report, catalogue: Catalogue, words: Words, *, chinese: bool) -> None:
    if not report.narrative:
        return
    facts = {fact.code: fact for fact in catalogue.narrative_facts}
    console.print(f"\n[bold]{words.facts}")
    grid = TerminalTable(box=None, show_header=False, pad_edge=False)
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True, justify="right")
    grid.add_column(no_wrap=True, overflow="ellipsis", style="dim")
    for count in report.narrative:
        fact = facts.get(count.fact_code)
        label = count.fact_code if fact is None else (fact.chinese if chinese else fact.english)
        approximate = "≈" if count.approximate else ""
        figure = f"{approximate}{format_number(count.value)} {count.unit}"
        grid.add_row(label, figure, escape(shorten(count.sentence)))
    console.print(grid)


def print_broken(console: Console, report: Report, labels: Labels, words: Words) -> None:
    """Every identity that fails, in the rule's own words; the ones that must hold first."""
    identities = {identity.rule_id: identity for identity in labels.catalogue.identities}
    broken = [outcome for outcome in report.identities if outcome.outcome is Outcome.BROKEN]
    if not broken:
        return
    console.print(f"\n[bold]{words.broken}")
    for outcome in sorted(broken, key=lambda item: not identities[item.rule_id].severity.must_hold):
        identity = identities[outcome.rule_id]
        colour = "red" if identity.severity.must_hold else "yellow"
        console.print(
            f"  [{colour}]{BROKEN_MARK} {outcome.rule_id}[/] {escape(describe_broken(outcome, identity, labels, words))}"
        )


def describe_broken(outcome: IdentityOutcome, identity: Identity, labels: Labels, words: Words) -> str:
    """The rule's message with its place and both sides filled in."""
    scope = describe_scope(outcome, labels, words)
    left, right = format_number(outcome.left), format_number(outcome.right)
    known = outcome.left is not None and outcome.right is not None
    difference = format_number(outcome.left - outcome.right) if known else "—"  # type: ignore[operator]
    if labels.chinese:
        return identity.message.format(scope=scope, left=left, right=right, difference=difference)
    return f"{scope}: {identity.english} (left {left}, right {right}, difference {difference})"


def describe_scope(outcome: IdentityOutcome, labels: Labels, words: Words) -> str:
    kind, _, code = outcome.scope.partition(":")
    if kind == "column":
        return words.column_scope.format(label=labels.column(outcome.table, code))
    if kind == "row":
        return words.row_scope.format(label=labels.row(outcome.table, code))
    return words.table_scope


def print_repairs(console: Console, report: Report, labels: Labels, words: Words) -> None:
    """The value of the unique smallest repair, where there is one."""
    suggested = [cell for cell in report.cells if cell.value_suggested is not None]
    if not suggested:
        return
    console.print(f"\n[bold]{words.repairs}")
    for cell in suggested:
        words_of_cell = words.suggestion.format(
            table=labels.table_name(cell.table),
            row=labels.row(cell.table, cell.row_code),
            column=labels.column(cell.table, cell.column_code),
            printed=cell.printed or words.states.get(cell.state, cell.state.value),
            suggested=format_number(cell.value_suggested),
        )
        console.print(f"  {ARROW} {escape(words_of_cell)}")


def print_findings(console: Console, findings: tuple[Finding, ...], words: Words, *, chinese: bool) -> None:
    """What else was noticed; broken identities and withheld cells have been told above."""
    told = (FindingCode.IDENTITY_BROKEN, FindingCode.CELL_WITHHELD)
    others = [found for found in findings if found.code not in told]
    if not others:
        return
    console.print(f"\n[bold]{words.findings}")
    colours = {FindingSeverity.ERROR: "red", FindingSeverity.WARNING: "yellow", FindingSeverity.INFO: "dim"}
    for found in others:
        words_of_finding = found.message if chinese else f"{KINDS[found.code].english} ({found.message})"
        place = ", ".join(filter(None, (found.where.table, found.where.row_code, found.where.column_code)))
        page = f" p.{found.where.page}" if found.where.page else ""
        console.print(
            f"  [{colours[found.severity]}]{found.severity.value}[/] {escape(words_of_finding)}[dim] {place}{page}[/]"
        )


def print_verdict(console: Console, report: Report, catalogue: Catalogue, words: Words) -> None:
    """One closing line, the exit code in words."""
    console.print()
    if report.status is ReadingStatus.UNREADABLE:
        console.print(f"[bold red]{BROKEN_MARK} {words.unreadable}")
    elif report.status is ReadingStatus.NOT_A_REPORT:
        console.print(f"[bold red]{BROKEN_MARK} {words.not_a_report}")
    elif exit_code(report, catalogue) == 1:
        count = len(broken_must_hold(report, catalogue))
        console.print(f"[bold red]{BROKEN_MARK} {words.does_not_tie.format(count=count)}")
    else:
        open_count = sum(outcome.outcome is Outcome.NOT_ASSESSABLE for outcome in report.identities)
        console.print(f"[bold green]✓ {words.unassessed.format(count=open_count) if open_count else words.ties}")
