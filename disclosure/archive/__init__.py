"""Archive: what was received, unchanged, and where it came from.

Here belong the content-addressed store of bytes, the register of receipts and readings, what a folder or a source list
asserts about a file, and the media type told from the bytes. What does not belong here: reading a filing's text.
Nothing downstream of this package opens an inbox.
"""

from disclosure.archive.media_type import sniff
from disclosure.archive.register import Reading, Receipt, Register
from disclosure.archive.store import Archive, ArchiveError, Intake

__all__ = ["Archive", "ArchiveError", "Intake", "Reading", "Receipt", "Register", "sniff"]
