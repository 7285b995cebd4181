"""A file that holds two reports one after the other: the first is read, and a finding names the second.

What does not belong here: a table printed twice within one report (`repeated`).
"""

from __future__ import annotations

import re
from dataclasses import replace

from disclosure.document import Block, Document, Paragraph
from disclosure.findings import Finding, FindingCode, Where, finding
from disclosure.parse.chinese import plain
from disclosure.parse.classify import tables_named
from disclosure.parse.titles import LONGEST_TITLE, Title, parse_title

_HINT = re.compile("[报報总總]")  # every title has 报告, 年报 or 总结; most lines have none
_ENOUGH_TABLES = 2  # kinds of statutory tables that show a report; before another agency's or year's title one will do


def take_first_report(document: Document) -> tuple[Document, tuple[Finding, ...]]:
    """The document up to the title of a second report: one with tables before it and tables after it."""
    first: Title | None = None
    for place, block in enumerate(document.blocks):
        title = _read_title(block)
        if title is None:
            continue
        other = first is not None and (title.agency, title.year) != (first.agency, first.year)
        first = first or title
        before, after = document.blocks[:place], document.blocks[place:]
        if len(_tables_in(before)) >= (1 if other else _ENOUGH_TABLES) and len(_tables_in(after)) >= _ENOUGH_TABLES:
            where = Where(block.page, text=title.text[:200])
            return replace(document, blocks=before), (finding(FindingCode.SECOND_REPORT, title.text, where),)
    return document, ()


def _read_title(block: Block) -> Title | None:
    if not isinstance(block, Paragraph) or len(block.text) > 2 * LONGEST_TITLE or not _HINT.search(block.text):
        return None
    title = parse_title(plain(block.text))
    return title if title and (title.agency or title.year) else None


def _tables_in(blocks: tuple[Block, ...]) -> set[int]:
    """Which of the statutory tables the words of the blocks name."""
    texts = []
    for block in blocks:
        if isinstance(block, Paragraph):
            texts.append(block.text)
        else:
            texts += [cell.text for row in block.rows for cell in row.cells]
    return tables_named("\n".join(map(plain, texts)))
