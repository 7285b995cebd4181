"""The stored form of a `Document`: JSON under zstandard, lossless in both directions.

A box is a list of four numbers; rows and cells are lists in field order, with the tail of default values cut off, because a
document is mostly cells. What does not belong here: where the file is kept.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import zstandard

from disclosure.document import Block, Document, Grid, GridCell, GridRow, Layout, Paragraph
from disclosure.findings import Finding, FindingCode, Where

_FORMAT = 1
_LEVEL = 3
_SIZE_LIMIT = 1 << 30
_CELL_DEFAULTS: list[Any] = ["", 0, 1, 1, None, None, None, (), None]


class StoredDocumentError(ValueError):
    """The bytes are no stored document, or one of another format version: extract the file again."""


def dump_document(document: Document) -> bytes:
    """A document as compressed JSON."""
    content = {
        "format": _FORMAT,
        "sha256": document.sha256,
        "media_type": document.media_type,
        "reader": document.reader,
        "reader_version": document.reader_version,
        "page_count": document.page_count,
        "properties": document.properties,
        "findings": [[one.code, one.message, asdict(one.where)] for one in document.findings],
        "blocks": [_dump_block(block) for block in document.blocks],
        "other_blocks": [_dump_block(block) for block in document.other_blocks],
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return zstandard.ZstdCompressor(level=_LEVEL).compress(text.encode("utf-8", "surrogatepass"))


def load_document(data: bytes) -> Document:
    """The document that was dumped. Raises StoredDocumentError."""
    try:
        text = zstandard.ZstdDecompressor().decompress(data, max_output_size=_SIZE_LIMIT)
        content = json.loads(text.decode("utf-8", "surrogatepass"))
        if content["format"] != _FORMAT:
            raise StoredDocumentError(f"stored document has format {content['format']}, expected {_FORMAT}")
        return Document(
            sha256=content["sha256"],
            media_type=content["media_type"],
            reader=content["reader"],
            reader_version=content["reader_version"],
            blocks=tuple(_load_block(block) for block in content["blocks"]),
            findings=tuple(
                Finding(FindingCode(code), message, Where(**where)) for code, message, where in content["findings"]
            ),
            page_count=content["page_count"],
            properties=content["properties"],
            other_blocks=tuple(_load_block(block) for block in content.get("other_blocks", ())),
        )
    except (zstandard.ZstdError, ValueError, KeyError, TypeError) as error:
        raise StoredDocumentError(f"not a stored document: {error}") from error


def _dump_block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        dumped: dict[str, Any] = {"text": block.text, "level": block.level, "page": block.page}
        if block.confidence is not None:
            dumped["confidence"] = block.confidence
        if block.doubts:
            dumped["doubts"] = [list(doubt) for doubt in block.doubts]
        return dumped
    return {
        "layout": block.layout,
        "page": block.page,
        "rows": [[row.index, row.page, [_dump_cell(cell) for cell in row.cells]] for row in block.rows],
    }


def _dump_cell(cell: GridCell) -> list[Any]:
    fields = [
        cell.text,
        cell.column,
        cell.row_span,
        cell.column_span,
        cell.page,
        cell.box,
        cell.confidence,
        cell.alternatives,
        cell.agreed,
    ]
    while len(fields) > 2 and fields[-1] == _CELL_DEFAULTS[len(fields) - 1]:
        fields.pop()
    return fields


def _load_block(block: dict[str, Any]) -> Block:
    if "rows" not in block:
        doubts = tuple((place, sure) for place, sure in block.get("doubts", ()))
        return Paragraph(**{**block, "doubts": doubts})
    rows = (GridRow(index, tuple(_load_cell(cell) for cell in cells), page) for index, page, cells in block["rows"])
    return Grid(tuple(rows), Layout(block["layout"]), block["page"])


def _load_cell(fields: list[Any]) -> GridCell:
    text, column, row_span, column_span, page, box, confidence, others, agreed = fields + _CELL_DEFAULTS[len(fields) :]
    alternatives = tuple((reading, chance) for reading, chance in others)
    box = tuple(box) if box is not None else None
    return GridCell(text, column, row_span, column_span, page, box, confidence, alternatives, agreed)
