"""The DOCX container: its parts opened under limits, with no entity, network or password in the way.

What does not belong here: the meaning of the document's XML beyond the styles that mark headings.
"""

from __future__ import annotations

import contextlib
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from lxml import etree

from disclosure.extract import xml_parts
from disclosure.extract.reading import RefusalError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT_W = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_W_NAMESPACE = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HEADING_STYLE = re.compile(r"(?:heading|标题)\s*([1-6])", re.IGNORECASE)
_KIND = "DOCX"
_MOST_PICTURES = 40


@dataclass(frozen=True, slots=True)
class Package:
    document: Any
    styles: Any | None
    properties: dict[str, str]
    pictures: dict[str, bytes]  # relationship id -> content of an embedded picture


def open_package(data: bytes) -> Package:
    """The parts of a DOCX. Raises RefusalError: TRUNCATED, DAMAGED, ENCRYPTED, RESOURCE_LIMIT."""
    with xml_parts.open_package(data, _KIND) as archive:
        document = _read(archive, "word/document.xml")
        styles = _read_optional(archive, "word/styles.xml")
        core = _read_optional(archive, "docProps/core.xml")
        pictures = _read_pictures(archive)
    return Package(document, styles, _properties(core), pictures)


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


def _read(archive: zipfile.ZipFile, name: str) -> Any:
    content = xml_parts.read_part(archive, name, _KIND)
    return xml_parts.parse_part(content.replace(_STRICT_W, _W_NAMESPACE), _KIND)


def _read_optional(archive: zipfile.ZipFile, name: str) -> Any | None:
    """A part the text can do without: None when missing or unsound."""
    try:
        return _read(archive, name)
    except RefusalError:
        return None


def _read_pictures(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """The pictures the document embeds, by relationship id; linked ones are outside the file and left out."""
    relations = _read_optional(archive, "word/_rels/document.xml.rels")
    pictures: dict[str, bytes] = {}
    for relation in relations if relations is not None else ():
        target = (relation.get("Target") or "").lstrip("/") if isinstance(relation.tag, str) else ""
        if not (relation.get("Type") or "").endswith("/image") or relation.get("TargetMode") == "External":
            continue
        name = target if target.startswith("word/") else f"word/{target}"
        if len(pictures) < _MOST_PICTURES:
            with contextlib.suppress(RefusalError):
                pictures[relation.get("Id") or ""] = xml_parts.read_part(archive, name, _KIND)
    return pictures


def _properties(core: Any | None) -> dict[str, str]:
    """The core properties, named without their namespace: title, creator, created, modified ..."""
    properties: dict[str, str] = {}
    for element in core if core is not None else ():
        if isinstance(element.tag, str) and (element.text or "").strip():
            properties.setdefault(etree.QName(element).localname, element.text.strip())
    return properties
