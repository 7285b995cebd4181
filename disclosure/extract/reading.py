"""What a reader hands back, how it refuses, and the limits all readers share.

What does not belong here: any format.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from disclosure.document import Block
from disclosure.findings import Finding, FindingCode

MEGABYTE = 1024 * 1024
FILE_SIZE_LIMIT = 64 * MEGABYTE  # PDF, DOCX, HTML
TEXT_SIZE_LIMIT = 16 * MEGABYTE  # a plain-text report is under 1 MB
CELL_LIMIT = 1_000_000  # cells, tags or lines of one document; a report has under 2,000
CHARACTER_LIMIT = 5_000_000  # of one document


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def raise_digits(text: str) -> str:
    """Text printed above or below the line: its digits are the number of a note, not further digits of the number before."""
    return text.translate(_RAISED)


@dataclass(frozen=True, slots=True)
class Reading:
    """The contents a reader found, before they become a `Document`."""

    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...] = ()
    page_count: int | None = None
    properties: dict[str, str] = field(default_factory=dict)
    other_blocks: tuple[Block, ...] = ()  # a second reading of the same pages
    reader: str | None = None  # where a media type has several ways: the one that was taken


class RefusalError(Exception):
    """A reader's typed failure: the file as a whole cannot be read, for the reason of the code."""

    def __init__(self, code: FindingCode, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
