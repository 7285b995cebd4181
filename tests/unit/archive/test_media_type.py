"""The media type is told by the bytes alone."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from disclosure.archive import sniff


def _zip(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 100)
    return buffer.getvalue()


_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "application/x-empty"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\r\n\r\n%PDF-1.4", "application/pdf"),
        (_zip("word/document.xml"), _DOCX),
        (_zip("word/document.xml")[:60], _DOCX),
        (_zip("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (_zip("OFD.xml"), "application/ofd"),
        (_zip("report.pdf"), "application/zip"),
        (b"{\\rtf1", "application/rtf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "application/x-ole-storage"),
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"II*\x00rest", "image/tiff"),
        ("一、总体情况".encode(), "text/plain"),
        ("一、总体情况".encode("gb18030"), "text/plain"),
        ("一、总体情况".encode("utf-16"), "text/plain"),
        (b"<!DOCTYPE html><html>", "text/html"),
        (b"\xef\xbb\xbf  <HTML>", "text/html"),
        ("<p style='x'>总体情况</p>".encode("gb18030"), "text/html"),
        ("总体情况<br/></p><table></table>".encode(), "text/html"),
        ("<html>".encode("utf-16"), "text/html"),
        ("收到 <10 件".encode(), "text/plain"),
        (bytes(range(256)) * 4, "application/octet-stream"),
    ],
)
def test_by_content(content: bytes, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "misleading.pdf"
    path.write_bytes(content)
    assert sniff(content) == expected
    assert sniff(path) == expected
