"""Scanned pages: every ruled cell read, however the sheet lay; what cannot be sure says so."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2", reason="recognition is not installed: make ocr")
pytest.importorskip("onnxruntime", reason="recognition is not installed: make ocr")

from PIL import ImageDraw
from scanned_picture import DPI, LABEL, draw_figures, draw_page, stamp, wear

from disclosure.extract.scan.page import ScannedPage, read_scanned_page


def read(picture, dpi: float = DPI) -> ScannedPage:
    return read_scanned_page(np.asarray(picture.convert("RGB")), dpi, 1)


def figures_of(page: ScannedPage) -> list[list[str]]:
    rows: dict[float, list[str]] = {}
    for cell in page.tables[0].cells:
        rows.setdefault(round(cell.box[1]), []).append(cell.text)
    return [cells[1:] for _, cells in sorted(rows.items())]


@pytest.mark.parametrize(
    "conditions",
    [{}, {"skew": 1.4}, {"skew": -0.9, "noise": 12.0, "grey": 215}, {"blur": 1.2, "noise": 5.0}],
    ids=["clean", "skew", "noise_on_grey", "blur"],
)
def test_all_figures_of_a_ruled_table(conditions):
    wanted = draw_figures(3)
    page = read(wear(draw_page(wanted), **conditions))
    assert figures_of(page) == [row[1:] for row in wanted]
    assert page.angle == pytest.approx(-conditions.get("skew", 0.0), abs=0.15)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_turned_pages_are_turned_back(quarters):
    wanted = draw_figures(4)
    picture = draw_page(wanted).rotate(90 * quarters, expand=True)
    page = read(picture)
    assert page.turned == 4 - quarters
    assert figures_of(page) == [row[1:] for row in wanted]


def test_a_red_stamp_over_figures_hides_nothing():
    wanted = draw_figures(5)
    page = read(stamp(draw_page(wanted), 760, 400))
    assert figures_of(page) == [row[1:] for row in wanted]


def test_signs_points_units_and_empty_cells():
    wanted = [["行政许可", "-3", "1.25", "0.5", "/", "无"], ["行政处罚", "", "12", "-108", "", "减2"]]
    page = read(draw_page(wanted))
    assert figures_of(page) == [row[1:] for row in wanted]
    assert all(cell.agreed for cell in page.tables[0].cells if cell.text in {"-3", "1.25", "0.5", "12", "-108"})


def test_one_bit_at_150_dots_is_right_or_unsure():
    wanted = draw_figures(6)
    small = draw_page(wanted).resize((930, 675)).convert("L").point(lambda level: 255 if level > 150 else 0)
    page = read(small, 150)
    read_rows = figures_of(page)
    unsure = {cell.text for cell in page.tables[0].cells if cell.confidence < 0.97 or cell.agreed is False}
    for got, row in zip(read_rows, wanted, strict=True):
        assert all(text == figure or text in unsure for text, figure in zip(got, row[1:], strict=True))
    assert (
        sum(g == w for got, row in zip(read_rows, wanted, strict=True) for g, w in zip(got, row[1:], strict=True)) >= 34
    )


def test_torn_print_is_read_as_one_figure_and_never_taken_for_blank():
    """Thresholded so that thin strokes break: every figure is still found, and none that is wrong is sure."""
    wanted = draw_figures(8)
    small = draw_page(wanted).resize((930, 675)).convert("L").point(lambda level: 255 if level > 100 else 0)
    cells = [cell for cell in read(small, 150).tables[0].cells if cell.box[0] > LABEL * 72 / DPI]
    figures = [figure for row in wanted for figure in row[1:]]
    assert len(cells) == len(figures)
    for cell, figure in zip(cells, figures, strict=True):
        sure = cell.confidence >= 0.97 and cell.agreed is True
        assert cell.text == figure or not sure
    assert sum(cell.text == figure for cell, figure in zip(cells, figures, strict=True)) >= 0.85 * len(figures)


def test_a_speck_at_the_end_of_a_figure_is_never_sure():
    wanted = draw_figures(9)
    picture = draw_page(wanted)
    ImageDraw.Draw(picture).rectangle(
        (100 + 420 + 50 + 14, 260 + 23 + 8, 100 + 420 + 50 + 17, 260 + 23 + 11), fill="black"
    )
    cell = next(cell for cell in read(picture).tables[0].cells if cell.box[0] > LABEL * 72 / DPI)
    assert cell.text == wanted[0][1] or cell.confidence < 0.97


def test_a_speck_beside_a_figure_but_apart_from_it_is_no_print():
    wanted = draw_figures(9)
    picture = draw_page(wanted)
    pen = ImageDraw.Draw(picture)
    for column, (across, down) in enumerate([(30, 14), (-34, -14), (32, 2)]):
        x, y = 100 + 420 + 100 * column + 50 + across, 260 + 23 + down
        pen.rectangle((x, y, x + 3, y + 6), fill="black")
    assert figures_of(read(picture)) == [row[1:] for row in wanted]


def test_a_rule_with_a_gap_beside_a_corner_still_parts_two_cells():
    """A rule a little askew loses stretches where thresholding makes it step from one line of pixels to the next."""
    wanted = draw_figures(3)
    picture = draw_page(wanted)
    pen = ImageDraw.Draw(picture)
    for row, column in ((2, 1), (4, 3)):
        x, y = 100 + 420 + 100 * column, 260 + 46 * row
        pen.rectangle((x + 3, y - 4, x + 40, y + 4), fill="white")
    assert figures_of(read(picture)) == [row[1:] for row in wanted]


def test_the_angle_of_a_sheet_that_lies_sideways_is_measured_along_its_lines():
    wanted = draw_figures(10)
    page = read(wear(draw_page(wanted), skew=0.8).rotate(90, expand=True))
    assert figures_of(page) == [row[1:] for row in wanted]
    assert page.angle == pytest.approx(-0.8, abs=0.15)


def test_words_and_places():
    page = read(draw_page(draw_figures(7), title="河南省某县水利局二〇二二年报告"))
    assert page.lines[0].text.startswith("河南省某县水利局")
    labels = [cell.text for cell in page.tables[0].cells if cell.box[0] < 40]
    assert labels[2:4] == ["予以公开", "部分公开"]
    x0, top, x1, bottom = page.tables[0].box
    assert (x0, top) == pytest.approx((100 * 72 / DPI, 260 * 72 / DPI), abs=1.5)
    assert (x1 - x0, bottom - top) == pytest.approx((1020 * 72 / DPI, 6 * 46 * 72 / DPI), abs=2)


def test_a_straight_sheet_is_left_as_it_is():
    assert read(draw_page(draw_figures(12))).angle == 0.0


def test_characters_of_a_line_that_are_hard_to_read_are_told_with_their_place():
    clear, blurred = (
        read(wear(draw_page(draw_figures(5), title="全年收到申请328件"), blur=blur)) for blur in (0.0, 4.0)
    )
    assert clear.lines[0].text == "全年收到申请328件"
    assert not [place for place, _ in clear.lines[0].doubts if clear.lines[0].text[place].isdigit()]
    (line, *_) = blurred.lines
    assert line.doubts
    assert all(0 <= place < len(line.text) and sure < 1 for place, sure in line.doubts)


def test_a_page_without_print_is_empty():
    assert read_scanned_page(np.full((900, 700, 3), 255, np.uint8), 100, 1).is_empty
