"""The prose of a report: its lines, which of them are headings or belong to a table, and its sentences.

Here belongs the layout of running text (wrapped lines, page numbers, the columns of flattened tables). What the lines
say is read by `metadata.py` and its neighbours and by `narrative.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from disclosure.document import Document, Grid, Layout, Paragraph
from disclosure.parse.chinese import Folded, fold, plain
from disclosure.parse.remember import remember_last

_HEADING = re.compile(
    r"^(?:第?[一二三四五六七八九十]{1,2}[、.部]|、(?=主动公开))(?P<words>[^。;]{2,40})$"  # 一、总体情况
)
_HEADING_GLUED = re.compile(
    r"^[一二三四五六七八九十]、(?:总体情况|概述|概况|主动公开政府信息(?:的)?情况|存在的?(?:主要)?问题及改进情况"
    r"|其他需要报告的事项)(?=.)"
)
_SUBHEADING = re.compile(r"^(?:\([一二三四五六七八九十]{1,2}\)|\d{1,2}[.、])(?P<words>[^。:,;]{2,24})(?:[。:]|$)")
_ROW_LABEL = re.compile(r"^[一二三四]、?(?:本年新收|上年结转|本年度办理|结转下)|^(?:本年度?办理结果)")
_TABLE_START = re.compile(
    r"^\|?(?:第二十条第?|信息内容|\(?本列数据的勾稽关系|申请人情况|行政复议\|?行政诉讼|行政复议\|?$|统计指标)"
)
_PAGE_NUMBER = re.compile(r"^[-—]?(?:第)?\d{1,3}[-—]?(?:页)?$|^P\.\d+$")
_LIST_MARK = re.compile(
    r"^(?:\(?[一二三四五六七八九十]{1,3}[)、.]|\d{1,2}[.、)]|[①-⑳]|第[一二三四五六七八九十]+[条部章]|[•·\[【《])"
)
_STANDS_ALONE = re.compile(r"^.{0,50}(?:报告|年报)$|^(?:发布|日期|时间|来源|信息来源|作者|索引号)")
_SENTENCE = re.compile(r"[^。!?！？]+(?:[。!?！？]+|$)")
_SEMICOLON = re.compile(r"[;；]")
_CLAUSE = re.compile(r"[^;；]+")
_ENDS = "。；！？：;!?:”》）)|"

WRAPPED_FROM = 22  # characters; a shorter line that ends without punctuation is a line of its own
LONGEST_ROW_KEPT = 300  # characters; a row of a statutory table has fewer, and what is kept has to stay small
CLAUSES_FROM = 150  # characters; a longer sentence is a list of clauses, quoted clause by clause

Doubts = tuple[tuple[int, float], ...]  # places of characters recognition was not sure of, with the probability of each


class Line(NamedTuple):
    """One line of the source; `text` is folded and squeezed. A row of a grid is one line with | between its cells."""

    source: str
    text: str
    page: int | None
    heading: bool  # of a chapter: 一、总体情况
    in_table: bool
    doubts: Doubts | None = None  # places in `source`; None where nothing had to be recognised


class Sentence(NamedTuple):
    """A sentence (or a clause of a very long one) with the headings above it."""

    folded: Folded
    chapter: str  # folded words of the chapter heading, "" before the first
    section: str  # chapter and subheading as printed, joined by /
    clause: bool  # cut at a semicolon
    page: int | None
    doubts: Doubts | None = None  # places in `folded.source`; None where nothing had to be recognised


@dataclass(frozen=True, slots=True)
class Prose:
    """The lines and sentences of one document."""

    lines: tuple[Line, ...]
    sentences: tuple[Sentence, ...]


@remember_last
def read_prose(document: Document) -> Prose:
    """The lines and sentences of a document. Classification, metadata and narrative ask for them one after the other, so
    those of the last document are kept."""
    lines = read_lines(document)
    return Prose(lines, read_sentences(lines))


def read_lines(document: Document) -> tuple[Line, ...]:
    """Every line of the document in reading order, empty ones left out."""
    lines: list[Line] = []
    in_table = False
    for source, page, of_grid, doubts in _source_lines(document):
        text = _plain_row(source) if of_grid and len(source) <= LONGEST_ROW_KEPT else plain(source)
        if not text or _PAGE_NUMBER.match(text):
            continue
        heading = not of_grid and is_heading(text)
        if heading or (in_table and not of_grid and _is_long_prose(text)):
            in_table = False
        elif _TABLE_START.match(text):
            in_table = True
        of_table = of_grid or in_table or "\t" in source.strip() or "|" in text
        lines.append(Line(source, text, page, heading, of_table, doubts))
    return tuple(lines)


@lru_cache(maxsize=8192)  # most rows of a statutory table are printed in many reports with the same few figures
def _plain_row(source: str) -> str:
    return plain(source)


def is_heading(text: str) -> bool:
    """Whether a folded line is the heading of a chapter and not a row label of 表三."""
    return bool(_HEADING.match(text)) and not _ROW_LABEL.match(text) and "|" not in text


def _is_long_prose(text: str) -> bool:
    return len(text) > 30 and text.endswith(("。", ";")) and not text.startswith("(本列")


def _source_lines(document: Document) -> Iterator[tuple[str, int | None, bool, Doubts | None]]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            start = 0
            for line in block.text.splitlines(keepends=True):
                doubts = None if block.confidence is None else _within(block.doubts, start, start + len(line))
                start += len(line)
                yield line.splitlines()[0], block.page, False, doubts
        elif isinstance(block, Grid) and _only_arranges(block):
            for row in block.rows:
                for cell in row.cells:
                    for line in cell.text.splitlines():
                        yield line, row.page or block.page, False, None
        elif isinstance(block, Grid):
            for row in block.rows:
                cells = [cell.text.replace("\n", "") for cell in row.cells]
                yield " | ".join(cells), row.page or block.page, True, None


def _only_arranges(grid: Grid) -> bool:
    """Whether a table has one column and prose in it: web pages lay the whole text into such a table. A statutory table has two
    columns at the least."""
    texts = [cell.text for row in grid.rows for cell in row.cells]
    return grid.layout is Layout.GRID and len(texts) <= len(grid.rows) and any("。" in text for text in texts)


def _within(doubts: Doubts | None, start: int, end: int) -> Doubts | None:
    """The doubts about a stretch of text, by their place in it."""
    if doubts is None:
        return None
    return tuple((place - start, sure) for place, sure in doubts if start <= place < end)


def read_sentences(lines: tuple[Line, ...]) -> tuple[Sentence, ...]:
    """The sentences of the prose, wrapped lines joined, tables left out."""
    sentences: list[Sentence] = []
    chapter = subheading = ""
    for paragraph in _join_wrapped(lines):
        head, body = _split_heading(paragraph)
        if head is not None:
            chapter, subheading = head, ""
        if not body.source:
            continue
        found = _SUBHEADING.match(body.text)
        if found:
            subheading = found[0].rstrip("。:")
        sentences.extend(_sentences_of(body, chapter, subheading))
    return tuple(sentences)


def _split_heading(paragraph: Line) -> tuple[str | None, Line]:
    """A heading glued to the text after it (一、总体情况 2020年,…) is cut off."""
    if paragraph.heading:
        return paragraph.text, Line("", "", paragraph.page, False, False)
    glued = _HEADING_GLUED.match(paragraph.text)
    if not glued or len(paragraph.text) == glued.end():
        return None, paragraph
    folded = fold(paragraph.source)
    start = folded.places[glued.end()]
    rest = paragraph.source[start:]
    doubts = _within(paragraph.doubts, start, len(paragraph.source))
    return glued[0], Line(rest, plain(rest), paragraph.page, False, False, doubts)


def _sentences_of(paragraph: Line, chapter: str, subheading: str) -> Iterator[Sentence]:
    section = f"{chapter}/{subheading}" if subheading else chapter
    for whole in _SENTENCE.finditer(paragraph.source):
        if len(whole[0]) <= CLAUSES_FROM or not _SEMICOLON.search(whole[0]):
            yield _sentence_of(paragraph, whole[0], whole.start(), chapter, section, False)
            continue
        for clause in _CLAUSE.finditer(whole[0]):
            yield _sentence_of(paragraph, clause[0], whole.start() + clause.start(), chapter, section, True)


def _sentence_of(paragraph: Line, words: str, start: int, chapter: str, section: str, clause: bool) -> Sentence:
    start += len(words) - len(words.lstrip())
    words = words.strip()
    doubts = _within(paragraph.doubts, start, start + len(words))
    return Sentence(fold(words), chapter, section, clause, paragraph.page, doubts)


def _join_wrapped(lines: tuple[Line, ...]) -> Iterator[Line]:
    """Paragraphs of prose: a long line that ends in mid-sentence goes on in the next line of text."""
    held: Line | None = None
    for line in lines:
        if line.in_table:
            continue
        if held is not None and _goes_on(held, line):
            held = _joined(held, line)
            continue
        if held is not None:
            yield held
        held = line
    if held is not None:
        yield held


def _joined(held: Line, line: Line) -> Line:
    first, second = held.source.rstrip(), line.source.lstrip()
    doubts = held.doubts
    if doubts is not None or line.doubts is not None:
        skipped = len(line.source) - len(second)
        later = tuple((len(first) + place - skipped, sure) for place, sure in line.doubts or ())
        doubts = (*(doubts or ()), *later)
    return Line(first + second, held.text + line.text, held.page, False, False, doubts)


def _goes_on(held: Line, line: Line) -> bool:
    return (
        not held.heading
        and not line.heading
        and len(held.text) >= WRAPPED_FROM
        and held.text[-1] not in _ENDS
        and not _STANDS_ALONE.search(held.text)
        and not _LIST_MARK.match(line.text)
    )
