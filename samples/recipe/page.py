"""Writes a filing as the page a government content management system serves: breadcrumbs, a toolbar, Word-made tables."""

from __future__ import annotations

from html import escape

from samples.recipe.sample import DISCLAIMER, Sample, Section
from samples.recipe.statutory import Laid, lay_out

_PAGE = """<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="X-UA-Compatible" content="IE=edge">
<title>政府信息公开</title>
<style>.xl{{width:1000px;margin:0 auto}} td{{border:1px solid #000}}</style>
<script>var siteId = 36; function fontSize(n) {{ document.getElementById("zoom").style.fontSize = n + "px"; }}</script>
</head>
<body>
<div class="xl">
<div class="dqwz">当前位置：<a href="/">首页</a> &gt; <a href="/zfxxgk/">政府信息公开</a></div>
<div class="tool">字体：[<a href="javascript:fontSize(18)">大</a>] [<a href="javascript:fontSize(16)">中</a>] [<a href="javascript:fontSize(14)">小</a>]</div>
<div id="zoom" class="TRS_Editor">
{body}
</div>
<div class="foot">{disclaimer}</div>
</div>
</body>
</html>
"""


def write_page(sample: Sample) -> bytes:
    """The page as bytes; the attachment line is glued to the last paragraph, as the template does."""
    parts = [_paragraph(text) for text in sample.opening]
    for section in sample.sections:
        parts += _section(sample, section)
    body = "\n".join(parts)
    if sample.furniture_after:
        body += f'<span class="fjxz">{escape(sample.furniture_after)}</span>'
    return _PAGE.format(body=body, disclaimer=DISCLAIMER).encode(sample.encoding)


def _section(sample: Sample, section: Section) -> list[str]:
    heading = f'<p style="text-indent: 2em;"><strong>{escape(section.heading)}</strong></p>'
    table = [_table(sample, section.table)] if section.table else []
    return [heading, *map(_paragraph, section.paragraphs), *table]


def _paragraph(text: str) -> str:
    return f'<p style="text-indent: 2em;"><span style="font-family: 仿宋;">{escape(text)}</span></p>'


def _table(sample: Sample, code: str) -> str:
    laid = lay_out(sample, code)
    rows = "\n".join(
        "<tr>" + "".join(_cell(cell) for cell in laid.row(index)) + "</tr>" for index in range(laid.height)
    )
    return (
        f'<table class="MsoNormalTable" cellspacing="0" cellpadding="0" width="100%"><tbody>\n{rows}\n</tbody></table>'
    )


def _cell(cell: Laid) -> str:
    if cell.text is None:
        return ""
    spans = f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
    spans += f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
    text = escape(cell.text, quote=False) or "&nbsp;"
    return f'<td{spans} valign="center"><p align="center"><span>{text}</span></p></td>'
