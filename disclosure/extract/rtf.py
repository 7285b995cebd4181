"""Reader for RTF without LibreOffice: paragraphs, and tables with their merged cells.

Follows the Rich Text Format Specification 1.9.1 as far as text and tables go. Chinese stands in it as GBK bytes of the font's
character set or as Unicode numbers. What does not belong here: the geometry of tables (`rtf_tables`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from disclosure.document import Block, Paragraph
from disclosure.extract.reading import CELL_LIMIT, CHARACTER_LIMIT, Reading, RefusalError, raise_digits
from disclosure.extract.rtf_tables import CellEdge, RowDefinition, TableRow, build_grid
from disclosure.findings import FindingCode

READER = "rtf"
READER_VERSION = "2"

_DEEPEST_GROUP = 1000
_TOKEN = re.compile(
    rb"\\(?:'([0-9a-fA-F]{2})|([a-zA-Z]{1,32})(-?\d{1,10})? ?|([^a-zA-Z']))|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\", re.DOTALL
)
# Groups that hold no text of the body, or say it a second time.
_NOT_SHOWN = frozenset(
    b"colortbl stylesheet info pict header headerl headerr headerf footer footerl footerr footerf footnote annotation "
    b"fldinst shprslt nonesttables sp object listtable listoverridetable revtbl rsidtbl generator themedata "
    b"colorschememapping datastore latentstyles xmlnstbl bkmkstart bkmkend atnid atnauthor objdata pn pntext".split()
)
_STARRED_SHOWN = frozenset(b"nesttableprops shpinst shptxt".split())
_MARKS = {b"tab": "\t", b"line": "\n", b"emdash": "—", b"endash": "–", b"emspace": " ", b"enspace": " ", b"lquote": "‘",
          b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•"}  # fmt: skip
_SYMBOLS = {b"~": "\u00a0", b"_": "-", b"\t": "\t"}
_ESCAPED = b"\\{}"
_CODE_PAGES = {0: "cp1252", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 936: "gb18030", 950: "big5"}
_DBCS = ("gb18030", "big5")


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits and its end gives back."""

    shown: bool = True
    in_font_table: bool = False
    hidden: bool = False
    raised: bool = False  # above or below the line, as the number of a note
    fallback_length: int = 1  # \uc: how many characters stand after a Unicode number for readers that do not know it
    codec: str = "cp1252"
    in_table: bool = False
    depth: int = 0  # \itap
    level: int | None = None


@dataclass
class _Table:
    """A table of one nesting depth while its rows come in."""

    row: RowDefinition = field(default_factory=RowDefinition)
    edge: CellEdge = field(default_factory=lambda: CellEdge(0))
    cells: list[str] = field(default_factory=list)
    rows: list[TableRow] = field(default_factory=list)


def read_rtf(data: bytes) -> Reading:
    """The blocks of an RTF file. Raises RefusalError: RESOURCE_LIMIT, NO_TEXT."""
    reader = _Reader()
    for token in _tokens(data):
        reader.take(token)
    blocks = reader.finish()
    if not blocks:
        raise RefusalError(FindingCode.NO_TEXT, "文档中没有文字，内容可能是图片")
    return Reading(blocks)


def _tokens(data: bytes) -> Iterator[re.Match[bytes]]:
    """The tokens, with what \\bin announces as raw bytes left out."""
    position = 0
    while match := _TOKEN.match(data, position):
        position = match.end()
        if match[2] == b"bin" and match[3]:
            position += max(0, int(match[3]))
        else:
            yield match


