"""The fonts the corpus is printed with.

The standard Chinese font of PDF is not embedded and needs nothing; it cannot be drawn on a machine without Chinese fonts, and its
code points cannot be damaged. Traits that need either use 文泉驿微米黑, or Noto Serif SC where print has to be fine, from packages of
the development group.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont as FontFile
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

STANDARD = "STSong-Light"
EMBEDDED = "WenQuanYiMicroHei"
SERIF = "NotoSerifSC"
_PACKAGE = "paperang_p2_fonts_cjk"
_SERIF_PACKAGE = "pylopdf_fonts_zh_cn"
_UNITS, _ASCENT, _DESCENT = 1000, 880, -120  # of the em of Noto Serif SC
_CURVE_ERROR = 1.0  # of these units


def register_standard() -> str:
    """The name of the Chinese font that is not embedded, ready to use."""
    if STANDARD not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(STANDARD))
    return STANDARD


def register_embedded() -> str:
    """The name of the Chinese font that is embedded, fresh for one document. Raises RuntimeError naming what to install."""
    path = _folder_of(_PACKAGE) / "fonts" / "wqy-microhei.ttc"
    pdfmetrics.registerFont(TTFont(EMBEDDED, str(path), subfontIndex=0))
    return EMBEDDED


def register_serif(characters: Iterable[str]) -> str:
    """The name of an embedded serif font that has these characters, a name of its own for each set of them: a name once
    registered keeps its outlines. Raises RuntimeError naming what to install."""
    needed = "".join(sorted({*characters, *(chr(code) for code in range(0x20, 0x7F))}))
    name = f"{SERIF}{hashlib.sha256(needed.encode()).hexdigest()[:8]}"
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, io.BytesIO(_serif_outlines(needed, name))))
    return name


def _folder_of(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(
            f"this trait needs an embedded Chinese font; install the development group ({package.replace('_', '-')})"
        )
    return Path(spec.submodule_search_locations[0])


def _serif_outlines(characters: str, own_name: str) -> bytes:
    """A TrueType font with these characters of Noto Serif SC, which comes with outlines that reportlab cannot embed."""
    source = FontFile(str(_folder_of(_SERIF_PACKAGE) / "NotoSerifSC-Regular.otf"), lazy=True)
    drawn, by_code = source.getGlyphSet(), source.getBestCmap()
    codes = {code: by_code[code] for code in map(ord, characters) if code in by_code}
    names = list(dict.fromkeys((".notdef", *codes.values())))
    outlines = {}
    for name in names:
        pen = TTGlyphPen(None)
        drawn[name].draw(Cu2QuPen(pen, _CURVE_ERROR, reverse_direction=True))
        outlines[name] = pen.glyph()
    font = FontBuilder(_UNITS, isTTF=True)
    font.setupGlyphOrder(names)
    font.setupCharacterMap(codes)
    font.setupGlyf(outlines)
    font.setupHorizontalMetrics({name: (drawn[name].width, getattr(outlines[name], "xMin", 0)) for name in names})
    font.setupHorizontalHeader(ascent=_ASCENT, descent=_DESCENT)
    font.setupNameTable({"familyName": own_name, "styleName": "Regular", "psName": own_name})
    font.setupOS2(sTypoAscender=_ASCENT, sTypoDescender=_DESCENT, usWinAscent=_ASCENT, usWinDescent=-_DESCENT)
    font.setupPost()
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()
