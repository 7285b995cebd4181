"""DOCX: every place where Word hides text that others lose, merged cells, and hostile containers."""

from __future__ import annotations

import io
import zipfile

import pytest

from disclosure.document import Grid, Paragraph
from disclosure.extract.docx import read_docx
from disclosure.extract.reading import RefusalError
from disclosure.findings import FindingCode

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def _paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def _cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def _simple(text: str, properties: str = "") -> str:
    return _cell(_paragraph(_run(text)), properties)


def _docx(body: str, **parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return buffer.getvalue()


def _texts(body: str) -> list[str]:
    return [block.text for block in read_docx(_docx(body)).blocks if isinstance(block, Paragraph)]


def _rows(body: str) -> list[list[tuple[str, int, int, int]]]:
    grid = next(block for block in read_docx(_docx(body)).blocks if isinstance(block, Grid))
    return [[(cell.text, cell.column, cell.row_span, cell.column_span) for cell in row.cells] for row in grid.rows]


_BOX = "<w:txbxContent><w:p><w:r><w:t>框中12</w:t></w:r></w:p></w:txbxContent>"


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (f"<w:smartTag>{_run('2020')}</w:smartTag>{_run('年')}", ["2020年"]),
        (f"<w:ins>{_run('16')}</w:ins>{_run('件')}", ["16件"]),
        (f"<w:del><w:r><w:delText>9</w:delText></w:r></w:del>{_run('3件')}", ["3件"]),
        (f"<w:moveFrom>{_run('旧')}</w:moveFrom><w:moveTo>{_run('新')}</w:moveTo>", ["新"]),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{_run('控件')}</w:sdtContent></w:sdt>", ["控件"]),
        (f"<w:hyperlink>{_run('链接')}</w:hyperlink>", ["链接"]),
        (f"<w:fldSimple>{_run('5')}</w:fldSimple>", ["5"]),
        ("<w:r><w:instrText>PAGE</w:instrText></w:r>" + _run("页"), ["页"]),
        ("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t></w:r>", ["甲\t乙\n丙"]),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>" + _run("显"), ["显"]),
        (_run("前") + f"<w:r><w:pict><v:textbox>{_BOX}</v:textbox></w:pict></w:r>", ["前", "框中12"]),
        (
            f"<w:r><mc:AlternateContent><mc:Choice>{_BOX}</mc:Choice><mc:Fallback>{_BOX}</mc:Fallback></mc:AlternateContent></w:r>",
            ["框中12"],
        ),
        (
            f"<w:r><mc:AlternateContent><mc:Choice/><mc:Fallback>{_BOX}</mc:Fallback></mc:AlternateContent></w:r>",
            ["框中12"],
        ),
    ],
)
def test_text_in_unusual_places(inner: str, expected: list[str]) -> None:
    assert _texts(f"<w:p>{inner}</w:p>") == expected


def test_raised_digits_do_not_join_the_number_before_them() -> None:
    raised = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r>'
    level = '<w:r><w:rPr><w:vertAlign w:val="baseline"/></w:rPr><w:t>2</w:t></w:r>'
    assert _rows(
        f"<w:tbl><w:tr>{_cell(_paragraph(_run('5'), raised))}{_cell(_paragraph(_run('5'), level))}</w:tr></w:tbl>"
    ) == [[("5¹", 0, 1, 1), ("52", 1, 1, 1)]]


def test_what_is_struck_through_does_not_join_what_stands_for_it() -> None:
    struck = "<w:r><w:rPr><w:strike/></w:rPr><w:t>3</w:t></w:r>"
    kept = '<w:r><w:rPr><w:strike w:val="0"/></w:rPr><w:t>4</w:t></w:r>'
    assert _texts(_paragraph(struck, _run("5"), kept)) == ["54"]


def test_a_paragraph_in_a_content_control_of_the_body() -> None:
    assert _texts(f"<w:sdt><w:sdtContent>{_paragraph(_run('一'))}</w:sdtContent></w:sdt>{_paragraph(_run('二'))}") == [
        "一",
        "二",
    ]


