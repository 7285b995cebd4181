"""Every file becomes a document; what went wrong is a finding with a reason a clerk understands."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure.archive import media_type, sniff
from disclosure.extract import dispatch, extract, extract_file, reader_version_for
from disclosure.extract import text as text_reader
from disclosure.extract.reading import Reading
from disclosure.extract.scan.installed import is_installed
from disclosure.findings import FindingCode, FindingSeverity


def _codes(data: bytes, file_name: str | None = None) -> list[FindingCode]:
    return [found.code for found in extract(data, sniff(data), "0" * 64, file_name).findings]


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("报告.txt", "文")
    return buffer.getvalue()


_RANDOM = random.Random(7).randbytes(4000)


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        ("一、总体情况".encode(), "a.txt", []),
        ("一、总体情况".encode(), "a", []),
        (b"", "a.pdf", [FindingCode.EMPTY_FILE]),
        (b"Rar!\x1a\x07\x01\x00", "a.pdf", [FindingCode.NAME_CONTRADICTS_CONTENT, FindingCode.UNSUPPORTED_TYPE]),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "a.7z", [FindingCode.UNSUPPORTED_TYPE]),
        (_zip()[:40], "a.zip", [FindingCode.DAMAGED]),
        (_RANDOM, "a.txt", [FindingCode.UNKNOWN_ENCODING]),
        (_RANDOM, "a.pdf", [FindingCode.NAME_CONTRADICTS_CONTENT, FindingCode.UNSUPPORTED_TYPE]),
        (b"%PDF-1.4 cut", "a.pdf", [FindingCode.TRUNCATED]),
        ("<p>文</p><p>文</p>".encode(), "a.doc", [FindingCode.NAME_CONTRADICTS_CONTENT]),
        (b"{\\rtf1 text}", "a.doc", []),
        (b"{\\rtf1 text", "a.doc", [FindingCode.TRUNCATED]),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "a.wps", [FindingCode.UNSUPPORTED_TYPE]),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "a.docx",
            [FindingCode.NAME_CONTRADICTS_CONTENT, FindingCode.ENCRYPTED],
        ),
        (b"\x89PNG\r\n\x1a\n", "a.png", [FindingCode.DAMAGED if is_installed() else FindingCode.OCR_MISSING]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # not the bytes: those of a new archive hold its time
)
def test_findings_by_content_and_name(data: bytes, name: str, expected: list[FindingCode]) -> None:
    document = extract(data, sniff(data), "0" * 64, name)
    assert [found.code for found in document.findings] == expected
    assert all("：" in found.message for found in document.findings)
    stopped = any(found.severity == FindingSeverity.ERROR for found in document.findings)
    assert bool(document.blocks) is not stopped


def test_a_file_over_the_limit_is_refused_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.write("一、总体情况\n".encode())
        os.truncate(file.fileno(), 200 * 1024 * 1024)
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("the file was read"))
    document = extract_file(path, media_type.TEXT, "0" * 64)
    assert [found.code for found in document.findings] == [FindingCode.TOO_LARGE]
    assert "200 MB" in document.findings[0].message
    assert "16 MB" in document.findings[0].message


def test_a_raising_reader_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(data: bytes) -> Reading:
        raise ZeroDivisionError("in a library")

    broken = {media_type.TEXT: lambda: dispatch.Reader("text", "1", fail, 100)}
    monkeypatch.setattr(dispatch, "_READERS", broken)
    document = extract(b"x", media_type.TEXT, "0" * 64)
    assert [found.code for found in document.findings] == [FindingCode.READER_FAILED]
    assert "ZeroDivisionError" in document.findings[0].message


def test_the_document_names_its_reader_and_version() -> None:
    document = extract("文".encode(), media_type.TEXT, "0" * 64)
    assert (document.reader, document.reader_version) == ("text", f"text {text_reader.READER_VERSION}")
    assert document.reader_version == reader_version_for(media_type.TEXT)
    assert reader_version_for(media_type.RAR) == "none 1"


@given(
    st.binary(max_size=300),
    st.sampled_from([media_type.TEXT, media_type.HTML, media_type.DOCX, media_type.PDF, media_type.OLE2]),
)
@settings(max_examples=150, deadline=None)
def test_no_bytes_make_it_raise(data: bytes, kind: str) -> None:
    document = extract(data, kind, "0" * 64, "a.txt")
    assert document.blocks or document.findings


def test_a_web_page_is_read_without_the_libraries_of_pdf_and_scans() -> None:
    heavy = ("numpy", "pypdfium2", "pdfplumber", "PIL")
    code = f"""
import sys
from disclosure.archive.media_type import HTML
from disclosure.extract import extract
assert extract("<p>一、总体情况</p>".encode(), HTML, "0" * 64).blocks
print([name for name in {heavy!r} if name in sys.modules])
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
