"""The cell grammar: what the text of one table cell says, as a number or as a kind of nothing.

Rules and their order follow the common reading rules of the form: nil marks, unit words, signs that only a change of
items may carry, amounts in 万元. What does not belong here: which cell it is, and prose.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from catalogue.model import ValueKind
from disclosure.findings import FindingCode
from disclosure.report import CellState


@dataclass(frozen=True, slots=True)
class CellText:
    """A cell's text as read. `value` is in the unit of the form (amounts in 万元), None when nothing is printed."""

    printed: str
    state: CellState
    value: Decimal | None = None
    note: str | None = None
    approximate: bool = False
    unit_missing: bool = False  # an amount other than 0 without a unit of its own
    trouble: FindingCode | None = None


_OUTER_SPACE = " \t\r\n\f\v\u00a0\u2002\u2003\u2009\u200a\u200b\u200c\u200d\u2060\u3000\ufeff"
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_GROUPING = re.compile(r"[,，\s]")
_NOTHING = re.compile(r"\s*")
_SLASH = re.compile(r"[/\\|]+")
_DASH = re.compile(r"[-—–－−﹣―─_]+")
_NONE = re.compile(r"(?:无|没有|未发生|暂无|零)[。.；;]?")
_NOT_APPLICABLE = re.compile(r"(?:不涉及|不适用|N/?A|n/?a)[。.]?")
_UNITS = "件条次个项起封家宗份篇人部条"
_PLAIN_NUMBER = r"(?:\d{1,3}(?:[,，\x20]\d{3})+|\d+)(?:\.\d+)?"
_NOTE = re.compile(r"(?P<number>[^()]+?)\s*\((?P<note>[^()]*)\)")
# Raised, circled and bracketed marks point to a note; in compatibility form they would be more digits of the number.
_MARK_CHARACTERS = "¹²³⁰-⁹₀-₉①-⓿❶-➓㈠-㊰＊*※†‡"
_HAS_MARK = re.compile(f"[{_MARK_CHARACTERS}\\]】]|注")
_MARKED = re.compile(
    rf"(?P<number>.*[\d{_UNITS}元万])\s*(?P<mark>[{_MARK_CHARACTERS}]+|[\[【]注?\d{{0,2}}[\]】]|注\d{{0,2}})", re.DOTALL
)
_MARK_ALONE = re.compile(f"[{_MARK_CHARACTERS}]")
_ZERO_LETTERS = re.compile(r"[Oo〇○Ο]")
_TRADITIONAL = str.maketrans(
    "萬億減無條個項發類約餘", "万亿减无条个项发类约余"
)  # the words of this grammar on converted pages
_LEADING_RESIDUE = re.compile(r"^\?\s*(?=\d)")  # a no-break space that a mirror turned into a question mark
_COUNT = re.compile(
    rf"(?P<about>约|近|超过)?\s*(?P<sign>[-−－–—+])?\s*(?P<number>{_PLAIN_NUMBER})\s*(?P<scale>万|亿)?\s*(?P<more>余|多)?\s*[{_UNITS}]?。?"
)
_CHANGE = re.compile(rf"(?P<word>增加|新增|减少|增|减|↑|↓|[-−－–—+])?\s*(?P<number>{_PLAIN_NUMBER})\s*[{_UNITS}]?。?")
_BOTH_CHANGES = re.compile(
    rf"(?:增加?|新增|\+)\s*(?P<up>{_PLAIN_NUMBER})\s*[{_UNITS}]?\s*[,，、/;；]?\s*(?:减少?|[-−－–—])\s*(?P<down>{_PLAIN_NUMBER})\s*[{_UNITS}]?"
)
_UNSIGNED_PAIR = re.compile(rf"{_PLAIN_NUMBER}\s*[/／]\s*{_PLAIN_NUMBER}")
_NO_CHANGE = re.compile(r"持平|无变化|不变|无增减|未增减")
_AMOUNT = re.compile(
    rf"(?P<about>约|近)?\s*(?P<sign>[-−－–—])?\s*[¥￥]?\s*(?P<number>{_PLAIN_NUMBER})\s*(?P<more>余|多)?\s*(?P<unit>亿元|亿|千元|万元|万|元)?\s*(?P<more2>余|多)?。?"
)
# A Chinese character that begins no figure and no nil mark of this grammar, in either script.
_WORDS_FIRST = re.compile(r"(?![约約近超增新减減持无無没未暂零不〇])[\u4e00-\u9fff]")
_DOWN = frozenset(["减少", "减", "↓", "-", "−", "－", "–", "—"])

# More digits than any count or amount of a report has: such text is a row number, a telephone or cells run together.
_MOST_INTEGER_DIGITS = 12
_MOST_DECIMALS = 6

# How many 万元 one unit is: 10 000 yuan are 1.
_TEN_THOUSAND_YUAN = {
    "元": Decimal("0.0001"),
    "千元": Decimal("0.1"),
    "万": Decimal(1),
    "万元": Decimal(1),
    "亿": Decimal(10_000),
    "亿元": Decimal(10_000),
}
_SCALE = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}


