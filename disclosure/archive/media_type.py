"""The media type of a file, told by its bytes; the name is never asked.

What does not belong here: whether the name agrees (`extract`) and whether the content is sound (the readers).
"""

from __future__ import annotations

import re
import zipfile
from email.parser import BytesHeaderParser
from pathlib import Path

from disclosure.archive.zip_directory import DirectoryTooLargeError, open_zip

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
OFD = "application/ofd"
ZIP = "application/zip"
RAR = "application/vnd.rar"
SEVEN_ZIP = "application/x-7z-compressed"
GZIP = "application/gzip"
HTML = "text/html"
MHTML = "application/x-mimearchive"  # a page with its pictures in one file, as Word and browsers save it
MAIL = "message/rfc822"
RTF = "application/rtf"
OLE2 = "application/x-ole-storage"  # DOC, WPS, XLS and encrypted DOCX alike
PNG = "image/png"
JPEG = "image/jpeg"
TIFF = "image/tiff"
TEXT = "text/plain"
EMPTY = "application/x-empty"
UNKNOWN = "application/octet-stream"

CONTAINERS = (ZIP, MAIL)  # what `containers` takes apart

HEAD_SIZE = 64 * 1024

_SIGNATURES = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE2),
    (b"{\\rtf", RTF),
    (b"Rar!\x1a\x07", RAR),
    (b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP),
    (b"\x1f\x8b\x08", GZIP),
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
_ODT_HEAD = b"mimetypeapplication/vnd.oasis.opendocument.text"
_MAIL_START = re.compile(rb"\s*[A-Za-z][A-Za-z0-9-]{1,60}:[ \t\r\n]")
_MAIL_TRACES = ("to", "received", "delivered-to", "return-path", "message-id", "cc")
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
        return _sniff(source[:HEAD_SIZE], source)
    with source.open("rb") as file:
        head = file.read(HEAD_SIZE)
    return _sniff(head, source)


def _sniff(head: bytes, source: Path | bytes) -> str:
    if not head:
        return EMPTY
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _sniff_zip(head, source)
    if b"%PDF-" in head[:1024]:
        return PDF
    return _sniff_text(head)


def _sniff_zip(head: bytes, source: Path | bytes) -> str:
    """By the members; when the directory is lost (a cut file), by the member names visible in the head."""
    if _ODT_HEAD in head[:256]:
        return ODT
    names: set[str] = set()
    try:
        with open_zip(source) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, DirectoryTooLargeError):
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
    if _MAIL_START.match(plain):
        message = _sniff_message(plain)
        if message:
            return message
    if _HTML_START.match(plain[:4096]) or len(_HTML_INSIDE.findall(plain)) >= 2:
        return HTML
    return TEXT


def _sniff_message(head: bytes) -> str | None:
    """Mail, or a page in the form of a mail that was never sent: it lacks what a mail gathers on its way."""
    headers = BytesHeaderParser().parsebytes(head.lstrip())
    traces = sum(name in headers for name in _MAIL_TRACES)
    if "mime-version" not in headers and not ("from" in headers and traces >= 1):
        return None
    page = headers.get_content_type() in ("multipart/related", "text/html")
    return MHTML if page and not traces else MAIL
