"""The extracted documents: documents/ab/<sha256>.json.zst in a store, one per distinct filing.

A document can always be extracted again from the archive, so one that is missing or unreadable is no error.
"""

from __future__ import annotations

from dataclasses import dataclass

from disclosure.document import Document
from disclosure.extract import dump_document, load_document
from disclosure.extract.serialise import StoredDocumentError
from orchestration.stores import Store

FOLDER, ENDING = "documents", ".json.zst"


@dataclass(frozen=True)
class DocumentStore:
    """Keeps documents by the sha256 of the bytes they were extracted from."""

    store: Store

    def key(self, sha256: str) -> str:
        return f"{FOLDER}/{sha256[:2]}/{sha256}{ENDING}"

    def held(self) -> frozenset[str]:
        """The sha256 of every stored document: one listing, where asking for each would be a request or a look each."""
        return frozenset(
            name.removesuffix(ENDING) for name in self.store.names(FOLDER) if name.endswith(ENDING) and name[0] != "."
        )

    def save(self, document: Document) -> None:
        self.store.write(self.key(document.sha256), dump_document(document))

    def load(self, sha256: str) -> Document | None:
        """The stored document, or None when it has to be extracted again."""
        try:
            return load_document(self.store.read(self.key(sha256)))
        except (FileNotFoundError, StoredDocumentError):
            return None
