"""Prints a filing as a scan: the page drawn, turned into a picture, and worn as scanners, stamps and fax machines wear it.

Here belongs the wear. The pages come from `pdf`.
"""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, replace

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from benchmarks.corpus.filing import Filing
from benchmarks.corpus.fonts import register_serif, register_standard
from benchmarks.corpus.pdf import draw
from benchmarks.corpus.pdf_canvas import DrawnText, PageCanvas
from benchmarks.corpus.pdf_style import Break, Rules, Style

__all__ = ["TRAITS", "render"]

_POINTS_PER_INCH = 72
_MISREAD = {"0": "O", "1": "l", "5": "S", "8": "B", "，": ",", "未": "末", "己": "已", "项": "顶"}
_STAMP = (200, 30, 40)
_LARGEST_SPECK = 3  # pixels across

_PRINTED = Style(embedded=True, table_size=10.0, row_padding=4.0, margin=50.0, page_break=Break.NATURAL)
_SERIF = replace(_PRINTED, latin="Times-Roman")


@dataclass(frozen=True, slots=True)
class Wear:
    """What happened between the printer and the file. `dpi` of the scanner, `skew` in degrees, `noise` of 255 grey levels."""

    dpi: int = 200
    lines_per_inch: int | None = None  # of a fax machine, down the page; None: as many as across
    skew: float = 0.0
    noise: float = 0.0
    quality: int | None = 85  # of the JPEG inside; None: lossless
    stamp: bool = False
    background: int = 255
    one_bit: bool = False
    threshold: int | None = 150  # of the one bit: darker is black; None: Otsu's, from the page
    specks: int = 0  # of dirt, on each page
    blur: float = 0.0
    turned: int = 0  # degrees
    text_layer: bool = False  # the hidden words an office scanner recognised, with its errors
    ending: str = "pdf"
    serif: bool = False
    style: Style = _PRINTED


_CLEAN = Wear()
_FINE = Wear(serif=True, style=_SERIF)
_FINE_ONE_BIT = replace(_FINE, dpi=150, one_bit=True, quality=None)

TRAITS: dict[str, Wear] = {
    "clean_200": _CLEAN,
    "clean_300": replace(_CLEAN, dpi=300),
    "skew": replace(_CLEAN, skew=1.2),
    "skew_strong": replace(_CLEAN, skew=2.0, dpi=300),
    "noise": replace(_CLEAN, noise=18.0, quality=75),
    "jpeg": replace(_CLEAN, quality=60),
    "stamp": replace(_CLEAN, stamp=True),
    "grey_background": replace(_CLEAN, background=205, noise=6.0),
    "skew_noise_stamp": replace(_CLEAN, skew=0.8, noise=12.0, stamp=True, quality=70),
    "skew_noise_stamp_300": replace(_CLEAN, dpi=300, skew=-1.5, noise=14.0, stamp=True, quality=75),
    "thin_rules": replace(_CLEAN, style=replace(_PRINTED, rules=Rules.THIN_RECTANGLES)),
    "ocr_layer": replace(_CLEAN, text_layer=True),
    "image_png": replace(_CLEAN, ending="png", quality=None),
    "image_jpeg": replace(_CLEAN, ending="jpg", quality=80, noise=6.0),
    "image_tiff": replace(_CLEAN, ending="tif", quality=None),
    "harsh_one_bit": replace(_CLEAN, one_bit=True, quality=None),
    "harsh_150_dpi": replace(_CLEAN, dpi=150, quality=60),
    "harsh_blur": replace(_CLEAN, blur=1.3, noise=6.0),
    "harsh_turned_90": replace(_CLEAN, turned=90),
    "harsh_turned_180": replace(_CLEAN, turned=180),
    "harsh_fax": replace(_CLEAN, dpi=150, one_bit=True, skew=0.6, quality=None),
    "serif": _FINE,
    "serif_noise_stamp": replace(_FINE, skew=-0.9, noise=12.0, stamp=True, quality=70),
    "serif_150_dpi": replace(_FINE, dpi=150, quality=60),
    "serif_one_bit": replace(_FINE, one_bit=True, quality=None),
    "serif_one_bit_150": _FINE_ONE_BIT,
    "serif_one_bit_150_otsu": replace(_FINE_ONE_BIT, threshold=None),
    "serif_one_bit_150_pale": replace(_FINE_ONE_BIT, threshold=110),
    "serif_one_bit_150_blur": replace(_FINE_ONE_BIT, blur=0.7, threshold=170, skew=0.5),
    "serif_one_bit_150_specks": replace(_FINE_ONE_BIT, specks=400, skew=-0.4),
    "serif_one_bit_150_turned_90": replace(_FINE_ONE_BIT, turned=90, skew=0.4),
    "serif_one_bit_150_turned_180": replace(_FINE_ONE_BIT, turned=180),
    "serif_one_bit_150_thin_rules": replace(_FINE_ONE_BIT, style=replace(_SERIF, rules=Rules.THIN_RECTANGLES)),
    "serif_fax": replace(_FINE_ONE_BIT, dpi=204, lines_per_inch=98, skew=0.4, specks=100),
}


