"""The media type of a file, told by its bytes; the name is never asked.

What does not belong here: whether the name agrees (`extract`) and whether the content is sound (the readers).
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OFD = "application/ofd"
ZIP = "application/zip"
HTML = "text/html"
RTF = "application/rtf"
OLE2 = "application/x-ole-storage"  # DOC, WPS, XLS and encrypted DOCX alike
PNG = "image/png"
JPEG = "image/jpeg"
TIFF = "image/tiff"
TEXT = "text/plain"
EMPTY = "application/x-empty"
UNKNOWN = "application/octet-stream"

HEAD_SIZE = 64 * 1024
_ZIP_DIRECTORY_LIMIT = 256 * 1024 * 1024  # a larger archive is not a filing; its directory is not loaded

_SIGNATURES = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE2),
    (b"{\\rtf", RTF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
)
_ZIP_MEMBERS = (
    ("word/document.xml", DOCX),
    ("xl/workbook.xml", XLSX),
    ("ppt/presentation.xml", PPTX),
    ("OFD.xml", OFD),
)
_HTML_START = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|script|style|table|div|p|h[1-6]|span|br|center|font|article|section)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_INSIDE = re.compile(rb"</(?:html|body|div|p|table|tr|td|span)\s*>", re.IGNORECASE)
_CONTROL = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27}) + b"\x7f"


def sniff(source: Path | bytes) -> str:
    """The MIME type of a file or of bytes by content. Reads at most 64 KB, and the directory of a ZIP.

    Raises OSError when the path cannot be read.
    """
    if isinstance(source, bytes):
        return _sniff(source[:HEAD_SIZE], len(source), source)
    size = source.stat().st_size
    with source.open("rb") as file:
        head = file.read(HEAD_SIZE)
    return _sniff(head, size, source)


def _sniff(head: bytes, size: int, source: Path | bytes) -> str:
    if not head:
        return EMPTY
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _sniff_zip(head, size, source)
    if b"%PDF-" in head[:1024]:
        return PDF
    return _sniff_text(head)


def _sniff_zip(head: bytes, size: int, source: Path | bytes) -> str:
    """By the members; when the directory is lost (a cut file), by the member names visible in the head."""
    names: set[str] = set()
    if size <= _ZIP_DIRECTORY_LIMIT:
        try:
            with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as archive:
                names = set(archive.namelist())
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            names = set()
    for member, media_type in _ZIP_MEMBERS:
        if member in names or (not names and member.split("/")[0].encode() + b"/" in head):
            return media_type
    return ZIP


def _sniff_text(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        plain = head[2:].replace(b"\x00", b"")
    else:
        plain = head.removeprefix(b"\xef\xbb\xbf")
        controls = len(plain) - len(plain.translate(None, _CONTROL))
        if controls > max(2, len(plain) // 1000):
            return UNKNOWN
    if _HTML_START.match(plain[:4096]) or len(_HTML_INSIDE.findall(plain)) >= 2:
        return HTML
    return TEXT
