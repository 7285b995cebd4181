"""Reader for DOCX: every run of text that Word shows, wherever the XML hides it, and tables with their merged cells.

Own reader because smart tags, tracked insertions, content controls and text boxes hold numbers that common libraries leave
out. The container is opened in `docx_package`. What does not belong here: any knowledge of what a table says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from disclosure.document import Block, Grid, GridCell, GridRow, Layout, Paragraph
from disclosure.extract.docx_package import W, heading_styles, open_package
from disclosure.extract.pictures import Pictures
from disclosure.extract.reading import Reading, RefusalError
from disclosure.findings import FindingCode

READER = "docx"
READER_VERSION = "3"

_ELEMENT_LIMIT = 200_000  # paragraphs and cells; a report has under 2,000

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_P, _TBL, _TR, _TC, _T, _VAL = W + "p", W + "tbl", W + "tr", W + "tc", W + "t", W + "val"
_TEXT_BOX = W + "txbxContent"
# Deleted and moved-away text, field codes, and properties are not shown.
_TEXT_NOT_SHOWN = ("del", "moveFrom", "delText", "instrText", "delInstrText", "rt")
_PROPERTIES = ("pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr", "sectPr")
_NOT_SHOWN = frozenset(W + name for name in (*_TEXT_NOT_SHOWN, *_PROPERTIES))
_SEPARATE_TEXT = frozenset((_TEXT_BOX, _TBL, _P))
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PICTURES = (
    ("{http://schemas.openxmlformats.org/drawingml/2006/main}blip", _RELATION + "embed"),
    ("{urn:schemas-microsoft-com:vml}imagedata", _RELATION + "id"),
)
_MARKS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
    W + "softHyphen": "",
}


@dataclass(frozen=True, slots=True)
class _Source:
    """What the walk through the document needs beside the element: heading styles and embedded pictures."""

    styles: dict[str, int]
    pictures: dict[str, bytes]
    reader: Pictures


def read_docx(data: bytes) -> Reading:
    """The blocks and core properties. Raises RefusalError: TRUNCATED, DAMAGED, ENCRYPTED, RESOURCE_LIMIT, NO_TEXT."""
    package = open_package(data)
    body = package.document.find(W + "body")
    if body is None:
        raise RefusalError(FindingCode.DAMAGED, "word/document.xml 中没有正文")
    if sum(1 for _ in body.iter(_TC, _P)) > _ELEMENT_LIMIT:
        raise RefusalError(FindingCode.RESOURCE_LIMIT, f"段落和单元格超过 {_ELEMENT_LIMIT} 个，不像一份年度报告")
    pictures = Pictures()
    source = _Source(heading_styles(package.styles), package.pictures, pictures)
    blocks = tuple(_read_blocks(body, source))
    if not any(not isinstance(block, Paragraph) or block.text for block in blocks):
        raise RefusalError(FindingCode.NO_TEXT, "文档中没有文字，内容可能是图片")
    return Reading(blocks, tuple(pictures.findings), properties=package.properties)


def _shown(parent: Any) -> Iterator[Any]:
    """The shown children of an element, with wrappers (insertions, smart tags, content controls ...) kept as they are.

    Of alternative contents only the first is taken: Choice and Fallback say the same thing twice.
    """
    for child in parent:
        if not isinstance(child.tag, str) or child.tag in _NOT_SHOWN:
            continue
        if child.tag == _MC + "AlternateContent":
            branches = [branch for branch in child if branch.tag in (_MC + "Choice", _MC + "Fallback")]
            chosen = next((branch for branch in branches if _holds_text(branch)), None)
            if chosen is not None:
                yield from _shown(chosen)
        else:
            yield child


def _holds_text(element: Any) -> bool:
    return next(element.iter(_T), None) is not None


def _read_blocks(parent: Any, source: _Source) -> Iterator[Block]:
    """Paragraphs and tables below an element in reading order; wrappers are looked through."""
    for child in _shown(parent):
        if child.tag == _P:
            text = _text(child).strip()
            if text:
                yield Paragraph(text, level=_level(child, source))
            for box in _find(child, _TEXT_BOX):
                yield from _read_blocks(box, source)
            yield from _read_pictures(child, source)
        elif child.tag == _TBL:
            yield from _read_table(child, source)
        else:
            yield from _read_blocks(child, source)


def _read_pictures(paragraph: Any, source: _Source) -> Iterator[Block]:
    """What the pictures of a paragraph say: a table is sometimes pasted as one."""
    for tag, attribute in _PICTURES:
        for picture in paragraph.iter(tag):
            data = source.pictures.get(picture.get(attribute) or "")
            if data:
                yield from source.reader.blocks_of(data, "文档中的图片")


def _text(element: Any) -> str:
    """The shown text of a paragraph, without that of text boxes in it."""
    pieces: list[str] = []
    for child in _shown(element):
        if child.tag == _T:
            pieces.append(child.text or "")
        elif child.tag in _MARKS:
            pieces.append(_MARKS[child.tag])
        elif child.tag == W + "sym":
            pieces.append(_symbol(child))
        elif child.tag not in _SEPARATE_TEXT and not _is_vanished(child):
            pieces.append(_text(child))
    return "".join(pieces)


def _is_vanished(run: Any) -> bool:
    """Whether a run is formatted as hidden."""
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(_VAL) not in ("0", "false", "off")


def _symbol(element: Any) -> str:
    """A character given by its code in a symbol font; private-use codes carry no meaning outside it."""
    try:
        code = int(element.get(W + "char") or "", 16)
    except ValueError:
        return ""
    return chr(code) if 32 <= code < 0xD800 else ""


def _find(element: Any, tag: str) -> Iterator[Any]:
    """The outermost shown descendants with a tag."""
    for child in _shown(element):
        if child.tag == tag:
            yield child
        else:
            yield from _find(child, tag)


def _level(paragraph: Any, source: _Source) -> int | None:
    properties = paragraph.find(W + "pPr")
    if properties is None:
        return None
    outline = properties.find(W + "outlineLvl")
    if outline is not None and (outline.get(_VAL) or "").isdigit():
        level = int(outline.get(_VAL))
        return level + 1 if level < 6 else None
    style = properties.find(W + "pStyle")
    return source.styles.get(style.get(_VAL) or "") if style is not None else None


def _read_table(table: Any, source: _Source) -> Iterator[Block]:
    """The table as a grid, then every table nested in its cells as a grid of its own."""
    rows: list[list[_Cell]] = []
    nested: list[Block] = []
    for row in _find(table, _TR):
        if _was_deleted(row):
            continue
        rows.append(_place_cells(row))
        for cell in _find(row, _TC):
            for inner in _find(cell, _TBL):
                nested.extend(_read_table(inner, source))
    grid = Grid(
        tuple(
            GridRow(index, tuple(cell.at(index, rows) for cell in row if not cell.continues))
            for index, row in enumerate(rows)
        ),
        Layout.GRID,
    )
    if any(row.cells for row in grid.rows):
        yield grid
    yield from nested


def _was_deleted(row: Any) -> bool:
    properties = row.find(W + "trPr")
    return properties is not None and properties.find(W + "del") is not None


class _Cell:
    """A cell while its vertical extent is not known yet."""

    __slots__ = ("column", "continues", "restarts", "text", "width")

    def __init__(self, text: str, column: int, width: int, merge: str | None) -> None:
        self.text, self.column, self.width = text, column, width
        self.restarts = merge == "restart"
        self.continues = merge == "continue"

    def at(self, index: int, rows: list[list[_Cell]]) -> GridCell:
        height = 1
        if self.restarts:
            for row in rows[index + 1 :]:
                if not any(other.continues and other.column == self.column for other in row):
                    break
                height += 1
        return GridCell(self.text, self.column, height, self.width)


def _place_cells(row: Any) -> list[_Cell]:
    cells: list[_Cell] = []
    column = _number(row.find(W + "trPr"), "gridBefore", 0)
    for cell in _find(row, _TC):
        properties = cell.find(W + "tcPr")
        width = max(1, _number(properties, "gridSpan", 1))
        text = _cell_text(cell)
        merge = properties.find(W + "vMerge") if properties is not None else None
        kind = None if merge is None else merge.get(_VAL) or "continue"
        if kind == "continue" and text.strip():
            kind = None  # Word hides such text, converters show it; it is kept rather than lost
        if cells and not text.strip() and _continues_sideways(properties):
            cells[-1].width += width
            column += width
            continue
        cells.append(_Cell(text, column, width, kind))
        column += width
    return cells


def _continues_sideways(properties: Any) -> bool:
    """Whether a cell is covered by the one before it in the old way (w:hMerge), which keeps a cell for every column."""
    merge = properties.find(W + "hMerge") if properties is not None else None
    return merge is not None and merge.get(_VAL) != "restart"


def _number(properties: Any, name: str, default: int) -> int:
    found = properties.find(W + name) if properties is not None else None
    value = found.get(_VAL) if found is not None else None
    return min(int(value), 1000) if value and value.isdigit() else default


def _cell_text(cell: Any) -> str:
    """The paragraphs of a cell as lines, with text boxes after the paragraph they hang on; nested tables left out."""
    return "\n".join(line for line in _cell_lines(cell) if line.strip())


def _cell_lines(parent: Any) -> Iterator[str]:
    for child in _shown(parent):
        if child.tag == _P:
            yield _text(child)
            for box in _find(child, _TEXT_BOX):
                yield from _cell_lines(box)
        elif child.tag != _TBL:
            yield from _cell_lines(child)
