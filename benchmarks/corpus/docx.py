"""Prints a filing as a Word document, one quirk of Word files per trait: hand-made WordprocessingML in a zip.

Here belong runs, revisions, content controls and table markup. The grid comes from `layout`.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import escape

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

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DRAWING = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_VML = "urn:schemas-microsoft-com:vml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_AUTHOR = 'w:id="7" w:author="office" w:date="2024-01-05T00:00:00Z"'
_CONTENT_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONSHIPS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)

Runs = Callable[[Placed], str]


@dataclass(frozen=True, slots=True)
class Manner:
    """How cells are written, and what stands around the tables."""

    runs: Runs
    labels: Labels = Labels.THREE
    in_control: bool = False  # every table row inside a content control
    boxed: bool = False  # the tables inside a text box, twice: as drawing and as its fallback
    nested: bool = False  # the tables inside the cell of a layout table
    horizontal_merge: bool = False  # w:hMerge in place of w:gridSpan
    grid_before: bool = False  # rows begin after empty grid columns
    deleted_row: bool = False  # a row struck out by a tracked change
    split: bool = False  # 表三 as two tables with an empty paragraph between
    prepare: Prepare | None = None
    busy: bool | None = None


def render(filing: Filing, trait: str, random_source: random.Random) -> bytes:
    """The .docx as bytes; entries carry the oldest date a zip can hold, so that equal filings make equal bytes."""
    del random_source
    entries = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _RELATIONSHIPS,
        "word/document.xml": _document(filing, TRAITS[trait]),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.create_system = 0
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text.encode("utf-8"))
    return buffer.getvalue()


def _document(filing: Filing, manner: Manner) -> str:
    parts = [_paragraph(_run(filing.title, bold=True))]
    for section in filing.sections:
        parts.append(_paragraph(_run(section.heading, bold=True)))
        parts += [_paragraph(_run(text)) for text in section.paragraphs]
        if section.table:
            parts.append(_around(_tables(place_table(filing, section.table, manner.labels), manner), manner))
    parts.append(_paragraph(_run(filing.agency_name)))
    parts += [_paragraph(_run(line)) for line in date_line(filing.signed_on)]
    names = f'xmlns:w="{_WORD}" xmlns:wps="{_DRAWING}" xmlns:mc="{_COMPATIBILITY}" xmlns:v="{_VML}"'
    return f"{_XML}<w:document {names}><w:body>{''.join(parts)}<w:sectPr/></w:body></w:document>"


def _around(tables: str, manner: Manner) -> str:
    if manner.boxed:
        content = f"<w:txbxContent>{tables}<w:p/></w:txbxContent>"
        choice = f'<mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>{content}</wps:txbx></wps:wsp></w:drawing></mc:Choice>'
        fallback = f"<mc:Fallback><w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict></mc:Fallback>"
        return _paragraph(f"<w:r><mc:AlternateContent>{choice}{fallback}</mc:AlternateContent></w:r>")
    if manner.nested:
        return f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:tcPr/>{tables}<w:p/></w:tc></w:tr></w:tbl>"
    return tables


def _run(text: str, bold: bool = False) -> str:
    properties = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""


def _paragraph(runs: str) -> str:
    return f"<w:p>{runs}</w:p>"


def _plain(cell: Placed) -> str:
    return _paragraph(_run(cell.text or ""))


def _split_runs(cell: Placed) -> str:
    """A run per character, as Word leaves after corrections."""
    return _paragraph("".join(_run(character) for character in cell.text or ""))


def _smart_tags(cell: Placed) -> str:
    if not cell.figure or not cell.text:
        return _plain(cell)
    tag = f'<w:smartTag w:uri="urn:schemas-microsoft-com:office:smarttags" w:element="chmetcnv">{_run(cell.text)}</w:smartTag>'
    return _paragraph(tag)


def _revisions(cell: Placed) -> str:
    """The old figure struck out, the new one inserted; only the new one stands."""
    if not cell.figure or not cell.text:
        return _plain(cell)
    old = f'<w:del {_AUTHOR}><w:r><w:delText xml:space="preserve">9{escape(cell.text)}</w:delText></w:r></w:del>'
    return _paragraph(f"{old}<w:ins {_AUTHOR}>{_run(cell.text)}</w:ins>")


def _moves(cell: Placed) -> str:
    """A figure moved within its cell: only where it went to counts."""
    if not cell.figure or not cell.text:
        return _plain(cell)
    return _paragraph(
        f"<w:moveFrom {_AUTHOR}>{_run(cell.text)}</w:moveFrom><w:moveTo {_AUTHOR}>{_run(cell.text)}</w:moveTo>"
    )


def _controls(cell: Placed) -> str:
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{_plain(cell)}</w:sdtContent></w:sdt>"


def _run_controls(cell: Placed) -> str:
    return _paragraph(f"<w:sdt><w:sdtPr/><w:sdtContent>{_run(cell.text or '')}</w:sdtContent></w:sdt>")


def _text_boxes(cell: Placed) -> str:
    """Figures in text boxes inside their cells, each with its fallback."""
    if not cell.figure or not cell.text:
        return _plain(cell)
    content = f"<w:txbxContent>{_plain(cell)}</w:txbxContent>"
    choice = f'<mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>{content}</wps:txbx></wps:wsp></w:drawing></mc:Choice>'
    fallback = f"<mc:Fallback><w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict></mc:Fallback>"
    return _paragraph(f"<w:r><mc:AlternateContent>{choice}{fallback}</mc:AlternateContent></w:r>")


def _broken_words(cell: Placed) -> str:
    """Header words and labels over two paragraphs."""
    text = cell.text or ""
    if cell.figure or len(text) < 4:
        return _plain(cell)
    return _paragraph(_run(text[:2])) + _paragraph(_run(text[2:]))


def _line_breaks(cell: Placed) -> str:
    text = cell.text or ""
    if cell.figure or len(text) < 4:
        return _plain(cell)
    return _paragraph(f"{_run(text[:2])}<w:r><w:br/></w:r>{_run(text[2:])}")


def _padded(cell: Placed) -> str:
    if not cell.figure:
        return _plain(cell)
    return _paragraph(_run(f"\u00a0\u3000{cell.text or ''}\u00a0"))


def _symbols(cell: Placed) -> str:
    """Tabs, no-break hyphens and hidden bookmarks around the words."""
    bookmark = '<w:bookmarkStart w:id="0" w:name="_GoBack"/><w:bookmarkEnd w:id="0"/>'
    return _paragraph(
        f'<w:proofErr w:type="spellStart"/>{bookmark}{_run(cell.text or "")}<w:r><w:lastRenderedPageBreak/></w:r>'
    )


def _fields(cell: Placed) -> str:
    """Figures as results of formula fields: the instruction is no text."""
    if not cell.figure or not cell.text:
        return _plain(cell)
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> =SUM(LEFT) </w:instrText></w:r>'
    return _paragraph(
        f'{begin}<w:r><w:fldChar w:fldCharType="separate"/></w:r>{_run(cell.text)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _tables(table: PlacedTable, manner: Manner) -> str:
    rows = [_row(table, index, manner) for index in range(table.height)]
    if manner.deleted_row and table.code == "T3":
        struck = (
            rows[-1].replace("<w:tr>", f"<w:tr><w:trPr><w:del {_AUTHOR}/></w:trPr>").replace("<w:t ", "<w:delText ")
        )
        rows.append(struck.replace("</w:t>", "</w:delText>"))
    if manner.in_control:
        rows = [f"<w:sdt><w:sdtContent>{row}</w:sdtContent></w:sdt>" for row in rows]
    if manner.split and table.code == "T3":
        return _table(table, rows[:12]) + "<w:p/>" + _table(table, rows[12:])
    return _table(table, rows)


def _table(table: PlacedTable, rows: list[str]) -> str:
    grid = "<w:gridCol/>" * table.width
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _row(table: PlacedTable, index: int, manner: Manner) -> str:
    continued = [cell for cell in table.cells if cell.row < index < cell.row + cell.row_span]
    cells = sorted([*table.row(index), *continued], key=lambda cell: cell.column)
    if manner.grid_before and continued and cells[0] in continued and table.code == "T3":
        skipped = cells[0].column_span
        inner = "".join(_cell(cell, index, manner) for cell in cells[1:])
        return f'<w:tr><w:trPr><w:gridBefore w:val="{skipped}"/></w:trPr>{inner}</w:tr>'
    return f"<w:tr>{''.join(_cell(cell, index, manner) for cell in cells)}</w:tr>"


def _cell(cell: Placed, index: int, manner: Manner) -> str:
    vertical = ""
    if cell.row_span > 1:
        vertical = '<w:vMerge w:val="restart"/>' if cell.row == index else "<w:vMerge/>"
    content = manner.runs(cell) if cell.row == index else "<w:p/>"
    if manner.horizontal_merge and cell.column_span > 1:
        first = f'<w:tc><w:tcPr><w:hMerge w:val="restart"/>{vertical}</w:tcPr>{content}</w:tc>'
        rest = f"<w:tc><w:tcPr><w:hMerge/>{vertical}</w:tcPr><w:p/></w:tc>"
        return first + rest * (cell.column_span - 1)
    span = f'<w:gridSpan w:val="{cell.column_span}"/>' if cell.column_span > 1 else ""
    return f"<w:tc><w:tcPr>{span}{vertical}</w:tcPr>{content}</w:tc>"


TRAITS: dict[str, Manner] = {
    "plain": Manner(_plain),
    "split_runs": Manner(_split_runs),
    "smart_tags": Manner(_smart_tags),
    "tracked_changes": Manner(_revisions),
    "moved_text": Manner(_moves),
    "deleted_row": Manner(_plain, deleted_row=True),
    "content_controls": Manner(_controls),
    "run_content_controls": Manner(_run_controls),
    "row_content_controls": Manner(_plain, in_control=True),
    "text_boxes_in_cells": Manner(_text_boxes),
    "tables_in_text_box": Manner(_plain, boxed=True),
    "nested_tables": Manner(_plain, nested=True),
    "horizontal_merge": Manner(_plain, horizontal_merge=True),
    "grid_before": Manner(_plain, grid_before=True),
    "words_in_two_paragraphs": Manner(_broken_words),
    "line_breaks": Manner(_line_breaks),
    "padded_cells": Manner(_padded),
    "bookmarks": Manner(_symbols),
    "formula_fields": Manner(_fields),
    "split_table": Manner(_plain, split=True),
    "flat_labels": Manner(_plain, labels=Labels.FLAT),
    "numbered_labels": Manner(_plain, labels=Labels.NUMBERED),
    "filer_mistake": Manner(_plain, busy=True, prepare=make_mistake),
    "blank_totals": Manner(_plain, busy=True, prepare=leave_totals_blank),
    "blank_zeros": Manner(_plain, busy=True, prepare=leave_zeros_blank),
    "nil_marks": Manner(_plain, prepare=mark_nothing),
    "units": Manner(_plain, prepare=add_units),
}
