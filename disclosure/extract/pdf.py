"""Reader for digital PDF: ruled tables with the box of every cell, stitched over pages, and the text around them.

The pages are read one by one here; characters become lines in `pdf_text`, rules become cells in `pdf_tables`, pages become
one sequence of blocks in `pdf_stitch`. What does not belong here: scans (a page without text is a finding).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect, PDFTextExtractionNotAllowed
from pdfminer.pdfparser import PDFSyntaxError
from pdfminer.utils import PDFDocEncoding
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import PdfminerException

from disclosure.extract.pdf_stitch import PageContents, join_pages
from disclosure.extract.pdf_tables import find_tables
from disclosure.extract.pdf_text import gather_lines, read_characters
from disclosure.extract.reading import CHARACTER_LIMIT, Reading, RefusalError
from disclosure.findings import Finding, FindingCode, Where, finding

READER = "pdf"
READER_VERSION = "1"

PAGE_LIMIT = 300
_PAGE_OBJECT_LIMIT = 60_000  # characters, lines and shapes of one page; dense pages have some 5,000
_TAIL = 2048
_FEW_CHARACTERS = 10  # a scanned page may carry a stamped number
_UNMAPPED_SHARE = 0.3
_UNMAPPED = re.compile(r"\(cid:\d+\)|[\ue000-\uf8ff\ufffd\x00-\x08]")
_DOC_ENCODING = {character: code for code, character in reversed(list(enumerate(PDFDocEncoding)))}
_ANNOUNCED_LENGTH = re.compile(rb"/Linearized.{0,200}?/L\s+(\d+)", re.DOTALL)


def read_pdf(data: bytes) -> Reading:
    """The blocks and document information. Raises RefusalError: TRUNCATED, DAMAGED, ENCRYPTED, NO_TEXT, RESOURCE_LIMIT."""
    _refuse_truncated(data)
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            page_count = _count_pages(document)
            pages = list(_read_pages(document))
            properties = {key: text for key, value in document.metadata.items() if (text := _as_text(value))}
    except PdfminerException as error:
        raise _refusal_for(error.args[0] if error.args else error) from error
    except (PDFPasswordIncorrect, PDFTextExtractionNotAllowed, PDFSyntaxError) as error:
        raise _refusal_for(error) from error
    findings = tuple(_find_unreadable(pages))
    if not any(_is_readable(page) for page in pages):
        raise RefusalError(FindingCode.NO_TEXT, next((page.unreadable for page in pages if page.unreadable), ""))
    return Reading(join_pages(pages), findings, page_count, properties)


def _refuse_truncated(data: bytes) -> None:
    """A PDF ends in %%EOF; objects after the last one, or less bytes than it announces, mean that its end is missing.

    Readers that repair such files would silently give the pages they find.
    """
    end = data.rfind(b"%%EOF")
    announced = _ANNOUNCED_LENGTH.search(data[:1024])
    if end < 0 or (end < len(data) - _TAIL and re.search(rb"\d\s+obj\b", data[end:])):
        raise RefusalError(FindingCode.TRUNCATED, "PDF 没有结束标记，可能没有下载完整，请重新下载")
    if announced and int(announced[1]) > len(data):
        raise RefusalError(
            FindingCode.TRUNCATED, f"PDF 应有 {int(announced[1])} 字节，实有 {len(data)} 字节，请重新下载"
        )


def _refusal_for(error: object) -> RefusalError:
    if isinstance(error, PDFPasswordIncorrect):
        return RefusalError(FindingCode.ENCRYPTED, "打开 PDF 需要密码，请去除密码后重试")
    return RefusalError(FindingCode.DAMAGED, f"PDF 结构损坏：{type(error).__name__} {error}"[:200])


def _count_pages(document: pdfplumber.PDF) -> int:
    count = len(document.pages)
    if count == 0:
        raise RefusalError(FindingCode.DAMAGED, "PDF 中没有页面")
    if count > PAGE_LIMIT:
        raise RefusalError(FindingCode.RESOURCE_LIMIT, f"PDF 有 {count} 页，上限为 {PAGE_LIMIT} 页")
    return count


def _read_pages(document: pdfplumber.PDF) -> Iterator[PageContents]:
    """Each page's tables and lines; a page's objects are freed before the next is read."""
    total = 0
    for page in document.pages:
        contents = _read_page(page)
        total += contents.character_count
        page.close()
        if total > CHARACTER_LIMIT:
            raise RefusalError(FindingCode.RESOURCE_LIMIT, f"PDF 文字超过 {CHARACTER_LIMIT} 字")
        yield contents


def _read_page(page: Page) -> PageContents:
    if sum(len(objects) for objects in page.objects.values()) > _PAGE_OBJECT_LIMIT:
        raise RefusalError(
            FindingCode.RESOURCE_LIMIT, f"第 {page.page_number} 页的文字和线条超过 {_PAGE_OBJECT_LIMIT} 个"
        )
    characters = read_characters(page)
    tables, outside = find_tables(page, characters)
    return PageContents(
        number=page.page_number,
        width=float(page.width),
        height=float(page.height),
        character_count=len(characters),
        lines=tuple(gather_lines(outside)),
        tables=tuple(tables),
        unreadable=_why_unreadable(page, "".join(character.text for character in characters)),
    )


def _why_unreadable(page: Page, text: str) -> str:
    """Why a page gives no text, in words for the clerk; "" when it does. An empty page without a picture is in order."""
    visible = text.replace(" ", "")
    if len(visible) <= _FEW_CHARACTERS:
        return "页面只有图像，可能是扫描件，需要文字识别" if page.images else ""
    if sum(len(found) for found in _UNMAPPED.findall(text)) > _UNMAPPED_SHARE * len(text):
        return "字体没有文字对照表，提取的文字是乱码，需要文字识别"
    return ""


def _is_readable(page: PageContents) -> bool:
    return bool(page.lines or page.tables) and not page.unreadable


def _find_unreadable(pages: list[PageContents]) -> Iterator[Finding]:
    """A finding for each page with a picture in place of text, when other pages can be read."""
    for page in pages:
        if page.unreadable:
            yield finding(FindingCode.NO_TEXT, f"第 {page.number} 页：{page.unreadable}", Where(page=page.number))


def _as_text(value: object) -> str:
    """A document-information value as text. UTF-16 values arrive decoded byte by byte; anything but text is left out."""
    if not isinstance(value, str):
        return ""
    if value.startswith(("þÿ", "ÿþ")):  # UTF-16 taken for PDFDocEncoding, as little-endian values are by the library
        try:
            value = bytes(_DOC_ENCODING[character] for character in value).decode("utf-16")
        except (KeyError, UnicodeError):
            return ""
    return value.replace("\x00", "").strip()
