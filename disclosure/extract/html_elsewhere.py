"""What a web page leaves to other files: pictures in place of tables, and the report as an attachment.

Nothing is fetched; the links are recorded for whoever collects the filings. What does not belong here: reading of the page.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from disclosure.document import Block, Grid, Paragraph
from disclosure.findings import Finding, FindingCode, Where, finding

_DATA_URL = re.compile(r"data:image/[\w.+-]+;base64,", re.IGNORECASE)
_ATTACHMENT = re.compile(r"\.(?:pdf|docx?|wps|ofd|zip|rar|rtf|xlsx?)(?:[?#]|$)", re.IGNORECASE)
_REPORT = re.compile(r"年度报告|年报|信息公开")
_SHORT_PAGE = 1200  # characters; a report has several thousand, a page of links a few hundred
_SMALLEST_SIDE = 300  # pixels a stated width must have for a picture that may hold a table
_ORNAMENT = re.compile(
    r"logo|icon|banner|qrcode|ewm|weixin|weibo|share|print|button|btn|bg\b|sprite|beian|\.gif", re.IGNORECASE
)


def embedded_picture(source: str) -> bytes | None:
    """The bytes of a picture given in the page itself (a data URL), else None."""
    match = _DATA_URL.match(source.strip())
    if not match:
        return None
    try:
        return base64.b64decode(source.strip()[match.end() :], validate=False)
    except (binascii.Error, ValueError):
        return None


def find_what_is_elsewhere(tree: LexborHTMLParser, blocks: tuple[Block, ...]) -> Iterator[Finding]:
    """A finding when the page has no table: for its attachments if it is short, for large pictures in any case."""
    if any(isinstance(block, Grid) and len(block.rows) > 3 for block in blocks):
        return
    length = sum(len(block.text) for block in blocks if isinstance(block, Paragraph))
    links = [link for link in tree.css("a[href]") if _is_attachment(link)]
    if length < _SHORT_PAGE and links:
        named = next((link for link in links if _REPORT.search(link.text())), links[0])
        address = (named.attributes.get("href") or "")[:200]
        yield finding(FindingCode.ATTACHMENT_ONLY, f"{named.text().strip()[:60]} {address}", Where(text=address))
    for picture in tree.css("img[src]"):
        source = picture.attributes.get("src") or ""
        if not _DATA_URL.match(source) and _may_be_a_table(picture, source):
            yield finding(FindingCode.PICTURE_UNREAD, source[:200], Where(text=source[:200]))


def _is_attachment(link: LexborNode) -> bool:
    return bool(_ATTACHMENT.search(link.attributes.get("href") or ""))


def _may_be_a_table(picture: LexborNode, source: str) -> bool:
    if _ORNAMENT.search(source):
        return False
    stated = re.match(r"\d+", picture.attributes.get("width") or "")
    return stated is None or int(stated[0]) >= _SMALLEST_SIDE
