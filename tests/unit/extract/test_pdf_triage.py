"""What kind of page it is, by what is drawn on it."""

from __future__ import annotations

import random

import pytest

from disclosure.extract.pdf_pages import RawPage
from disclosure.extract.pdf_text import Character
from disclosure.extract.pdf_triage import PageKind, triage

LABELS = "本年新收政府信息公开申请数量予以公开部分不予处理结转下年度继续办理" * 3


def page_of(text: str) -> RawPage:
    return RawPage(1, 595, 842, [Character(each, 0, 0, 1, 1, 1, 9) for each in text])


def shuffled(seed: int, *, figures: int) -> str:
    """Glyph numbers taken for characters, as a font without a character map gives them, and figures of a font that has one."""
    source = random.Random(seed)
    glyphs = [chr(source.choice(among)) for among in (range(0x0E, 0x1C), range(0x00A1, 0x0120)) for _ in range(120)]
    return "".join(glyphs) + "0" * figures


@pytest.mark.parametrize("figures", [0, 400, 800])
def test_a_font_without_a_map_is_noticed_however_many_figures_stand_beside(figures: int) -> None:
    assert triage(page_of(shuffled(1, figures=figures))) is PageKind.GARBLED


@pytest.mark.parametrize("text", [LABELS, LABELS + "0" * 900, "0 1 2 3 " * 200, "Contact: office@example.org " * 9])
def test_print_is_read_as_it_stands(text: str) -> None:
    assert triage(page_of(text)) is PageKind.DIGITAL
