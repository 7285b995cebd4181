"""RTF: Chinese in every spelling, tables with merged and nested cells, and what the page does not show."""

from __future__ import annotations

import time

import pytest

from disclosure.document import Grid, Paragraph
from disclosure.extract.reading import RefusalError
from disclosure.extract.rtf import read_rtf
from disclosure.findings import FindingCode

_HEAD = rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset134 SimSun;}{\f2\fcharset136 Ming;}}"


def _escaped(text: str, encoding: str = "gbk") -> bytes:
    return b"".join(b"\\'%02x" % byte for byte in text.encode(encoding))


def _texts(body: bytes) -> list[str]:
    return [block.text for block in read_rtf(_HEAD + body + b"}").blocks if isinstance(block, Paragraph)]


def _tables(body: bytes) -> list[list[list[tuple[str, int, int, int]]]]:
    grids = [block for block in read_rtf(_HEAD + body + b"}").blocks if isinstance(block, Grid)]
    return [
        [[(one.text, one.column, one.row_span, one.column_span) for one in row.cells] for row in g.rows] for g in grids
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (rb"\pard\f1 " + _escaped("收到申请") + rb"12" + _escaped("件") + rb"\par", "收到申请12件"),
        (rb"\pard\f0 " + _escaped("收到申请") + rb"\par", "收到申请"),
        (rb"\pard\f2 " + _escaped("主動公開", "big5") + rb"\par", "主動公開"),
        (rb"\pard\uc1\u25910?\u21040?3\par", "收到3"),
        (rb"\pard\uc2\u25910" + _escaped("收") + rb"\u21040" + _escaped("到") + rb"\par", "收到"),
        (rb"\pard\u-10179?\u-8704?\par", "\U0001f600"),
        (rb"\pard\f1 \'81\'5c x\par", b"\x81\x5c".decode("gb18030") + " x"),
        (rb"\pard a\{b\}\~c\_d\tab e\par", "a{b}\u00a0c-d\te"),
        (rb"\pard 1{\v 2}{\deleted 3}4{\*\unknown 5}{\footnote 6}7\par", "147"),
        (rb"\pard {\strike 1}{\striked1 2}\strike 3\strike0 4\par", "4"),
        (rb"\pard 1{\super 2}3\super 4\nosupersub 5\par", "1²3⁴5"),
        (rb"\pard {\field{\*\fldinst PAGE}{\fldrslt 8}}9\par", "89"),
        (rb"\pard 1{\pict\bin3 }{}}2\par", "12"),
        (rb"\pard {\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt 12}}{\shprslt 12}}\par", "12"),
    ],
)  # fmt: skip
def test_shown_text(body: bytes, expected: str) -> None:
    assert _texts(body) == [expected]


def test_headings_and_paragraphs() -> None:
    blocks = read_rtf(_HEAD + rb"\pard\outlinelevel0 A\par\pard B\line C\par}").blocks
    assert blocks == (Paragraph("A", level=1), Paragraph("B\nC"))


def _row(definition: bytes, *texts: bytes) -> bytes:
    return rb"\trowd" + definition + rb"\pard\intbl " + b"".join(text + rb"\cell " for text in texts) + rb"\row"


_THREE = rb"\cellx2000\cellx4000\cellx6000"


def test_merged_cells_have_their_spans() -> None:
    body = (
        _row(rb"\clvmgf\cellx2000\cellx6000", b"item", b"count")
        + _row(rb"\clvmrg\cellx2000\cellx4000\cellx6000", b"", b"made", b"in force")
        + _row(_THREE, b"rules", b"3", b"17")
        + _row(rb"\cellx2000\clmgf\cellx4000\clmrg\cellx6000", b"note", b"none", b"")
        + rb"\pard after\par"
    )
    assert _tables(body) == [
        [
            [("item", 0, 2, 1), ("count", 1, 1, 2)],
            [("made", 1, 1, 1), ("in force", 2, 1, 1)],
            [("rules", 0, 1, 1), ("3", 1, 1, 1), ("17", 2, 1, 1)],
            [("note", 0, 1, 1), ("none", 1, 1, 2)],
        ]
    ]
    assert _texts(body) == ["after"]


def test_blank_cells_stay_and_paragraphs_of_a_cell_are_lines() -> None:
    assert _tables(_row(_THREE, rb"a\par b", b"", b"0")) == [[[("a\nb", 0, 1, 1), ("", 1, 1, 1), ("0", 2, 1, 1)]]]


def test_text_in_a_cell_that_is_merged_away_is_kept() -> None:
    body = _row(rb"\clvmgf\cellx2000\cellx4000", b"a", b"1") + _row(rb"\clvmrg\cellx2000\cellx4000", b"b", b"2")
    assert _tables(body) == [[[("a", 0, 1, 1), ("1", 1, 1, 1)], [("b", 0, 1, 1), ("2", 1, 1, 1)]]]


def test_a_nested_table_is_a_grid_of_its_own() -> None:
    nested = (
        rb"\pard\intbl\itap2 x\nestcell y\nestcell{\*\nesttableprops\trowd\cellx1000\cellx2000\nestrow}"
        rb"{\nonesttables\par}\pard\intbl "
    )
    body = rb"\trowd\cellx2000\cellx4000\pard\intbl a\cell " + nested + rb"b\cell\row\pard\par"
    assert _tables(body) == [[[("a", 0, 1, 1), ("b", 1, 1, 1)]], [[("x", 0, 1, 1), ("y", 1, 1, 1)]]]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (_HEAD + b"{" * 2000 + b"x" + b"}" * 2001, FindingCode.RESOURCE_LIMIT),
        (_HEAD + b"{\\pict ffff}}", FindingCode.NO_TEXT),
        (_HEAD + b"x" * 6_000_000 + b"}", FindingCode.RESOURCE_LIMIT),
    ],
)
def test_hostile_files_are_refused(data: bytes, code: FindingCode) -> None:
    with pytest.raises(RefusalError) as refused:
        read_rtf(data)
    assert refused.value.code is code


def test_time_is_linear_in_the_number_of_cells() -> None:
    def seconds(rows: int) -> float:
        started = time.process_time()
        read_rtf(_HEAD + _row(_THREE, b"a", b"b", b"c") * rows + b"}")
        return time.process_time() - started

    assert seconds(8000) < 40 * max(seconds(1000), 0.01)
