"""The one model every reader produces: ordered blocks of text and grids, with their place in the source.

No domain knowledge belongs here: a `Document` does not know what a statutory table is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from disclosure.findings import Finding

Box = tuple[float, float, float, float]  # x0, top, x1, bottom in points, origin at the top left of the page


class Layout(StrEnum):
    """How far the positions inside a grid can be trusted."""

    GRID = "grid"  # rows and column indices are those of the source (HTML, DOCX, ruled PDF)
    ROWS = "rows"  # row boundaries are those of the source, column indices are only an order (tab-separated text)
    STREAM = "stream"  # only the order of the cells is known (one cell per line); row ends are hints


class GridCell(NamedTuple):
    """A cell where it starts; a merged cell appears once, in its first row, with its spans.

    A named tuple, as a report has hundreds: a frozen dataclass with as many fields takes ten times as long to make."""

    text: str  # as in the source, inner line breaks kept, outer whitespace kept
    column: int  # index on the resolved grid (Layout.GRID), else running index within the row
    row_span: int = 1
    column_span: int = 1
    page: int | None = None  # 1-based, paged media only
    box: Box | None = None
    confidence: float | None = None  # OCR only, 0..1
    alternatives: tuple[tuple[str, float], ...] = ()  # OCR only: other readings with their probability, likeliest first
    agreed: bool | None = None  # OCR only: whether a second, independent reading gave the same text; None: read once


@dataclass(frozen=True, slots=True)
class GridRow:
    """The cells that start in this row, in source order. `index` is the row's place in the source's table."""

    index: int
    cells: tuple[GridCell, ...]
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of the source. Tables stitched over pages are one grid."""

    rows: tuple[GridRow, ...]
    layout: Layout
    page: int | None = None

    def __reduce__(self) -> tuple[Callable[..., Grid], tuple[Any, ...]]:
        """Pickled as plain tuples: documents pass between processes, and cells pickled as what they are take thrice the time."""
        rows = tuple([(row.index, tuple(map(tuple, row.cells)), row.page) for row in self.rows])
        return _unpickle_grid, (rows, self.layout, self.page)


def _unpickle_grid(
    rows: tuple[tuple[int, tuple[tuple[Any, ...], ...], int | None], ...], layout: Layout, page: int | None
) -> Grid:
    made = [GridRow(index, tuple(map(GridCell._make, cells)), of_page) for index, cells, of_page in rows]
    return Grid(tuple(made), layout, page)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of text between tables; `level` is 1-6 for headings the source marks as such, else None."""

    text: str
    level: int | None = None
    page: int | None = None
    confidence: float | None = None  # OCR only, 0..1
    doubts: tuple[
        tuple[int, float], ...
    ] = ()  # OCR only: places in `text` of characters read less surely, with the probability


Block = Paragraph | Grid


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader saw, in reading order. `properties` holds what the container states about itself
    (HTML title and meta tags, DOCX core properties, PDF info), keys as in the source; `other_blocks` a second, independent
    reading of the same pages, such as the text layer under a scan."""

    sha256: str
    media_type: str
    reader: str
    reader_version: str
    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...] = ()
    page_count: int | None = None
    properties: dict[str, str] = field(default_factory=dict)
    other_blocks: tuple[Block, ...] = ()

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Paragraph))

    @property
    def is_plain_text(self) -> bool:
        """Whether the file has no table cells of its own: what looks like a table in it may be any program's reading."""
        return self.media_type == "text/plain"

    @property
    def grids(self) -> tuple[Grid, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Grid))
