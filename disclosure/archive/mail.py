"""The parts of a mail that may be filings: its attachments, and its text when that is long enough to be a report.

What does not belong here: mail servers, and the reading of attachments.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

from disclosure.archive.member_names import decode_name

_LONG_TEXT = 400  # characters; a covering note is shorter, a report longer
_TAGS = re.compile(rb"<[^>]*>|\s+")
_NAMING_HEADERS = ("content-disposition", "content-type")
_NAME_PARAMETER = re.compile(r'name="?([^";\r\n]+)')
_UNNAMED = "附件"
_EXTENSIONS = {"text/html": ".html", "text/plain": ".txt", "message/rfc822": ".eml"}


@dataclass(frozen=True, slots=True)
class MailPart:
    name: str
    content: bytes
    is_filing: bool

    def open(self) -> io.BytesIO:
        return io.BytesIO(self.content)


def mail_parts(source: Path) -> list[MailPart]:
    """Every part of the mail with content. Raises OSError, and RecursionError for a mail nested without end."""
    with source.open("rb") as stream:
        message = BytesParser(policy=policy.compat32).parse(stream)
    attachments = [_attachment(part, number) for number, part in enumerate(_attached(message), start=1)]
    return [*attachments, *_bodies(message, alone=not any(part.is_filing for part in attachments))]


def _leaves(message: Message) -> Iterator[Message]:
    """The parts without parts; a mail within the mail is one of them."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        yield message
        return
    for part in message.get_payload():
        if isinstance(part, Message):
            yield from _leaves(part)


def _attached(message: Message) -> Iterator[Message]:
    for part in _leaves(message):
        if part is not message and (_name(part) or part.get_content_maintype() not in ("text", "multipart")):
            yield part


def _attachment(part: Message, number: int) -> MailPart:
    kind = part.get_content_type()
    name = _name(part) or f"{_UNNAMED}{number}{_EXTENSIONS.get(kind, '')}"
    picture_of_text = part.get_content_maintype() == "image" and part.get("Content-ID") is not None
    signature = kind in ("application/pkcs7-signature", "application/pgp-signature", "text/calendar")
    return MailPart(name, _content(part), not (picture_of_text or signature))


def _bodies(message: Message, alone: bool) -> Iterator[MailPart]:
    """The mail's own text, once: as a page where it is sent both ways."""
    bodies = [part for part in _leaves(message) if part.get_content_maintype() == "text" and not _name(part)]
    bodies.sort(key=lambda part: part.get_content_type() != "text/html")
    for position, part in enumerate(bodies):
        content = _content(part)
        length = len(_TAGS.sub(b"", content)) // 2
        name = f"正文{_EXTENSIONS.get(part.get_content_type(), '.txt')}"
        yield MailPart(name, content, position == 0 and bool(content) and (alone or length >= _LONG_TEXT))


def _content(part: Message) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        return inner[0].as_bytes() if isinstance(inner, list) and isinstance(inner[0], Message) else b""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _name(part: Message) -> str | None:
    """The file name, decoded: by the standard for parameters, by that for headers, or as the bare GBK bytes that some send."""
    name = part.get_filename()
    if not name:
        return None
    if "\ufffd" in name:
        name = _bare_name(part) or name
    pieces = [
        _decode(piece, encoding) if isinstance(piece, bytes) else piece for piece, encoding in decode_header(name)
    ]
    return "".join(pieces).strip() or None


def _bare_name(part: Message) -> str | None:
    """The name from the header as it came: bytes beyond ASCII are kept there as half surrogates."""
    for header, value in part.raw_items():
        found = _NAME_PARAMETER.search(str(value)) if header.lower() in _NAMING_HEADERS else None
        if found:
            return decode_name(found[1].encode("ascii", "surrogateescape"))
    return None


def _decode(raw: bytes, encoding: str | None) -> str:
    try:
        return raw.decode("gb18030" if (encoding or "").lower() in ("gb2312", "gbk") else encoding or "ascii")
    except (UnicodeDecodeError, LookupError):
        return decode_name(raw)
