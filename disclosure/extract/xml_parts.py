"""Parts of office files that are a ZIP with XML in it (DOCX, OFD): unpacked under limits, parsed with no entity or network.

What does not belong here: which parts there are, and what they mean.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import Any

from lxml import etree

from disclosure.archive.zip_directory import DirectoryTooLargeError, open_zip
from disclosure.extract.reading import MEGABYTE, RefusalError
from disclosure.findings import FindingCode

PART_LIMIT = 64 * MEGABYTE  # a report's largest part is under 2 MB
_ZIP_END = b"PK\x05\x06"
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def open_package(data: bytes, kind: str) -> zipfile.ZipFile:
    """The ZIP of a file of some kind ("DOCX"). Raises RefusalError: TRUNCATED, DAMAGED, RESOURCE_LIMIT."""
    try:
        return open_zip(data)
    except DirectoryTooLargeError as error:
        raise RefusalError(FindingCode.RESOURCE_LIMIT, f"{kind} 的目录过大，不像一份年度报告") from error
    except zipfile.BadZipFile as error:
        if _ZIP_END not in data[-70_000:]:
            raise RefusalError(FindingCode.TRUNCATED, f"{kind} 缺少结尾的目录，可能没有下载完整，请重新下载") from error
        raise RefusalError(FindingCode.DAMAGED, f"{kind} 压缩结构损坏：{error}") from error


def read_part(archive: zipfile.ZipFile, name: str, kind: str) -> bytes:
    """A part's bytes, never more than the limit, whatever size the directory claims.

    Raises RefusalError: ENCRYPTED, DAMAGED, RESOURCE_LIMIT.
    """
    try:
        entry = archive.getinfo(name)
        if entry.flag_bits & 1:
            raise RefusalError(FindingCode.ENCRYPTED, f"{kind} 设有压缩密码，请去除后重试")
        with archive.open(entry) as part:
            content = part.read(PART_LIMIT + 1)
    except KeyError as error:
        raise RefusalError(FindingCode.DAMAGED, f"{kind} 中缺少 {name}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise RefusalError(FindingCode.DAMAGED, f"{kind} 中的 {name} 无法解压：{error}") from error
    if len(content) > PART_LIMIT:
        raise RefusalError(FindingCode.RESOURCE_LIMIT, f"{name} 解压后超过 {PART_LIMIT // MEGABYTE} MB")
    return content


def parse_part(content: bytes, kind: str) -> Any:
    """The root element of a part. Office programs write no DOCTYPE, so one is an attack and is refused before any entity is read.

    Raises RefusalError: DAMAGED, RESOURCE_LIMIT.
    """
    if _DECLARATION.search(content[:4096].replace(b"\x00", b"")):
        raise RefusalError(FindingCode.DAMAGED, f"XML 中有文档类型声明，正常的 {kind} 不会有，已拒绝读取")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        message = str(error)
        code = FindingCode.RESOURCE_LIMIT if "huge" in message.lower() or "depth" in message else FindingCode.DAMAGED
        raise RefusalError(code, f"XML 无法解析：{message[:150]}") from error
