"""A checked filing as a page that stands alone: one file to send to a colleague, to read on a phone or to print.

Only layout belongs here; what is told is in `check_view.py`. The page loads nothing and runs nothing. A mark is a sign
and a border beside the colour, so that it survives a black-and-white printer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files

from disclosure.check_tables import ARROW, Mark, ShownBlock, ShownCell, ShownLine, ShownTable
from disclosure.check_view import CheckView, ShownExplanation, ShownFinding, ShownWarning

SIGNS = {Mark.WITHHELD: "⊘", Mark.CORRECTED: "✓"}
BROKEN_MARK = "✗"
STYLE = files("disclosure") / "check_page.css"


def render_page(views: Sequence[CheckView]) -> str:
    """The answers for some filings as one HTML document without any remote part."""
    language = "zh-CN" if not views or views[0].language == "zh" else "en"
    title = views[0].title or views[0].source if views else ""
    heading = views[0].word("heading") if views else ""
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(f'{heading}：{title}' if title else heading)}</title>\n"
        f"<style>\n{STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n"
        + "\n".join(render_filing(view) for view in views)
        + "\n</body>\n</html>\n"
    )


def render_filing(view: CheckView) -> str:
    """One filing: the answer, what is wrong, the tables, then the rest."""
    parts = [
        render_head(view),
        render_explanations(view),
        render_list(view.word("unexplained"), [f"{BROKEN_MARK} {escape(each)}" for each in view.unexplained]),
        render_contradictions(view),
        render_warnings(view.word("other_year"), view.other_year),
        render_warnings(view.word("other_rules"), view.implausible),
        render_state(view) if view.verdict != "unreadable" else "",
        *(render_table(table, view) for table in view.tables),
        render_legend(view) if any(table.marked for table in view.tables) else "",
        render_fields(view),
        render_facts(view),
        render_findings(view.word("findings"), view.findings, view),
        render_foot(view),
    ]
    return f'<article class="{view.verdict}">\n' + "\n".join(part for part in parts if part) + "\n</article>"


def render_head(view: CheckView) -> str:
    sign = "✓" if view.verdict == "ties" else BROKEN_MARK
    first, *others = view.conclusion
    lines = "".join(f"<p>{escape(line)}</p>" for line in others)
    return (
        f'<header><p class="kind">{escape(view.word("heading"))}</p><h1>{escape(view.title or view.source)}</h1>'
        f'<div class="verdict"><p class="answer"><span class="sign">{sign}</span>{escape(first)}</p>{lines}</div></header>'
    )


def render_explanations(view: CheckView) -> str:
    if not view.explanations:
        return ""
    items = "".join(f"<li>{render_explanation(each, view)}</li>" for each in view.explanations)
    return f'<section><h2>{escape(view.word("explanations"))}</h2><ol class="causes">{items}</ol></section>'


def render_explanation(explanation: ShownExplanation, view: CheckView) -> str:
    ways = "".join(
        f"<li>{escape(way.change)}"
        + (f"<br><small>{escape('；'.join(way.clues))}</small>" if way.clues else "")
        + "</li>"
        for way in explanation.ways
    )
    ranges = "".join(f"<li>{escape(each)}</li>" for each in explanation.ranges)
    rows = [
        (view.word("cause"), escape(explanation.cause)),
        (view.word("clues"), escape("；".join(explanation.clues))),
        (view.word("candidates"), f"<ol>{ways}</ol>{escape(explanation.further_ways)}" if ways else ""),
        (view.word("open"), f"<ul>{ranges}</ul>" if ranges else ""),
        (view.word("caused"), "<br>".join(escape(each) for each in explanation.broken)),
    ]
    told = "".join(f"<dt>{escape(name)}</dt><dd>{words}</dd>" for name, words in rows if words)
    return f'<p class="cause">{escape(explanation.sentence)}</p><dl>{told}</dl>'


def render_list(title: str, items: Iterable[str], style: str = "plain") -> str:
    """A section with a list of what is already markup; nothing when there is none."""
    listed = "".join(f"<li>{item}</li>" for item in items)
    return f'<section><h2>{escape(title)}</h2><ul class="{style}">{listed}</ul></section>' if listed else ""


def render_findings(title: str, findings: Sequence[ShownFinding], view: CheckView) -> str:
    items = (
        f'<span class="severity {found.severity}">{escape(view.word(f"severity_{found.severity}"))}</span> '
        f"{escape(found.words)}" + (f" <small>{escape(found.place)}</small>" if found.place else "")
        for found in findings
    )
    return render_list(title, items, "findings")


def render_contradictions(view: CheckView) -> str:
    """What the tables say against the prose, and under it the sentence."""
    items = (
        "<br>".join(render_warning(warning) for warning in contradiction.warnings)
        + f"<blockquote>{escape(contradiction.sentence)}</blockquote>"
        for contradiction in view.contradictions
    )
    return render_list(view.word("contradictions"), items, "findings")


def render_warnings(title: str, warnings: Sequence[ShownWarning]) -> str:
    return render_list(title, (render_warning(each) for each in warnings), "findings")


def render_warning(warning: ShownWarning) -> str:
    return f'<span class="rule">{escape(warning.rule_id)}</span> {escape(warning.words)}'


def render_state(view: CheckView) -> str:
    """What is missing, and whether the deadline was kept."""
    missing = "<br>".join(escape(found.words) for found in view.missing) or escape(view.word("nothing_missing"))
    rows = [(view.word("missing"), missing), (view.word("deadline"), escape(view.deadline))]
    if view.prior:
        rows.append((view.word("prior"), escape(view.prior)))
    return (
        "<section><dl>"
        + "".join(f"<dt>{escape(name)}</dt><dd>{words}</dd>" for name, words in rows)
        + "</dl></section>"
    )


def render_table(table: ShownTable, view: CheckView) -> str:
    blocks = "".join(render_block(block, view) for block in table.blocks)
    return f'<section class="form"><h2>{escape(table.title)}</h2>{blocks}</section>'


def render_block(block: ShownBlock, view: CheckView) -> str:
    rows = "".join(render_line(line, block) for line in block.lines)
    wide = " wide" if len(block.columns) > 5 else ""
    return f'<div class="scroll"><table class="columns{wide}"><thead>{render_header(block, view)}</thead><tbody>{rows}</tbody></table></div>'


def render_header(block: ShownBlock, view: CheckView) -> str:
    """The column words, below the words that span several of them."""
    corner = escape(view.word("line_item"))
    if not any(column.spanning for column in block.columns):
        cells = "".join(render_column(column.label, column.broken, 1) for column in block.columns)
        return f'<tr><th class="label">{corner}</th>{cells}</tr>'
    upper, lower, place = "", "", 0
    while place < len(block.columns):
        column = block.columns[place]
        if not column.spanning:
            upper += render_column(column.label, column.broken, 2)
            place += 1
            continue
        members = [other for other in block.columns[place:] if other.spanning == column.spanning]
        upper += f'<th colspan="{len(members)}">{escape(column.spanning)}</th>'
        lower += "".join(render_column(member.label, member.broken, 1) for member in members)
        place += len(members)
    return f'<tr><th class="label" rowspan="2">{corner}</th>{upper}</tr><tr>{lower}</tr>'


def render_column(label: str, broken: bool, rows: int) -> str:
    span = f' rowspan="{rows}"' if rows > 1 else ""
    style = ' class="broken"' if broken else ""
    return f"<th{span}{style}>{BROKEN_MARK if broken else ''}{escape(label)}</th>"


def render_line(line: ShownLine, block: ShownBlock) -> str:
    indent = f' style="padding-left:{0.4 + 0.8 * line.level:.1f}em"'
    if not line.cells:
        return f'<tr class="heading"><th colspan="{len(block.columns) + 1}"{indent}>{escape(line.label)}</th></tr>'
    label = f"{BROKEN_MARK if line.broken else ''}{escape(line.label)}"
    cells = "".join(
        render_cell(cell, line.broken or column.broken) for cell, column in zip(line.cells, block.columns, strict=True)
    )
    return f'<tr{" class=broken" if line.broken else ""}><th class="label"{indent}>{label}</th>{cells}</tr>'


def render_cell(cell: ShownCell, in_broken_line: bool) -> str:
    classes = " ".join(filter(None, (cell.mark.value if cell.mark is not Mark.NONE else "", "line" * in_broken_line)))
    determined = f"<b>{ARROW}{escape(cell.determined)}</b>" if cell.determined else ""
    text = f"{escape(cell.printed)}{SIGNS.get(cell.mark, '')}{determined}"
    return f'<td class="{classes}">{text}</td>' if classes else f"<td>{text}</td>"


def render_legend(view: CheckView) -> str:
    samples = (
        ("line", BROKEN_MARK, "legend_broken"),
        ("withheld", "1⊘", "legend_withheld"),
        ("withheld", f"{ARROW}0", "legend_suggested"),
        ("imputed", f"{ARROW}0", "legend_determined"),
        ("corrected", f"✓{ARROW}0", "legend_corrected"),
    )
    items = "".join(
        f'<span><i class="{style}">{sign}</i> {escape(view.word(name))}</span>' for style, sign, name in samples
    )
    return f'<p class="legend">{items}</p><p class="note">{escape(view.word("figures_as_printed"))}</p>'


def render_fields(view: CheckView) -> str:
    if not view.fields:
        return ""
    rows = "".join(
        f"<tr><th>{escape(field.label)}</th><td>{escape(field.value)}</td><td><small>{escape(field.evidence)}</small></td></tr>"
        for field in view.fields
    )
    return f'<section><h2>{escape(view.word("about"))}</h2><table class="fields">{rows}</table></section>'


def render_facts(view: CheckView) -> str:
    if not view.facts:
        return ""
    rows = "".join(
        f'<tr><th>{escape(fact.label)}</th><td class="figure">{escape(fact.figure)}</td>'
        f"<td><small>{escape(fact.sentence)}</small></td></tr>"
        for fact in view.facts
    )
    return f'<section><h2>{escape(view.word("facts"))}</h2><table class="fields">{rows}</table></section>'


def render_foot(view: CheckView) -> str:
    made = escape(view.word("made_by", sha256=view.sha256))
    return f'<footer><p>{escape(view.source)}</p><p class="hash">{made}</p></footer>'
