"""Containers taken apart: the files in a ZIP (and a ZIP in it) and the attachments of a mail, each a filing of its own.

Bounded in depth, number and unpacked size, and streamed: a container over a limit is refused as a whole, before anything of
it is registered. Names in a container are only words in the register, never paths on disk. What does not belong here: the
register, and reading the files.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from disclosure.archive import media_type as media
from disclosure.archive.mail import mail_parts
from disclosure.archive.member_names import find_furniture, safe_name, zip_member_name
from disclosure.archive.zip_directory import DirectoryTooLargeError, open_zip
from disclosure.findings import Finding, FindingCode, finding

CONTAINER_VERSION = "1"  # raised when what is unpacked, skipped or found may change: containers are then unpacked anew

_MEGABYTE = 1024 * 1024
_CHUNK = 1024 * 1024
_NAMED = 3  # members that a finding names
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
MEMBER_MARK = "!"  # between a container and a file in it
_DAMAGED = "无法解压"


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one container with all that is nested in it."""

    depth: int = 3
    members: int = 2_000
    size: int = 512 * _MEGABYTE


LIMITS = Limits()


class ContainerError(Exception):
    """The container as a whole cannot be taken apart, for the reason of the code."""

    def __init__(self, code: FindingCode, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a container, unpacked at `path`. `name` has the names of the containers in between: inner.zip!年度/报告.docx;
    `inside` is the index of the inner container among the members, None for the outermost."""

    name: str
    file_name: str
    path: Path
    inside: int | None = None


@dataclass(frozen=True, slots=True)
class Unpacked:
    """`direct` members lie in the container itself, the others in containers nested in it; the findings are its own."""

    members: tuple[Member, ...]
    direct: int
    skipped: int
    findings: tuple[Finding, ...]


class _Entry(NamedTuple):
    """A file in a container before it is unpacked; `trouble` says why it cannot be."""

    name: str
    stream: BinaryIO | None
    trouble: tuple[FindingCode, str] | None = None


class _Skipped(NamedTuple):
    name: str


def unpack(source: Path, media_type: str, folder: Path, limits: Limits = LIMITS) -> Unpacked:
    """Unpack a container into `folder`, under numbers. Raises ContainerError: DAMAGED, RESOURCE_LIMIT; and OSError."""
    return _Unpacking(folder, limits).unpack(source, media_type)


class _Unpacking:
    """The members so far and what is left of the limits, over all nested containers."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder, self._limits = folder, limits
        self._members: list[Member] = []
        self._size = 0

    def unpack(self, source: Path, media_type: str) -> Unpacked:
        direct, skipped, findings = self._unpack_level(source, media_type, "", None, 1)
        return Unpacked(tuple(self._members), direct, skipped, findings)

    def _unpack_level(
        self, source: Path, media_type: str, prefix: str, inside: int | None, depth: int
    ) -> tuple[int, int, tuple[Finding, ...]]:
        if depth > self._limits.depth:
            raise ContainerError(
                FindingCode.RESOURCE_LIMIT,
                f"压缩包嵌套超过 {self._limits.depth} 层（{prefix.rstrip(MEMBER_MARK)}），请解压后提交",
            )
        troubles = _Troubles()
        direct = skipped = 0
        nested: list[tuple[int, str]] = []
        for entry in _entries(source, media_type, self._limits.members):
            if isinstance(entry, _Skipped):
                skipped += 1
                continue
            name, unsafe = safe_name(entry.name)
            if unsafe:
                troubles.add(FindingCode.CONTAINER_NAME_UNSAFE, entry.name)
            path = self._spool(entry, name, troubles)
            if path is None:
                continue
            direct += 1
            kind = media.sniff(path)
            if kind in media.CONTAINERS:
                nested.append((len(self._members), kind))
            self._members.append(Member(prefix + name, name.rpartition("/")[2], path, inside))
        for index, kind in nested:
            self._unpack_nested(index, kind, depth)
        return direct, skipped, troubles.findings()

    def _unpack_nested(self, index: int, kind: str, depth: int) -> None:
        """What is in an inner container; when that is damaged, its own reading says so."""
        inner = self._members[index]
        try:
            self._unpack_level(inner.path, kind, inner.name + MEMBER_MARK, index, depth + 1)
        except ContainerError as error:
            if error.code is FindingCode.RESOURCE_LIMIT:
                raise

    def _spool(self, entry: _Entry, name: str, troubles: _Troubles) -> Path | None:
        """The entry as a file of its own under a number; None, and a trouble noted, when it cannot be unpacked."""
        if entry.trouble or entry.stream is None:
            troubles.add(*(entry.trouble or (FindingCode.DAMAGED, name)))
            return None
        if len(self._members) >= self._limits.members:
            raise _too_many(self._limits.members)
        path = self._folder / f"{len(self._members):05d}"
        try:
            with entry.stream, path.open("wb") as target:
                self._copy(entry.stream, target)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
            path.unlink(missing_ok=True)
            troubles.add(FindingCode.DAMAGED, f"{name}（{_DAMAGED}：{error}）"[:150])
            return None
        return path

    def _copy(self, stream: BinaryIO, target: BinaryIO) -> None:
        while chunk := stream.read(_CHUNK):
            self._size += len(chunk)
            if self._size > self._limits.size:
                limit = self._limits.size // _MEGABYTE
                raise ContainerError(FindingCode.RESOURCE_LIMIT, f"解压后超过 {limit} MB，请分批压缩或解压后提交")
            target.write(chunk)


class _Troubles:
    """What was wrong with members, one finding per kind however many they are."""

    def __init__(self) -> None:
        self._names: dict[FindingCode, list[str]] = {}
        self._counts: dict[FindingCode, int] = {}

    def add(self, code: FindingCode, name: str) -> None:
        self._counts[code] = self._counts.get(code, 0) + 1
        if self._counts[code] <= _NAMED:
            self._names.setdefault(code, []).append(name[:200])

    def findings(self) -> tuple[Finding, ...]:
        return tuple(
            finding(code, f"{count} 个文件：{'、'.join(self._names[code])}{' 等' if count > _NAMED else ''}")
            for code, count in self._counts.items()
        )


def _too_many(limit: int) -> ContainerError:
    return ContainerError(FindingCode.RESOURCE_LIMIT, f"文件超过 {limit} 个，请分批压缩或解压后提交")


def _entries(source: Path, media_type: str, limit: int) -> Iterator[_Entry | _Skipped]:
    return _mail_entries(source) if media_type == media.MAIL else _zip_entries(source, limit)


def _zip_entries(source: Path, limit: int) -> Iterator[_Entry | _Skipped]:
    try:
        archive = open_zip(source)
    except DirectoryTooLargeError as error:
        raise _too_many(limit) from error
    except zipfile.BadZipFile as error:
        raise ContainerError(FindingCode.DAMAGED, f"ZIP 压缩包损坏或没有下载完整：{error}"[:150]) from error
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        names = [zip_member_name(info) for info in infos]
        furniture = find_furniture(names)
        for info, name in zip(infos, names, strict=True):
            yield _Skipped(name) if name in furniture else _zip_entry(archive, info, name)


def _zip_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> _Entry:
    if info.flag_bits & 0x41:  # encrypted, or strongly so
        return _Entry(name, None, (FindingCode.ENCRYPTED, name))
    if info.compress_type not in _METHODS:
        return _Entry(name, None, (FindingCode.UNSUPPORTED_TYPE, f"{name}（压缩方法 {info.compress_type}）"))
    try:
        return _Entry(name, archive.open(info))  # type: ignore[arg-type]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        return _Entry(name, None, (FindingCode.DAMAGED, f"{name}（{_DAMAGED}：{error}）"[:150]))


def _mail_entries(source: Path) -> Iterator[_Entry | _Skipped]:
    try:
        parts = mail_parts(source)
    except RecursionError as error:
        raise ContainerError(FindingCode.RESOURCE_LIMIT, "邮件嵌套层数过多") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:  # what the library raises for hostile headers
        raise ContainerError(FindingCode.DAMAGED, f"邮件结构损坏：{error}"[:150]) from error
    for part in parts:
        yield _Entry(part.name, part.open()) if part.is_filing else _Skipped(part.name)
