"""What an OLE2 compound file holds, and whether it is all there: read from its header and sector table alone.

DOC, WPS, XLS, PPT, Outlook mail and encrypted DOCX share this container. What does not belong here: reading a document.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from enum import StrEnum

_HEADER = 512
_FREE = 0xFFFFFFFF
_LAST_REGULAR = 0xFFFFFFFA
_FIB = b"\xec\xa5"  # wIdent, [MS-DOC] 2.5.2
_FIB_FLAGS = 11  # the byte with fEncrypted as its lowest bit


class Ole2Kind(StrEnum):
    WORD = "word"
    SPREADSHEET = "spreadsheet"
    PRESENTATION = "presentation"
    MAIL = "mail"
    ENCRYPTED_PACKAGE = "encrypted_package"
    OTHER = "other"


_STREAMS = (
    ("EncryptedPackage", Ole2Kind.ENCRYPTED_PACKAGE),
    ("WordDocument", Ole2Kind.WORD),
    ("Workbook", Ole2Kind.SPREADSHEET),
    ("PowerPoint Document", Ole2Kind.PRESENTATION),
    ("__substg1.0_", Ole2Kind.MAIL),
)


def kind_of(data: bytes) -> Ole2Kind:
    """By the names of streams in the directory, which stand in UTF-16 anywhere in the file."""
    for name, kind in _STREAMS:
        if name.encode("utf-16-le") in data:
            return kind
    return Ole2Kind.OTHER


def is_encrypted_word(data: bytes) -> bool:
    """Whether the document needs a password: the flag in the first block of the WordDocument stream."""
    for offset in range(_HEADER, len(data) - 32, _HEADER):
        if data[offset : offset + 2] == _FIB:
            return bool(data[offset + _FIB_FLAGS] & 1)
    return False


def missing_bytes(data: bytes) -> int:
    """How many bytes the sector table reaches beyond the end of the file: 0 for a whole file.

    The very last sector may be cut short by writers that do not pad. Raises ValueError for a header that is none.
    """
    if len(data) < _HEADER:
        return _HEADER - len(data)
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        raise ValueError(f"sector shift {shift}")
    size, per_sector = 1 << shift, (1 << shift) // 4
    needed = 0
    for number, sector in enumerate(_table_sectors(data, size)):
        start = (sector + 1) * size
        if start + size > len(data):
            return start + size - len(data)
        entries = array("I", data[start : start + size])
        for index in range(per_sector - 1, -1, -1):
            if entries[index] != _FREE:
                needed = max(needed, (number * per_sector + index + 1) * size + 1)
                break
    return max(0, needed - len(data))


def _table_sectors(data: bytes, size: int) -> Iterator[int]:
    """The sectors of the allocation table, in order: up to 109 in the header, then a chain. A chain in a circle ends."""
    for (sector,) in struct.iter_unpack("<I", data[76:_HEADER]):
        if sector < _LAST_REGULAR:
            yield sector
    following, seen = struct.unpack_from("<I", data, 68)[0], set[int]()
    while following < _LAST_REGULAR and following not in seen and (following + 2) * size <= len(data):
        seen.add(following)
        start = (following + 1) * size
        *sectors, following = struct.unpack_from(f"<{size // 4}I", data, start)
        yield from (sector for sector in sectors if sector < _LAST_REGULAR)
