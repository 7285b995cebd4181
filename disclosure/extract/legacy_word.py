"""Reader for DOC, WPS, RTF and ODT: turned into DOCX first, then read by the project's own DOCX reader.

LibreOffice converts where it is installed; else a Python converter takes DOC and WPS, and `rtf` reads RTF. The document
names the way it was read. What does not belong here: how the conversion runs (`office`), and DOCX itself.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from disclosure.archive import media_type as media
from disclosure.extract import docx, office, ole2, rtf
from disclosure.extract.ole2 import Ole2Kind
from disclosure.extract.reading import Reading, RefusalError
from disclosure.findings import FindingCode

READER = "legacy_word"
MEDIA_TYPES = (media.OLE2, media.RTF, media.ODT)

_RTF_PADDING = b"\x00\r\n\t \x1a"
_NO_WORD = {
    Ole2Kind.SPREADSHEET: "电子表格（XLS），请提交报告全文",
    Ole2Kind.PRESENTATION: "演示文稿（PPT），请提交报告全文",
    Ole2Kind.MAIL: "Outlook 邮件（MSG），请提交其中的附件，或另存为 EML 后重试",
    Ole2Kind.OTHER: "旧版 Office 文件，其中没有 Word 文档，请另存为 DOCX 或 PDF 后重试",
}
_INSTALL = f"请安装 Debian 软件包 {office.DEBIAN_PACKAGE} 后重试，或另存为 DOCX、PDF"


@dataclass(frozen=True, slots=True)
class Conversion:
    """What LibreOffice made of a file; None when it could not convert it."""

    docx: bytes | None


def reader_version() -> str:
    """Names the way too: once LibreOffice is installed, what was read without it is read again."""
    way = "libreoffice" if office.find_office() else "python"
    return f"1 {way} docx-{docx.READER_VERSION} rtf-{rtf.READER_VERSION}"


def read_legacy(data: bytes, conversion: Conversion | None = None) -> Reading:
    """The blocks of a legacy Word file. `conversion` is what a batch made of it before; without one it is converted here.

    Raises RefusalError: ENCRYPTED, TRUNCATED, DAMAGED, UNSUPPORTED_TYPE, LEGACY_READER_MISSING, and those of the readers.
    """
    kind = media.sniff(data)
    if kind == media.OLE2:
        _refuse_ole2(data)
    elif kind == media.RTF and not data.rstrip(_RTF_PADDING).endswith(b"}"):
        raise RefusalError(FindingCode.TRUNCATED, "RTF 没有结尾的括号，可能没有下载完整，请重新下载")
    elif kind not in MEDIA_TYPES:
        raise RefusalError(FindingCode.DAMAGED, f"内容不是旧版 Word 文件（{kind}）")
    made = (conversion or _convert_one(data)).docx
    if made is not None:
        return replace(docx.read_docx(made), reader="libreoffice+docx")
    return _FALLBACKS[kind](data)


def _refuse_ole2(data: bytes) -> None:
    kind = ole2.kind_of(data)
    if kind is Ole2Kind.ENCRYPTED_PACKAGE or (kind is Ole2Kind.WORD and ole2.is_encrypted_word(data)):
        raise RefusalError(FindingCode.ENCRYPTED, "加密的 Office 文件，请去除密码后重试")
    try:
        missing, unsound = ole2.missing_bytes(data), ""
    except ValueError as error:
        missing, unsound = 0, str(error)
    if missing:
        raise RefusalError(FindingCode.TRUNCATED, f"旧版 Office 文件至少缺少 {missing} 字节，请重新下载")
    if kind is not Ole2Kind.WORD:
        raise RefusalError(FindingCode.UNSUPPORTED_TYPE, _NO_WORD[kind])
    if unsound:
        raise RefusalError(FindingCode.DAMAGED, f"旧版 Office 文件的文件头损坏：{unsound}")


def _convert_one(data: bytes) -> Conversion:
    if office.find_office() is None:
        return Conversion(None)
    with tempfile.TemporaryDirectory(prefix="gouji-legacy-") as folder:
        path = Path(folder) / "filing"
        path.write_bytes(data)
        return Conversion(office.convert_batch([path]).get(path))


def _read_word(data: bytes) -> Reading:
    """DOC and WPS through the Python converter."""
    from doc2docx import convert
    from doc2docx.errors import EncryptedDocumentError

    with tempfile.TemporaryDirectory(prefix="gouji-legacy-") as folder:
        source, target = Path(folder) / "filing.doc", Path(folder) / "filing.docx"
        source.write_bytes(data)
        try:
            convert(source, target)
        except EncryptedDocumentError as error:
            raise RefusalError(FindingCode.ENCRYPTED, "Word 文件设有密码，请去除密码后重试") from error
        except Exception as error:  # a converter meeting hostile bytes may raise anything
            raise _refusal("DOC", error) from error
        return replace(docx.read_docx(target.read_bytes()), reader="msdoc2docx+docx")


def _read_rtf(data: bytes) -> Reading:
    return replace(rtf.read_rtf(data), reader=rtf.READER)


def _read_opendocument(data: bytes) -> Reading:
    raise _refusal("ODT", None)


def _refusal(name: str, error: Exception | None) -> RefusalError:
    """Without LibreOffice another way may yet read the file; with it the file is to blame."""
    reason = f"：{type(error).__name__} {error}"[:150] if error else ""
    if office.find_office() is None:
        return RefusalError(FindingCode.LEGACY_READER_MISSING, f"{name} 文件，{_INSTALL}{reason}")
    return RefusalError(FindingCode.DAMAGED, f"{name} 文件无法转换{reason}，请另存为 DOCX 或 PDF 后重试")


_FALLBACKS: dict[str, Callable[[bytes], Reading]] = {
    media.OLE2: _read_word,
    media.RTF: _read_rtf,
    media.ODT: _read_opendocument,
}
