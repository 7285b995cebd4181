"""The DOCX container: its parts opened under limits, with no entity, network or password in the way.

What does not belong here: the meaning of the document's XML beyond the styles that mark headings.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

from lxml import etree

from disclosure.extract.reading import MEGABYTE, RefusalError
from disclosure.findings import FindingCode

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT_W = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_W_NAMESPACE = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PART_LIMIT = 64 * MEGABYTE  # a report's document.xml is under 2 MB
_HEADING_STYLE = re.compile(r"(?:heading|标题)\s*([1-6])", re.IGNORECASE)
_ZIP_END = b"PK\x05\x06"


@dataclass(frozen=True, slots=True)
class Package:
    document: Any
    styles: Any | None
    properties: dict[str, str]


def open_package(data: bytes) -> Package:
    """The parts of a DOCX. Raises RefusalError: TRUNCATED, DAMAGED, ENCRYPTED, RESOURCE_LIMIT."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        if _ZIP_END not in data[-70_000:]:
            raise RefusalError(FindingCode.TRUNCATED, "DOCX 缺少结尾的目录，可能没有下载完整，请重新下载") from error
        raise RefusalError(FindingCode.DAMAGED, f"DOCX 压缩结构损坏：{error}") from error
    with archive:
        document = _parse(_read_part(archive, "word/document.xml"))
        styles = _read_optional(archive, "word/styles.xml")
        core = _read_optional(archive, "docProps/core.xml")
    return Package(document, styles, _properties(core))


def heading_styles(styles: Any | None) -> dict[str, int]:
    """Style id -> heading level, by the style's name or outline level."""
    levels: dict[str, int] = {}
    for style in styles.iter(W + "style") if styles is not None else ():
        name = style.find(W + "name")
        named = _HEADING_STYLE.fullmatch(((name.get(W + "val") if name is not None else "") or "").strip())
        outline = style.find(f"{W}pPr/{W}outlineLvl")
        outlined = (outline.get(W + "val") or "") if outline is not None else ""
        if named:
            levels[style.get(W + "styleId") or ""] = int(named[1])
        elif outlined.isdigit() and int(outlined) < 6:
            levels[style.get(W + "styleId") or ""] = int(outlined) + 1
    return levels


def _read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part's bytes, never more than the limit, whatever size the directory claims."""
    try:
        entry = archive.getinfo(name)
        if entry.flag_bits & 1:
            raise RefusalError(FindingCode.ENCRYPTED, "DOCX 设有压缩密码，请去除后重试")
        with archive.open(entry) as part:
            content = part.read(_PART_LIMIT + 1)
    except KeyError as error:
        raise RefusalError(FindingCode.DAMAGED, f"DOCX 中缺少 {name}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise RefusalError(FindingCode.DAMAGED, f"DOCX 中的 {name} 无法解压：{error}") from error
    if len(content) > _PART_LIMIT:
        raise RefusalError(FindingCode.RESOURCE_LIMIT, f"{name} 解压后超过 {_PART_LIMIT // MEGABYTE} MB")
    return content


def _parse(content: bytes) -> Any:
    """Parse a part. Office never writes a DOCTYPE, so one is an attack and is refused before any entity is read."""
    if re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", content[:4096].replace(b"\x00", b""), re.IGNORECASE):
        raise RefusalError(FindingCode.DAMAGED, "XML 中有文档类型声明，正常的 DOCX 不会有，已拒绝读取")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(content.replace(_STRICT_W, _W_NAMESPACE), parser)
    except etree.XMLSyntaxError as error:
        message = str(error)
        code = FindingCode.RESOURCE_LIMIT if "huge" in message.lower() or "depth" in message else FindingCode.DAMAGED
        raise RefusalError(code, f"XML 无法解析：{message[:150]}") from error


def _read_optional(archive: zipfile.ZipFile, name: str) -> Any | None:
    """A part the text can do without: None when missing or unsound."""
    try:
        return _parse(_read_part(archive, name))
    except RefusalError:
        return None


def _properties(core: Any | None) -> dict[str, str]:
    """The core properties, named without their namespace: title, creator, created, modified ..."""
    properties: dict[str, str] = {}
    for element in core if core is not None else ():
        if isinstance(element.tag, str) and (element.text or "").strip():
            properties.setdefault(etree.QName(element).localname, element.text.strip())
    return properties
