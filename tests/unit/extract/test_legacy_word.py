"""DOC, WPS, RTF, ODT and MHTML: every way to read them, batches, and files that mean harm."""

from __future__ import annotations

import base64
import os
import stat
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from disclosure.archive import media_type as media
from disclosure.archive import sniff
from disclosure.document import Document
from disclosure.extract import extract, extract_many, legacy_word, office
from disclosure.extract.legacy_word import Conversion, read_legacy
from disclosure.extract.workers import Item, group_legacy
from disclosure.findings import FindingCode

_DOC = (Path(__file__).parent / "legacy" / "table.doc").read_bytes()
_RTF = rb"{\rtf1\ansi\ansicpg936\trowd\cellx2000\cellx4000\pard\intbl \u35268?\u31456?\cell 12\cell\row\pard\par}"
_ROWS = [
    [("信息内容", 0, 2, 1), ("件数", 1, 1, 2)],
    [("本年制发", 1, 1, 1), ("现行有效", 2, 1, 1)],
    [("行政规范性文件", 0, 1, 1), ("3", 1, 1, 1), ("17", 2, 1, 1)],
]
needs_office = pytest.mark.skipif(
    office.find_office() is None, reason=f"LibreOffice is not installed (Debian package {office.DEBIAN_PACKAGE})"
)


@pytest.fixture
def without_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_office", lambda: None)


@pytest.fixture
def fake_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A program in the place of LibreOffice: it copies its inputs as they are, hangs on "hang" and notes every start."""
    program = tmp_path / "soffice"
    program.write_text(
        '#!/bin/bash\necho start >> "$(dirname "$0")/starts"\n'
        'while [[ "$1" != --outdir ]]; do shift; done; out=$2; shift 2; mkdir -p "$out"\n'
        'for file in "$@"; do\n  if grep -q hang "$file"; then sleep 600 & echo $! > "$(dirname "$0")/sleeper"; wait; fi\n'
        '  base=$(basename "$file"); cp "$file" "$out/${base%.*}.docx"\ndone\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(office, "find_office", lambda: program)
    monkeypatch.setattr(office, "_START_SECONDS", 1.0)
    monkeypatch.setattr(media, "sniff", lambda path: media.RTF)
    yield program


def _read(data: bytes, name: str = "报告.doc") -> Document:
    return extract(data, sniff(data), "0" * 64, name)


def _rows(document: Document) -> list[list[tuple[str, int, int, int]]]:
    (grid,) = document.grids
    return [[(one.text, one.column, one.row_span, one.column_span) for one in row.cells] for row in grid.rows]


def test_doc_without_libreoffice(without_office: None) -> None:
    document = _read(_DOC)
    assert (document.reader, document.findings) == ("msdoc2docx+docx", ())
    assert document.paragraphs[0].text == "甲局2023年政府信息公开工作年度报告"
    assert _rows(document) == _ROWS


def test_wps_is_the_same_container(without_office: None) -> None:
    assert _rows(_read(_DOC, "报告.wps")) == _ROWS


def test_rtf_without_libreoffice(without_office: None) -> None:
    document = _read(_RTF)
    assert (document.reader, document.findings) == ("rtf", ())
    assert _rows(document) == [[("规章", 0, 1, 1), ("12", 1, 1, 1)]]


@needs_office
@pytest.mark.parametrize(("data", "rows"), [(_DOC, _ROWS), (_RTF, [[("规章", 0, 1, 1), ("12", 1, 1, 1)]])])
def test_with_libreoffice(data: bytes, rows: list[list[tuple[str, int, int, int]]]) -> None:
    document = _read(data)
    assert (document.reader, document.findings) == ("libreoffice+docx", ())
    assert _rows(document) == rows


@needs_office
def test_a_batch_is_converted_together_and_a_damaged_file_costs_only_itself(tmp_path: Path) -> None:
    contents = {"a": _DOC, "b": _RTF, "c": _DOC, "bad": _DOC[:2000] + b"\xff" * (len(_DOC) - 2000), "d": _RTF}
    items = []
    for name, content in contents.items():
        path = tmp_path / name
        path.write_bytes(content)
        items.append(Item(path, sniff(path), name, f"{name}.doc"))
    documents = {document.sha256: document for document in extract_many(items, workers=1)}
    assert set(documents) == set(contents)
    assert {documents[name].reader for name in "abcd"} == {"libreoffice+docx"}
    assert _rows(documents["a"]) == _rows(documents["c"]) == _ROWS
    assert documents["bad"].blocks == () and documents["bad"].findings


def test_the_version_names_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_office", lambda: None)
    without = legacy_word.reader_version()
    monkeypatch.setattr(office, "find_office", lambda: Path("/usr/bin/soffice"))
    assert without != legacy_word.reader_version()


def test_a_file_that_hangs_costs_only_itself_and_leaves_no_process(fake_office: Path, tmp_path: Path) -> None:
    good, hang, after = tmp_path / "good", tmp_path / "hang", tmp_path / "after"
    for path in (good, after):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("word/document.xml", "<w/>")
    hang.write_bytes(b"hang")
    converted = office.convert_batch([good, hang, after], seconds_per_file=0.3)
    assert set(converted) == {good, after}
    assert converted[after] == after.read_bytes()
    assert (fake_office.parent / "starts").read_text().count("start") == 3
    sleeper = int((fake_office.parent / "sleeper").read_text())
    assert _is_gone(sleeper)


def _is_gone(process: int) -> bool:
    """Whether a process has ended; killed ones may stay for a moment until they are collected."""
    for _ in range(50):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{process}/stat").read_text().split(")")[-1].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return False


def test_an_output_that_is_no_docx_does_not_count(fake_office: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn"
    torn.write_bytes(b"PK\x03\x04 half a file")
    assert office.convert_batch([torn]) == {}


def test_a_failed_conversion_falls_back(without_office: None) -> None:
    assert read_legacy(_DOC, Conversion(None)).reader == "msdoc2docx+docx"


def test_legacy_files_are_grouped_and_others_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_office", lambda: Path("/usr/bin/soffice"))
    kinds = [media.OLE2, media.TEXT, media.RTF] + [media.OLE2] * office.BATCH_SIZE
    items = [Item(Path("x"), kind, f"{number}", None) for number, kind in enumerate(kinds)]
    assert [len(batch) for batch in group_legacy(items)] == [1, office.BATCH_SIZE, 2]
    monkeypatch.setattr(office, "find_office", lambda: None)
    assert [len(batch) for batch in group_legacy(items)] == [1] * len(items)


def _flag_encrypted(data: bytes) -> bytes:
    at = next(offset for offset in range(512, len(data), 512) if data[offset : offset + 2] == b"\xec\xa5")
    return data[: at + 11] + bytes([data[at + 11] | 1]) + data[at + 12 :]


def _other_ole2(stream: str) -> bytes:
    """The document with its main stream under another program's name."""
    at, name = _DOC.index("WordDocument".encode("utf-16-le")), stream.ljust(12, "\0").encode("utf-16-le")
    return _DOC[:at] + name + _DOC[at + len(name) :]


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (_DOC[: len(_DOC) // 2], FindingCode.TRUNCATED, "重新下载"),
        (_DOC[:-700], FindingCode.TRUNCATED, "重新下载"),
        (_RTF[:-1], FindingCode.TRUNCATED, "重新下载"),
        (_flag_encrypted(_DOC), FindingCode.ENCRYPTED, "密码"),
        (_other_ole2("Workbook"), FindingCode.UNSUPPORTED_TYPE, "电子表格"),
        (_other_ole2("PowerPoint Document"), FindingCode.UNSUPPORTED_TYPE, "演示文稿"),
        (_other_ole2("__substg1.0_1000"), FindingCode.UNSUPPORTED_TYPE, "EML"),
        (_DOC[:30] + b"\xff\xff" + _DOC[32:], FindingCode.DAMAGED, "文件头"),
        (_other_ole2("Contents"), FindingCode.UNSUPPORTED_TYPE, "没有 Word 文档"),
    ],
)
def test_refusals(data: bytes, code: FindingCode, words: str, without_office: None) -> None:
    document = _read(data)
    assert document.blocks == ()
    assert [found.code for found in document.findings] == [code]
    assert words in document.findings[0].message


