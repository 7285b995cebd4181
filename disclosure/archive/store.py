"""The store of bytes, named by their sha256 and never changed, and the intake of a folder into it.

An object is written under a temporary name and moved into place, then its receipt is entered: a process killed at any
point leaves either nothing or a whole object, and the next intake carries on. What does not belong here: reading filings.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path, PurePosixPath
from uuid import uuid4

from disclosure import clock
from disclosure.archive.assertions import read_place
from disclosure.archive.containers import CONTAINER_VERSION, MEMBER_MARK, ContainerError, Member, unpack
from disclosure.archive.lists import SOURCES, ListKind, ReceivedList, find_lists, read_rows, read_source_list
from disclosure.archive.media_type import CONTAINERS, sniff
from disclosure.archive.register import Reading, Receipt, Register
from disclosure.report import Asserted

_CHUNK = 1024 * 1024
_STALE_SECONDS = 24 * 3600
_UNREADABLE_KEPT = 100

Progress = Callable[[Path, str], None]  # path, and "received", "unchanged" or "unreadable"


class ArchiveError(Exception):
    """An object of the store is missing or is no longer the bytes its name says."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What a scan of an inbox found. `unreadable` names at most the first hundred files the system refused, with why.
    `unpacked` files are new receipts too: they came in containers, which are among the received."""

    received: int
    unchanged: int
    unreadable_count: int
    unreadable: tuple[tuple[str, str], ...] = ()
    unpacked: int = 0

    @property
    def seen(self) -> int:
        return self.received + self.unchanged + self.unreadable_count


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where some bytes came from: their path, what is asserted about them, and the container they came in."""

    path: str
    file_name: str
    asserted: Asserted
    container_sha256: str | None = None


