"""How a checked filing looks on a terminal: the answer first, then the tables, then the rest.

Only layout belongs here; what is told is in `check_view.py`. Everything fits 80 columns: long labels are broken with a
hanging indent, headers into short lines. A mark is a sign beside the figure, never colour alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table as TerminalTable
from rich.text import Text

from disclosure.check_tables import ARROW, Mark, ShownBlock, ShownCell, ShownLine, ShownTable
from disclosure.check_view import CheckView, ShownExplanation, ShownFinding, ShownWarning
from disclosure.findings import Finding

BROKEN_MARK = "✗"
WITHHELD_MARK = "⊘"
CORRECTED_MARK = "✓"
COLOURS = {"error": "red", "warning": "yellow", "info": "dim"}
NARROW, WIDE = 6, 14  # cells a header line may take: three Chinese characters in 表三, seven elsewhere
WORD_HEADER_WIDTH, NARROW_WORD = 12, 7
MANY_COLUMNS = 6


def print_view(console: Console, view: CheckView) -> None:
    """The whole answer for one filing."""
    console.rule(f"[bold]{escape(view.source)}", align="left")
    if view.title:
        console.print(f"[bold]{escape(view.title)}")
    print_conclusion(console, view)
    print_explanations(console, view)
    print_lines(console, view.word("unexplained"), [f"{BROKEN_MARK} {each}" for each in view.unexplained], "red")
    print_contradictions(console, view)
    print_warnings(console, view.word("other_year"), view.other_year)
    print_warnings(console, view.word("other_rules"), view.implausible)
    if view.verdict != "unreadable":
        print_state(console, view)
        print_fields(console, view)
    for table in view.tables:
        print_table(console, table, view)
    if any(table.marked for table in view.tables):
        console.print(f"[dim]{view.word('legend')}")
    print_facts(console, view)
    print_findings(console, view.word("findings"), view.findings, view)
    console.print()


def print_unopened(console: Console, source: str, problem: Finding) -> None:
    console.rule(f"[bold]{escape(source)}", align="left")
    console.print(f"[red]{BROKEN_MARK} {escape(problem.message)}")


def print_conclusion(console: Console, view: CheckView) -> None:
    ties = view.verdict == "ties"
    style, sign = ("bold green", CORRECTED_MARK) if ties else ("bold red", BROKEN_MARK)
    first, *others = view.conclusion
    console.print(f"[{style}]{sign} {escape(first)}")
    for line in others:
        console.print(f"  {escape(line)}")


def print_explanations(console: Console, view: CheckView) -> None:
    if view.explanations:
        console.print(f"\n[bold]{view.word('explanations')}")
    for number, explanation in enumerate(view.explanations, 1):
        print_pairs(console, [Pair(f"{number}.", explanation.sentence, "bold")], 2)
        print_pairs(console, list(tell_reasons(explanation, view)), 5)


@dataclass(frozen=True, slots=True)
class Pair:
    """A short name and the words behind it; both plain text, styled as a whole."""

    name: str
    words: str
    style: str = ""
    name_style: str = "yellow"


def tell_reasons(explanation: ShownExplanation, view: CheckView) -> Iterator[Pair]:
    yield Pair(view.word("cause"), explanation.cause)
    if explanation.clues:
        yield Pair(view.word("clues"), "；".join(explanation.clues))
    for number, way in enumerate(explanation.ways, 1):
        yield Pair(view.word("candidates") if number == 1 else "", f"{number}) {way.change}")
        if way.clues:
            yield Pair("", f"   {'；'.join(way.clues)}", "dim")
    if explanation.further_ways:
        yield Pair("", explanation.further_ways, "dim")
    for place, line in enumerate(explanation.ranges):
        yield Pair(view.word("open") if place == 0 else "", line, "dim")
    for place, line in enumerate(explanation.broken):
        yield Pair(view.word("caused") if place == 0 else "", f"{BROKEN_MARK} {line}", "red")


def print_pairs(console: Console, pairs: Sequence[Pair], indent: int) -> None:
    """Two columns; what is long goes on below itself."""
    name_width = max((cell_len(pair.name) for pair in pairs), default=0)
    width = console.width - indent - name_width - 1
    for pair in pairs:
        for place, line in enumerate(break_text(pair.words, width)):
            name = pair.name if place == 0 else ""
            gap = " " * (name_width - cell_len(name) + 1)
            console.print(
                Text.assemble(" " * indent, (name, pair.name_style), gap, (line, pair.style)), no_wrap=True, crop=False
            )


def print_lines(console: Console, title: str, lines: Sequence[str], colour: str) -> None:
    if lines:
        console.print(f"\n[bold]{title}")
        print_pairs(console, [Pair("", line, colour) for line in lines], 1)


def print_findings(console: Console, title: str, findings: Sequence[ShownFinding], view: CheckView) -> None:
    if not findings:
        return
    console.print(f"\n[bold]{title}")
    print_pairs(
        console,
        [
            Pair(
                view.word(f"severity_{found.severity}"),
                f"{found.words} {found.place}".rstrip(),
                name_style=COLOURS[found.severity],
            )
            for found in findings
        ],
        2,
    )


def print_contradictions(console: Console, view: CheckView) -> None:
    """What the tables say against the prose, and under it the sentence."""
    if view.contradictions:
        console.print(f"\n[bold]{view.word('contradictions')}")
    for contradiction in view.contradictions:
        warned = [Pair(warning.rule_id, warning.words) for warning in contradiction.warnings]
        print_pairs(console, [*warned, Pair("", f"“{contradiction.sentence}”", "dim")], 2)


def print_warnings(console: Console, title: str, warnings: Sequence[ShownWarning]) -> None:
    if warnings:
        console.print(f"\n[bold]{title}")
    print_pairs(console, [Pair(warning.rule_id, warning.words) for warning in warnings], 2)


def print_state(console: Console, view: CheckView) -> None:
    """What is missing, and whether the deadline was kept."""
    if view.missing:
        print_findings(console, view.word("missing"), view.missing, view)
    else:
        console.print(f"\n[bold]{view.word('missing')}[/]: {view.word('nothing_missing')}")
    console.print(f"[bold]{view.word('deadline')}[/]: {escape(view.deadline)}")
    if view.prior:
        console.print(f"[bold]{view.word('prior')}[/]: {escape(view.prior)}")


def print_fields(console: Console, view: CheckView) -> None:
    """What the report says about itself, with the evidence as far as the line reaches."""
    console.print(f"\n[bold]{view.word('about')}")
    label_width = max((cell_len(field.label) for field in view.fields), default=0)
    value_width = min(28, max((cell_len(field.value) for field in view.fields), default=0))
    for field in view.fields:
        gap = " " * (label_width - cell_len(field.label) + 2)
        space = " " * max(2, value_width - cell_len(field.value) + 2)
        told = f"  {field.label}{gap}{field.value}{space}"
        room = console.width - cell_len(told)
        evidence = field.evidence if cell_len(field.evidence) <= room else f"{break_text(field.evidence, room - 2)[0]}…"
        console.print(
            Text.assemble(("  " + field.label + gap, "dim"), field.value, space, (evidence if room > 8 else "", "dim")),
            no_wrap=True,
            crop=False,
        )


def print_table(console: Console, table: ShownTable, view: CheckView) -> None:
    console.print(f"\n[bold]{escape(table.title)}")
    for block in table.blocks:
        print_block(console, block, view)


def print_block(console: Console, block: ShownBlock, view: CheckView) -> None:
    """One header and the rows under it; the labels take the width that the figures leave."""
    narrow = len(block.columns) >= MANY_COLUMNS
    headers = [break_header(column.label, NARROW if narrow else WIDE) for column in block.columns]
    for column, header in zip(block.columns, headers, strict=True):
        header[0] = f"{BROKEN_MARK}{header[0]}" if column.broken else header[0]
    texts = [[plain_cell(cell) for cell in line.cells] for line in block.lines]
    widths = [
        max(cell_len(part) for part in (*header, *(row[place] for row in texts if row)))
        for place, header in enumerate(headers)
    ]
    gap = 1 if narrow else 2
    label_width = max(16, min(46, console.width - sum(widths) - gap * len(widths)))
    grid = TerminalTable(box=None, padding=(0, gap, 0, 0), pad_edge=False, show_edge=False, header_style="")
    grid.add_column(f"[dim]{view.word('line_item')}", width=label_width, no_wrap=True)
    for column, header, width in zip(block.columns, headers, widths, strict=True):
        style = "bold red" if column.broken else "dim"
        grid.add_column(f"[{style}]" + "\n".join(map(escape, header)), justify="right", width=width, no_wrap=True)
    for line in block.lines:
        grid.add_row(mark_label(line, label_width), *(mark_cell(cell) for cell in line.cells))
    console.print(grid)


def break_header(label: str, width: int) -> list[str]:
    """A header in lines of about the same length, what stands in brackets apart."""
    if label.isascii():
        return break_text(label, WORD_HEADER_WIDTH if width > NARROW else NARROW_WORD)
    name, bracket, remark = label.partition("（")
    parts = [name, f"{bracket}{remark}"] if name and remark else [label]
    return [line for part in parts for line in break_text(part, _even_width(part, width))]


def _even_width(text: str, width: int) -> int:
    lines = -(-cell_len(text) // width)
    return 2 * -(-cell_len(text) // (2 * lines))


def mark_label(line: ShownLine, width: int) -> str:
    indent = " " * line.level
    mark = BROKEN_MARK if line.broken else ""
    parts = break_text(f"{mark}{line.label}", width - cell_len(indent) - 2)
    text = "\n".join(f"{indent}{'' if place == 0 else '  '}{part}" for place, part in enumerate(parts))
    style = "bold red" if line.broken else "bold" if not line.cells else ""
    return f"[{style}]{escape(text)}[/]" if style else escape(text)


def plain_cell(cell: ShownCell) -> str:
    signs = {Mark.WITHHELD: WITHHELD_MARK, Mark.CORRECTED: CORRECTED_MARK}
    determined = f"{ARROW}{cell.determined}" if cell.determined else ""
    return f"{cell.printed}{signs.get(cell.mark, '')}{determined}"


def mark_cell(cell: ShownCell) -> str:
    styles = {Mark.WITHHELD: "bold red", Mark.CORRECTED: "bold green", Mark.IMPUTED: "green", Mark.ZERO: "dim"}
    style = styles.get(cell.mark)
    text = escape(plain_cell(cell))
    return f"[{style}]{text}[/]" if style and text else text


TOKEN = re.compile(r"[!-~]+|.", re.DOTALL)
CLOSING = frozenset("，。；：、）」”》％")  # never at the start of a line


def break_text(text: str, width: int) -> list[str]:
    """Lines no wider than `width` cells: Chinese breaks anywhere, runs of other script stay whole where they can."""
    lines: list[list[str]] = [[]]
    for token in TOKEN.findall(text):
        for part in _pieces(token, width):
            if cell_len("".join(lines[-1]) + part) > width:
                moved = [lines[-1].pop()] if part in CLOSING and len(lines[-1]) > 1 else []
                lines.append(moved)
            if part != " " or lines[-1]:
                lines[-1].append(part)
    return ["".join(line).rstrip() for line in lines]


def _pieces(token: str, width: int) -> list[str]:
    return [token[start : start + width] for start in range(0, len(token), width)]


def print_facts(console: Console, view: CheckView) -> None:
    """The figures of the text, sentence by sentence."""
    if view.facts:
        console.print(f"\n[bold]{view.word('facts')}")
    for sentence in dict.fromkeys(fact.sentence for fact in view.facts):
        figures = "；".join(f"{fact.label} {fact.figure}" for fact in view.facts if fact.sentence == sentence)
        print_pairs(console, [Pair("·", figures), Pair("", sentence, "dim")], 2)
