"""Composes the web page of a report from the catalogue: every table of an edition, with what a rule's example spoils."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from catalogue.load import load_catalogue
from catalogue.model import BreakingPage, Edition, Row, Table

NUMBERS = "一二三四五六"
FIRST_WORDS = {"T2": "信息内容", "S14": "统计指标"}


def compose_page(page: BreakingPage) -> bytes:
    """The report of an agency that had nothing to report, but for what the example prints."""
    edition = load_catalogue().edition(page.edition)
    year = page.report_year or edition.first_report_year
    title = f"某县水务局{year}年政府信息公开工作年度报告"
    period = f"本报告的统计期限自{year}年1月1日起至{year}年12月31日止。"
    body = [f"<h1>{title}</h1>", f"<p>{period}</p>"]
    tables = [table for table in edition.tables if table.code not in page.without_tables]
    for number, section in enumerate(edition.sections or ()):
        if section.chinese not in page.without_sections:
            body.append(f"<p>{NUMBERS[number]}、{section.chinese}</p><p>本年度按要求完成。</p>")
        body += [render(table, edition, page) for table in tables if number == int(table.code[1:]) - 1]
    body += [render(table, edition, page) for table in tables if not edition.sections]
    return f'<html><head><meta charset="utf-8"></head><body>{"".join(body)}</body></html>'.encode()


def render(table: Table, edition: Edition, page: BreakingPage) -> str:
    own = page if page.table == table.code else BreakingPage(edition=page.edition)
    rows = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in line)}</tr>" for line in lines(table, own))
    return f"<table>{rows}</table>"


def lines(table: Table, page: BreakingPage) -> Iterator[list[str]]:
    if table.code == "T3":
        yield ["（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", "申请人情况"]
    headings = {group.code: group for group in table.groups}
    printed: list[str] = []
    columns: tuple[str, ...] = ()
    for row in form_rows(table):
        header = [FIRST_WORDS.get(table.code, "项目")]
        header += [page.headers.get(code, table.column(code).chinese) for code in row.columns]
        if row.columns != columns and table.code != "T2":
            yield header
        for group in path(row, table):
            if group not in printed:
                printed.append(group)
                heading = headings[group]
                if table.code != "T4":
                    yield [f"{heading.number or ''}{heading.chinese}", *page.rows.get(group, "").split()]
        if row.columns != columns and table.code == "T2":
            yield header
        columns = row.columns
        yield [label(row), *page.rows.get(row.code, " ".join("0" * len(row.columns))).split()]
    for code, figures in page.again.items():
        yield [label(table.row(code)), *figures.split()]


def form_rows(table: Table) -> Iterable[Row]:
    return (row for row in table.rows if row.form_variant is None)


def path(row: Row, table: Table) -> list[str]:
    """The headings above a row, outermost first."""
    parents = {group.code: group.parent for group in table.groups}
    above: list[str] = []
    code = row.group
    while code is not None:
        above.insert(0, code)
        code = parents[code]
    return above


def label(row: Row) -> str:
    return f"{row.number or ''}{row.chinese}"
