"""Ruled tables of one PDF page: cells as boxes with their text.

The algorithm is pdfplumber's; here outer rules that a page break or a careless printer left out are added to its input. What does not belong here: tables over several pages, and unruled tables.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from disclosure.document import Box
from disclosure.extract.pdf_pages import Rule
from disclosure.extract.pdf_text import Character, gather_lines

_SHORTEST_RULE = 3.0  # points
_TOLERANCE = 4.0  # points that rules may miss each other at a corner
_SNAP = 3.0  # points within which parallel rules are one (double rules)

Edge = dict[str, Any]


@dataclass(frozen=True, slots=True)
class BoxedCell:
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table as far as it stands on one page; `box` is its outline."""

    cells: tuple[BoxedCell, ...]
    box: Box


def find_tables(rules: Sequence[Rule], characters: list[Character]) -> tuple[list[PageTable], list[Character]]:
    """The ruled tables of a page from top to bottom, and the characters outside them.

    White rules make a table only on a page where no visible ones do: beside them they are leftovers of editing.
    """
    found = _cells_of([rule for rule in rules if not rule.is_white]) or _cells_of(rules)
    if not found:
        return [], characters
    texts, outside = _share_out(characters, [cell for cells in found for cell in cells])
    tables = [_fill(cells, texts) for cells in found]
    return sorted((table for table in tables if table), key=lambda table: table.box[1]), outside


def _cells_of(rules: Sequence[Rule]) -> list[list[Box]]:
    """The cells that the rules enclose, table by table; a single frame is no table."""
    edges = _join([_edge_of(rule) for rule in rules])
    if len(edges) < 4:
        return []
    edges = _join(edges + _missing_outer_rules(edges))
    crossings = edges_to_intersections(edges, _TOLERANCE, _TOLERANCE)
    return [cells for cells in cells_to_tables(intersections_to_cells(crossings)) if len(cells) > 1]


def _join(edges: list[Edge]) -> list[Edge]:
    """Rules a hair apart as one, pieces of a dashed rule as a whole, and what is then still too short left out."""
    joined = merge_edges(edges, _SNAP, _SNAP, _TOLERANCE, _TOLERANCE)
    return [edge for edge in joined if max(edge["x1"] - edge["x0"], edge["bottom"] - edge["top"]) >= _SHORTEST_RULE]


def _edge_of(rule: Rule) -> Edge:
    return _edge("h" if rule.is_horizontal else "v", rule.x0, rule.top, rule.x1, rule.bottom)


def _edge(orientation: str, x0: float, top: float, x1: float, bottom: float) -> Edge:
    """A rule in the form pdfplumber's table functions take."""
    return {
        "object_type": "line",
        "orientation": orientation,
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "doctop": top,
        "width": x1 - x0,
        "height": bottom - top,
    }


def _missing_outer_rules(edges: list[Edge]) -> list[Edge]:
    """Rules that close a table where its grid reaches further than its outline.

    A row continued on the next page has no rule above it there (洪泽 2023, page 3), and some forms leave their sides open.
    """
    added: list[Edge] = []
    for group in _connected(edges):
        vertical = [edge for edge in group if edge["orientation"] == "v"]
        horizontal = [edge for edge in group if edge["orientation"] == "h"]
        if len(vertical) < 2 or len(horizontal) < 2:
            continue
        left, right = min(edge["x0"] for edge in group), max(edge["x1"] for edge in group)
        top, bottom = min(edge["top"] for edge in group), max(edge["bottom"] for edge in group)
        for y in (top, bottom):
            if not _covers([(e["x0"], e["x1"]) for e in horizontal if abs(e["top"] - y) <= _TOLERANCE], left, right):
                added.append(_edge("h", left, y, right, y))
        for x in (left, right):
            if not _covers([(e["top"], e["bottom"]) for e in vertical if abs(e["x0"] - x) <= _TOLERANCE], top, bottom):
                added.append(_edge("v", x, top, x, bottom))
    return added


def _covers(spans: list[tuple[float, float]], start: float, end: float) -> bool:
    reached = start + _TOLERANCE
    for low, high in sorted(spans):
        if low > reached + _TOLERANCE:
            return False
        reached = max(reached, high)
    return reached >= end - _TOLERANCE


def _connected(edges: list[Edge]) -> list[list[Edge]]:
    """Edges grouped by touching: each group is one ruled area."""
    parent = list(range(len(edges)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    order = sorted(range(len(edges)), key=lambda index: edges[index]["top"])
    active: list[int] = []
    for index in order:
        edge = edges[index]
        active = [other for other in active if edges[other]["bottom"] >= edge["top"] - _TOLERANCE]
        for other in active:
            near = edges[other]
            if near["x0"] - _TOLERANCE <= edge["x1"] and edge["x0"] - _TOLERANCE <= near["x1"]:
                parent[root(index)] = root(other)
        active.append(index)
    groups: dict[int, list[Edge]] = defaultdict(list)
    for index, edge in enumerate(edges):
        groups[root(index)].append(edge)
    return list(groups.values())


def _share_out(characters: list[Character], cells: list[Box]) -> tuple[dict[Box, list[Character]], list[Character]]:
    """Each character to the cell its centre lies in; the others are outside all tables."""
    by_top = sorted(cells, key=lambda cell: cell[1])
    tops = [cell[1] for cell in by_top]
    inside: dict[Box, list[Character]] = defaultdict(list)
    outside: list[Character] = []
    for character in characters:
        x, y = character.centre
        holder = next(
            (cell for cell in by_top[: bisect_left(tops, y)][::-1] if cell[0] <= x < cell[2] and y < cell[3]), None
        )
        (inside[holder] if holder else outside).append(character)
    return inside, outside


def _fill(cells: list[Box], texts: dict[Box, list[Character]]) -> PageTable | None:
    """The cells with their text; None for a frame without text."""
    filled = tuple(
        BoxedCell("\n".join(line.text for line in gather_lines(texts.get(cell, ()))), _rounded(cell)) for cell in cells
    )
    if not any(cell.text for cell in filled):
        return None
    outline = (
        min(cell.box[0] for cell in filled),
        min(cell.box[1] for cell in filled),
        max(cell.box[2] for cell in filled),
        max(cell.box[3] for cell in filled),
    )
    return PageTable(filled, outline)


def _rounded(box: Box) -> Box:
    x0, top, x1, bottom = (round(value, 2) for value in box)
    return x0, top, x1, bottom
