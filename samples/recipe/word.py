"""Writes a filing as a Word document: hand-made WordprocessingML in an uncompressed zip, the same bytes every time.

It keeps what Word files of agencies are full of: runs that split a number, smart tags around a date, a stray bookmark, cells
padded with no-break and ideographic spaces, header words broken over two lines.
"""

from __future__ import annotations

import io
import zipfile
from itertools import cycle
from xml.sax.saxutils import escape

from samples.recipe.sample import DISCLAIMER, Sample, Section
from samples.recipe.statutory import Laid, LaidTable, lay_out

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PADDINGS = ("{}\u00a0", "\u00a0{}", "\u3000\u3000{}", "\u00a0\u3000{}", "{}")

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


def write_word(sample: Sample) -> bytes:
    """The .docx as bytes; entries are stored, not deflated, and carry the oldest date a zip can hold."""
    entries = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _RELATIONSHIPS,
        "word/document.xml": _document(sample),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, text in entries.items():
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.create_system = 0  # else the bytes would name the operating system
            archive.writestr(info, text.encode("utf-8"))
    return buffer.getvalue()


def _document(sample: Sample) -> str:
    parts = [_paragraph(_run(line, bold=True), "center") for line in sample.title_lines]
    for section in sample.sections:
        parts += _section(sample, section)
    *names, date = sample.signature
    parts += [_paragraph(_run(name), "right") for name in names]
    parts.append(_paragraph(_smart_tag("chsdate", _run(date)), "right"))
    parts.append(_paragraph(_run(DISCLAIMER)))
    body = "".join(parts)
    return f'{_XML}<w:document xmlns:w="{_WORD}"><w:body>{body}<w:sectPr/></w:body></w:document>'


def _section(sample: Sample, section: Section) -> list[str]:
    bookmark = '<w:bookmarkStart w:id="0" w:name="_GoBack"/><w:bookmarkEnd w:id="0"/>' if section.table == "T2" else ""
    parts = [_paragraph(bookmark + _run(section.heading, bold=True))]
    parts += [_paragraph(_split_runs(text)) for text in section.paragraphs]
    if section.table:
        parts.append(_table(lay_out(sample, section.table)))
    return parts


def _run(text: str, bold: bool = False) -> str:
    properties = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _split_runs(text: str) -> str:
    """Word starts a new run wherever the typist came back to a line: here in the middle of the text."""
    middle = len(text) // 2
    return _run(text[:middle]) + _run(text[middle:]) if middle else _run(text)


def _smart_tag(element: str, inner: str) -> str:
    return f'<w:smartTag w:uri="urn:schemas-microsoft-com:office:smarttags" w:element="{element}">{inner}</w:smartTag>'


def _paragraph(runs: str, alignment: str = "left") -> str:
    return f'<w:p><w:pPr><w:jc w:val="{alignment}"/></w:pPr>{runs}</w:p>'


def _table(laid: LaidTable) -> str:
    """The grid with w:gridSpan and w:vMerge; a merged cell's continuation is an empty cell of its own in Word."""
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "<w:gridCol/>" * laid.width
    paddings = cycle(_PADDINGS)
    rows = "".join(f"<w:tr>{_row(laid, index, paddings)}</w:tr>" for index in range(laid.height))
    return (
        f"<w:tbl><w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _row(laid: LaidTable, index: int, paddings: cycle[str]) -> str:
    continued = [cell for cell in laid.cells if cell.row < index < cell.row + cell.row_span]
    cells = sorted([*laid.row(index), *continued], key=lambda cell: cell.column)
    return "".join(_cell(cell, index, paddings) for cell in cells)


def _cell(cell: Laid, index: int, paddings: cycle[str]) -> str:
    properties = f'<w:gridSpan w:val="{cell.column_span}"/>' if cell.column_span > 1 else ""
    if cell.row_span > 1:
        properties += '<w:vMerge w:val="restart"/>' if cell.row == index else "<w:vMerge/>"
    text = "" if cell.row != index else cell.text or ""
    if cell.figure:
        runs = _run(next(paddings).format(text))
    elif len(text) == 4 and not cell.figure and cell.column_span == 1:
        runs = _run(text[:2]) + "<w:r><w:br/></w:r>" + _run(text[2:])
    else:
        runs = _run(text) if text else ""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{_paragraph(runs, 'center')}</w:tc>"
