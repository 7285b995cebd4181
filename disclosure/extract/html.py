"""Reader for HTML pages: visible text as paragraphs, data tables as grids with spans resolved.

Nothing is dropped for looking like page furniture: extractors of "main content" lose empty cells. The resolving of spans is in
`html_tables`. What does not belong here: any knowledge of what a table says.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from disclosure.document import Block, Paragraph
from disclosure.extract.encoding import decode
from disclosure.extract.html_elsewhere import embedded_picture, find_what_is_elsewhere
from disclosure.extract.html_tables import BLOCKS, HEADINGS, RAISED, SKIPPED, is_hidden, is_layout, read_table, tidy
from disclosure.extract.pictures import Pictures
from disclosure.extract.reading import CELL_LIMIT, CHARACTER_LIMIT, Reading, RefusalError, raise_digits
from disclosure.findings import FindingCode

READER = "html"
READER_VERSION = "4"

_DEPTH_LIMIT = 2000  # nested elements; office software reaches some dozens
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)")
# fmt: off
_NEVER_NESTED = frozenset((  # void, or closed by the next of its kind
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option", "p", "param",
    "source", "td", "th", "tr", "wbr",
))
# fmt: on


def read_html(data: bytes) -> Reading:
    """The blocks and the title and meta tags of a page. Raises RefusalError: UNKNOWN_ENCODING, NO_TEXT, RESOURCE_LIMIT."""
    if data.count(b"<") > CELL_LIMIT:
        raise RefusalError(FindingCode.RESOURCE_LIMIT, f"标签超过 {CELL_LIMIT} 个，不像一份年度报告")
    text, encoding = decode(data)
    _refuse_deep(text)
    tree = LexborHTMLParser(text)
    properties = {**_read_properties(tree), "encoding": encoding}
    walk = _Walk()
    blocks = walk.blocks_of(tree.body) if tree.body is not None else ()
    if not blocks:
        raise RefusalError(FindingCode.NO_TEXT, "网页中没有可见文字，内容可能由脚本加载或是图片")
    findings = (*walk.pictures.findings, *find_what_is_elsewhere(tree, blocks))
    return Reading(blocks, findings, properties=properties)


def _refuse_deep(text: str) -> None:
    """Refuse nesting that would cost the parser time with its square: 200,000 nested tags took four minutes."""
    if text.count("<") - text.count("</") <= _DEPTH_LIMIT:
        return  # so few tags open that they cannot nest deeper
    depth = 0
    for tag in _TAG.finditer(text):
        if tag[2].lower() not in _NEVER_NESTED:
            depth = max(0, depth - 1) if tag[1] else depth + 1
            if depth > _DEPTH_LIMIT:
                raise RefusalError(FindingCode.RESOURCE_LIMIT, f"网页标签嵌套超过 {_DEPTH_LIMIT} 层")


def _read_properties(tree: LexborHTMLParser) -> dict[str, str]:
    """The title and every named meta tag, keys as in the source; the first of equal keys wins."""
    properties: dict[str, str] = {}
    title = tree.css_first("title")
    if title is not None and title.text().strip():
        properties["title"] = title.text().strip()
    for meta in tree.css("meta"):
        key = meta.attributes.get("name") or meta.attributes.get("property")
        content = meta.attributes.get("content")
        if key and content and content.strip():
            properties.setdefault(key.strip(), content.strip())
    return properties


class _Walk:
    """One pass over the page in reading order, without recursion: hostile pages nest deeper than Python's stack."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._pieces: list[str] = []
        self._level: int | None = None
        self._characters = 0
        self.pictures = Pictures()

    def blocks_of(self, body: LexborNode) -> tuple[Block, ...]:
        node: LexborNode | None = body
        depth = 0
        while node is not None:
            child = self._enter(node)
            if child is not None:
                node, depth = child, depth + 1
                if depth > _DEPTH_LIMIT:
                    raise RefusalError(FindingCode.RESOURCE_LIMIT, f"网页标签嵌套超过 {_DEPTH_LIMIT} 层")
                continue
            while node is not None and node.next is None and depth:
                node, depth = node.parent, depth - 1
                if node is not None:
                    self._leave(node)
            node = node.next if node is not None and depth else None
        self._end_paragraph()
        return tuple(self._blocks)

    def _enter(self, node: LexborNode) -> LexborNode | None:
        """Take a node in; its first child when the walk should go down, else None."""
        tag = node.tag or ""
        if tag == "-text":
            self._pieces.append(node.text_content or "")
            self._count(node.text_content or "")
            return None
        if tag in SKIPPED or is_hidden(node):
            return None
        if tag == "br":
            self._end_paragraph()
            return None
        if tag in RAISED:
            self._pieces.append(raise_digits(node.text()))
            return None
        if tag == "img":
            self._take_picture(node)
            return None
        if tag == "table" and not is_layout(node):
            self._end_paragraph()
            grid = read_table(node)
            if grid.rows:
                self._blocks.append(grid)
            return None
        if tag in BLOCKS:
            self._end_paragraph()
            self._level = HEADINGS.get(tag, self._level)
        child = node.child
        if child is None:
            self._leave(node)
        return child

    def _take_picture(self, node: LexborNode) -> None:
        """A picture that the page carries in itself; others are outside the file."""
        data = embedded_picture(node.attributes.get("src") or "")
        found = self.pictures.blocks_of(data, "网页中的图片") if data else ()
        if found:
            self._end_paragraph()
            self._blocks.extend(found)

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag in BLOCKS:
            self._end_paragraph()
            if tag in HEADINGS:
                self._level = None

    def _end_paragraph(self) -> None:
        text = tidy("".join(self._pieces)).strip()
        self._pieces.clear()
        if text:
            self._blocks.append(Paragraph(text, level=self._level))

    def _count(self, text: str) -> None:
        self._characters += len(text)
        if self._characters > CHARACTER_LIMIT:
            raise RefusalError(FindingCode.RESOURCE_LIMIT, f"文字超过 {CHARACTER_LIMIT} 字")
