"""Documents composed line by line, for the tests of the prose readers."""

from __future__ import annotations

from disclosure.document import Document, Grid, GridCell, GridRow, Layout, Paragraph


def document_of(*lines: str, **properties: str) -> Document:
    return Document(
        "0" * 64, "text/plain", "test", "1", tuple(Paragraph(line) for line in lines), properties=properties
    )


def with_grid(document: Document, rows: list[list[str]]) -> Document:
    grid = Grid(
        tuple(
            GridRow(index, tuple(GridCell(text, column) for column, text in enumerate(row)))
            for index, row in enumerate(rows)
        ),
        Layout.GRID,
    )
    return Document("0" * 64, "text/html", "test", "1", (grid, *document.blocks))
