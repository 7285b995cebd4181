"""Reader for OFD, the page format of Chinese government offices (GB/T 33190-2016): tables and text as from a PDF.

Own reader because the libraries that give the place of text leave out the drawn rules, without which there are no tables.
Its pages go through the same steps as those of a PDF. What does not belong here: recognition of pages that are pictures.
"""

from __future__ import annotations

from collections.abc import Iterator

from disclosure.extract import xml_parts
from disclosure.extract.ofd_package import KIND, OfdPackage
from disclosure.extract.ofd_page import PageDrawing, read_page
from disclosure.extract.pdf_layout import lay_out
from disclosure.extract.pdf_pages import TooManyObjectsError
from disclosure.extract.pdf_stitch import PageContents, join_pages
from disclosure.extract.pdf_triage import WORDS, PageKind, triage
from disclosure.extract.reading import CHARACTER_LIMIT, Reading, RefusalError
from disclosure.findings import Finding, FindingCode, Where, finding

READER = "ofd"
READER_VERSION = "1"

_PAGE_OBJECT_LIMIT = 60_000  # characters, lines and shapes of one page; dense pages have some 5,000
_GLYPHS_ONLY = "文字只有字形编号，没有对应的字符，需要文字识别"
_TURNED = "页面文字是旋转的，请转正后另存为 PDF 重试"


def read_ofd(data: bytes) -> Reading:
    """The blocks and document information. Raises RefusalError: TRUNCATED, DAMAGED, ENCRYPTED, NO_TEXT, RESOURCE_LIMIT."""
    with xml_parts.open_package(data, KIND) as archive:
        package = OfdPackage(archive)
        findings: list[Finding] = []
        pages = list(_read_pages(package, findings))
        properties = package.properties()
    if not pages:
        raise RefusalError(FindingCode.DAMAGED, "OFD 中没有页面")
    if all(page.unreadable for page in pages):
        raise RefusalError(FindingCode.NO_TEXT, pages[0].unreadable)
    return Reading(join_pages(pages), tuple(findings), len(pages), properties)


def _read_pages(package: OfdPackage, findings: list[Finding]) -> Iterator[PageContents]:
    """Each page's tables and lines; what could not be read of a page is added to the findings."""
    total = 0
    for number, page in enumerate(package.pages(), start=1):
        try:
            drawing = read_page(page, number, _PAGE_OBJECT_LIMIT)
        except TooManyObjectsError as error:
            detail = f"第 {number} 页的文字和线条超过 {_PAGE_OBJECT_LIMIT} 个"
            raise RefusalError(FindingCode.RESOURCE_LIMIT, detail) from error
        total += len(drawing.raw.characters)
        if total > CHARACTER_LIMIT:
            raise RefusalError(FindingCode.RESOURCE_LIMIT, f"OFD 文字超过 {CHARACTER_LIMIT} 字")
        contents = lay_out(drawing.raw, drawing.raw.characters, _why_unreadable(drawing))
        trouble = contents.unreadable or _what_is_lost(drawing)
        if trouble:
            findings.append(finding(FindingCode.NO_TEXT, f"第 {number} 页：{trouble}", Where(page=number)))
        yield contents


def _why_unreadable(drawing: PageDrawing) -> str:
    """Why a page's text cannot be had, or not all of it; "" when it can."""
    readable = len(drawing.raw.characters)
    if drawing.glyphs_without_text > readable:
        return _GLYPHS_ONLY
    if drawing.tilted > readable:
        return _TURNED
    kind = triage(drawing.raw)
    return "" if kind is PageKind.DIGITAL else WORDS.get(kind, WORDS[PageKind.SCAN])


def _what_is_lost(drawing: PageDrawing) -> str:
    """What is missing from a page that can otherwise be read: figures may be among the glyphs."""
    lost = drawing.glyphs_without_text
    return f"有 {lost} 个字形没有对应的字符，这些文字无法读取" if lost else ""
