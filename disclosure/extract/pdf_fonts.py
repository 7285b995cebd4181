"""The fonts a PDF names but does not carry: while text is read, one made here stands in for all of them.

PDFium looks at the outlines of glyphs even where it only reads text, and leaves out a lone character that has none. So what
is read would depend on the fonts installed on the machine (without Chinese ones, digits set one by one are lost from 宋体 that
is not embedded), and the installed ones are large: opening one costs more than reading the report. The stand-in has a small
box for every character, narrow so that two neighbours never look like one printed twice. Widths, places and characters come
from the PDF as ever. What does not belong here: fonts that pages are drawn with for recognition; those are the installed ones.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2.raw as pdfium

_EM = 1000  # units to the font size
_BOX_WIDTH, _BOX_HEIGHT = 250, 700  # units
_HALF, _FULL = 500, 1000  # advances, used only where a PDF does not state widths
_LAST_NARROW = 0x2FF  # code points up to here are Latin
_OWN_OUTLINES = (b"Courier", b"Helvetica", b"Times")  # PDFium carries these itself
_FONT_HANDLE = 1
_BOX, _WIDE_BOX = 1, 2  # glyphs


@contextmanager
def stand_ins() -> Iterator[None]:
    """While this lasts, fonts that are not embedded have boxes for glyphs; afterwards they are the installed ones."""
    pdfium.FPDF_SetSystemFontInfo(_stand_in)
    try:
        yield
    finally:
        _return_to_installed()


@contextmanager
def installed() -> Iterator[None]:
    """Inside `stand_ins`: for pages opened while this lasts, fonts that are not embedded are the installed ones."""
    _return_to_installed()
    try:
        yield
    finally:
        pdfium.FPDF_SetSystemFontInfo(_stand_in)


_installed: Any = None  # kept as long as PDFium uses it


def _return_to_installed() -> None:
    global _installed
    no_longer_used, _installed = _installed, pdfium.FPDF_GetDefaultSystemFontInfo()
    pdfium.FPDF_SetSystemFontInfo(_installed)
    if no_longer_used:
        pdfium.FPDF_FreeDefaultSystemFontInfo(no_longer_used)


def _map_font(_this: Any, _weight: int, _italic: int, _charset: int, _pitch: int, face: Any, _exact: Any) -> int | None:
    return None if ctypes.string_at(face).startswith(_OWN_OUTLINES) else _FONT_HANDLE


def _copy_font(_this: Any, _handle: int, table: int, buffer: Any, size: int) -> int:
    if table:
        return 0
    if buffer and size >= len(_FONT):
        ctypes.memmove(buffer, _FONT, len(_FONT))
    return len(_FONT)


def _make_font() -> bytes:
    """A TrueType font in which every character is a box."""
    box = _box_glyph()
    tables = {
        b"cmap": _character_map(),
        b"glyf": box + box,
        b"head": struct.pack(
            ">4I2H2Q4h2H3h",
            *(0x10000, 0x10000, 0, 0x5F0F3CF5, 0, _EM, 0, 0, 0, 0, _BOX_WIDTH, _BOX_HEIGHT, 0, 8, 2, 0, 0),
        ),
        b"hhea": struct.pack(">I3hH11hH", 0x10000, 880, -120, 0, _FULL, 0, 0, _BOX_WIDTH, 1, *[0] * 7, 3),
        b"hmtx": struct.pack(">HhHhHh", _HALF, 0, _HALF, 0, _FULL, 0),
        b"loca": struct.pack(">4H", 0, 0, len(box) // 2, len(box)),
        b"maxp": struct.pack(">I14H", 0x10000, 3, 4, 1, 0, 0, 1, *[0] * 8),
    }
    start = 12 + 16 * len(tables)
    directory, content = struct.pack(">I4H", 0x10000, len(tables), 64, 2, 16 * len(tables) - 64), b""
    for tag, table in sorted(tables.items()):
        directory += struct.pack(">4s3I", tag, 0, start + len(content), len(table))
        content += table + bytes(-len(table) % 4)
    return directory + content


def _box_glyph() -> bytes:
    steps = ((0, 0, _BOX_WIDTH, 0), (0, _BOX_HEIGHT, 0, -_BOX_HEIGHT))  # from corner to corner, in x and in y
    outline = struct.pack(">8h", *steps[0], *steps[1])
    return struct.pack(">5h2H4B", 1, 0, 0, _BOX_WIDTH, _BOX_HEIGHT, 3, 0, *[1] * 4) + outline


def _character_map() -> bytes:
    """For fonts of one byte a character, a table of the Latin ones; for all others, two ranges over all of Unicode."""
    codes = range(0x20, 0x100)
    latin = struct.pack(f">5H{len(codes)}H", 6, 10 + 2 * len(codes), 0, codes[0], len(codes), *[_BOX] * len(codes))
    ranges = ((0x20, _LAST_NARROW, _BOX), (_LAST_NARROW + 1, 0x10FFFF, _WIDE_BOX))
    unicode = struct.pack(">2H3I6I", 13, 0, 16 + 12 * len(ranges), 0, len(ranges), *ranges[0], *ranges[1])
    header = struct.pack(">2H2HI2HI", 0, 2, 3, 1, 20, 3, 10, 20 + len(latin))
    return header + latin + unicode


_FONT = _make_font()
_CALLS = dict(pdfium.FPDF_SYSFONTINFO._fields_)
_stand_in = pdfium.FPDF_SYSFONTINFO(
    version=1, MapFont=_CALLS["MapFont"](_map_font), GetFontData=_CALLS["GetFontData"](_copy_font)
)
