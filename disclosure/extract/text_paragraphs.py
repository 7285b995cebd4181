"""Paragraphs of plain text: heading marks, and the joining of paragraphs that a page break cut in two.

What does not belong here: tables.
"""

from __future__ import annotations

import re

from disclosure.document import Block, Paragraph

_HEADING_MARK = re.compile(r"(#{1,6})\s+(.*\S)")
_LIST_START = re.compile(
    r"#|[-*•·]\s|[（(【\[〔]?\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*[)）】\]、.．]|第[一二三四五六七八九十\d]+[章节条款项]|附[件表]|[:：]"
)
_CHAPTER_START = re.compile(r"[一二三四五六七八九十]{1,3}、")
_SENTENCE_END = tuple("。！？；：.!?;:”」』…")
_SHORTEST_BROKEN_LINE = 15  # characters; a page's last line is full, shorter ones are titles and signatures
_INNER_STOP = re.compile("[，,。；;、]")


def is_markdown(lines: list[str]) -> bool:
    """Whether the dump marks headings the Markdown way, as OCR tools write; only these cut paragraphs at page breaks."""
    return any(_HEADING_MARK.match(line) for line in lines)


def starts_chapter(text: str) -> bool:
    """Whether a line reads like a chapter heading: 一、 二、 ..."""
    return bool(_CHAPTER_START.match(text.strip()))


def read_paragraph(line: str) -> list[Block]:
    """A line as a paragraph: leading # become the level, ** marks are dropped, inner spaces stay."""
    heading = _HEADING_MARK.match(line.strip())
    text = (heading[2] if heading else line).replace("**", "").strip()
    return [Paragraph(text, level=len(heading[1]) if heading else None)] if text else []


def join_broken(blocks: list[Block], blanks_before: list[int]) -> tuple[Block, ...]:
    """Join paragraphs that were one before a page break: the first stops in mid-sentence, the second just goes on."""
    joined: list[Block] = []
    for block, blanks in zip(blocks, blanks_before, strict=True):
        last = joined[-1] if joined else None
        if (
            isinstance(last, Paragraph)
            and isinstance(block, Paragraph)
            and last.level is None
            and block.level is None
            and 1 <= blanks <= 3
            and _stops_midway(last.text)
            and not _LIST_START.match(block.text)
        ):
            joined[-1] = Paragraph(last.text + block.text)
        else:
            joined.append(block)
    return tuple(joined)


def _stops_midway(text: str) -> bool:
    return (
        len(text) >= _SHORTEST_BROKEN_LINE
        and not text.endswith((*_SENTENCE_END, "）", ")", "》"))
        and bool(_INNER_STOP.search(text))
    )
