"""What kind of page it is, told from what is drawn on it, before anything costly is done with it.

What does not belong here: reading of tables, and recognition of scans.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from disclosure.extract.encoding import share_of_common
from disclosure.extract.pdf_pages import RawPage
from disclosure.extract.pdf_text import Character


class PageKind(StrEnum):
    DIGITAL = "digital"
    SCAN = "scan"  # a picture, or outlines of glyphs, in place of text
    OCR_LAYER = "ocr_layer"  # a picture over or under text that a recognition program wrote
    GARBLED = "garbled"  # text whose font has no map to characters
    EMPTY = "empty"


WORDS = {
    PageKind.SCAN: "页面只有图像，可能是扫描件，需要文字识别",
    PageKind.GARBLED: "字体没有文字对照表，提取的文字是乱码，需要文字识别",
    PageKind.EMPTY: "页面没有文字",
}

_FEW_CHARACTERS = 10  # a scanned page may carry a stamped number
_MUCH_OF_THE_PAGE = 0.5
_OUTLINES = 300  # drawn shapes on a page without text: glyphs turned to curves
_UNMAPPED_SHARE = 0.3
_UNMAPPED = re.compile(r"\(cid:\d+\)|[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1b\x7f]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_FOREIGN = re.compile(r"[^\x00-\x7f\u2000-\u206f\u2e80-\u9fff\uff00-\uffef]")  # neither ASCII nor Chinese
_FOREIGN_SHARE = 0.2
_ENOUGH_HAN = 60  # below this many Han characters their frequency says nothing
_COMMON_SHARE = 0.3  # of them in running Chinese text are above 0.6; shuffled glyphs below 0.15


def triage(page: RawPage) -> PageKind:
    """The kind of a page; an empty page without a picture is in order."""
    visible = _visible(page.characters)
    if len(visible) <= _FEW_CHARACTERS:
        if len(_visible(page.hidden)) > _FEW_CHARACTERS:
            return PageKind.OCR_LAYER
        if page.image_share > 0.05 or page.objects > _OUTLINES:
            return PageKind.SCAN
        return PageKind.DIGITAL if visible else PageKind.EMPTY
    if _is_garbled(visible):
        return PageKind.GARBLED
    if len(_visible(page.hidden)) > len(visible) and page.image_share > _MUCH_OF_THE_PAGE:
        return PageKind.OCR_LAYER
    return PageKind.DIGITAL


def _visible(characters: Iterable[Character]) -> str:
    return "".join("".join([character.text for character in characters]).split())


def _is_garbled(text: str) -> bool:
    """Unmapped code points, or Han characters that no Chinese text would use so rarely."""
    unmapped = sum(len(found) for found in _UNMAPPED.findall(text))
    if unmapped > _UNMAPPED_SHARE * len(text):
        return True
    han = len(_HAN.findall(text))
    if han >= _ENOUGH_HAN:
        return share_of_common(text) < _COMMON_SHARE
    # half a page may be figures, whose font has a map
    return unmapped + len(_FOREIGN.findall(text)) > max(_ENOUGH_HAN, _FOREIGN_SHARE * len(text), 3 * han)
