"""Reader for digital PDF: ruled tables with the box of every cell, stitched over pages, and the text around them.

PDFium reads the pages (`pdf_pages`, with fonts that are not embedded stood in for by `pdf_fonts`), pdfplumber those of a file
that PDFium cannot open (`pdf_second`); each page is told apart first (`pdf_triage`) and laid out (`pdf_layout`): characters
become lines in `pdf_text`, rules become cells in `pdf_grid` and get their text in `pdf_tables`, columns of text without rules
become tables in `pdf_unruled`. Pages become one sequence of blocks in `pdf_stitch`. What does not belong here: how a picture is
recognised (`scan`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium

from disclosure.extract import pdf_fonts, pdf_pages
from disclosure.extract.pdf_layout import lay_out
from disclosure.extract.pdf_pages import RawPage, TooManyObjectsError
from disclosure.extract.pdf_stitch import PageContents, join_pages
from disclosure.extract.pdf_triage import WORDS, PageKind, triage
from disclosure.extract.reading import CHARACTER_LIMIT, Reading, RefusalError
from disclosure.extract.scan.installed import is_installed
from disclosure.findings import Finding, FindingCode, Where, finding

if TYPE_CHECKING:
    from disclosure.extract.scan.page import ScannedPage

READER = "pdf"
READER_VERSION = "9"

PAGE_LIMIT = 300
_PAGE_OBJECT_LIMIT = 60_000  # characters, lines and shapes of one page; dense pages have some 5,000
_TAIL = 2048
_ANNOUNCED_LENGTH = re.compile(rb"/Linearized.{0,200}?/L\s+(\d+)", re.DOTALL)
_READABLE = (PageKind.DIGITAL, PageKind.OCR_LAYER)
_RECOGNISED = (PageKind.SCAN, PageKind.GARBLED, PageKind.OCR_LAYER)
RENDER_DPI = 200.0
_MOST_PIXELS = 25_000_000  # of a rendered page; A4 at 200 dpi has under 4


@dataclass(frozen=True, slots=True)
class _ReadPage:
    """A page; `layer` is what the hidden text under a scan says, where there is one."""

    contents: PageContents
    scanned: ScannedPage | None = None
    layer: PageContents | None = None


def read_pdf(data: bytes) -> Reading:
    """The blocks and document information. Raises RefusalError: TRUNCATED, DAMAGED, ENCRYPTED, NO_TEXT, RESOURCE_LIMIT."""
    _refuse_truncated(data)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise RefusalError(FindingCode.ENCRYPTED, "打开 PDF 需要密码，请去除密码后重试") from error
        return _read_with_second_reader(data, error)
    with closing(document), pdf_fonts.stand_ins():
        page_count = len(document)
        _refuse_page_count(page_count)
        pages = list(_read_pages(document))
        properties = {key: value for key, value in document.get_metadata_dict().items() if value}
    return _assemble(pages, page_count, properties)


def _read_with_second_reader(data: bytes, reason: Exception) -> Reading:
    """A file PDFium cannot open, read by pdfplumber. Raises RefusalError DAMAGED when that cannot read it either."""
    from disclosure.extract import pdf_second  # seldom needed, and slow to import

    try:
        pages = [_digital_page(raw, triage(raw)) for raw in pdf_second.read_pages(data, _PAGE_OBJECT_LIMIT)]
    except TooManyObjectsError as error:
        raise _too_many_objects(len(error.args), error) from error
    except Exception as error:
        raise RefusalError(FindingCode.DAMAGED, f"PDF 结构损坏：{reason}"[:200]) from error
    _refuse_page_count(len(pages))
    return _assemble(pages, len(pages), {})


def _assemble(pages: list[_ReadPage], page_count: int, properties: dict[str, str]) -> Reading:
    contents = [page.contents for page in pages]
    if sum(page.character_count for page in contents) > CHARACTER_LIMIT:
        raise RefusalError(FindingCode.RESOURCE_LIMIT, f"PDF 文字超过 {CHARACTER_LIMIT} 字")
    if all(page.unreadable for page in contents):
        code = FindingCode.NO_TEXT if is_installed() else FindingCode.OCR_MISSING
        raise RefusalError(code, contents[0].unreadable)
    blocks = join_pages(contents)
    scanned = [page.scanned for page in pages if page.scanned is not None]
    if scanned:
        from disclosure.extract.scan.contents import with_confidence

        blocks = with_confidence(blocks, scanned)
    other = join_pages([page.layer or page.contents for page in pages]) if any(page.layer for page in pages) else ()
    return Reading(blocks, tuple(_find_unreadable(contents)), page_count, properties, other)


def _read_pages(document: pypdfium2.PdfDocument) -> Iterator[_ReadPage]:
    """Each page by what it is; a page's objects are freed before the next is read."""
    for index in range(len(document)):
        try:
            raw = pdf_pages.read_page(document, index, _PAGE_OBJECT_LIMIT)
            kind = triage(raw)
            if kind in _RECOGNISED and is_installed():
                layer = _digital_page(raw, kind).contents if kind is PageKind.OCR_LAYER else None
                yield replace(_scanned_page(document, index), layer=layer)
            else:
                yield _digital_page(raw, kind)
        except TooManyObjectsError as error:
            raise _too_many_objects(index + 1, error) from error
        except pypdfium2.PdfiumError as error:
            raise RefusalError(FindingCode.DAMAGED, f"PDF 第 {index + 1} 页损坏：{error}"[:200]) from error


def _scanned_page(document: pypdfium2.PdfDocument, index: int) -> _ReadPage:
    """A page whose text is a picture, or whose font gives no text: rendered, and recognised."""
    from disclosure.extract.scan.contents import as_contents
    from disclosure.extract.scan.page import read_scanned_page

    with pdf_fonts.installed(), closing(document[index]) as page:
        width, height = page.get_size()
        dpi = min(RENDER_DPI, 72 * (_MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
        image = page.render(scale=dpi / 72, rev_byteorder=True).to_numpy()
    scanned = read_scanned_page(image, dpi, index + 1)
    contents = as_contents(scanned)
    if scanned.is_empty:
        contents = replace(contents, unreadable=WORDS[PageKind.EMPTY])
    return _ReadPage(contents, scanned)


def _too_many_objects(page: int, error: TooManyObjectsError) -> RefusalError:
    detail = f"第 {page} 页的文字和线条有 {error.args[0]} 个，上限为 {_PAGE_OBJECT_LIMIT} 个"
    return RefusalError(FindingCode.RESOURCE_LIMIT, detail)


def _digital_page(raw: RawPage, kind: PageKind) -> _ReadPage:
    printed = raw.characters if kind is not PageKind.OCR_LAYER else raw.characters + raw.hidden
    return _ReadPage(lay_out(raw, printed, "" if kind in _READABLE else WORDS[kind]))


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


def _refuse_page_count(count: int) -> None:
    if count == 0:
        raise RefusalError(FindingCode.DAMAGED, "PDF 中没有页面")
    if count > PAGE_LIMIT:
        raise RefusalError(FindingCode.RESOURCE_LIMIT, f"PDF 有 {count} 页，上限为 {PAGE_LIMIT} 页")


def _find_unreadable(pages: list[PageContents]) -> Iterator[Finding]:
    """A finding for each page with a picture in place of text, when other pages can be read."""
    for page in pages:
        if page.unreadable:
            yield finding(FindingCode.NO_TEXT, f"第 {page.number} 页：{page.unreadable}", Where(page=page.number))
