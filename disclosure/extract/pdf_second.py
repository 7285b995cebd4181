"""The second reader of PDF pages: pdfplumber, for files that PDFium cannot open and as the yardstick in tests.

It gives the same raw page; the table algorithm does not know who read. What does not belong here: cells and lines of text.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pdfplumber
from pdfplumber.page import Page
from pdfplumber.utils import rect_to_edges

from disclosure.extract.pdf_pages import RawPage, Rule, TooManyObjectsError
from disclosure.extract.pdf_text import Character

_TILT = 0.05  # share of the advance; a watermark is written at an angle
_THICKEST_RULE = 3.0  # points; a filled shape thicker than this is shading, not a rule


def read_pages(data: bytes, object_limit: int) -> Iterator[RawPage]:
    """Every page of a PDF. Raises TooManyObjectsError and whatever pdfplumber raises on a file it cannot read."""
    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            objects = sum(len(found) for found in page.objects.values())
            if objects > object_limit:
                raise TooManyObjectsError(objects)
            yield _raw_page(page, objects)
            page.close()


def _raw_page(page: Page, objects: int) -> RawPage:
    area = max(float(page.width * page.height), 1.0)
    covered = sum(float(image["width"] * image["height"]) for image in page.images)
    return RawPage(
        number=page.page_number,
        width=float(page.width),
        height=float(page.height),
        characters=list(_characters(page)),
        rules=[rule for shape in (*page.lines, *page.rects, *page.curves) for rule in _rules_of(shape)],
        image_share=min(1.0, covered / area),
        objects=objects,
    )


def _characters(page: Page) -> Iterator[Character]:
    for char in page.chars:
        matrix = char["matrix"]
        if matrix[0] <= 0 or abs(matrix[1]) > _TILT * matrix[0]:
            continue
        text = char["text"].replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
        if text:
            baseline = float(page.height) - matrix[5]
            size = max(float(char["size"]), 1.0)
            yield Character(text, char["x0"], char["top"], char["x1"], char["bottom"], baseline, size)


def _rules_of(shape: dict[str, Any]) -> Iterator[Rule]:
    """Drawn lines, stroked outlines and thin filled shapes; shading makes no rules."""
    width, height = shape["x1"] - shape["x0"], shape["bottom"] - shape["top"]
    white = _is_white(shape.get("stroking_color" if shape.get("stroke") else "non_stroking_color"))
    if min(width, height) <= _THICKEST_RULE:
        yield _centre_line(shape, width >= height, white)
    elif shape["object_type"] == "rect" and shape.get("stroke") and not white:
        for edge in rect_to_edges(shape):
            yield _centre_line(edge, edge["orientation"] == "h", white)


def _centre_line(box: dict[str, Any], horizontal: bool, white: bool) -> Rule:
    if horizontal:
        middle = (box["top"] + box["bottom"]) / 2
        return Rule(box["x0"], middle, box["x1"], middle, white)
    middle = (box["x0"] + box["x1"]) / 2
    return Rule(middle, box["top"], middle, box["bottom"], white)


def _is_white(colour: Any) -> bool:
    values = colour if isinstance(colour, tuple | list) else (colour,)
    numbers = [value for value in values if isinstance(value, int | float)]
    return len(numbers) in (1, 3) and all(value >= 0.99 for value in numbers)
