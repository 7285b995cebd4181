"""`python -m benchmarks.isolation`: how fast digital PDFs are read by isolated processes, and how fast beside pdfplumber.

Reads made reports of every trait with text that has a map to characters: first through `extract_many`, as `gouji run` does,
then in this process, part by part, each file also by plain `extract_tables` on every page. Writes
benchmarks/results/isolation.md and prints it. What the recognition of scans costs is measured in `reading`.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import pdfplumber

from benchmarks.apart import run_apart
from benchmarks.corpus.stream import FORMATS, make
from benchmarks.reading import machine
from catalogue.load import load_catalogue
from disclosure.archive import media_type
from disclosure.decisions import repository_decisions
from disclosure.extract import extract, extract_many
from disclosure.extract.workers import Item
from disclosure.parse import parse_report
from disclosure.report import Asserted

RESULTS = Path(__file__).parent / "results" / "isolation.md"
_RECOGNISED = ("no_unicode_map", "private_unicode_map")  # these go the way of scans
_ROUNDS = 3


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the tables and write them to RESULTS."""
    options = _parse(arguments)
    with tempfile.TemporaryDirectory() as folder:
        paths, _ = run_apart(_write_all, options.seed, options.each, Path(folder))
        isolated = [_line_of_workers(count, paths) for count in options.workers]
        report = _report(isolated, _in_this_process(paths))
    print(report)
    options.results.parent.mkdir(parents=True, exist_ok=True)
    options.results.write_text(report, encoding="utf-8")


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measures reading of digital PDFs by isolated processes.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=6, help="reports of each trait")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--results", type=Path, default=RESULTS)
    return parser.parse_args(arguments)


def _write_all(seed: int, each: int, folder: Path) -> list[Path]:
    paths: list[Path] = []
    for trait in FORMATS["pdf"].traits:
        for number in range(each if trait not in _RECOGNISED else 0):
            made = make(seed, "pdf", trait, number)
            paths.append(folder / made.file_name)
            paths[-1].write_bytes(made.data)
    return paths


def _line_of_workers(workers: int, paths: Sequence[Path]) -> str:
    """Reports a second from the first document on, when the processes have started, to the last."""
    items = [
        Item(path, media_type.PDF, hashlib.sha256(path.read_bytes()).hexdigest(), path.name)
        for path in sorted(paths, key=lambda path: path.stem.rsplit("-", 1)[1])  # traits mixed
    ]
    started = time.perf_counter()
    arrivals = [time.perf_counter() for _ in extract_many(items, workers)]
    rate = (len(arrivals) - 1) / (arrivals[-1] - arrivals[0])
    return f"| {workers} | {len(arrivals)} | {arrivals[0] - started:.1f} | {rate:.0f} |"


def _in_this_process(paths: Sequence[Path]) -> str:
    """The median over reports of processor time; of each report the least of some rounds."""
    catalogue = load_catalogue()
    decisions = repository_decisions(catalogue)
    rows: list[tuple[float, float, float]] = []
    for path in paths:
        data = path.read_bytes()
        document = extract(data, media_type.PDF, "0" * 64, path.name)
        extracting = _least(lambda data=data, path=path: extract(data, media_type.PDF, "0" * 64, path.name))
        parsing = _least(lambda document=document: parse_report(document, Asserted(), catalogue, decisions))
        rows.append((extracting, parsing, _least(lambda data=data: _extract_tables(data))))
    extracting, parsing, plain = (1000 * median(column) for column in zip(*rows, strict=True))
    ratio = median(plain / (extracting + parsing) for extracting, parsing, plain in rows)
    return f"| {len(rows)} | {extracting:.1f} | {parsing:.1f} | {plain:.1f} | {ratio:.1f} |"


def _least(task: Callable[[], object]) -> float:
    seconds: list[float] = []
    for _ in range(_ROUNDS):
        started = time.process_time()
        task()
        seconds.append(time.process_time() - started)
    return min(seconds)


def _extract_tables(data: bytes) -> None:
    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            page.extract_tables()


def _report(isolated: Sequence[str], in_process: str) -> str:
    lines = [
        "# Digital PDF, measured",
        "",
        f"Machine: {machine()}. Written by `python -m benchmarks.isolation`; what the columns mean stands in "
        "`benchmarks/README.md`.",
        "",
        "| processes | reports | s to the first | reports/s |",
        "| ---: | ---: | ---: | ---: |",
        *isolated,
        "",
        "| reports | extract, CPU ms | parse, CPU ms | `extract_tables`, CPU ms | times faster |",
        "| ---: | ---: | ---: | ---: | ---: |",
        in_process,
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
