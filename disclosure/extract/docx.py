"""Reader for DOCX: every run of text that Word shows, wherever the XML hides it, and tables with their merged cells.

Own reader because smart tags, tracked insertions, content controls and text boxes hold numbers that common libraries leave
out. The container is opened in `docx_package`. What does not belong here: any knowledge of what a table says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from disclosure.document import Block, Grid, GridCell, GridRow, Layout, Paragraph
from disclosure.extract.docx_package import Package, W, heading_styles, open_package
from disclosure.extract.pictures import Pictures
from disclosure.extract.reading import Reading, RefusalError, raise_digits
from disclosure.findings import FindingCode

READER = "docx"
READER_VERSION = "4"

_ELEMENT_LIMIT = 200_000  # paragraphs and cells; a report has under 2,000

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_P, _TBL, _TR, _TC, _T, _VAL = W + "p", W + "tbl", W + "tr", W + "tc", W + "t", W + "val"
_TEXT_BOX = W + "txbxContent"
# Deleted and moved-away text, field codes, and properties are not shown.
_TEXT_NOT_SHOWN = ("del", "moveFrom", "rt")
_CODES_NOT_SHOWN = ("delText", "instrText", "delInstrText")
_PROPERTIES = ("pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr", "sectPr")
_NOT_SHOWN = frozenset(W + name for name in (*_TEXT_NOT_SHOWN, *_CODES_NOT_SHOWN, *_PROPERTIES))
_SEPARATE_TEXT = frozenset((_TEXT_BOX, _TBL, _P))
_ALTERNATIVES = _MC + "AlternateContent"
_BRANCHES = frozenset((_MC + "Choice", _MC + "Fallback"))
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
_SYMBOL, _RAISED = W + "sym", W + "vertAlign"
_HIDING = (W + "vanish", W + "strike", W + "dstrike")  # what is hidden or struck through is not said
# Without any of these below it, an element shows just the text of its w:t elements; a paragraph in a paragraph comes too.
_NOT_PLAIN = (
    *(W + name for name in _TEXT_NOT_SHOWN),
    _TEXT_BOX,
    _TBL,
    *_MARKS,
    _ALTERNATIVES,
    _SYMBOL,
    *_HIDING,
    _RAISED,
)
_paragraphs_in_paragraphs = etree.XPath(".//w:p//w:p", namespaces={"w": W.strip("{}")})
_has_table_in_cell = etree.XPath("boolean(.//w:tc//w:tbl)", namespaces={"w": W.strip("{}")})


@dataclass(frozen=True, slots=True)
class _Source:
    """What the walk through the document needs beside the element: heading styles, embedded pictures, and what of the rarer
    things the document has at all, so that no paragraph and no cell is searched for what is nowhere."""

    styles: dict[str, int]
    pictures: dict[str, bytes]
    reader: Pictures
    not_plain: set[Any]  # the elements that show other things than just the text of their w:t elements
    has_boxes: bool
    hides: bool  # some run is hidden or struck through
    raises: bool  # some run is set above or below the line
    tables_in_cells: bool
    widths: dict[Any, str | None]  # cell -> w:gridSpan
    vertical: dict[Any, str | None]  # cell -> w:vMerge
    sideways: dict[Any, str | None]  # cell -> w:hMerge


def read_docx(data: bytes) -> Reading:
    """The blocks and core properties. Raises RefusalError: TRUNCATED, DAMAGED, ENCRYPTED, RESOURCE_LIMIT, NO_TEXT."""
    package = open_package(data)
    body = package.document.find(W + "body")
    if body is None:
        raise RefusalError(FindingCode.DAMAGED, "word/document.xml 中没有正文")
    if sum(1 for _ in body.iter(_TC, _P)) > _ELEMENT_LIMIT:
        raise RefusalError(FindingCode.RESOURCE_LIMIT, f"段落和单元格超过 {_ELEMENT_LIMIT} 个，不像一份年度报告")
    pictures = Pictures()
    source = _look_over(body, package, pictures)
    blocks = tuple(_read_blocks(body, source))
    if not any(not isinstance(block, Paragraph) or block.text for block in blocks):
        raise RefusalError(FindingCode.NO_TEXT, "文档中没有文字，内容可能是图片")
    return Reading(blocks, tuple(pictures.findings), properties=package.properties)


def _look_over(body: Any, package: Package, pictures: Pictures) -> _Source:
    odd = list(body.iter(*_NOT_PLAIN))
    tags = {element.tag for element in odd}
    return _Source(
        styles=heading_styles(package.styles),
        pictures=package.pictures,
        reader=pictures,
        not_plain=_all_above((*odd, *_paragraphs_in_paragraphs(body))),
        has_boxes=_TEXT_BOX in tags,
        hides=not tags.isdisjoint(_HIDING),
        raises=_RAISED in tags,
        tables_in_cells=_has_table_in_cell(body),
        widths=_cell_property(body, "gridSpan"),
        vertical=_cell_property(body, "vMerge"),
        sideways=_cell_property(body, "hMerge"),
    )


def _all_above(elements: Iterable[Any]) -> set[Any]:
    """Every element that has one of these below it."""
    above: set[Any] = set()
    for element in elements:
        for ancestor in element.iterancestors():
            if ancestor in above:
                break
            above.add(ancestor)
    return above


def _cell_property(body: Any, name: str) -> dict[Any, str | None]:
    """The cells that have a property of their own by this name, with its value. Most cells have none, and asking each of
    them takes as long as reading it."""
    found: dict[Any, str | None] = {}
    for element in body.iter(W + name):
        properties = element.getparent()
        cell = properties.getparent()
        if properties.tag == W + "tcPr" and cell is not None and cell.tag == _TC:
            found.setdefault(cell, element.get(_VAL))
    return found


def _shown(parent: Any) -> Iterator[tuple[str, Any]]:
    """The shown children of an element with their tags; wrappers (insertions, smart tags, content controls ...) are kept
    as they are.

    Of alternative contents only the first is taken: Choice and Fallback say the same thing twice.
    """
    for child in parent:
        tag = child.tag
        if not isinstance(tag, str) or tag in _NOT_SHOWN:
            continue
        if tag == _ALTERNATIVES:
            chosen = next((branch for branch in child if branch.tag in _BRANCHES and _holds(branch, (_T,))), None)
            if chosen is not None:
                yield from _shown(chosen)
        else:
            yield tag, child


def _holds(element: Any, tags: tuple[str, ...]) -> bool:
    """Whether one of the tags occurs below an element, shown or not."""
    return bool(tags) and next(element.iterdescendants(*tags), None) is not None


def _child(element: Any, tag: str) -> Any | None:
    """The first child with a tag; lxml's `find` takes five times as long."""
    return next(element.iterchildren(tag), None)


