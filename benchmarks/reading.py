"""`python -m benchmarks.reading [FOLDER]`: how exactly and how fast real reports are read.

FOLDER holds seeds/, gold/ and real/ with hand-checked cells (default: ../shared/reports). Per file: cells right, wrong and
missing against the hand-checked ones, how many of the wrong and missing carry a finding, and the milliseconds one reading took.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from pathlib import Path

from benchmarks.agreement import Agreement, agree, checked_sources
from catalogue.load import load_catalogue
from disclosure.reading import read_filing

DEFAULT_FOLDER = Path(__file__).parents[2] / "shared" / "reports"
LINE = "{:44} {:>6} {:>6} {:>8} {:>8} {:>7}"


def main(folder: Path = DEFAULT_FOLDER) -> None:
    """Print one line per file and the sums; a file without hand-checked cells is read for its time only."""
    load_catalogue()
    print(machine())
    print(LINE.format("file", "right", "wrong", "missing", "flagged", "ms"))
    sums = [0, 0, 0, 0]
    for source in checked_sources(folder):
        started = time.perf_counter()
        report = read_filing(source.path.read_bytes(), source.path.name)
        elapsed = (time.perf_counter() - started) * 1000
        counts = count(agree(report, source))
        sums = [total + each for total, each in zip(sums, counts, strict=True)]
        print(LINE.format(source.path.name[:44], *counts, f"{elapsed:.0f}"))
    print(LINE.format("all", *sums, ""))


def count(agreement: Agreement) -> list[int]:
    """right, wrong, missing, and how many of the latter two are flagged."""
    amiss = (*agreement.wrong, *agreement.missing)
    flagged = sum(each.flagged for each in amiss)
    return [agreement.right, len(agreement.wrong), len(agreement.missing), flagged]


def machine() -> str:
    """The machine a figure was measured on, to stand beside it."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
