"""From bytes to a `Document`: choose the reader by media type, hold the size limits, turn every failure into a finding.

`extract` never raises on bad input. What does not belong here: how a format is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from disclosure.archive import media_type as media
from disclosure.document import Document
from disclosure.extract.reading import FILE_SIZE_LIMIT, MEGABYTE, TEXT_SIZE_LIMIT, Reading, RefusalError
from disclosure.findings import Finding, FindingCode, finding

if TYPE_CHECKING:
    from disclosure.extract.legacy_word import Conversion


@dataclass(frozen=True, slots=True)
class Reader:
    name: str
    version: str
    read: Callable[[bytes], Reading]
    size_limit: int


# The readers are imported when a file of their kind comes: the libraries behind PDF and scans take longer to load than a
# web page takes to read.
def _text_reader() -> Reader:
    from disclosure.extract import text

    return Reader(text.READER, text.READER_VERSION, text.read_text, TEXT_SIZE_LIMIT)


def _html_reader() -> Reader:
    from disclosure.extract import html

    return Reader(html.READER, html.READER_VERSION, html.read_html, FILE_SIZE_LIMIT)


def _mhtml_reader() -> Reader:
    from disclosure.extract import mhtml

    return Reader(mhtml.READER, mhtml.READER_VERSION, mhtml.read_mhtml, FILE_SIZE_LIMIT)


def _docx_reader() -> Reader:
    from disclosure.extract import docx

    return Reader(docx.READER, docx.READER_VERSION, docx.read_docx, FILE_SIZE_LIMIT)


def _pdf_reader() -> Reader:
    from disclosure.extract import pdf

    return Reader(pdf.READER, pdf.READER_VERSION, pdf.read_pdf, FILE_SIZE_LIMIT)


def _ofd_reader() -> Reader:
    from disclosure.extract import ofd

    return Reader(ofd.READER, ofd.READER_VERSION, ofd.read_ofd, FILE_SIZE_LIMIT)


def _image_reader() -> Reader:
    from disclosure.extract.scan import image

    return Reader(image.READER, image.READER_VERSION, image.read_image, FILE_SIZE_LIMIT)


def _legacy_reader() -> Reader:
    from disclosure.extract import legacy_word

    return Reader(legacy_word.READER, legacy_word.reader_version(), legacy_word.read_legacy, FILE_SIZE_LIMIT)


def _container_reader() -> Reader:
    from disclosure.extract import container

    return Reader(container.READER, container.READER_VERSION, container.read_container, container.SIZE_LIMIT)


NO_READER = "none"
_READERS: dict[str, Callable[[], Reader]] = {
    media.TEXT: _text_reader,
    media.HTML: _html_reader,
    media.DOCX: _docx_reader,
    media.PDF: _pdf_reader,
    media.OFD: _ofd_reader,
    media.MHTML: _mhtml_reader,
    **dict.fromkeys((media.PNG, media.JPEG, media.TIFF), _image_reader),
    **dict.fromkeys((media.OLE2, media.RTF, media.ODT), _legacy_reader),
    **dict.fromkeys(media.CONTAINERS, _container_reader),
}
_UNSUPPORTED = {
    media.XLSX: "电子表格，请提交报告全文",
    media.PPTX: "演示文稿，请提交报告全文",
    media.RAR: "RAR 压缩包，请解压后提交其中的文件，或改用 ZIP 压缩",
    media.SEVEN_ZIP: "7z 压缩包，请解压后提交其中的文件，或改用 ZIP 压缩",
    media.GZIP: "GZIP 压缩文件，请解压后提交其中的文件，或改用 ZIP 压缩",
}
_WORDS = {
    media.PDF: "PDF",
    media.DOCX: "DOCX",
    media.XLSX: "电子表格",
    media.PPTX: "演示文稿",
    media.OFD: "OFD",
    media.ZIP: "ZIP 压缩包",
    media.RAR: "RAR 压缩包",
    media.SEVEN_ZIP: "7z 压缩包",
    media.GZIP: "GZIP 压缩文件",
    media.MAIL: "电子邮件",
    media.MHTML: "单文件网页",
    media.ODT: "ODT",
    media.HTML: "网页",
    media.RTF: "RTF",
    media.OLE2: "旧版 Office 文件",
    media.PNG: "图片",
    media.JPEG: "图片",
    media.TIFF: "图片",
    media.TEXT: "纯文本",
    media.UNKNOWN: "无法识别的数据",
}
_NAMES = {
    media.PDF: {"pdf"},
    media.DOCX: {"docx", "docm"},
    media.XLSX: {"xlsx", "xlsm"},
    media.PPTX: {"pptx"},
    media.OFD: {"ofd"},
    media.ZIP: {"zip"},
    media.RAR: {"rar"},
    media.SEVEN_ZIP: {"7z"},
    media.GZIP: {"gz", "tgz"},
    media.MAIL: {"eml"},
    media.MHTML: {"mht", "mhtml"},
    media.ODT: {"odt"},
    media.HTML: {"html", "htm", "shtml", "xhtml", "jhtml", "jsp", "php", "asp", "aspx"},
    media.RTF: {"rtf", "doc", "wps"},
    media.OLE2: {"doc", "wps", "xls", "et", "ppt"},
    media.PNG: {"png"},
    media.JPEG: {"jpg", "jpeg"},
    media.TIFF: {"tif", "tiff"},
    media.TEXT: {"txt", "md", "csv", "tsv", "text"},
}
_KNOWN_NAMES = frozenset(name for names in _NAMES.values() for name in names)


def load_readers() -> None:
    """Import every reader, so that none of the files to come has to wait for it."""
    for load in dict.fromkeys(_READERS.values()):
        load()


def _reader_for(media_type: str) -> Reader | None:
    load = _READERS.get(media_type)
    return load() if load else None


def reader_version_for(media_type: str) -> str:
    """The version of the reader that takes a media type, for example "pdf 1"; changes when its output may change."""
    reader = _reader_for(media_type)
    return f"{reader.name} {reader.version}" if reader else f"{NO_READER} 1"


def extract(data: bytes, media_type: str, sha256: str, file_name: str | None = None) -> Document:
    """The document in the bytes. Never raises on bad input: what went wrong is in `findings`, and then `blocks` is empty.

    `media_type` is what `archive.sniff` says of the bytes; `file_name` only serves to notice a misleading name.
    """
    return _extract(lambda: data, len(data), media_type, sha256, file_name)


def extract_file(
    path: Path,
    media_type: str | None = None,
    sha256: str | None = None,
    file_name: str | None = None,
    conversion: Conversion | None = None,
) -> Document:
    """As `extract`, from a path: a file over the size limit is refused without being read. Raises OSError.

    `conversion` is what a batch has made of a legacy Word file already.
    """
    size = path.stat().st_size
    return _extract(
        path.read_bytes,
        size,
        media_type or media.sniff(path),
        sha256 or _hash_file(path),
        file_name or path.name,
        conversion,
    )


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _extract(
    load: Callable[[], bytes],
    size: int,
    media_type: str,
    sha256: str,
    file_name: str | None,
    conversion: Conversion | None = None,
) -> Document:
    reader = _reader_for(media_type)
    findings = _check_name(file_name, media_type)
    reading = Reading(())
    try:
        if reader is None:
            raise _refuse_unsupported(media_type, size, file_name)
        if size > reader.size_limit:
            raise RefusalError(
                FindingCode.TOO_LARGE, f"{size / MEGABYTE:.0f} MB，上限为 {reader.size_limit // MEGABYTE} MB"
            )
        reading = reader.read(load()) if conversion is None else _read_converted(load(), conversion)
        if not reading.blocks and not reading.findings:
            raise RefusalError(FindingCode.NO_TEXT)
    except RefusalError as refusal:
        reading = Reading((), (finding(refusal.code, refusal.detail),))
    except (MemoryError, RecursionError):
        reading = Reading((), (finding(FindingCode.RESOURCE_LIMIT, "读取时内存或嵌套层数超限"),))
    except (
        Exception
    ) as error:  # a reader's library may raise anything on hostile bytes; one file must not stop the rest
        reading = Reading((), (finding(FindingCode.READER_FAILED, f"{type(error).__name__}: {error}"[:200]),))
    return Document(
        sha256=sha256,
        media_type=media_type,
        reader=reading.reader or (reader.name if reader else NO_READER),
        reader_version=reader_version_for(media_type),
        blocks=reading.blocks,
        findings=(*findings, *reading.findings),
        page_count=reading.page_count,
        properties=reading.properties,
        other_blocks=reading.other_blocks,
    )


def _read_converted(data: bytes, conversion: Conversion) -> Reading:
    from disclosure.extract.legacy_word import read_legacy

    return read_legacy(data, conversion)


def failed_document(media_type: str, sha256: str, code: FindingCode, detail: str) -> Document:
    """The document of a file whose reading was cut short from outside: no blocks, one finding."""
    reader = _reader_for(media_type)
    name = reader.name if reader else NO_READER
    return Document(sha256, media_type, name, reader_version_for(media_type), (), (finding(code, detail),))


def _extension(file_name: str | None) -> str:
    return PurePosixPath(file_name or "").suffix.removeprefix(".").lower()


def _check_name(file_name: str | None, media_type: str) -> tuple[Finding, ...]:
    extension = _extension(file_name)
    if extension not in _KNOWN_NAMES or media_type == media.EMPTY or extension in _NAMES.get(media_type, ()):
        return ()
    if media_type == media.UNKNOWN and extension in _NAMES[media.TEXT]:
        return ()  # the finding about its encoding says more
    return (
        finding(
            FindingCode.NAME_CONTRADICTS_CONTENT, f"扩展名为 .{extension}，内容是 {_WORDS.get(media_type, media_type)}"
        ),
    )


def _refuse_unsupported(media_type: str, size: int, file_name: str | None) -> RefusalError:
    if media_type == media.EMPTY or size == 0:
        return RefusalError(FindingCode.EMPTY_FILE, "没有任何字节，请重新下载或导出")
    if media_type == media.UNKNOWN and _extension(file_name) in _NAMES[media.TEXT] | _NAMES[media.HTML]:
        return RefusalError(FindingCode.UNKNOWN_ENCODING, "内容含大量控制字符，不像文字，请另存为 UTF-8 文本后重试")
    return RefusalError(FindingCode.UNSUPPORTED_TYPE, _UNSUPPORTED.get(media_type, f"无法识别的内容（{media_type}）"))