class _Reader:
    """Turns tokens into blocks; text is gathered in bytes until its character set is done with it."""

    def __init__(self) -> None:
        self._state = _State()
        self._stack: list[_State] = []
        self._starred = False
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._default = "cp1252"
        self._skip = 0  # characters still to be passed over after a Unicode number
        self._bytes = bytearray()
        self._text: list[str] = []
        self._length = 0
        self._tables: dict[int, _Table] = {}
        self._nested: list[Block] = []
        self._blocks: list[Block] = []
        self._cells = 0

    def take(self, token: re.Match[bytes]) -> None:
        code, word, number, symbol, brace, plain = token.groups()
        if brace:
            self._flush()
            self._take_brace(brace)
        elif word:
            self._flush()
            self._take_word(word, int(number) if number else None)
        elif code or plain:
            self._take_bytes(bytes((int(code, 16),)) if code else plain)
        elif symbol:
            self._take_symbol(symbol)

    def finish(self) -> tuple[Block, ...]:
        self._flush()
        self._end_paragraph(outside=True)
        return tuple(self._blocks)

    def _take_brace(self, brace: bytes) -> None:
        self._starred = False
        self._skip = 0
        if brace == b"{":
            if len(self._stack) >= _DEEPEST_GROUP:
                raise RefusalError(FindingCode.RESOURCE_LIMIT, f"RTF 嵌套超过 {_DEEPEST_GROUP} 层")
            self._stack.append(self._state)
        elif self._stack:
            self._state = self._stack.pop()

    def _take_bytes(self, content: bytes) -> None:
        if self._skip:
            passed = min(self._skip, len(content))
            self._skip -= passed
            content = content[passed:]
        if self._state.shown and not self._state.hidden and not self._state.in_font_table:
            self._bytes += content

    def _take_symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._starred = True
        elif symbol in _ESCAPED:
            self._take_bytes(symbol)
        elif symbol in _SYMBOLS:
            self._flush()
            self._write(_SYMBOLS[symbol])
        elif symbol in b"\r\n":
            self._flush()
            self._end_paragraph()

    def _take_word(self, word: bytes, number: int | None) -> None:
        starred, self._starred = self._starred, False
        if word in _NOT_SHOWN or (starred and word not in _STARRED_SHOWN):
            self._state = replace(self._state, shown=False)
        elif not self._state.shown:
            return
        elif word == b"fonttbl":
            self._state = replace(self._state, in_font_table=True)
        elif word in (b"f", b"fcharset", b"ansicpg", b"uc", b"u"):
            self._take_character_word(word, number or 0)
        elif word in _MARKS:
            self._write(_MARKS[word])
        elif word in (b"v", b"deleted", b"strike", b"striked"):
            self._state = replace(self._state, hidden=number != 0)
        elif word in (b"super", b"sub", b"nosupersub"):
            self._state = replace(self._state, raised=word != b"nosupersub" and number != 0)
        elif word == b"plain":
            self._state = replace(self._state, hidden=False, raised=False, codec=self._default)
        else:
            self._take_layout_word(word, number)

    def _take_character_word(self, word: bytes, number: int) -> None:
        if word == b"f":
            self._font = number
            self._state = replace(self._state, codec=self._fonts.get(number, self._default))
        elif word == b"fcharset" and self._state.in_font_table:
            self._fonts[self._font] = _CODE_PAGES.get(number, self._default)
        elif word == b"ansicpg":
            self._default = _CODE_PAGES.get(number, "cp1252")
            self._state = replace(self._state, codec=self._default)
        elif word == b"uc":
            self._state = replace(self._state, fallback_length=min(max(number, 0), 16))
        elif word == b"u":
            self._write(chr(number & 0xFFFF))
            self._skip = self._state.fallback_length

    def _take_layout_word(self, word: bytes, number: int | None) -> None:
        if word == b"par" or word == b"sect":
            self._end_paragraph()
        elif word == b"pard":
            self._state = replace(self._state, in_table=False, depth=0, level=None)
        elif word == b"intbl":
            self._state = replace(self._state, in_table=True)
        elif word == b"itap":
            self._state = replace(self._state, depth=min(max(number or 0, 0), 20))
        elif word == b"outlinelevel" and number is not None:
            self._state = replace(self._state, level=number + 1 if 0 <= number < 6 else None)
        elif word in (b"cell", b"nestcell"):
            self._end_cell(1 if word == b"cell" else max(2, self._state.depth))
        elif word in (b"row", b"nestrow"):
            self._end_row(1 if word == b"row" else max(2, self._state.depth))
        else:
            self._take_row_word(word, number or 0)

    def _take_row_word(self, word: bytes, number: int) -> None:
        table = self._table(max(1, self._state.depth))
        if word == b"trowd":
            table.row, table.edge = RowDefinition(), CellEdge(0)
        elif word == b"trleft":
            table.row.left = number
        elif word == b"clvmgf":
            table.edge.starts_vertical = True
        elif word == b"clvmrg":
            table.edge.continues_vertical = True
        elif word == b"clmrg":
            table.edge.continues_horizontal = True
        elif word == b"cellx":
            table.edge.right = number
            table.row.edges.append(table.edge)
            table.edge = CellEdge(0)

    def _table(self, depth: int) -> _Table:
        return self._tables.setdefault(depth, _Table())

    def _flush(self) -> None:
        if not self._bytes:
            return
        content, codec = bytes(self._bytes), self._state.codec
        self._bytes.clear()
        if codec not in _DBCS and self._default in _DBCS and not content.isascii():
            codec = self._default  # Chinese under a Western font: writers name the font of the digits only
        self._write(content.decode(codec, errors="replace"))

    def _write(self, text: str) -> None:
        if self._state.shown and not self._state.hidden and not self._state.in_font_table:
            self._length += len(text)
            if self._length > CHARACTER_LIMIT:
                raise RefusalError(FindingCode.RESOURCE_LIMIT, f"RTF 文字超过 {CHARACTER_LIMIT} 字")
            self._text.append(raise_digits(text) if self._state.raised else text)

    def _take_text(self) -> str:
        text = "".join(self._text)
        self._text.clear()
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip("\n")

    def _end_paragraph(self, outside: bool = False) -> None:
        if not outside and (self._state.in_table or self._state.depth):
            self._text.append("\n")
            return
        text = self._take_text().strip()
        table = self._tables.get(1)
        if table and table.rows and (text or outside):
            self._blocks += [build_grid(table.rows), *self._nested]
            self._tables.clear()
            self._nested.clear()
        if text:
            self._blocks.append(Paragraph(text, level=self._state.level))

    def _end_cell(self, depth: int) -> None:
        self._cells += 1
        if self._cells > CELL_LIMIT:
            raise RefusalError(FindingCode.RESOURCE_LIMIT, f"RTF 单元格超过 {CELL_LIMIT} 个")
        self._table(depth).cells.append(self._take_text())
        inner = self._tables.pop(depth + 1, None)
        if inner and inner.rows:
            self._nested.append(build_grid(inner.rows))

    def _end_row(self, depth: int) -> None:
        table = self._table(depth)
        if table.cells:
            table.rows.append(TableRow(tuple(table.cells), table.row.left, tuple(table.row.edges)))
            table.cells = []
