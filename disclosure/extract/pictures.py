"""Pictures inside web pages and Word files that may hold a table: recognised where recognition is installed.

A picture that is too small for a table is an ornament. What does not belong here: how a picture is recognised (`scan`), and
fetching anything from outside the file.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field

from disclosure.document import Block
from disclosure.extract.reading import RefusalError
from disclosure.findings import Finding, FindingCode, finding

_SMALLEST = (400, 200)  # pixels; a table of twenty rows cannot be smaller
_MOST_PICTURES = 20  # of one document


@dataclass
class Pictures:
    """Reads the pictures of one document in order, and keeps what was wrong with them."""

    findings: list[Finding] = field(default_factory=list)
    seen: set[bytes] = field(default_factory=set)  # digests: the same picture stands in a drawing and in its fallback

    def blocks_of(self, data: bytes, place: str) -> tuple[Block, ...]:
        """What a picture says, or nothing, with a finding when it may hold a table and cannot be read."""
        digest = hashlib.sha256(data).digest()
        if digest in self.seen or len(self.seen) >= _MOST_PICTURES or not _may_hold_a_table(data):
            return ()
        self.seen.add(digest)
        from disclosure.extract.scan.image import read_image  # numpy is only loaded for a page that has such a picture

        try:
            return read_image(data).blocks
        except RefusalError as error:
            self.findings.append(finding(FindingCode.PICTURE_UNREAD, f"{place}：{error.detail}"))
            return ()


def _may_hold_a_table(data: bytes) -> bool:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return width >= _SMALLEST[0] and height >= _SMALLEST[1]