def _read_blocks(parent: Any, source: _Source) -> Iterator[Block]:
    """Paragraphs and tables below an element in reading order; wrappers are looked through."""
    for tag, child in _shown(parent):
        if tag == _P:
            text = _text(child, source).strip()
            if text:
                yield Paragraph(text, level=_level(child, source))
            for box in _boxes_of(child, source):
                yield from _read_blocks(box, source)
            yield from _read_pictures(child, source)
        elif tag == _TBL:
            yield from _read_table(child, source)
        else:
            yield from _read_blocks(child, source)


def _read_pictures(paragraph: Any, source: _Source) -> Iterator[Block]:
    """What the pictures of a paragraph say: a table is sometimes pasted as one."""
    if not source.pictures:
        return
    for tag, attribute in _PICTURES:
        for picture in paragraph.iter(tag):
            data = source.pictures.get(picture.get(attribute) or "")
            if data:
                yield from source.reader.blocks_of(data, "文档中的图片")


def _text(element: Any, source: _Source) -> str:
    """The shown text of a paragraph, without that of text boxes in it."""
    if element not in source.not_plain:
        return "".join([text.text or "" for text in element.iter(_T)])
    pieces: list[str] = []
    for tag, child in _shown(element):
        if tag == _T:
            pieces.append(child.text or "")
        elif tag in _MARKS:
            pieces.append(_MARKS[tag])
        elif tag == _SYMBOL:
            pieces.append(_symbol(child))
        elif tag not in _SEPARATE_TEXT and not (source.hides and _is_hidden(child)):
            text = _text(child, source)
            pieces.append(raise_digits(text) if source.raises and _is_raised(child) else text)
    return "".join(pieces)


