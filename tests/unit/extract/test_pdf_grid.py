"""Cells found from rules: pdfplumber's own table functions are the yardstick."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from typing import Any

import pypdfium2
import pytest
from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from benchmarks.corpus.stream import FORMATS, make
from disclosure.document import Box
from disclosure.extract.pdf_grid import Line, Lines, cells_between, find_cells, join_lines, tables_of
from disclosure.extract.pdf_pages import Rule, read_page

Edge = dict[str, Any]


def _edge(orientation: str, x0: float, top: float, x1: float, bottom: float) -> Edge:
    edge = {"object_type": "line", "orientation": orientation, "x0": x0, "x1": x1, "top": top, "bottom": bottom}
    return edge | {"doctop": top, "width": x1 - x0, "height": bottom - top}


def _edges(lines: Lines) -> list[Edge]:
    across = [_edge("h", start, y, end, y) for y, start, end in lines.horizontal]
    return across + [_edge("v", x, start, x, end) for x, start, end in lines.vertical]


def _lines(edges: Sequence[Edge]) -> Lines:
    """Edges as lines, without those shorter than three points."""
    across = [(edge["top"], edge["x0"], edge["x1"]) for edge in edges if edge["orientation"] == "h"]
    down = [(edge["x0"], edge["top"], edge["bottom"]) for edge in edges if edge["orientation"] == "v"]
    return Lines(*(sorted(line for line in lines if line[2] - line[1] >= 3) for lines in (across, down)))


def _approximately(lines: Lines) -> list[Any]:
    return [[pytest.approx(line) for line in some] for some in lines]


def _as_pdfplumber(lines: Lines) -> list[Box]:
    cells = intersections_to_cells(edges_to_intersections(_edges(lines), 4, 4))
    return sorted(tuple(round(side, 2) for side in cell) for cell in cells)  # type: ignore[misc]


def _check(lines: Lines) -> None:
    """Compare every step on these lines."""
    joined = join_lines(*lines)
    assert list(map(sorted, joined)) == _approximately(_lines(merge_edges(_edges(lines), 3, 3, 4, 4)))
    cells = cells_between(joined)
    assert sorted(cells) == _as_pdfplumber(joined)
    assert sorted(map(sorted, tables_of(cells))) == sorted(map(sorted, cells_to_tables(cells)))


@pytest.mark.parametrize("trait", FORMATS["pdf"].traits)
def test_rules_of_made_reports(trait: str) -> None:
    made = make(7, "pdf", trait, 0)
    with pypdfium2.PdfDocument(made.data) as document:
        pages = [read_page(document, index, 60_000).rules for index in range(len(document))]
    for rules in pages:
        _check(_lines_of(rules))


def _lines_of(rules: Sequence[Rule]) -> Lines:
    return Lines(
        [(rule.top, rule.x0, rule.x1) for rule in rules if rule.is_horizontal],
        [(rule.x0, rule.top, rule.bottom) for rule in rules if not rule.is_horizontal],
    )


@pytest.mark.parametrize("seed", range(60))
def test_rules_with_gaps_doubles_and_merged_cells(seed: int) -> None:
    _check(_drawn_at_random(random.Random(seed)))


def _drawn_at_random(chance: random.Random) -> Lines:
    """Grids of which pieces are missing, doubled or moved a little, some beside, inside or touching each other."""
    lines = Lines([], [])
    for _ in range(chance.randint(1, 3)):
        xs = sorted(chance.uniform(20, 500) for _ in range(chance.randint(2, 7)))
        ys = sorted(chance.uniform(20, 700) for _ in range(chance.randint(2, 9)))
        lines.horizontal.extend(_pieces(chance, ys, xs))
        lines.vertical.extend(_pieces(chance, xs, ys))
    return lines


def _pieces(chance: random.Random, places: Sequence[float], stops: Sequence[float]) -> list[Line]:
    pieces: list[Line] = []
    for place in places:
        for start, end in itertools.pairwise(stops):
            for _ in range(chance.choice((0, 1, 1, 1, 1, 2))):
                near = place + chance.choice((0, 0, 0, chance.uniform(-2, 2)))
                pieces.append((near, start + chance.choice((0, 0, 3, 6)), end))
    return pieces


def test_a_table_without_its_outer_rules_is_closed() -> None:
    inner = [Rule(100, y, 400, y) for y in (200, 230)] + [Rule(x, 170, x, 260) for x in (200, 300)]
    (cells,) = find_cells(inner)
    assert sorted(cells) == [(x, y, x + 100, y + 30) for x in (100, 200, 300) for y in (170, 200, 230)]


def test_tables_beside_each_other_are_apart_and_a_single_frame_is_none() -> None:
    def grid(left: float, columns: int) -> list[Rule]:
        xs = [left + 50 * number for number in range(columns + 1)]
        return [Rule(xs[0], y, xs[-1], y) for y in (100, 130)] + [Rule(x, 100, x, 130) for x in xs]

    assert [len(cells) for cells in find_cells(grid(50, 2) + grid(300, 3) + grid(500, 1))] == [2, 3]
    assert find_cells([]) == []
