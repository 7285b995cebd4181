"""`python -m benchmarks.structured`: how fast HTML, DOCX and text are read by isolated, long-lived processes.

Made reports of every trait go the way `gouji run` sends them: extracted by the reader processes of `extract_many`, then parsed
by a pool of processes. The first reports of each format only warm the processes and are not counted. Processor time is that of
the processes, user and system together; the rate by the clock is of the same reports. Writes
benchmarks/results/structured.md and prints it.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import random
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import psutil

from benchmarks.apart import run_apart
from benchmarks.corpus.stream import FORMATS, make
from benchmarks.reading import machine
from catalogue.load import load_catalogue
from disclosure.archive.media_type import sniff
from disclosure.decisions import repository_decisions
from disclosure.document import Document
from disclosure.extract import extract_many
from disclosure.extract.workers import Item
from disclosure.parse import parse_report
from disclosure.report import Asserted

RESULTS = Path(__file__).parent / "results" / "structured.md"
_FORMATS = ("html", "docx", "text")
_WARMING = 60  # reports of a format that only warm the processes
_SHARD = 10  # reports handed to a parsing process at once


class Spent(NamedTuple):
    """Processor seconds of the processes, and seconds by the clock, for the reports counted."""

    reports: int
    processor: float
    clock: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table and write it to RESULTS."""
    options = _parse(arguments)
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for name in options.formats:
            warming, counted = run_apart(_write_all, options.seed, name, options.each, Path(folder))[0]
            documents, extracting = _extract(warming, counted, options.processes)
            parsing = _parse_all(documents, len(warming), options.processes)
            lines.append(_line(name, extracting, parsing))
            print(lines[-1], flush=True)
    report = _report(lines, options.processes)
    options.results.parent.mkdir(parents=True, exist_ok=True)
    options.results.write_text(report, encoding="utf-8")
    print(report)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measures reading of HTML, DOCX and text by isolated processes.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=10, help="reports of each trait")
    parser.add_argument("--formats", nargs="*", default=list(_FORMATS), choices=_FORMATS)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--results", type=Path, default=RESULTS)
    return parser.parse_args(arguments)


def _write_all(seed: int, name: str, each: int, folder: Path) -> tuple[list[Item], list[Item]]:
    """The reports that warm the processes, and those that count: every trait as often, all of them mixed."""
    traits = list(FORMATS[name].traits)
    warming = [(traits[place % len(traits)], each + place // len(traits)) for place in range(_WARMING)]
    counted = [(trait, number) for trait in traits for number in range(each)]
    random.Random(seed).shuffle(counted)
    items = [_write(seed, name, trait, number, folder) for trait, number in (*warming, *counted)]
    return items[:_WARMING], items[_WARMING:]


def _write(seed: int, name: str, trait: str, number: int, folder: Path) -> Item:
    made = make(seed, name, trait, number)
    path = folder / made.file_name
    path.write_bytes(made.data)
    return Item(path, sniff(made.data), hashlib.sha256(made.data).hexdigest(), made.file_name)


def _extract(warming: Sequence[Item], counted: Sequence[Item], processes: int) -> tuple[list[Document], Spent]:
    """The documents in the order in which they came, and what those after the warming ones cost."""
    documents: list[Document] = []
    children: list[psutil.Process] = []
    started, before, spent = 0.0, 0.0, Spent(0, 0.0, 0.0)
    for document in extract_many([*warming, *counted], processes):
        documents.append(document)
        if len(documents) == len(warming):
            children = psutil.Process().children()
            started, before = time.perf_counter(), _processor_seconds(children)
        if len(documents) == len(warming) + len(counted):
            spent = Spent(len(counted), _processor_seconds(children) - before, time.perf_counter() - started)
    return documents, spent


def _processor_seconds(processes: Sequence[psutil.Process]) -> float:
    return sum(times.user + times.system for times in (process.cpu_times() for process in processes))


def _parse_all(documents: Sequence[Document], warming: int, processes: int) -> Spent:
    """What parsing costs after the first documents, which every process gets alike."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        list(pool.map(_parse_shard, [documents[:warming]] * processes))
        started = time.perf_counter()
        shards = [documents[start : start + _SHARD] for start in range(warming, len(documents), _SHARD)]
        seconds = sum(pool.map(_parse_shard, shards))
        return Spent(len(documents) - warming, seconds, time.perf_counter() - started)


def _parse_shard(documents: Sequence[Document]) -> float:
    """Processor seconds that parsing some documents takes in this process."""
    catalogue = load_catalogue()
    decisions = repository_decisions(catalogue)
    started = time.process_time()
    for document in documents:
        parse_report(document, Asserted(), catalogue, decisions)
    return time.process_time() - started


def _line(name: str, extracting: Spent, parsing: Spent) -> str:
    each = [1000 * spent.processor / spent.reports for spent in (extracting, parsing)]
    by_clock = extracting.reports / (extracting.clock + parsing.clock)
    return (
        f"| {name} | {extracting.reports} | {each[0]:.1f} | {each[1]:.1f} | {1000 / sum(each):.0f} | {by_clock:.0f} |"
    )


def _report(lines: Sequence[str], processes: int) -> str:
    head = f"| format | reports | extract, CPU ms | parse, CPU ms | reports/CPU s | reports/s, {processes} processes |"
    return "\n".join(
        [
            "# HTML, DOCX and text, measured",
            "",
            f"Machine: {machine()}. Written by `python -m benchmarks.structured`; what the columns mean stands in "
            "`benchmarks/README.md`.",
            "",
            head,
            "| --- | ---: | ---: | ---: | ---: | ---: |",
            *lines,
            "",
        ]
    )


if __name__ == "__main__":
    main()
