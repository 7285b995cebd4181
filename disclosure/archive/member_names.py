"""Names of files in containers: decoded, made harmless, and told apart into filings and what only surrounds them.

What does not belong here: the contents of the files.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import PurePosixPath

_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075  # extra field of Info-ZIP
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_DRIVE = re.compile(r"^[A-Za-z]:")
_LEFT_BY_SYSTEMS = {"thumbs.db", "desktop.ini", ".ds_store"}
_PAGE_PARTS = {".css", ".js", ".map", ".woff", ".woff2", ".ttf", ".eot", ".otf", ".ico", ".gif", ".svg", ".swf", ".url",
               ".lnk"}  # fmt: skip
_IMAGES = {".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff"}
_PAGES = {".html", ".htm", ".shtml", ".mht"}
_PAGE_FOLDER = re.compile(r"(?:_files|\.files|_文件)$", re.IGNORECASE)  # what a browser or Word saves beside a page
_LONGEST = 500  # characters of a name


def zip_member_name(info: zipfile.ZipInfo) -> str:
    """The name as its writer meant it.

    Without the UTF-8 flag the library takes names for code page 437; Chinese programs write GBK or UTF-8 there.
    """
    if info.flag_bits & _UTF8_FLAG:
        return info.filename
    try:
        raw = info.orig_filename.split("\x00")[0].encode("cp437")
    except UnicodeEncodeError:
        return info.filename  # already taken from an extra field
    return _unicode_path(info.extra, raw) or decode_name(raw)


def decode_name(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name in the Unicode path field, if it belongs to this name."""
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, position)
        content = extra[position + 4 : position + 4 + length]
        if kind == _UNICODE_PATH and len(content) > 5 and struct.unpack_from("<I", content, 1)[0] == zlib.crc32(raw):
            return content[5:].decode("utf-8", errors="replace")
        position += 4 + length
    return None


def safe_name(name: str) -> tuple[str, bool]:
    """The name without what could lead out of a folder, and whether anything had to be taken away."""
    plain = name.replace("\\", "/")
    parts = [_UNPRINTABLE.sub("", part) for part in plain.split("/")]
    kept = [part for part in parts if part not in ("", ".", "..") and not _DRIVE.fullmatch(part)]
    cleaned = "/".join(kept)[-_LONGEST:] or "未命名"
    unsafe = plain.startswith("/") or ".." in parts or bool(_DRIVE.match(plain)) or bool(_UNPRINTABLE.search(name))
    return cleaned, unsafe


def find_furniture(names: Sequence[str]) -> frozenset[str]:
    """The names that are no filings: what systems leave behind, and the styles, scripts and pictures of saved pages.

    Pictures are filings (a report may be scanned) unless a page stands beside or above them.
    """
    paths = [PurePosixPath(name.replace("\\", "/")) for name in names]
    page_folders = {path.parent for path in paths if path.suffix.lower() in _PAGES and not _in_page_folder(path)}
    return frozenset(
        name
        for name, path in zip(names, paths, strict=True)
        if _left_by_system(path) or _is_page_part(path, page_folders)
    )


def _left_by_system(path: PurePosixPath) -> bool:
    name = path.name.lower()
    return "__MACOSX" in path.parts or name in _LEFT_BY_SYSTEMS or name.startswith((".", "~$"))


def _in_page_folder(path: PurePosixPath) -> bool:
    return any(_PAGE_FOLDER.search(part) for part in path.parts[:-1])


def _is_page_part(path: PurePosixPath, page_folders: set[PurePosixPath]) -> bool:
    if path.suffix.lower() in _PAGE_PARTS:
        return True
    beside_page = any(parent in page_folders for parent in path.parents)
    return beside_page and (path.suffix.lower() in _IMAGES or _in_page_folder(path))
