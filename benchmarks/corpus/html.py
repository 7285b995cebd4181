"""Prints a filing as the page a government content management system serves, one quirk per trait.

Here belong page furniture and table markup. The grid comes from `layout`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from benchmarks.corpus.characters import make_traditional
from benchmarks.corpus.filing import (
    Filing,
    Prepare,
    add_units,
    date_line,
    leave_totals_blank,
    leave_zeros_blank,
    make_mistake,
    mark_nothing,
)
from benchmarks.corpus.layout import Labels, Placed, PlacedTable, place_table

__all__ = ["TRAITS", "render"]

_PAGE = """<!DOCTYPE html>
<html>
<head>
{charset}<title>{title}_政府信息公开</title>
<meta name="SiteName" content="政府门户网站">
<meta name="PubDate" content="{published}">
<style>.main{{width:1000px;margin:0 auto}} td{{border:1px solid #000}}</style>
<script>var columnId = 1029; function doZoom(size) {{ document.getElementById("zoom").style.fontSize = size + "px"; }}</script>
</head>
<body>
<div class="main">
<div class="nav">当前位置：<a href="/">首页</a> &gt; <a href="/zfxxgk/">政府信息公开</a> &gt; 年度报告</div>
{card}<h1>{title}</h1>
<div class="bar">发布时间：{published} 字体：[<a href="javascript:doZoom(18)">大</a>] [<a href="javascript:doZoom(14)">小</a>] 浏览次数：<span id="hits"></span></div>
<div id="zoom">
{body}
</div>
<div class="share">分享到：【打印本页】【关闭窗口】</div>
<div class="near">上一篇：政务公开工作要点<br>下一篇：政府信息公开指南</div>
</div>
</body>
</html>
"""
_CARD = """<table class="xxgk" width="100%"><tr><td>索 引 号</td><td>{index}</td><td>分 类</td><td>政务公开</td></tr>
<tr><td>发布机构</td><td>{agency}</td><td>发文日期</td><td>{published}</td></tr>
<tr><td>文 号</td><td>无</td><td>有 效 性</td><td>有效</td></tr></table>
"""
_BREAK_ROW = 14  # grid row of 表三 at which one table becomes two
_OVERSHOOT = 2


@dataclass(frozen=True, slots=True)
class Markup:
    """How the tables are marked up, how the page is encoded and what it says about that."""

    cell: Callable[[Placed], str]
    labels: Labels = Labels.THREE
    encoding: str = "utf-8"
    declared: str | None = "utf-8"
    card: bool = False
    joined: bool = False  # the three tables are one
    split: bool = False  # 表三 is two tables
    nested: bool = False  # the report stands in a layout table
    repeated_header: bool = False
    loose: bool = False  # row and cell ends left out
    overshoot: bool = False  # group labels span more rows than there are
    doubled_header: bool = False  # header cells span two columns, figures one
    damage: bool = False  # some bytes lost in prose
    cut_words: bool = False  # 本年新 twice
    word: bool = False  # exported by Word
    change: Callable[[str], str] | None = None
    prepare: Prepare | None = None
    busy: bool | None = None


def render(filing: Filing, trait: str, random_source: random.Random) -> bytes:
    """The page of a filing as bytes."""
    markup = TRAITS[trait]
    published = filing.signed_on.isoformat() if filing.signed_on else ""
    paragraph = _word_paragraph if markup.word else _paragraph
    parts: list[str] = []
    joined: list[str] = []
    for section in filing.sections:
        if markup.joined and section.table:
            joined.append(_row_of_heading(section.heading))
            joined += _rows(place_table(filing, section.table, markup.labels), markup)
            if section.table == "T4":
                parts.append(_wrap(joined, markup))
            continue
        parts.append(paragraph(section.heading, strong=True))
        parts += [paragraph(text) for text in section.paragraphs]
        if section.table:
            parts += _tables(place_table(filing, section.table, markup.labels), markup)
    parts += [
        paragraph(filing.agency_name),
        *(paragraph(line) for line in date_line(filing.signed_on)),
    ]
    body = "\n".join(parts)
    if markup.nested:
        body = f'<table width="98%" border="0"><tr><td><table border="0"><tr><td class="art">\n{body}\n</td></tr></table></td></tr></table>'
    if markup.change:
        body = markup.change(body)
    card = _CARD.format(
        index=f"{filing.page_code or f'11{filing.region_code}004341590P'}/{published[:4]}-00150",
        agency=filing.agency_name,
        published=published,
    )
    page = _PAGE.format(
        charset=f'<meta charset="{markup.declared}">\n' if markup.declared else "",
        title=filing.title,
        published=published,
        card=card if markup.card else "",
        body=body,
    )
    data = page.encode(markup.encoding, errors="replace")
    return _lose_bytes(data, filing, markup.encoding, random_source) if markup.damage else data


def _paragraph(text: str, strong: bool = False) -> str:
    words = escape(text, quote=False)
    inner = f"<strong>{words}</strong>" if strong else f'<span style="font-family: 仿宋;">{words}</span>'
    return f'<p style="text-indent: 2em;">{inner}</p>'


def _word_paragraph(text: str, strong: bool = False) -> str:
    """As Word saves web pages: language runs, smart tags, conditional comments and empty Office tags."""
    words = re.sub(r"(\d+)", r'<span lang="EN-US">\1</span>', escape(text, quote=False))
    words = re.sub(r"(年|月|日)", r'<st1:chsdate w:st="on">\1</st1:chsdate>', words, count=1)
    weight = "<b>{}</b>" if strong else "{}"
    comment = "<!--[if !supportEmptyParas]--><!--[endif]-->"
    return f'<p class="MsoNormal" style="text-indent:32.0pt;mso-char-indent-count:2.0">{weight.format(words)}{comment}<o:p></o:p></p>'


def _plain_cell(cell: Placed) -> str:
    return f'<p align="center">{escape(cell.text or "", quote=False)}</p>' if cell.text else ""


def _blank_as_space(cell: Placed) -> str:
    return f"<span>{escape(cell.text or '', quote=False) or '&nbsp;'}</span>"


def _padded_cell(cell: Placed) -> str:
    """Figures between ideographic and no-break spaces."""
    text = escape(cell.text or "", quote=False)
    return f"<p>\u3000\u3000{text}&nbsp;</p>" if cell.figure else f"<p>{text}</p>"


def _broken_header(cell: Placed) -> str:
    """Header words over two lines, labels over several."""
    text = escape(cell.text or "", quote=False)
    if not cell.figure and len(text) >= 4:
        return f"<p>{text[:2]}<br>{text[2:]}</p>"
    return f"<p>{text}</p>"


def _word_cell(cell: Placed) -> str:
    text = escape(cell.text or "", quote=False)
    if cell.figure and len(text) > 1:
        text = f"{text[0]}</span><span lang=EN-US style='mso-hansi-font-family:宋体'>{text[1:]}"
    return f"<p class=MsoNormal align=center style='mso-pagination:widow-orphan'><span style='mso-bidi-font-size:10.5pt'>{text}</span><o:p></o:p></p>"


def _tables(table: PlacedTable, markup: Markup) -> list[str]:
    rows = _rows(table, markup)
    if markup.split and table.code == "T3":
        return [_wrap(rows[:_BREAK_ROW], markup), _paragraph("（续表）"), _wrap(rows[_BREAK_ROW:], markup)]
    return [_wrap(rows, markup)]


def _wrap(rows: list[str], markup: Markup) -> str:
    open_tag = (
        '<table class="MsoNormalTable" border="1" cellspacing="0" style="mso-border-alt:solid windowtext .5pt">'
        if markup.word
        else '<table border="1" cellspacing="0" width="100%">'
    )
    return f"{open_tag}<tbody>\n" + "\n".join(rows) + "\n</tbody></table>"


def _row_of_heading(heading: str) -> str:
    return f'<tr><td colspan="15"><p><strong>{heading}</strong></p></td></tr>'


def _rows(table: PlacedTable, markup: Markup) -> list[str]:
    """The rows of a table; a row that has no cell of its own stays as an empty one, as browsers need it."""
    rows = [_row(table, index, markup) for index in range(table.height)]
    if markup.repeated_header and table.code == "T3":
        rows[_BREAK_ROW:_BREAK_ROW] = rows[: table.header]
    return rows


def _row(table: PlacedTable, index: int, markup: Markup) -> str:
    cells = [_cell(cell, table, markup) for cell in table.row(index) if cell.text is not None]
    if markup.loose:
        return "<tr>" + "".join(cells)
    return "<tr>" + "".join(cells) + "</tr>"


def _cell(cell: Placed, table: PlacedTable, markup: Markup) -> str:
    row_span, column_span = cell.row_span, cell.column_span
    if markup.overshoot and table.code == "T3" and row_span > 1 and cell.row >= table.header and cell.column:
        row_span += _OVERSHOOT
    if markup.doubled_header and table.code == "T2" and not cell.figure and cell.code not in ("", *_row_codes(table)):
        column_span *= 2
    spans = f' colspan="{column_span}"' if column_span > 1 else ""
    spans += f' rowspan="{row_span}"' if row_span > 1 else ""
    inner = markup.cell(cell)
    if markup.cut_words:
        inner = re.sub("本年新(?:制作|公开)数量", "本年新", inner)
    return f"<td{spans}>{inner}" if markup.loose else f'<td{spans} valign="center">{inner}</td>'


def _row_codes(table: PlacedTable) -> set[str]:
    return {cell.code for cell in table.cells if cell.figure}


def _lose_bytes(data: bytes, filing: Filing, encoding: str, random_source: random.Random) -> bytes:
    """Single bytes lost from characters of the prose, as faulty conversions leave them; the tables stay whole."""
    damaged = data
    for section in (filing.sections[0], filing.sections[-2]):
        words = section.paragraphs[-1][-6:].encode(encoding)
        place = random_source.randrange(1, len(words) - 4)
        damaged = damaged.replace(words, words[:place] + words[place + 1 :])
    return damaged


TRAITS: dict[str, Markup] = {
    "plain": Markup(_plain_cell),
    "gbk_declared_utf8": Markup(_plain_cell, encoding="gb18030"),
    "gbk_undeclared": Markup(_plain_cell, encoding="gbk", declared=None),
    "utf8_declared_gbk": Markup(_plain_cell, declared="gb2312"),
    "gbk_damaged": Markup(_plain_cell, encoding="gb18030", declared="gb2312", damage=True),
    "utf8_damaged": Markup(_plain_cell, damage=True),
    "big5_traditional": Markup(_plain_cell, encoding="big5-hkscs", declared="big5", change=make_traditional),
    "word_export": Markup(_word_cell, word=True),
    "nested_layout_tables": Markup(_plain_cell, nested=True),
    "missing_ends": Markup(_blank_as_space, loose=True),
    "overshooting_rowspans": Markup(_plain_cell, overshoot=True),
    "split_table": Markup(_plain_cell, split=True),
    "repeated_header": Markup(_plain_cell, repeated_header=True),
    "joined_tables": Markup(_plain_cell, joined=True),
    "different_colspans": Markup(_plain_cell, doubled_header=True),
    "cut_header_words": Markup(_plain_cell, cut_words=True),
    "broken_header_words": Markup(_broken_header),
    "blank_as_space": Markup(_blank_as_space),
    "padded_cells": Markup(_padded_cell),
    "metadata_card": Markup(_plain_cell, card=True),
    "flat_labels": Markup(_plain_cell, labels=Labels.FLAT),
    "numbered_labels": Markup(_plain_cell, labels=Labels.NUMBERED),
    "filer_mistake": Markup(_plain_cell, busy=True, prepare=make_mistake),
    "blank_totals": Markup(_plain_cell, busy=True, prepare=leave_totals_blank),
    "blank_zeros": Markup(_plain_cell, busy=True, prepare=leave_zeros_blank),
    "nil_marks": Markup(_plain_cell, prepare=mark_nothing),
    "units": Markup(_plain_cell, prepare=add_units),
}
