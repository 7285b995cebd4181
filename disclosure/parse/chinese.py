"""Chinese text as the parser compares it: folded characters, squeezed whitespace, numerals.

Here belong the rules of writing (traditional and full-width forms, pinyin put in by mirrors, 万 and 亿, 二十三). What a
word means in a report does not belong here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from disclosure.parse.traditional import SIMPLIFIED, TRADITIONAL

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PUNCTUATION = {
    ord("﹝"): "〔", ord("﹞"): "〕", ord("【"): "〔", ord("】"): "〕", ord("〈"): "《", ord("〉"): "》",
    ord("<"): "《", ord(">"): "》", ord("「"): "“", ord("」"): "”", ord("—"): "-", ord("－"): "-", ord("–"): "-",
    ord("−"): "-", ord("～"): "~", ord("："): ":", ord("･"): "·",
}  # fmt: skip
# Some PDF fonts map characters to the look-alike radicals; compatibility normalisation mends only those of the first block.
_RADICALS = {
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)},
    **{
        ord(radical): character
        for radical, character in zip(
            "⺁⺊⺜⺝⺟⺠⺩⺬⺮⺼⻁⻄⻅⻆⻉⻊⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
            "厂卜日月母民王示竹肉虎西见角贝足车長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
            strict=True,
        )
    },
}
_FOLDED: dict[str, str] = {
    **{chr(code): character for code, character in _RADICALS.items()},
    **{chr(code): chr(half_width) for code, half_width in _FULL_WIDTH.items()},
    **{chr(code): mark for code, mark in _PUNCTUATION.items()},
    **dict(zip(TRADITIONAL, SIMPLIFIED, strict=True)),
}
_FOLDABLE = re.compile("[" + "".join(map(re.escape, _FOLDED)) + "]")
_DROPPED = re.compile(
    r"[\s\u00a0\u3000\u200b-\u200f\u2060\ufeff\u00ad\u2800*#]+"  # whitespace; Markdown emphasis and heading marks
    r"|\((?<=[\u3400-\u9fffA-Z]\()[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}\)"  # pinyin after a character
    r"|\[bookmark:[^\]]*\]"  # left behind by a word processor
)

DIGITS = dict(zip("零一二三四五六七八九〇○两", (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 2), strict=True))
_TENS = {"十": 10, "百": 100, "千": 1000}
_MULTIPLIERS = {"": Decimal(1), "千": Decimal(1000), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_ARABIC = re.compile(r"^(\d[\d,]*(?:\.\d+)?)(千|万|亿)?$")


class Folded(NamedTuple):
    """`text` is the source with whitespace and pinyin dropped and every character in its simplified, half-width form.

    `places[i]` is where character i of `text` stands in `source`, so that whatever matched can be quoted verbatim.
    """

    source: str
    text: str
    places: Sequence[int]

    def verbatim(self, start: int, end: int) -> str:
        """The source text behind `text[start:end]`, inner whitespace kept."""
        if start >= end:
            return ""
        return self.source[self.places[start] : self.places[end - 1] + 1]


def fold(source: str) -> Folded:
    """The form in which all patterns are matched."""
    if not _DROPPED.search(source):
        return Folded(source, _simplify(source), range(len(source)))
    places: list[int] = []
    pieces: list[str] = []
    position = 0
    for gap in _DROPPED.finditer(source):
        pieces.append(source[position : gap.start()])
        places.extend(range(position, gap.start()))
        position = gap.end()
    pieces.append(source[position:])
    places.extend(range(position, len(source)))
    return Folded(source, _simplify("".join(pieces)), places)


def plain(source: str) -> str:
    """`source` as patterns see it, without the way back."""
    return _simplify(_DROPPED.sub("", source))


def _simplify(text: str) -> str:
    """Each character in its simplified, half-width form. Few of a text have another, so that looking for those takes half
    the time of `str.translate`, which asks for every one."""
    return _FOLDABLE.sub(_fold_character, text)


def _fold_character(match: re.Match[str]) -> str:
    return _FOLDED[match[0]]


def read_number(printed: str) -> Decimal | None:
    """The number a folded text such as 1,234 / 18万 / 4.5万 / 二十三 / 二〇一一 stands for, or None."""
    arabic = _ARABIC.match(printed)
    if arabic:
        return Decimal(arabic[1].replace(",", "")) * _MULTIPLIERS[arabic[2] or ""]
    if printed and all(character in DIGITS for character in printed):
        return Decimal(int("".join(str(DIGITS[character]) for character in printed)))
    return _read_spoken_number(printed)


def _read_spoken_number(printed: str) -> Decimal | None:
    """二十三, 一百零五, 三千, 两万: digits with their places, up to 亿."""
    total, section, digit = 0, 0, None
    for character in printed:
        if character in DIGITS:
            digit = DIGITS[character]
        elif character in _TENS:
            section += (1 if digit is None else digit) * _TENS[character]
            digit = None
        elif character in ("万", "亿"):
            total = (total + section + (digit or 0)) * int(_MULTIPLIERS[character])
            section, digit = 0, None
        else:
            return None
    return Decimal(total + section + (digit or 0)) if printed else None