def _is_hidden(run: Any) -> bool:
    """Whether a run is formatted as hidden or struck through."""
    properties = run.find(f"{W}rPr")
    if properties is None:
        return False
    return any(each.tag in _HIDING and each.get(_VAL) not in ("0", "false", "off") for each in properties)


def _is_raised(run: Any) -> bool:
    """Whether a run is set above or below the line."""
    position = run.find(f"{W}rPr/{_RAISED}")
    return position is not None and position.get(_VAL) in ("superscript", "subscript")


def _symbol(element: Any) -> str:
    """A character given by its code in a symbol font; private-use codes carry no meaning outside it."""
    try:
        code = int(element.get(W + "char") or "", 16)
    except ValueError:
        return ""
    return chr(code) if 32 <= code < 0xD800 else ""


def _boxes_of(paragraph: Any, source: _Source) -> Iterator[Any]:
    """The outermost shown text boxes that hang on a paragraph."""
    if source.has_boxes and _holds(paragraph, (_TEXT_BOX,)):
        yield from _find(paragraph, _TEXT_BOX)


def _find(element: Any, tag: str) -> Iterator[Any]:
    """The outermost shown descendants with a tag."""
    for found, child in _shown(element):
        if found == tag:
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
        cells = tuple(_find(row, _TC))
        rows.append(_place_cells(row, cells, source))
        for cell in cells if source.tables_in_cells else ():
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
    properties = _child(row, W + "trPr")
    return properties is not None and _child(properties, W + "del") is not None


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


def _place_cells(row: Any, elements: Iterable[Any], source: _Source) -> list[_Cell]:
    cells: list[_Cell] = []
    properties = _child(row, W + "trPr")
    before = _child(properties, W + "gridBefore") if properties is not None else None
    column = _number(before.get(_VAL), 0) if before is not None else 0
    lines = _lines_of_cells(row)
    for element in elements:
        width = max(1, _number(source.widths.get(element), 1))
        of_cell = _cell_lines(element, source) if element in source.not_plain else lines[element]
        text = "\n".join([line for line in of_cell if line.strip()])
        kind = (source.vertical[element] or "continue") if element in source.vertical else None
        if kind == "continue" and text.strip():
            kind = None  # Word hides such text, converters show it; it is kept rather than lost
        # Covered by the cell before it in the old way (w:hMerge), which keeps a cell for every column.
        if cells and not text.strip() and source.sideways.get(element, "restart") != "restart":
            cells[-1].width += width
            column += width
            continue
        cells.append(_Cell(text, column, width, kind))
        column += width
    return cells


def _number(value: str | None, default: int) -> int:
    return min(int(value), 1000) if value and value.isdigit() else default


def _lines_of_cells(row: Any) -> dict[Any, list[str]]:
    """The paragraphs of each cell in a row as lines, right for those cells that hold nothing but plain paragraphs: one walk
    through the row takes half the time of one through every cell."""
    lines: list[str] = []
    of_cells: dict[Any, list[str]] = {}
    for element in row.iter(_TC, _P):
        if element.tag == _TC:
            lines = of_cells[element] = []
        else:
            lines.append("".join([text.text or "" for text in element.iter(_T)]))
    return of_cells


def _cell_lines(parent: Any, source: _Source) -> Iterator[str]:
    """The paragraphs of a cell as lines, with text boxes after the paragraph they hang on; nested tables left out."""
    for tag, child in _shown(parent):
        if tag == _P:
            yield _text(child, source)
            for box in _boxes_of(child, source):
                yield from _cell_lines(box, source)
        elif tag != _TBL:
            yield from _cell_lines(child, source)