def test_merged_cells_come_once_with_their_spans() -> None:
    restart, go_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = f"""<w:tbl>
    <w:tr>{_simple("结果", restart)}{_simple("合计", '<w:gridSpan w:val="2"/>')}</w:tr>
    <w:tr>{_cell("<w:p/>", go_on)}{_simple("3")}{_simple("")}</w:tr>
    <w:tr>{_cell("<w:p/>", go_on)}{_simple("4")}{_simple("/")}</w:tr>
    <w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{_simple("5")}{_simple("6")}</w:tr></w:tbl>"""
    assert _rows(body) == [
        [("结果", 0, 3, 1), ("合计", 1, 1, 2)],
        [("3", 1, 1, 1), ("", 2, 1, 1)],
        [("4", 1, 1, 1), ("/", 2, 1, 1)],
        [("5", 1, 1, 1), ("6", 2, 1, 1)],
    ]


def test_rows_and_cells_inside_wrappers_and_deleted_rows() -> None:
    body = f"""<w:tbl><w:sdt><w:sdtContent><w:tr>{_simple("甲")}<w:sdt><w:sdtContent>{_simple("1")}</w:sdtContent></w:sdt></w:tr>
    </w:sdtContent></w:sdt><w:tr><w:trPr><w:del/></w:trPr>{_simple("删")}{_simple("2")}</w:tr></w:tbl>"""
    assert _rows(body) == [[("甲", 0, 1, 1), ("1", 1, 1, 1)]]


def test_paragraphs_of_a_cell_are_lines() -> None:
    body = f"<w:tbl><w:tr>{_cell(_paragraph(_run('商业')) + _paragraph(_run('企业')))}</w:tr></w:tbl>"
    assert _rows(body) == [[("商业\n企业", 0, 1, 1)]]


def test_a_nested_table_follows_as_its_own_grid() -> None:
    inner = f"<w:tbl><w:tr>{_simple('内')}</w:tr></w:tbl>"
    body = f"<w:tbl><w:tr>{_cell(_paragraph(_run('外')) + inner + '<w:p/>')}</w:tr></w:tbl>{_paragraph(_run('后'))}"
    blocks = read_docx(_docx(body)).blocks
    grids = [block.rows[0].cells[0].text for block in blocks if isinstance(block, Grid)]
    assert grids == ["外", "内"]
    assert blocks[-1] == Paragraph("后")


def test_headings_by_style_name_and_outline_level() -> None:
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    styles = f'<w:styles {w}><w:style w:styleId="a1"><w:name w:val="heading 2"/></w:style></w:styles>'
    body = (
        f'<w:p><w:pPr><w:pStyle w:val="a1"/></w:pPr>{_run("一")}</w:p>'
        f'<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr>{_run("题")}</w:p>'
        f"<w:p>{_run('文')}</w:p>"
    )
    blocks = read_docx(_docx(body, word__styles=styles)).blocks
    assert blocks == (Paragraph("一", 2), Paragraph("题", 1), Paragraph("文"))


def test_core_properties() -> None:
    core = (
        '<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>年度报告</dc:title><dc:creator>某局</dc:creator></c>'
    )
    reading = read_docx(_docx(_paragraph(_run("文")), docProps__core=core))
    assert reading.properties == {"title": "年度报告", "creator": "某局"}


def _bomb() -> bytes:
    return _docx(_paragraph(_run("0" * (65 * 1024 * 1024))))


def _with_entities() -> bytes:
    buffer = io.BytesIO()
    document = f'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]><w:document {_NAMESPACES}><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>'
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", document)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (_docx(_paragraph(_run("文")))[:-40], FindingCode.TRUNCATED),
        (_docx("<w:p>").replace(b"x", b"y"), FindingCode.DAMAGED),
        (_docx("<w:sdt>" * 3000 + "</w:sdt>" * 3000), FindingCode.RESOURCE_LIMIT),
        (_docx("<w:p/>"), FindingCode.NO_TEXT),
        (_bomb(), FindingCode.RESOURCE_LIMIT),
        (_with_entities(), FindingCode.DAMAGED),
    ],
    ids=["cut", "broken", "deep", "empty", "bomb", "entities"],
)
def test_unsound_containers_are_refused_with_their_reason(data: bytes, code: FindingCode) -> None:
    with pytest.raises(RefusalError) as refused:
        read_docx(data)
    assert refused.value.code == code
