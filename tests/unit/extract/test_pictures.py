"""Pictures and attachments that stand where a table should: found, recognised, or named."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image, ImageDraw

from disclosure.document import Grid
from disclosure.extract import extract
from disclosure.extract.scan.installed import is_installed
from disclosure.findings import FindingCode

PROSE = "<p>一、总体情况</p><p>本机关按照条例的要求编制本报告。</p>"


def table_picture() -> bytes:
    """A ruled table of three columns with a figure in each cell."""
    picture = Image.new("RGB", (1240, 300), "white")
    draw = ImageDraw.Draw(picture)
    for row in range(5):
        draw.line((60, 40 + 50 * row, 1180, 40 + 50 * row), fill="black", width=2)
    for x in (60, 434, 808, 1180):
        draw.line((x, 40, x, 240), fill="black", width=2)
    for row in range(4):
        for column in range(3):
            draw.text((230 + 374 * column, 52 + 50 * row), str(row * 3 + column), fill="black", font_size=24)
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def read(page: str):
    return extract(page.encode(), "text/html", "0" * 64, "page.html")


def codes(document) -> list[FindingCode]:
    return [found.code for found in document.findings]


def test_a_picture_in_the_page_is_recognised_in_its_place_or_named_as_unread():
    source = "data:image/png;base64," + base64.b64encode(table_picture()).decode()
    document = read(f'{PROSE}<p><img src="{source}"></p><p>五、存在的问题</p>')
    if not is_installed():
        assert codes(document) == [FindingCode.PICTURE_UNREAD]
        return
    grids = [index for index, block in enumerate(document.blocks) if isinstance(block, Grid)]
    assert len(grids) == 1
    assert 0 < grids[0] < len(document.blocks) - 1
    figures = [cell.text for row in document.blocks[grids[0]].rows for cell in row.cells]
    assert figures == [str(number) for number in range(12)]


def test_a_small_picture_is_an_ornament():
    stream = io.BytesIO()
    Image.new("RGB", (80, 80), "red").save(stream, "PNG")
    source = "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode()
    assert codes(read(f'{PROSE}<img src="{source}">')) == []


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ('<img src="/files/2023/biao3.jpg">', [FindingCode.PICTURE_UNREAD]),
        ('<img src="/files/2023/biao3.jpg" width="640">', [FindingCode.PICTURE_UNREAD]),
        ('<img src="/files/2023/biao3.jpg" width="16">', []),
        ('<img src="/style/logo.png">', []),
        ('<img src="data:image/png;base64,%%%">', []),
    ],
)
def test_a_picture_outside_the_page_is_named_unless_it_is_an_ornament(tag, expected):
    assert codes(read(PROSE + tag)) == expected


def test_the_report_as_an_attachment_is_named_with_its_link():
    document = read('<h1>某局2023年政府信息公开工作年度报告</h1><a href="/a/b/P020240130.pdf">附件：年度报告.pdf</a>')
    (found,) = document.findings
    assert found.code is FindingCode.ATTACHMENT_ONLY
    assert found.where.text == "/a/b/P020240130.pdf"


def test_an_attachment_beside_a_report_with_tables_is_nothing_to_note():
    rows = "".join(f"<tr><td>规章</td><td>{number}</td></tr>" for number in range(5))
    assert codes(read(f'{PROSE}<table>{rows}</table><a href="/a.pdf">年度报告.pdf</a>')) == []