def trim(text: str) -> str:
    """`text` without outer whitespace of any width; what stands inside stays as printed."""
    return text.strip(_OUTER_SPACE)


def begins_as_words(text: str) -> bool:
    """Whether the first character already shows that a text is neither a figure nor a nil mark, as of most labels."""
    return bool(_WORDS_FIRST.match(text))


@lru_cache(maxsize=65536)
def read_cell_text(text: str, kind: ValueKind) -> CellText:
    """What a cell of the given kind says. Never raises: text that is no number and no nil mark is `illegible`."""
    printed = trim(text)
    mark = _MARKED.fullmatch(printed) if _HAS_MARK.search(printed) else None
    if mark is None and _MARK_ALONE.search(printed):
        return CellText(printed, CellState.ILLEGIBLE, trouble=FindingCode.CELL_UNREADABLE)
    if mark:
        read = read_cell_text(mark["number"], kind)
        return replace(read, printed=printed, note=read.note or mark["mark"])
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", printed)).translate(_TRADITIONAL)
    plain = _LEADING_RESIDUE.sub("", plain.strip())
    nil = _read_nil_mark(plain, kind)
    if nil is not None:
        state, value = nil
        return CellText(printed, state, value)
    note = None
    annotated = _NOTE.fullmatch(plain)
    if annotated:
        plain, note = annotated["number"].strip(), annotated["note"].strip()
    plain = _ZERO_LETTERS.sub("0", plain) if _ZERO_LETTERS.sub("", plain).strip(_UNITS) == "" else plain
    if kind is ValueKind.AMOUNT:
        return _within_bounds(_read_amount(printed, plain, note))
    if kind is ValueKind.SIGNED_COUNT:
        return _within_bounds(_read_change(printed, plain, note))
    return _within_bounds(_read_count(printed, plain, note))


def _within_bounds(read: CellText) -> CellText:
    """`read`, or an illegible cell when its number has more digits than a report's figures can have."""
    if read.value is None:
        return read
    _, digits, exponent = read.value.as_tuple()
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    if len(digits) - decimals > _MOST_INTEGER_DIGITS or decimals > _MOST_DECIMALS:
        return CellText(read.printed, CellState.ILLEGIBLE, trouble=FindingCode.CELL_UNREADABLE)
    return read


def _read_nil_mark(plain: str, kind: ValueKind) -> tuple[CellState, Decimal | None] | None:
    if _NOTHING.fullmatch(plain):
        return CellState.BLANK, None
    if _SLASH.fullmatch(plain):
        return CellState.SLASH, None
    if _DASH.fullmatch(plain):
        return CellState.DASH, None
    if plain == "零":
        return CellState.REPORTED, Decimal(0)
    if _NONE.fullmatch(plain):
        return CellState.NONE_TEXT, Decimal(0)
    if _NOT_APPLICABLE.fullmatch(plain):
        return CellState.NOT_APPLICABLE, None
    if kind is ValueKind.SIGNED_COUNT and _NO_CHANGE.fullmatch(plain):
        return CellState.REPORTED, Decimal(0)
    return None


def _number(text: str) -> Decimal:
    return Decimal(_GROUPING.sub("", text))


def _read_count(printed: str, plain: str, note: str | None) -> CellText:
    match = _COUNT.fullmatch(plain)
    if not match:
        return CellText(printed, CellState.ILLEGIBLE, trouble=FindingCode.CELL_UNREADABLE)
    value = _number(match["number"]) * _SCALE.get(match["scale"] or "", Decimal(1))
    if match["sign"] and match["sign"] != "+":
        value = -value
    approximate = bool(match["about"] or match["more"])
    return CellText(printed, CellState.REPORTED, value, note, approximate)


def _read_change(printed: str, plain: str, note: str | None) -> CellText:
    """本年增/减: the only column that may be negative; `a/b` without signs cannot be told."""
    both = _BOTH_CHANGES.fullmatch(plain)
    if both:
        return CellText(printed, CellState.REPORTED, _number(both["up"]) - _number(both["down"]), note)
    if _UNSIGNED_PAIR.fullmatch(plain):
        return CellText(printed, CellState.ILLEGIBLE, note=note, trouble=FindingCode.SIGN_AMBIGUOUS)
    match = _CHANGE.fullmatch(plain)
    if not match:
        return CellText(printed, CellState.ILLEGIBLE, trouble=FindingCode.CELL_UNREADABLE)
    value = _number(match["number"])
    return CellText(printed, CellState.REPORTED, -value if match["word"] in _DOWN else value, note)


def _read_amount(printed: str, plain: str, note: str | None) -> CellText:
    match = _AMOUNT.fullmatch(plain)
    if not match:
        return CellText(printed, CellState.ILLEGIBLE, trouble=FindingCode.CELL_UNREADABLE)
    value = _number(match["number"]) * _TEN_THOUSAND_YUAN.get(match["unit"] or "万元", Decimal(1))
    if match["sign"]:
        value = -value
    approximate = bool(match["about"] or match["more"] or match["more2"])
    unit_missing = match["unit"] is None and value != 0
    return CellText(printed, CellState.REPORTED, value, note, approximate, unit_missing)
