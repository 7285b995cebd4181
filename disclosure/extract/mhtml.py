"""Reader for MHTML: a page saved with its pictures in the form of a mail, as Word and browsers do, often named .doc.

What does not belong here: the page itself (`html`), and mail with attachments (the archive takes it apart).
"""

from __future__ import annotations

from dataclasses import replace
from email import policy
from email.parser import BytesParser

from disclosure.extract.html import READER_VERSION as HTML_VERSION
from disclosure.extract.html import read_html
from disclosure.extract.reading import Reading, RefusalError
from disclosure.findings import FindingCode

READER = "mhtml"
READER_VERSION = f"1 html-{HTML_VERSION}"


def read_mhtml(data: bytes) -> Reading:
    """The blocks of the page. Raises RefusalError: TRUNCATED when the page is cut off, DAMAGED without a page, and `html`'s."""
    message = BytesParser(policy=policy.compat32).parsebytes(data.lstrip())
    boundary = message.get_boundary()
    if boundary and f"--{boundary}--".encode() not in data:
        raise RefusalError(FindingCode.TRUNCATED, "MHTML 没有结束标记，可能没有下载完整，请重新下载")
    for part in message.walk():
        if part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            if isinstance(page, bytes) and page.strip():
                return replace(read_html(page), reader="mhtml+html")
    raise RefusalError(FindingCode.DAMAGED, "MHTML 中没有网页")
