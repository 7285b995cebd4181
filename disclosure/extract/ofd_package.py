"""The OFD container (GB/T 33190-2016): which pages a document has, in order, with their templates and sizes.

What does not belong here: what is drawn on a page (`ofd_page`).
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from disclosure.extract import xml_parts
from disclosure.extract.reading import MEGABYTE, RefusalError
from disclosure.findings import FindingCode

KIND = "OFD"
PAGE_LIMIT = 300
_PARTS_LIMIT = 256 * MEGABYTE  # of all parts read; a report's have under 5 MB
_ENTRY = "OFD.xml"
_FURTHEST = 1e6  # millimetres
_A4 = (0.0, 0.0, 210.0, 297.0)

Box = tuple[float, float, float, float]  # x, y, width, height in millimetres


@dataclass(frozen=True, slots=True)
class OfdPage:
    """The contents of a page in the order they are drawn: templates behind it, the page, templates before it."""

    contents: tuple[Any, ...]  # roots of Content.xml
    box: Box


class OfdPackage:
    """An open OFD file. Raises RefusalError: TRUNCATED, DAMAGED, ENCRYPTED, RESOURCE_LIMIT."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {name.lower(): name for name in archive.namelist()}
        self._read = 0
        if "encryptions.xml" in self._names:
            raise RefusalError(FindingCode.ENCRYPTED, "OFD 已加密，请去除密码后重试")
        self._entry = self._parse(_ENTRY)

    def properties(self) -> dict[str, str]:
        """What the file says of itself: Title, Author, CreationDate ..."""
        return {
            local(child): child.text.strip()
            for info in find_all(self._entry, "DocInfo")
            for child in info
            if isinstance(child.tag, str) and child.text and child.text.strip()
        }

    def pages(self) -> Iterator[OfdPage]:
        """The pages of all documents in the file, one after the other."""
        count = 0
        for root in find_all(self._entry, "DocRoot"):
            path = resolve("", root.text or "")
            document = self._parse(path)
            templates = {
                element.get("ID"): resolve(path, element.get("BaseLoc") or "")
                for element in find_all(document, "TemplatePage")
            }
            default = _box_of(next(find_all(document, "PageArea"), None)) or _A4
            for element in find_all(document, "Page"):
                count += 1
                if count > PAGE_LIMIT:
                    raise RefusalError(FindingCode.RESOURCE_LIMIT, f"OFD 超过 {PAGE_LIMIT} 页")
                yield self._page(resolve(path, element.get("BaseLoc") or ""), templates, default)

    def _page(self, path: str, templates: dict[str | None, str], default: Box) -> OfdPage:
        page = self._parse(path)
        behind: list[Any] = []
        before: list[Any] = []
        for reference in find_all(page, "Template"):
            template = templates.get(reference.get("TemplateID"))
            if template is not None:
                drawn = before if reference.get("ZOrder") == "Foreground" else behind
                drawn.append(self._parse(template))
        box = _box_of(next((child for child in page if local(child) == "Area"), None))
        return OfdPage((*behind, page, *before), box or default)

    def _parse(self, path: str) -> Any:
        """The root of a part. Writers do not agree on the case of names."""
        content = xml_parts.read_part(self._archive, self._names.get(path.lower(), path), KIND)
        self._read += len(content)
        if self._read > _PARTS_LIMIT:
            raise RefusalError(FindingCode.RESOURCE_LIMIT, f"OFD 解压后超过 {_PARTS_LIMIT // MEGABYTE} MB")
        return xml_parts.parse_part(content, KIND)


def resolve(base: str, location: str) -> str:
    """A location in the file, absolute from its root or relative to the part it stands in; only ever a name of a part."""
    plain = location.strip().replace("\\", "/")
    if not plain.startswith("/"):
        plain = posixpath.join(posixpath.dirname(base), plain)
    return posixpath.normpath("/" + plain).lstrip("/")


def local(element: Any) -> str:
    """The name of an element without its namespace: older files use another one."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def find_all(element: Any, name: str) -> Iterator[Any]:
    return element.iter(f"{{*}}{name}", name)  # type: ignore[no-any-return]


def numbers(text: str | None) -> list[float]:
    """The numbers of an attribute; what is none, or lies beyond any page, is left out."""
    found = []
    for word in (text or "").replace(",", " ").split():
        try:
            number = float(word)
        except ValueError:
            continue
        if abs(number) < _FURTHEST:
            found.append(number)
    return found


def _box_of(area: Any | None) -> Box | None:
    """The physical box of an area; None when it has none, or an impossible one."""
    for box in find_all(area, "PhysicalBox") if area is not None else ():
        values = numbers(box.text)
        if len(values) == 4 and 0 < values[2] < 10_000 and 0 < values[3] < 10_000:
            return values[0], values[1], values[2], values[3]
    return None
