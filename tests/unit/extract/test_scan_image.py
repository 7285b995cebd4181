"""Picture files: read into blocks with confidence, refused with a reason when they cannot be."""

from __future__ import annotations

import io

import pytest
from scanned_picture import DPI, draw_figures, draw_page

from disclosure.archive import media_type as media
from disclosure.document import Grid
from disclosure.extract import extract
from disclosure.extract.scan import image, installed
from disclosure.extract.scan.image import resolution_of
from disclosure.findings import FindingCode


def file_of(pages, kind: str) -> bytes:
    buffer = io.BytesIO()
    more = {"save_all": True, "append_images": pages[1:]} if kind == "TIFF" else {}
    pages[0].save(buffer, kind, dpi=(DPI, DPI), **more)
    return buffer.getvalue()


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", media.PNG), ("JPEG", media.JPEG), ("TIFF", media.TIFF)])
def test_a_picture_becomes_a_grid_with_confidence(kind, media_type):
    pytest.importorskip("onnxruntime", reason="recognition is not installed: make ocr")
    wanted = draw_figures(11)
    pages = [draw_page(wanted)] * (2 if kind == "TIFF" else 1)
    document = extract(file_of(pages, kind), media_type, "0" * 64)
    assert (document.reader, document.findings, document.page_count) == ("scan", (), len(pages))
    grid = next(block for block in document.blocks if isinstance(block, Grid))
    assert [[cell.text for cell in row.cells][1:] for row in grid.rows[:6]] == [row[1:] for row in wanted]
    cells = [cell for row in grid.rows for cell in row.cells]
    assert all(cell.confidence is not None and cell.box is not None and cell.page for cell in cells)
    assert all(paragraph.confidence is not None for paragraph in document.paragraphs)


def test_without_recognition_the_finding_names_the_command(monkeypatch):
    monkeypatch.setattr(installed, "is_installed", lambda: False)
    document = extract(b"\x89PNG\r\n\x1a\n", media.PNG, "0" * 64)
    assert [found.code for found in document.findings] == [FindingCode.OCR_MISSING]
    assert "make ocr" in document.findings[0].message


def test_a_damaged_picture_is_a_finding():
    pytest.importorskip("onnxruntime", reason="recognition is not installed: make ocr")
    data = file_of([draw_page(draw_figures(1))], "PNG")
    document = extract(data[: len(data) // 3], media.PNG, "0" * 64)
    assert [found.code for found in document.findings] == [FindingCode.DAMAGED]
    assert document.blocks == ()


def test_too_many_pixels_are_refused(monkeypatch):
    pytest.importorskip("onnxruntime", reason="recognition is not installed: make ocr")
    monkeypatch.setattr(image, "_PIXEL_LIMIT", 1000)
    document = extract(file_of([draw_page(draw_figures(1))], "PNG"), media.PNG, "0" * 64)
    assert [found.code for found in document.findings] == [FindingCode.RESOURCE_LIMIT]


@pytest.mark.parametrize(
    ("size", "info", "wanted"),
    [
        ((1654, 2339), {"dpi": (200, 200)}, 200),
        ((1654, 2339), {"dpi": (72, 72)}, 200),  # what editors write when they do not know
        ((2480, 3508), {}, 300),
        ((1654, 7000), {}, 200),  # sheets one below the other
    ],
)
def test_resolution(size, info, wanted):
    assert resolution_of(size, info) == pytest.approx(wanted, rel=0.01)
