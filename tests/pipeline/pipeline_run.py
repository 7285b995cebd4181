"""How the tests run the pipeline: over a copy of the samples and some bad files, with the outside world refused."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import socket
import zipfile
from dataclasses import dataclass
from pathlib import Path

from pytest import MonkeyPatch

from disclosure.clock import FIXED

MOMENT = "1769904000"  # 2026-02-01: receipts and releases of one moment can be compared byte for byte
REFUSE_OUTSIDE_SOCKETS = """
import os, socket

def refuse(connect):
    def guarded(self, address):
        local = self.family == socket.AF_UNIX or str(address[0]) in ("127.0.0.1", "::1", "localhost")
        if not local:
            with open(os.environ["GOUJI_TEST_CONNECTIONS"], "a") as log:
                log.write(f"{address}\\n")
            raise OSError(f"a run may not connect to {address}")
        return connect(self, address)
    return guarded

socket.socket.connect = refuse(socket.socket.connect)
socket.socket.connect_ex = refuse(socket.socket.connect_ex)
"""


@dataclass(frozen=True)
class FirstRun:
    """Where the shared run worked, and how it ended."""

    home: Path
    inbox: Path
    exit_code: int
    output: str
    connections: Path  # addresses outside this machine that any process of the run tried to reach


def add_bad_files(inbox: Path, samples: Path) -> None:
    """One file for each way in which a download goes wrong."""
    pdf = next(samples.glob("*.pdf")).read_bytes()
    (inbox / "truncated.pdf").write_bytes(pdf[: len(pdf) // 2])
    (inbox / "empty.txt").write_bytes(b"")
    with zipfile.ZipFile(inbox / "archive.pdf", "w") as archive:
        archive.writestr("readme.txt", "not a filing")
    with (inbox / "huge.txt").open("wb") as huge:
        for _ in range(200):
            huge.write("政府信息公开\n".encode() * (1024 * 1024 // 19))
    (inbox / "unknown_encoding.txt").write_bytes(bytes(range(128, 256)) * 64 + os.urandom(64))


def carry_out_first_run(folder: Path, samples: Path) -> FirstRun:
    """The whole run, in this process, with every connection to the outside refused and written down."""
    inbox, home, guard = folder / "inbox", folder / "home", folder / "guard"
    shutil.copytree(samples, inbox)
    add_bad_files(inbox, samples)
    guard.mkdir()
    (guard / "sitecustomize.py").write_text(REFUSE_OUTSIDE_SOCKETS)
    connections = folder / "connections"
    with MonkeyPatch.context() as patch:
        patch.setenv(FIXED, MOMENT)
        patch.setenv("GOUJI_TEST_CONNECTIONS", str(connections))
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(guard), os.environ.get("PYTHONPATH")])))
        guard_this_process(patch)
        exit_code, output = run_in_process(inbox, home)
    return FirstRun(home, inbox, exit_code, output, connections)


def guard_this_process(patch: MonkeyPatch) -> None:
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    exec(REFUSE_OUTSIDE_SOCKETS, {})
    guarded, guarded_ex = socket.socket.connect, socket.socket.connect_ex
    socket.socket.connect, socket.socket.connect_ex = connect, connect_ex  # type: ignore[method-assign]
    patch.setattr(socket.socket, "connect", guarded)
    patch.setattr(socket.socket, "connect_ex", guarded_ex)


def run_in_process(inbox: Path, home: Path, years: str | None = None, wait: bool = True) -> tuple[int, str]:
    """Exit code and printed summary of `gouji run`."""
    from orchestration.run import run_pipeline

    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exit_code = run_pipeline(inbox=inbox, home=home, years=years, wait=wait)
    return exit_code, printed.getvalue()


def staged_bytes(home: Path) -> dict[str, bytes]:
    """The bytes of every staged file of a partition, by its path."""
    staging = home / "staging"
    return {str(path.relative_to(staging)): path.read_bytes() for path in sorted(staging.glob("*/*.parquet"))}
