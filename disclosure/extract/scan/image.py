"""Reader for picture files: PNG, JPEG, and TIFF with any number of pages.

What does not belong here: what a page says (`page`), and pictures inside other formats.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from disclosure.extract.reading import Reading, RefusalError
from disclosure.extract.scan.installed import refuse_missing
from disclosure.findings import FindingCode

if TYPE_CHECKING:
    from disclosure.extract.scan.page import ScannedPage

READER = "scan"
READER_VERSION = "6"

PAGE_LIMIT = 100
_PIXEL_LIMIT = 80_000_000  # of one page; A3 at 600 dpi is 70 million
_LONG_SIDE, _SHORT_SIDE = 11.69, 8.27  # inches of A4
_TALL = 1.6  # pages this much longer than wide are several sheets one below the other
_LOW_DPI, _HIGH_DPI = 90, 620  # what a picture may state about itself and be believed
_SHEET_WIDTHS = (5.0, 25.0)  # inches
_LEAST_SIDE = 40  # pixels


def read_image(data: bytes) -> Reading:
    """The blocks of a picture file. Raises RefusalError: OCR_MISSING, DAMAGED, RESOURCE_LIMIT, NO_TEXT."""
    refuse_missing()
    from disclosure.extract.pdf_stitch import join_pages
    from disclosure.extract.scan.contents import as_contents, with_confidence

    pages = list(_read_pages(data))
    if all(page.is_empty for page in pages):
        raise RefusalError(FindingCode.NO_TEXT, "图片中没有认出文字")
    blocks = with_confidence(join_pages([as_contents(page) for page in pages]), pages)
    return Reading(blocks, (), len(pages))


def _read_pages(data: bytes) -> Iterator[ScannedPage]:
    from disclosure.extract.scan.page import read_scanned_page

    try:
        with Image.open(io.BytesIO(data)) as picture:
            count = getattr(picture, "n_frames", 1)
            if count > PAGE_LIMIT:
                raise RefusalError(FindingCode.RESOURCE_LIMIT, f"图片有 {count} 页，上限为 {PAGE_LIMIT} 页")
            for index in range(count):
                picture.seek(index)
                yield read_scanned_page(_pixels(picture), resolution_of(picture.size, picture.info), index + 1)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise RefusalError(FindingCode.DAMAGED, f"图片已损坏或不完整：{error}"[:200]) from error
    except Image.DecompressionBombError as error:
        raise RefusalError(FindingCode.RESOURCE_LIMIT, "图片像素过多") from error


def _pixels(picture: Image.Image) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """The page as RGB rows, turned as its camera says."""
    width, height = picture.size
    if width * height > _PIXEL_LIMIT:
        raise RefusalError(FindingCode.RESOURCE_LIMIT, f"图片有 {width}×{height} 像素，超过上限")
    if min(width, height) < _LEAST_SIDE:
        raise RefusalError(FindingCode.NO_TEXT, f"图片只有 {width}×{height} 像素")
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in ("RGBA", "LA", "PA", "P"):
        layered = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", layered.size, (255, 255, 255, 255)), layered)
    return np.asarray(upright.convert("RGB"))


def resolution_of(size: tuple[int, int], info: dict[Any, Any] | None = None) -> float:
    """Dots per inch of a page picture: as the file states, where that gives a believable sheet, else as if it were A4."""
    width, height = size
    stated = (info or {}).get("dpi")
    dpi = float(stated[0]) if isinstance(stated, tuple) and stated and stated[0] else 0.0
    low, high = _SHEET_WIDTHS
    if _LOW_DPI <= dpi <= _HIGH_DPI and low <= min(width, height) / dpi <= high:
        return dpi
    long, short = max(width, height), min(width, height)
    return short / _SHORT_SIDE if long / short > _TALL else long / _LONG_SIDE
