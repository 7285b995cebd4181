"""Conversion of legacy Word files to DOCX by LibreOffice, many in one start of the program, each start on its own.

LibreOffice is optional: `find_office` says whether it is there. It starts in a second and then converts a file in a quarter
of one, hence batches. Its exit code is 0 even when a file failed, so only outputs that open as DOCX count. What does not
belong here: reading the DOCX, and what to do without LibreOffice.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from disclosure.archive import media_type as media
from disclosure.extract.reading import FILE_SIZE_LIMIT

DEBIAN_PACKAGE = "libreoffice-writer-nogui"
BATCH_SIZE = 16  # files of one start: the start is then a small part, and a file that hangs costs few others

_START_SECONDS = 30.0
_FILE_SECONDS = 15.0
_RESTART = 81  # a fresh profile asks to be started once more
_PR_SET_PDEATHSIG = 1
# The filter is named, or LibreOffice would take a damaged file for plain text and convert the noise.
_KINDS = {
    media.OLE2: (".doc", "MS Word 97"),
    media.RTF: (".rtf", "Rich Text Format"),
    media.ODT: (".odt", "writer8"),
}
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
</item>
</oor:items>
"""


@cache
def find_office() -> Path | None:
    """The LibreOffice program, or None when it is not installed.

    The binary behind the start script is preferred: it can be ended by its process id alone.
    """
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            script = Path(found).resolve()
            binary = script.with_name("soffice.bin")
            return binary if binary.exists() else script
    return None


def convert_batch(paths: Sequence[Path], seconds_per_file: float = _FILE_SECONDS) -> dict[Path, bytes]:
    """The DOCX of every file that LibreOffice can convert; a file it cannot is missing from the answer.

    Kinds are told by content. When some files of a batch come out and others do not, the others are tried once more one
    by one, so that a file that hangs or crashes the program costs only itself. Raises nothing for bad files.
    """
    program = find_office()
    converted: dict[Path, bytes] = {}
    if program is None:
        return converted
    for kind in _KINDS:
        group = [path for path in paths if _kind_of(path) == kind]
        if group:
            converted |= _convert(program, group, kind, seconds_per_file)
            missing = [path for path in group if path not in converted]
            for path in missing if len(group) > 1 else ():
                converted |= _convert(program, [path], kind, seconds_per_file)
    return converted


def _kind_of(path: Path) -> str | None:
    try:
        return media.sniff(path)
    except OSError:
        return None


def _convert(program: Path, paths: Sequence[Path], kind: str, seconds_per_file: float) -> dict[Path, bytes]:
    """One start of the program over files of one kind, in a folder and a profile of its own."""
    extension, source_filter = _KINDS[kind]
    converted: dict[Path, bytes] = {}
    with tempfile.TemporaryDirectory(prefix="gouji-office-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        sources = dict(_lay_out(folder / "in", paths, extension))
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        command = [
            str(program), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck",
            "--nodefault", "--nologo", f"--infilter={source_filter}", "--convert-to", "docx:MS Word 2007 XML",
            "--outdir", str(folder / "out"), *map(str, sources),
        ]  # fmt: skip
        limit = _START_SECONDS + seconds_per_file * len(sources)
        if _run(command, limit) == _RESTART:
            _run(command, limit)
        for source, original in sources.items():
            content = _sound_docx(folder / "out" / source.with_suffix(".docx").name)
            if content is not None:
                converted[original] = content
    return converted


def _lay_out(folder: Path, paths: Iterable[Path], extension: str) -> Iterable[tuple[Path, Path]]:
    """The files under plain names with their extension; a file that is gone is left out."""
    folder.mkdir()
    for number, path in enumerate(paths):
        source = folder / f"{number:04d}{extension}"
        with contextlib.suppress(OSError):
            shutil.copyfile(path, source)
            yield source, path


def _run(command: list[str], limit_seconds: float) -> int | None:
    """Run to the end or to the limit, and leave no process behind. None when it took too long."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**environment, "SAL_USE_VCLPLUGIN": "svp"},
        start_new_session=True,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,
    )
    try:
        return process.wait(limit_seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _end_with_parent() -> None:
    """Ask the kernel to end this process when the one that started it is killed: its worker may be at any moment."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _sound_docx(path: Path) -> bytes | None:
    """The bytes of an output that is whole: the program leaves half files when it is ended, and none when it fails."""
    try:
        if path.stat().st_size > FILE_SIZE_LIMIT:
            return None
        with zipfile.ZipFile(path) as package:
            package.getinfo("word/document.xml")
        return path.read_bytes()
    except (OSError, KeyError, zipfile.BadZipFile):
        return None