def test_without_a_way_the_package_is_named(without_office: None, tmp_path: Path) -> None:
    path = tmp_path / "a.odt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")
    document = _read(path.read_bytes(), "a.odt")
    assert [found.code for found in document.findings] == [FindingCode.LEGACY_READER_MISSING]
    assert "libreoffice-writer-nogui" in document.findings[0].message


def _mhtml(page: bytes, end: bytes = b"--x--\r\n") -> bytes:
    return (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n'
        b"Content-Location: file:///C:/a.htm\r\nContent-Transfer-Encoding: base64\r\nContent-Type: text/html; charset=gb2312\r\n\r\n"
        + base64.encodebytes(page)
        + b"--x\r\nContent-Type: image/png\r\n\r\nnot shown\r\n"
        + end
    )


def test_a_page_saved_as_doc_is_read_as_the_page() -> None:
    page = "<html><body><p>一、总体情况</p><table><tr><td>规章</td><td>12</td></tr></table></body></html>".encode("gbk")
    data = _mhtml(page)
    assert sniff(data) == media.MHTML
    document = _read(data)
    assert document.reader == "mhtml+html"
    assert [found.code for found in document.findings] == [FindingCode.NAME_CONTRADICTS_CONTENT]
    assert document.paragraphs[0].text == "一、总体情况"
    assert [[one.text for one in row.cells] for row in document.grids[0].rows] == [["规章", "12"]]
    cut = _read(_mhtml(page, b""), "a.mht")
    assert [found.code for found in cut.findings] == [FindingCode.TRUNCATED]
