"""What a run read, file by file: HOME/logs/readings/<time>-<run>.jsonl, one JSON object per line and file.

For whoever has to find out why a report was read again, by what, and what came of it. Nothing is decided on these lines,
and a run that reads nothing writes none.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO

FOLDER = Path("logs") / "readings"
KEPT_LOGS = 200


class ReadingLog:
    """Appends lines for one run; the file is begun with the first of them."""

    def __init__(self, home: Path, run_id: str, stage: str) -> None:
        self._folder = home / FOLDER
        self._run_id, self._stage = run_id, stage
        self._file: IO[str] | None = None

    def __enter__(self) -> ReadingLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def enter(self, sha256: str, reason: str, **facts: object) -> None:
        """One file was read, for a reason; `facts` must be JSON values."""
        line = {"at": _now(), "run": self._run_id, "stage": self._stage, "report_id": sha256[:16], "reason": reason}
        self._open().write(json.dumps(line | facts, ensure_ascii=False) + "\n")

    def _open(self) -> IO[str]:
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            _remove_oldest(self._folder)
            # To the microsecond: names sort as the runs began, also where two began within one second.
            name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{self._run_id[:8]}-{self._stage}.jsonl"
            self._file = (self._folder / name).open("a", encoding="utf-8", buffering=1)
        return self._file


def _remove_oldest(folder: Path) -> None:
    for path in sorted(folder.glob("*.jsonl"))[: -KEPT_LOGS + 1]:
        with suppress(FileNotFoundError):
            path.unlink()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