def render(filing: Filing, trait: str, random_source: random.Random) -> bytes:
    """The scan of a filing: an image-only PDF, a PDF with hidden words, or a picture file."""
    wear = TRAITS[trait]
    drawn = _print(filing, wear)
    texts = drawn.drawn
    pages = [_worn(page, wear, random_source) for page in _rasterise(drawn.finish(), wear.dpi)]
    if wear.ending != "pdf":
        return _picture(pages, wear)
    return _bind(pages, wear, texts if wear.text_layer else [], random_source)


def _print(filing: Filing, wear: Wear) -> PageCanvas:
    """The drawn pages; serif outlines are made for the characters that a first drawing needs."""
    if not wear.serif:
        return draw(filing, wear.style)
    needed = draw(filing, replace(wear.style, embedded=False)).drawn
    return draw(filing, wear.style, register_serif(character for text in needed for character in text.text))


def _rasterise(data: bytes, dpi: int) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(data)
    try:
        return [page.render(scale=dpi / _POINTS_PER_INCH).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def _worn(page: Image.Image, wear: Wear, random_source: random.Random) -> Image.Image:
    if wear.stamp:
        page = _stamp(page, wear.dpi, random_source)
    if wear.skew:
        page = page.rotate(wear.skew, resample=Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    if wear.blur:
        page = page.filter(ImageFilter.GaussianBlur(wear.blur))
    if wear.background < 255 or wear.noise:
        page = _dirty(page, wear, random_source)
    if wear.lines_per_inch:
        page = page.resize((page.width, round(page.height * wear.lines_per_inch / wear.dpi)), Image.Resampling.BOX)
    if wear.one_bit:
        page = _one_bit(page, wear.threshold)
    if wear.specks:
        _speckle(page, wear.specks, random_source)
    return page.rotate(wear.turned, expand=True) if wear.turned else page


def _one_bit(page: Image.Image, threshold: int | None) -> Image.Image:
    grey = page.convert("L")
    bar = _otsu(grey) if threshold is None else threshold
    return grey.point(lambda level: 255 if level > bar else 0).convert("1")


def _otsu(grey: Image.Image) -> int:
    """The level that parts dark from bright with the greatest variance between the two."""
    counts = np.asarray(grey.histogram(), dtype=np.float64)
    levels = np.arange(len(counts))
    below, weighted = np.cumsum(counts), np.cumsum(counts * levels)
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = below * above * (weighted / below - (weighted[-1] - weighted) / above) ** 2
    return int(np.nanargmax(apart))


def _speckle(page: Image.Image, count: int, random_source: random.Random) -> None:
    """Dirt of a few pixels, black on paper and white on print alike."""
    pen = ImageDraw.Draw(page)
    for _ in range(count):
        x, y = random_source.randrange(page.width), random_source.randrange(page.height)
        side = random_source.randrange(_LARGEST_SPECK)
        pen.rectangle((x, y, x + side, y + side), fill=random_source.choice(("black", "white")))


def _stamp(page: Image.Image, dpi: int, random_source: random.Random) -> Image.Image:
    """A round red seal, as wide as real ones (4.2 cm), somewhere over the tables."""
    radius = int(4.2 / 2.54 * dpi / 2)
    x = random_source.randint(int(page.width * 0.3), int(page.width * 0.75))
    y = random_source.randint(int(page.height * 0.3), int(page.height * 0.7))
    seal = Image.new("RGBA", page.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(seal)
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=(*_STAMP, 190), width=max(3, dpi // 40))
    points = [
        (x + radius * reach * np.sin(angle), y - radius * reach * np.cos(angle))
        for index in range(10)
        for reach, angle in [((0.38, 0.15)[index % 2], index * np.pi / 5)]
    ]
    pen.polygon(points, fill=(*_STAMP, 190))
    return Image.alpha_composite(page.convert("RGBA"), seal).convert("RGB")


def _dirty(page: Image.Image, wear: Wear, random_source: random.Random) -> Image.Image:
    levels = np.asarray(page, dtype=np.float32) * (wear.background / 255)
    if wear.noise:
        grain = np.random.default_rng(random_source.getrandbits(32))
        levels = levels + grain.normal(0, wear.noise, levels.shape[:2]).astype(np.float32)[..., None]
    return Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))


def _picture(pages: list[Image.Image], wear: Wear) -> bytes:
    """All pages in one file: TIFF holds several, the others one below the other."""
    buffer = io.BytesIO()
    if wear.ending == "tif":
        pages[0].save(
            buffer, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw", dpi=(wear.dpi, wear.dpi)
        )
        return buffer.getvalue()
    tall = Image.new("RGB", (max(page.width for page in pages), sum(page.height for page in pages)), "white")
    top = 0
    for page in pages:
        tall.paste(page, (0, top))
        top += page.height
    options = {"quality": wear.quality} if wear.ending == "jpg" else {}
    tall.save(buffer, "JPEG" if wear.ending == "jpg" else "PNG", dpi=(wear.dpi, wear.dpi), **options)
    return buffer.getvalue()


def _bind(pages: list[Image.Image], wear: Wear, texts: list[DrawnText], random_source: random.Random) -> bytes:
    """The pictures as pages of a PDF, with the recognised words under them in an ink that is not drawn."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    font = register_standard()
    for number, page in enumerate(pages, start=1):
        width, height = page.width * _POINTS_PER_INCH / wear.dpi, page.height * _POINTS_PER_INCH / _down(wear)
        canvas.setPageSize((width, height))
        canvas.drawImage(_compressed(page, wear), 0, 0, width, height)
        for text in (text for text in texts if text.page == number):
            words = canvas.beginText(text.x, height - text.baseline)
            words.setTextRenderMode(3)
            words.setFont(font, text.size)
            words.textOut(_misrecognise(text.text, random_source))
            canvas.drawText(words)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _down(wear: Wear) -> int:
    return wear.lines_per_inch or wear.dpi


def _compressed(page: Image.Image, wear: Wear) -> ImageReader:
    if wear.quality is None:
        return ImageReader(page)
    buffer = io.BytesIO()
    page.save(buffer, "JPEG", quality=wear.quality)
    buffer.seek(0)
    return ImageReader(buffer)


def _misrecognise(text: str, random_source: random.Random) -> str:
    """Look-alikes in place of some characters, and some characters lost."""
    words = ""
    for character in text:
        chance = random_source.random()
        if chance < 0.015:
            words += _MISREAD.get(character, character)
        elif chance > 0.004 + 0.015:
            words += character
    return words
