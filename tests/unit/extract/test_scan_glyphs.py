"""What is printed in the cells of a scanned grid."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2", reason="recognition is not installed: make ocr")

from disclosure.extract.scan.glyphs import prints_in_cells


def test_cells_of_a_false_grid_may_overlap_and_share_a_stroke() -> None:
    """Lines that are no rules make grids that are no tables: a stroke then crosses the border of the cell that holds it."""
    ink = np.zeros((120, 120), np.uint8)
    ink[20:90, 50:56] = 255
    cells = [(10, 10, 100, 60), (10, 50, 100, 110)]
    prints = prints_in_cells(ink, cells)
    for cell, (x0, top, x1, bottom) in zip(prints, cells, strict=True):
        for line in cell.lines:
            assert x0 < line.box[0] < line.box[2] <= x1 and top < line.box[1] < line.box[3] <= bottom
            assert line.picture.size
    assert sum(len(cell.lines) for cell in prints) == 1