class Archive:
    """Immutable bytes and their register under HOME/archive. Safe for several processes at once."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._folder = home / "archive"
        self._objects = self._folder / "objects"
        self._incoming = self._folder / "incoming"
        self._objects.mkdir(parents=True, exist_ok=True)
        self._incoming.mkdir(parents=True, exist_ok=True)
        self.register = Register(self._folder / "register.sqlite")
        self._sweep_incoming()

    def close(self) -> None:
        self.register.close()

    def receive_folder(self, inbox: Path, progress: Progress | None = None) -> Intake:
        """Receive every regular file under a folder; files unchanged since the last scan are not opened.

        Hidden files and the lists at the root are no filings. Lists at the root of the home and in its folder `sources` count
        too. Raises NotADirectoryError when `inbox` is no folder.
        """
        inbox = inbox.resolve()
        if not inbox.is_dir():
            raise NotADirectoryError(f"inbox is not a folder: {inbox}")
        lists = find_lists(inbox)
        sources = [path for path, kind in lists if kind is ListKind.FILINGS]
        self.register.load_source_rows(chain.from_iterable(read_source_list(path) for path in sources))
        skipped = {str(path) for path, _ in lists}
        self._receive_lists(inbox, "", lists)
        for folder, prefix in ((self._home, "home/"), (self._home / SOURCES, f"{SOURCES}/")):
            self._receive_lists(folder.resolve(), prefix, find_lists(folder))
        received_at = clock.now()
        counts = {"received": 0, "unchanged": 0, "unreadable": 0}
        unpacked = 0
        unreadable: list[tuple[str, str]] = []
        for path in walk_files(inbox, self._folder.resolve()):
            if str(path) in skipped:
                continue
            try:
                receipt, new = self._receive(path, self._asserted(inbox, path), received_at)
                unpacked += self._receive_members(receipt)
                outcome = "received" if new else "unchanged"
            except OSError as error:
                outcome = "unreadable"
                if len(unreadable) < _UNREADABLE_KEPT:
                    unreadable.append((str(path), error.strerror or str(error)))
            counts[outcome] += 1
            if progress:
                progress(path, outcome)
        return Intake(counts["received"], counts["unchanged"], counts["unreadable"], tuple(unreadable), unpacked)

    def receive_file(self, path: Path, asserted: Asserted | None = None) -> Receipt:
        """Receive one file; the same path with the same bytes gives the receipt it had. Raises OSError."""
        receipt, _ = self._receive(path.resolve(), asserted or Asserted(), clock.now())
        self._receive_members(receipt)
        return receipt

    def receive_fetched(self, path: Path, url: str, file_name: str, asserted: Asserted) -> tuple[Receipt, bool]:
        """Receive a file that came from a URL, which stands for its path; the receipt, and whether it is new."""
        sha256 = self._store(path)
        arrival = Arrival(url, file_name, asserted)
        receipt, new = self._register(sha256, arrival, clock.now())
        self._receive_members(receipt)
        return receipt, new

    def assert_again(self, path: str, sha256: str, asserted: Asserted) -> None:
        """Record what a list says now of a file that was received before."""
        receipt = self.register.receipt(path, sha256)
        if receipt is not None and receipt.asserted != asserted:
            self.register.assert_again(receipt.receipt_id, asserted.source or path, asserted)
            self._receive_members(self.register.receipt(path, sha256) or receipt)

    @property
    def incoming(self) -> Path:
        """Where bytes may be put down before they are received; on the disk of the store."""
        return self._incoming

    def lists(self) -> Iterator[ReceivedList]:
        """The lists as last received, by path."""
        return self.register.lists()

    def rows_of(self, received: ReceivedList) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows of a list, from the archive."""
        return read_rows(self.object_path(received.sha256))

    def object_path(self, sha256: str) -> Path:
        return self._objects / sha256[:2] / sha256

    def read_bytes(self, sha256: str) -> bytes:
        """The bytes of an object. Raises ArchiveError when they are missing or do not hash to their name."""
        path = self.object_path(sha256)
        try:
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise ArchiveError(f"object {sha256} is not in the archive: expected at {path}") from error
        found = hashlib.sha256(data).hexdigest()
        if found != sha256:
            raise ArchiveError(f"object {path} was changed: its bytes hash to {found}; restore it or receive it again")
        return data

    def receipts(self) -> Iterator[Receipt]:
        return self.register.receipts()

    def reading(self, sha256: str) -> Reading | None:
        return self.register.reading(sha256)

    def set_reading(self, sha256: str, reader: str, reader_version: str, partition: str, status: str) -> None:
        self.register.set_reading(sha256, reader, reader_version, partition, status)

    def _receive_lists(self, folder: Path, prefix: str, lists: list[tuple[Path, ListKind]]) -> None:
        """Keep the lists of a folder; one that is no longer there says nothing any more."""
        received = [
            ReceivedList(str(path), str(folder), prefix + path.name, kind, self._store(path)) for path, kind in lists
        ]
        self.register.set_lists(str(folder), received)

    def _asserted(self, inbox: Path, path: Path) -> Asserted:
        """The source list's word about a file, else its folders'."""
        relative = PurePosixPath(path.relative_to(inbox).as_posix())
        place = read_place(relative)
        listed = self.register.source_row(str(relative))
        if listed is None:
            return place
        return Asserted(listed.year or place.report_year, listed.agency or place.agency_name, listed.url)

    def _receive(self, path: Path, asserted: Asserted, received_at: datetime) -> tuple[Receipt, bool]:
        before = path.stat()
        name = os.fsencode(path).decode("utf-8", errors="replace")
        source = asserted.source or name
        known = self.register.unchanged(name, before.st_size, before.st_mtime_ns)
        stated = Asserted(asserted.report_year, asserted.agency_name, source)
        is_held = known is not None and self._holds(known.sha256, before.st_size)
        if known is not None and is_held and known.asserted == stated:
            return known, False
        sha256 = known.sha256 if known is not None and is_held else self._store(path)
        arrival = Arrival(name, PurePosixPath(name).name, stated)
        receipt, new = self._register(sha256, arrival, received_at)
        if not known and receipt.size == before.st_size:
            self.register.mark_seen(name, before.st_size, before.st_mtime_ns, sha256)
        return receipt, new

    def _register(self, sha256: str, arrival: Arrival, received_at: datetime) -> tuple[Receipt, bool]:
        """The receipt of stored bytes, and whether it is new."""
        receipt = self.register.receipt(arrival.path, sha256)
        source, asserted = arrival.asserted.source or arrival.path, arrival.asserted
        new = False
        if receipt is None:
            stored = self.object_path(sha256)
            receipt = Receipt(
                receipt_id=hashlib.sha256(f"{arrival.path}\n{sha256}".encode()).hexdigest()[:16],
                sha256=sha256,
                size=stored.stat().st_size,
                media_type=sniff(stored),
                path=arrival.path,
                source=source,
                file_name=arrival.file_name,
                asserted_year=asserted.report_year,
                asserted_agency=asserted.agency_name,
                received_at=received_at,
                container_sha256=arrival.container_sha256,
            )
            new = self.register.add_receipt(receipt)
        elif receipt.asserted != Asserted(asserted.report_year, asserted.agency_name, source):
            self.register.assert_again(receipt.receipt_id, source, asserted)
        else:
            return receipt, False
        return self.register.receipt(arrival.path, sha256) or receipt, new

    def _receive_members(self, container: Receipt) -> int:
        """Receive what is in a ZIP or a mail, each file as a filing of its own; returns how many are new.

        Done once per container, and again when the unpacking or what is asserted of the container has changed. A container
        that cannot be taken apart stays one filing, and its reading says why.
        """
        if container.media_type not in CONTAINERS:
            return 0
        said = f"{CONTAINER_VERSION} {container.source} {container.asserted_year} {container.asserted_agency}"
        if self.register.is_unpacked(container.receipt_id, said):
            return 0
        with tempfile.TemporaryDirectory(dir=self._incoming) as folder:
            try:
                members = unpack(self.object_path(container.sha256), container.media_type, Path(folder)).members
            except ContainerError:
                members = ()
            received = self._register_members(container, members)
        self.register.mark_unpacked(container.receipt_id, said)
        return received

    def _register_members(self, container: Receipt, members: tuple[Member, ...]) -> int:
        """Store and register unpacked files under the container's path and source, "!" and their name in it."""
        hashes: list[str] = []
        received = 0
        for member in members:
            sha256 = self._store(member.path)
            hashes.append(sha256)
            inner = read_place(PurePosixPath(member.name.replace(MEMBER_MARK, "/")))
            asserted = Asserted(
                container.asserted_year or inner.report_year,
                container.asserted_agency or inner.agency_name,
                f"{container.source}{MEMBER_MARK}{member.name}",
            )
            holder = container.sha256 if member.inside is None else hashes[member.inside]
            arrival = Arrival(f"{container.path}{MEMBER_MARK}{member.name}", member.file_name, asserted, holder)
            received += self._register(sha256, arrival, container.received_at)[1]
        return received

    def _store(self, path: Path) -> str:
        """Copy a file into the store in chunks, hashing on the way; returns its sha256."""
        temporary = self._incoming / f"{os.getpid()}-{uuid4().hex}"
        digest = hashlib.sha256()
        try:
            with path.open("rb") as source, temporary.open("wb") as copy:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    copy.write(chunk)
                size = copy.tell()
            sha256 = digest.hexdigest()
            if not self._holds(sha256, size):
                target = self.object_path(sha256)
                target.parent.mkdir(exist_ok=True)
                temporary.chmod(0o444)
                temporary.replace(target)
            return sha256
        finally:
            temporary.unlink(missing_ok=True)

    def _holds(self, sha256: str, size: int) -> bool:
        """Whether the object is there in full: a power failure may leave a short one, which is then replaced."""
        try:
            return os.stat(f"{self._objects}/{sha256[:2]}/{sha256}").st_size == size  # noqa: PTH116 - for every known file
        except FileNotFoundError:
            return False

    def _sweep_incoming(self) -> None:
        """Remove copies that a killed process left behind; young ones may belong to a running process."""
        for path in self._incoming.iterdir():
            try:
                if time.time() - path.stat().st_mtime <= _STALE_SECONDS:
                    continue
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink()
            except FileNotFoundError:
                continue


def walk_files(folder: Path, *excluded: Path) -> Iterator[Path]:
    """The regular files under a folder, without hidden ones, holding no list of them in memory.

    Links to files are followed, links to folders are not: they may lead in a circle or out of the inbox.
    """
    pending = [folder]
    while pending:
        here = pending.pop()
        try:
            entries = os.scandir(here)
        except OSError:
            continue
        with entries:
            for entry in entries:
                if entry.name.startswith((".", "~$")):
                    continue
                path = Path(entry.path)
                if entry.is_dir(follow_symlinks=False):
                    if path not in excluded:
                        pending.append(path)
                elif _is_regular(entry):
                    yield path


def _is_regular(entry: os.DirEntry[str]) -> bool:
    try:
        return stat.S_ISREG(entry.stat().st_mode)
    except OSError:
        return False
