"""Where readers find filings and leave documents: the home folder, or an object store that several machines reach.

A store is bytes under keys, and keys are the paths of the home folder. It can be pickled, so that a worker on another
machine opens the same one. Nothing here knows what the bytes are.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

UPLOADS_AT_ONCE = 16


class Store(Protocol):
    """Bytes under keys. Writes are atomic: a reader finds the whole value or none."""

    def holds(self, key: str) -> bool: ...

    def names(self, folder: str) -> Iterator[str]:
        """The names, without their folders, of all keys below a folder, in no order."""
        ...

    def read(self, key: str) -> bytes:
        """Raises FileNotFoundError."""
        ...

    def write(self, key: str, data: bytes) -> None: ...

    def local_path(self, key: str, folder: Path) -> Path:
        """A file with the bytes of a key: the stored one itself, or a copy of it in `folder`. Raises FileNotFoundError."""
        ...

    def remove(self, keys: Iterable[str]) -> None: ...


@dataclass(frozen=True)
class FolderStore:
    """A folder of this machine, or one that every worker has mounted under the same path."""

    folder: Path

    def path(self, key: str) -> Path:
        return self.folder / key

    def holds(self, key: str) -> bool:
        return self.path(key).exists()

    def names(self, folder: str) -> Iterator[str]:
        for _, _, names in os.walk(self.path(folder)):
            yield from names

    def read(self, key: str) -> bytes:
        return self.path(key).read_bytes()

    def write(self, key: str, data: bytes) -> None:
        """Write under a temporary name and move into place, so that a killed process leaves no half file."""
        target = self.path(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.{os.getpid()}")
        temporary.write_bytes(data)
        temporary.replace(target)

    def local_path(self, key: str, folder: Path) -> Path:
        return self.path(key)

    def remove(self, keys: Iterable[str]) -> None:
        for key in keys:
            self.path(key).unlink(missing_ok=True)


@dataclass(frozen=True)
class BucketStore:
    """A bucket of an object store, e.g. s3://bucket/prefix. Credentials and endpoint come from the environment of each
    process (AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, AWS_ALLOW_HTTP ...)."""

    url: str

    @cached_property
    def _bucket(self) -> Any:
        from obstore.store import from_url

        return from_url(self.url)

    def __getstate__(self) -> dict[str, str]:
        return {"url": self.url}  # each process opens its own connections

    def holds(self, key: str) -> bool:
        import obstore

        try:
            obstore.head(self._bucket, key)
        except FileNotFoundError:
            return False
        return True

    def names(self, folder: str) -> Iterator[str]:
        import obstore

        for listed in obstore.list(self._bucket, prefix=folder):
            yield from (entry["path"].rpartition("/")[2] for entry in listed)

    def read(self, key: str) -> bytes:
        import obstore

        return bytes(obstore.get(self._bucket, key).bytes())

    def write(self, key: str, data: bytes) -> None:
        import obstore

        obstore.put(self._bucket, key, data)

    def local_path(self, key: str, folder: Path) -> Path:
        path = folder / key.rpartition("/")[2]
        path.write_bytes(self.read(key))
        return path

    def remove(self, keys: Iterable[str]) -> None:
        import obstore

        obstore.delete(self._bucket, list(keys))


def open_store(url: str, home: Path) -> Store:
    """The store at a URL such as s3://bucket/prefix; the home folder when there is none."""
    return BucketStore(url) if url else FolderStore(home)


def copy_missing(source: FolderStore, target: Store, keys: Iterable[str]) -> None:
    """Put into `target` what it does not hold yet."""
    if target == source:
        return

    def copy(key: str) -> None:
        if not target.holds(key):
            target.write(key, source.read(key))

    with ThreadPoolExecutor(UPLOADS_AT_ONCE) as pool:
        list(pool.map(copy, keys))
