"""OFD: a table over two pages from drawn rules and placed characters, templates, and files that mean harm."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

import pytest

from disclosure.archive import sniff
from disclosure.document import Document, Grid
from disclosure.extract import extract
from disclosure.findings import FindingCode

_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_LEFT, _COLUMN, _ROW = 20.0, 40.0, 10.0  # millimetres


def _text(x: float, y: float, text: str, size: float = 4.0, more: str = "", code: str = "") -> str:
    """A text object whose baseline starts at a point of the page, with an offset per character."""
    steps = f'DeltaX="g {len(text) - 1} {size}"' if len(text) > 1 else ""
    return (
        f'<ofd:TextObject ID="1" Boundary="{x} {y - size} 180 {size}" Font="1" Size="{size}" {more}>'
        f'<ofd:TextCode X="0" Y="{size}" {code or steps}>{escape(text)}</ofd:TextCode></ofd:TextObject>'
    )


def _line(x0: float, y0: float, x1: float, y1: float, more: str = "") -> str:
    width, height = x1 - x0, y1 - y0
    return (
        f'<ofd:PathObject ID="2" Boundary="{x0} {y0} {width} {height}" LineWidth="0.2" {more}>'
        f"<ofd:AbbreviatedData>M 0 0 L {width} {height}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def _table(top: float, rows: list[list[str]]) -> str:
    """A ruled table: the rules as lines, the texts on baselines inside the cells."""
    columns, bottom = len(rows[0]), top + _ROW * len(rows)
    right = _LEFT + _COLUMN * columns
    drawn = [_line(_LEFT, top + _ROW * index, right, top + _ROW * index) for index in range(len(rows) + 1)]
    drawn += [_line(_LEFT + _COLUMN * index, top, _LEFT + _COLUMN * index, bottom) for index in range(columns + 1)]
    for index, row in enumerate(rows):
        drawn += [
            _text(_LEFT + _COLUMN * place + 2, top + _ROW * index + 7, text) for place, text in enumerate(row) if text
        ]
    return "".join(drawn)


def _page(content: str, template: str = "") -> str:
    return f'<ofd:Page {_NS}>{template}<ofd:Content><ofd:Layer ID="9">{content}</ofd:Layer></ofd:Content></ofd:Page>'


def _ofd(pages: list[str], template: str = "", **parts: str) -> bytes:
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    stock = '<ofd:TemplatePage ID="7" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if template else ""
    files = {
        "OFD.xml": f"<ofd:OFD {_NS}><ofd:DocBody><ofd:DocInfo><ofd:Title>年度报告</ofd:Title></ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297"
        f"</ofd:PhysicalBox></ofd:PageArea>{stock}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        **{f"Doc_0/Pages/Page_{n}/Content.xml": page for n, page in enumerate(pages)},
        **({"Doc_0/Tpls/Tpl_0/Content.xml": template} if template else {}),
        **parts,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _read(data: bytes) -> Document:
    return extract(data, sniff(data), "0" * 64, "报告.ofd")


def _rows(document: Document) -> list[list[str]]:
    (grid,) = document.grids
    return [[cell.text for cell in row.cells] for row in grid.rows]


def test_a_table_over_two_pages_is_one_grid() -> None:
    first = [["项目", "上年数", "本年数"], ["规章", "12", "0"]]
    second = [["行政许可", "3", "45"], ["行政处罚", "", "6"]]
    opening = _text(60, 30, "二、主动公开政府信息情况")
    document = _read(_ofd([_page(opening + _table(257, first)), _page(_table(20, second))]))
    assert document.findings == ()
    assert [paragraph.text for paragraph in document.paragraphs] == ["二、主动公开政府信息情况"]
    assert _rows(document) == first + second
    assert [row.page for row in document.grids[0].rows] == [1, 1, 2, 2]
    assert (document.page_count, document.properties["Title"], document.reader) == (2, "年度报告", "ofd")


def test_places_are_in_points_from_the_top_left() -> None:
    document = _read(_ofd([_page(_table(100, [["项目", "数"], ["规章", "7"]]))]))
    cell = document.grids[0].rows[1].cells[1]
    millimetres = [value * 25.4 / 72 for value in cell.box or ()]
    assert cell.text == "7"
    assert millimetres == pytest.approx([_LEFT + _COLUMN, 110, _LEFT + 2 * _COLUMN, 120], abs=0.1)


def test_a_template_gives_the_empty_form_and_the_page_the_figures() -> None:
    template = _page(_table(50, [["项目", "本年数"], ["规章", ""]]))
    figures = _page(_text(_LEFT + _COLUMN + 2, 67, "28"), '<ofd:Template TemplateID="7" ZOrder="Background"/>')
    assert _rows(_read(_ofd([figures], template))) == [["项目", "本年数"], ["规章", "28"]]


def test_offsets_matrix_and_missing_offsets() -> None:
    listed = _text(20, 40, "收到申请", code='DeltaX="4 g 2 4"')
    scaled = _text(20, 60, "结转下年", size=1, more='CTM="4 0 0 4 0 0"', code='DeltaX="1 1 1"')
    bare = _text(20, 80, "共12件", code=" ")
    paragraphs = [one.text for one in _read(_ofd([_page(listed + scaled + bare)])).paragraphs]
    assert "".join(paragraphs) == "收到申请结转下年共12件"


def test_rules_as_thin_filled_shapes_and_outlines() -> None:
    box = (
        f'<ofd:PathObject ID="3" Boundary="{_LEFT} 50 {_COLUMN} {_ROW}" Stroke="true"><ofd:AbbreviatedData>'
        f"M 0 0 L {_COLUMN} 0 L {_COLUMN} {_ROW} L 0 {_ROW} C</ofd:AbbreviatedData></ofd:PathObject>"
    )
    other = box.replace(f'Boundary="{_LEFT}', f'Boundary="{_LEFT + _COLUMN}')
    text = _text(_LEFT + 2, 57, "总计") + _text(_LEFT + _COLUMN + 2, 57, "9")
    assert _rows(_read(_ofd([_page(box + other + text)]))) == [["总计", "9"]]


def test_hidden_and_tilted_text_is_left_out() -> None:
    page = (
        _text(20, 40, "收到申请五件")
        + _text(20, 60, "看不见", more='Visible="false"')
        + _text(20, 80, "水印", more='CTM="0.7 0.7 -0.7 0.7 0 0"')
    )
    assert [one.text for one in _read(_ofd([_page(page)])).paragraphs] == ["收到申请五件"]


def test_glyphs_without_text_are_a_finding_even_on_a_page_with_text() -> None:
    glyphs = (
        '<ofd:TextObject ID="1" Boundary="20 60 100 5" Font="1" Size="4"><ofd:CGTransform CodePosition="0" GlyphCount="3">'
        '<ofd:Glyphs>12 13 14</ofd:Glyphs></ofd:CGTransform><ofd:TextCode X="0" Y="4"> </ofd:TextCode></ofd:TextObject>'
    )
    partly = _read(_ofd([_page(_text(20, 40, "一、总体情况") + glyphs)]))
    assert [found.code for found in partly.findings] == [FindingCode.NO_TEXT]
    assert "3 个字形" in partly.findings[0].message and partly.findings[0].where.page == 1
    assert [one.text for one in partly.paragraphs] == ["一、总体情况"]
    wholly = _read(_ofd([_page(glyphs)]))
    assert (wholly.blocks, wholly.findings[0].code) == ((), FindingCode.NO_TEXT)


def test_a_page_that_is_a_picture_is_named() -> None:
    picture = '<ofd:ImageObject ID="5" Boundary="0 0 210 297" ResourceID="8"/>'
    document = _read(_ofd([_page(_text(20, 40, "政府信息公开工作年度报告")), _page(picture)]))
    assert [(found.code, found.where.page) for found in document.findings] == [(FindingCode.NO_TEXT, 2)]


_BOMB = "0" * (70 * 1024 * 1024)
_ENTITY = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><ofd:Page {_NS}>&x;</ofd:Page>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (_ofd([_ENTITY]), FindingCode.DAMAGED),
        (_ofd([_BOMB]), FindingCode.RESOURCE_LIMIT),
        (_ofd([_page(_line(0, 0, 1, 1) * 60_001)]), FindingCode.RESOURCE_LIMIT),
        (_ofd([_page("<ofd:PageBlock>" * 60 + "</ofd:PageBlock>" * 60)]), FindingCode.RESOURCE_LIMIT),
        (_ofd([]), FindingCode.DAMAGED),
        (_ofd(["<ofd:Page"]), FindingCode.DAMAGED),
        (_ofd([_page("")], **{"Encryptions.xml": "<a/>"}), FindingCode.ENCRYPTED),
        (_ofd([_page(_text(20, 40, "文"))])[:-30], FindingCode.DAMAGED),
        (_ofd([_page("")]).replace(b"Pages/Page_0", b"../../../etc"), FindingCode.DAMAGED),
    ],
)
def test_hostile_files_are_findings(data: bytes, code: FindingCode) -> None:
    document = _read(data)
    assert document.blocks == ()
    assert [found.code for found in document.findings][-1] == code


def test_absurd_numbers_do_no_harm() -> None:
    page = _text(20, 40, "一、总体情况") + _text(20, 60, "二", code='DeltaX="g 999999999 nan inf"')
    page += '<ofd:PathObject ID="2" Boundary="nan 1e999 0 0"><ofd:AbbreviatedData>M 1e999 nan L Q 1 C Z 9</ofd:AbbreviatedData></ofd:PathObject>'
    assert [one.text for one in _read(_ofd([_page(page)])).paragraphs] == ["一、总体情况", "二"]


def test_a_page_of_the_empty_form_keeps_blank_cells_blank() -> None:
    grid = _read(_ofd([_page(_table(40, [["项目", "数"], ["规章", ""]]))])).grids[0]
    assert isinstance(grid, Grid)
    assert [cell.text for cell in grid.rows[1].cells] == ["规章", ""]
