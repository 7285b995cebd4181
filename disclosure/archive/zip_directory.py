"""Opening of a ZIP file after a look at how large its directory is: the library loads it whole, whatever it holds.

What does not belong here: reading the members.
"""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from typing import BinaryIO

DIRECTORY_LIMIT = 16 * 1024 * 1024  # some 150,000 members
_TAIL = 66_000  # the end record with the longest comment
_END, _END_SIZE = b"PK\x05\x06", 22
_LOCATOR, _LOCATOR_SIZE = b"PK\x06\x07", 20


class DirectoryTooLargeError(Exception):
    """The directory is larger than any collection of filings needs; its bytes are the argument."""


def open_zip(source: Path | bytes) -> zipfile.ZipFile:
    """The archive, to be closed by the caller. Raises BadZipFile, DirectoryTooLargeError, and OSError for a path."""
    with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as stream:
        size = _directory_size(stream)
    if size > DIRECTORY_LIMIT:
        raise DirectoryTooLargeError(size)
    try:
        return zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source)
    except (ValueError, NotImplementedError, OverflowError, EOFError, struct.error) as error:
        raise zipfile.BadZipFile(str(error)) from error


def _directory_size(stream: BinaryIO) -> int:
    """What the end record says of the directory, by ZIP64 where that is used; 0 when there is no end record."""
    length = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, length - _TAIL))
    tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or at + _END_SIZE > len(tail):
        return 0
    size: int = struct.unpack_from("<I", tail, at + 12)[0]
    locator = at - _LOCATOR_SIZE
    if locator >= 0 and tail[locator : locator + 4] == _LOCATOR:
        (position,) = struct.unpack_from("<Q", tail, locator + 8)
        if position + 56 <= length:
            stream.seek(position)
            record = stream.read(56)
            size = max(size, struct.unpack_from("<Q", record, 40)[0])
    return size
