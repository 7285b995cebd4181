"""The encoding of Chinese text, told by the text it gives: strict UTF-8, else the candidate with more common characters.

Declared encodings are not asked: in a sample of government pages they were right in 20 of 139 cases, this in 139.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from disclosure.extract.reading import RefusalError
from disclosure.findings import FindingCode

# The most frequent characters of written Chinese, simplified, then the traditional shapes that differ.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严申请依案讼诉律厅司监督机构镇街道乡村项规范性息网站互联网服务主动公开答复处罚许可强制征收采购"
    "國會個來時們對發動過說產種後學經進電裡實兩體機當點從業應開還間樣與關線內數質氣條結問無軍題黨員總設長資邊統較將組見計別農幾區強幹戰則據處隊給門規熱領東導壓爭濟階術極聯認權證轉單風帶場車務達積議聲報鬥類離華確張馬節話況傳許廣記書連斷備辦習響約歷構稱準號維劃選標寫親廳請訴訟監鎮鄉項範網詢費決"
)
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_ASCII_AND_MARKS = re.compile(r"[\x00-\x7f\u2000-\u206f\u3000-\u303f\uff00-\uffef\u00a0-\u00ff]+")
_PLAUSIBLE_SHARE = 0.45  # of characters beyond ASCII and punctuation; real reports are above 0.7
_BROKEN_SHARE = 0.005  # bytes an otherwise fitting encoding may fail on
_SAMPLE = 200_000
# What the commonest characters of these reports become when their UTF-8 is read as GB18030.
_MISREAD_MARKS = "鐨鏀姟銆鍏紑淇伅宸ヤ綔鎯锛"
_MISREAD = re.compile(f"[{_MISREAD_MARKS}]")
_SHORTEST_MISREAD = 20  # characters of a line; fewer tell nothing
_MISREAD_SHARE = 0.08  # of a line's characters
_LOST_SHARE = 0.2  # of the characters of a line that may stay lost
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Decoded(NamedTuple):
    text: str
    encoding: str


def decode(data: bytes) -> Decoded:
    """The text of bytes that are said to be text, with the encoding used.

    UTF-8 that was once wrongly read as GB18030 (seen on government mirrors) is turned back where that gives more common
    characters. Raises RefusalError(UNKNOWN_ENCODING) when no candidate reads as Chinese.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return Decoded(data.decode(encoding, errors="replace"), encoding)
    text = _decode_utf8(data)
    if text is not None:
        return _undo_misreading(text)
    best = max((_score(data, encoding), encoding) for encoding in ("gb18030", "big5hkscs"))
    if best[0] < _PLAUSIBLE_SHARE:
        raise RefusalError(
            FindingCode.UNKNOWN_ENCODING, "不是 UTF-8、GB18030 或 Big5 编码的中文，请另存为 UTF-8 后重试"
        )
    return Decoded(data.decode(best[1], errors="replace"), best[1])


def share_of_common(text: str) -> float:
    """The share of common Chinese characters among the characters beyond ASCII and punctuation; 0 when none."""
    outside = _ASCII_AND_MARKS.sub("", text[:_SAMPLE])
    return sum(map(_COMMON.__contains__, outside)) / len(outside) if outside else 0.0


def _decode_utf8(data: bytes) -> str | None:
    """Strict UTF-8, where only a character cut off at the very end is forgiven."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 and error.reason == "unexpected end of data":
            return data[: error.start].decode("utf-8")
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    if broken <= len(data) * _BROKEN_SHARE and len(_HAN.findall(text[:_SAMPLE])) > 10 * broken:
        return text
    return None


def _score(data: bytes, encoding: str) -> float:
    text = data[:_SAMPLE].decode(encoding, errors="replace")
    if text.count("\ufffd") > max(1, len(text) * _BROKEN_SHARE):
        return 0.0
    return share_of_common(text)


def _undo_misreading(text: str) -> Decoded:
    """Repair UTF-8 that was decoded as GB18030 and saved again; lost bytes become U+FFFD, ASCII digits survive.

    Mirrors paste misread paragraphs between sound ones: then each line is judged for itself.
    """
    before = share_of_common(text)
    if before < _PLAUSIBLE_SHARE and _HAN.search(text):
        repaired = _read_again(text)
        if share_of_common(repaired) > max(_PLAUSIBLE_SHARE, before + 0.2):
            return Decoded(repaired, "utf-8 read as gb18030")
    if not any(mark in text for mark in _MISREAD_MARKS):  # nearly every text: a fraction of the time of the expression
        return Decoded(text, "utf-8")
    mended = "".join(map(_mend_line, text.splitlines(keepends=True)))
    return Decoded(mended, "utf-8" if mended == text else "utf-8, partly read as gb18030")


def _mend_line(line: str) -> str:
    """A line of misread text read again; one that does not look like it, or resists, comes back as it is."""
    marks, han = len(_MISREAD.findall(line)), len(_HAN.findall(line))
    if han < _SHORTEST_MISREAD or marks < han * _MISREAD_SHARE:
        return line
    repaired = _read_again(line)
    return repaired if repaired.count("\ufffd") < len(repaired) * _LOST_SHARE else line


def _read_again(text: str) -> str:
    """Text that was decoded as GB18030, decoded as UTF-8. Windows shows byte 80 as €, others lose it; in UTF-8 it is the one
    continuation byte that begins no GBK character, so both stand for it."""
    data = b"\x80".join(part.encode("gb18030", errors="replace") for part in re.split("[€\ufffd]", text))
    return data.decode("utf-8", errors="replace")
