"""Rows of an RTF table as a grid: columns by the cells' right edges, merged cells by their flags.

What does not belong here: RTF itself (`rtf`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from disclosure.document import Grid, GridCell, GridRow, Layout

_SAME_EDGE = 60  # twips (3 points) by which edges of one column differ between rows


@dataclass
class CellEdge:
    """Where a cell ends, in twips, and how it is merged."""

    right: int
    starts_vertical: bool = False
    continues_vertical: bool = False
    continues_horizontal: bool = False


@dataclass
class RowDefinition:
    """What \\trowd and the words after it say about a row."""

    left: int = 0
    edges: list[CellEdge] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TableRow:
    texts: tuple[str, ...]
    left: int
    edges: tuple[CellEdge, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    cell: GridCell
    edge: CellEdge | None


def build_grid(rows: Sequence[TableRow]) -> Grid:
    """The table of consecutive rows. A cell without an edge of its own is a column further than the one before it."""
    positions = _distinct([edge.right for row in rows for edge in row.edges] + [row.left for row in rows])
    placed = [_place_row(row, positions) for row in rows]
    return Grid(
        tuple(
            GridRow(index, tuple(_spanned(one, placed[index + 1 :]) for one in row if not _is_merged_away(one)))
            for index, row in enumerate(placed)
        ),
        Layout.GRID,
    )


def _distinct(values: list[int]) -> list[int]:
    positions: list[int] = []
    for value in sorted(values):
        if not positions or value - positions[-1] > _SAME_EDGE:
            positions.append(value)
    return positions


def _column(positions: list[int], value: int) -> int:
    return min(range(len(positions)), key=lambda index: abs(positions[index] - value))


def _place_row(row: TableRow, positions: list[int]) -> list[_Placed]:
    cells: list[_Placed] = []
    start = _column(positions, row.left)
    for index, text in enumerate(row.texts):
        edge = row.edges[index] if index < len(row.edges) else None
        end = max(start + 1, _column(positions, edge.right)) if edge else start + 1
        before = cells[-1] if cells else None
        if edge and edge.continues_horizontal and before and not text.strip():
            cells[-1] = replace(before, cell=before.cell._replace(column_span=end - before.cell.column))
        else:
            cells.append(_Placed(GridCell(text, start, 1, end - start), edge))
        start = end
    return cells


def _is_merged_away(placed: _Placed) -> bool:
    """Text in a cell that is merged away is kept as a cell of its own rather than lost."""
    return placed.edge is not None and placed.edge.continues_vertical and not placed.cell.text.strip()


def _spanned(placed: _Placed, below: list[list[_Placed]]) -> GridCell:
    if placed.edge is None or not placed.edge.starts_vertical:
        return placed.cell
    height = 1
    for row in below:
        if not any(_is_merged_away(other) and other.cell.column == placed.cell.column for other in row):
            break
        height += 1
    return placed.cell._replace(row_span=height)
