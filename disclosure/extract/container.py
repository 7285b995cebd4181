"""What is said of a container itself: that its files were taken as filings of their own, or why they could not be.

The archive has registered the files; here the same unpacking is only looked at. What does not belong here: their contents.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from disclosure.archive import media_type as media
from disclosure.archive.containers import CONTAINER_VERSION, LIMITS, ContainerError, unpack
from disclosure.extract.reading import MEGABYTE, Reading, RefusalError
from disclosure.findings import FindingCode, FindingSeverity, finding

READER = "container"
READER_VERSION = CONTAINER_VERSION
SIZE_LIMIT = LIMITS.size + 16 * MEGABYTE


def read_container(data: bytes) -> Reading:
    """No blocks, and CONTAINER_UNPACKED with what could not be unpacked. Raises RefusalError: DAMAGED, RESOURCE_LIMIT,
    EMPTY_FILE when there is nothing to register."""
    with tempfile.TemporaryDirectory(prefix="gouji-container-") as name:
        folder = Path(name)
        source = folder / "container"
        source.write_bytes(data)
        (folder / "members").mkdir()
        try:
            unpacked = unpack(source, media.sniff(source), folder / "members")
        except ContainerError as error:
            raise RefusalError(error.code, error.detail) from error
    troubled = any(found.severity is FindingSeverity.ERROR for found in unpacked.findings)
    if not unpacked.direct and not troubled:
        raise RefusalError(
            FindingCode.EMPTY_FILE, f"其中没有可登记的文件（跳过 {unpacked.skipped} 个网页附属或系统文件）"
        )
    skipped = f"，跳过 {unpacked.skipped} 个网页附属或系统文件" if unpacked.skipped else ""
    note = finding(FindingCode.CONTAINER_UNPACKED, f"共 {unpacked.direct} 个文件{skipped}")
    return Reading((), (*unpacked.findings, note) if unpacked.direct else unpacked.findings)
