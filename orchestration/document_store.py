"""The extracted documents of a home: HOME/documents/ab/<sha256>.json.zst, one file per distinct filing.

A document can always be extracted again from the archive, so a file that is missing or unreadable is no error.
"""

from __future__ import annotations

import os
from pathlib import Path

from disclosure.document import Document
from disclosure.extract import dump_document, load_document
from disclosure.extract.serialise import StoredDocumentError


class DocumentStore:
    """Keeps documents by the sha256 of the bytes they were extracted from."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "documents"

    def path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}.json.zst"

    def holds(self, sha256: str) -> bool:
        return self.path(sha256).exists()

    def save(self, document: Document) -> None:
        """Write under a temporary name and move into place, so that a killed run leaves no half document."""
        target = self.path(document.sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.{os.getpid()}")
        temporary.write_bytes(dump_document(document))
        temporary.replace(target)

    def load(self, sha256: str) -> Document | None:
        """The stored document, or None when it has to be extracted again."""
        try:
            return load_document(self.path(sha256).read_bytes())
        except (FileNotFoundError, StoredDocumentError):
            return None
