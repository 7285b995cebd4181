"""`python -m benchmarks.reading`: how exactly and how fast reports are read, by format and trait.

Reads the made corpus (`benchmarks.corpus`) and, when it stands beside the checkout, a folder of real reports with hand-checked
cells; writes one table to benchmarks/results/reading.md and prints it. What counts as right, wrong and flagged is decided in
`agreement`, the yardstick for PDFs is `baseline`.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.agreement import Agreement, CheckedSource, agree, checked_sources
from benchmarks.apart import run_apart
from benchmarks.baseline import read_by_position
from benchmarks.corpus.stream import FORMATS, Made, make
from catalogue.load import load_catalogue
from disclosure.reading import read_filing
from disclosure.report import CellKey, Report

RESULTS = Path(__file__).parent / "results" / "reading.md"
REAL_REPORTS = Path(__file__).parents[2] / "shared" / "reports"
_SECTIONS = (*FORMATS, "real")
_PER_TRAIT = {"pdf": 6, "html": 10, "docx": 10, "text": 10, "scan": 2}
_HEADER = (
    "format", "trait", "reports", "perfect", "cells", "right", "wrong, silent", "wrong, flagged", "missing", "missing, silent", "published wrong",
    "year right", "agency right", "reports/CPU s", "peak MB", "pdfplumber right", "pdfplumber perfect", "pdfplumber reports/CPU s",
)  # fmt: skip


@dataclass
class Measured:
    """The sums over the reports of one trait."""

    format: str
    trait: str
    reports: int = 0
    perfect: int = 0
    right: int = 0
    silent: int = 0
    flagged: int = 0
    missing: int = 0
    missing_silent: int = 0
    published_wrong: int = 0
    years: int = 0
    agencies: int = 0
    seconds: float = 0.0
    peak: float = 0.0
    plain_right: int | None = None
    plain_perfect: int = 0
    plain_seconds: float = 0.0
    failures: list[str] = field(default_factory=list)

    @property
    def cells(self) -> int:
        return self.right + self.silent + self.flagged + self.missing

    def add(self, agreement: Agreement) -> None:
        self.reports += 1
        self.right += agreement.right
        self.silent += len(agreement.silently_wrong)
        self.flagged += len(agreement.wrong) - len(agreement.silently_wrong)
        self.missing += len(agreement.missing)
        self.missing_silent += sum(not each.flagged for each in agreement.missing)
        self.perfect += not agreement.wrong and not agreement.missing and not agreement.extra


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the options name, print the table and write it to RESULTS."""
    options = _parse(arguments)
    load_catalogue()
    measured: list[Measured] = []
    for name in (one for one in options.formats if one in FORMATS):
        for trait in FORMATS[name].traits:
            if not options.traits or trait in options.traits:
                row = _measure_trait(
                    options.seed,
                    name,
                    trait,
                    options.each or _PER_TRAIT[name],
                    options.keep,
                    name == "pdf" and not options.quick,
                )
                measured.append(row)
                print(_line(_cells(row)), *row.failures[:3], sep="\n    ", flush=True)
    if options.real.is_dir() and not options.traits and "real" in options.formats:
        measured += _measure_real(options.real)
    if not options.traits:
        options.results.parent.mkdir(parents=True, exist_ok=True)
        before = options.results.read_text(encoding="utf-8") if options.results.is_file() else ""
        options.results.write_text(report(measured, before), encoding="utf-8")


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measures the readers on made and real reports.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=0, help="reports of each trait; 0: a fixed number by format")
    parser.add_argument(
        "--formats",
        nargs="*",
        default=list(_SECTIONS),
        choices=list(_SECTIONS),
        help="only these; what was measured of the others on this machine stays in the table",
    )
    parser.add_argument("--traits", nargs="*", default=[], help="only these traits; nothing is written")
    parser.add_argument("--quick", action="store_true", help="without plain pdfplumber")
    parser.add_argument(
        "--real", type=Path, default=REAL_REPORTS, help="folder of real reports with hand-checked cells"
    )
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--keep", type=Path, default=None, help="folder for the files that were not read perfectly")
    return parser.parse_args(arguments)


def _measure_trait(
    seed: int, format_name: str, trait: str, count: int, keep: Path | None, with_plain: bool
) -> Measured:
    """Made in one process, read in another, so that drawing does not count as reading."""
    mades, _ = run_apart(_make_all, seed, format_name, trait, count)
    measured, peak = run_apart(_read_all, format_name, trait, mades, keep)
    measured.peak = peak
    if with_plain:
        (measured.plain_right, measured.plain_perfect, measured.plain_seconds), _ = run_apart(_read_plainly, mades)
    return measured


def _make_all(seed: int, format_name: str, trait: str, count: int) -> list[Made]:
    return [make(seed, format_name, trait, number) for number in range(count)]


def _read_all(format_name: str, trait: str, mades: list[Made], keep: Path | None) -> Measured:
    measured = Measured(format_name, trait)
    read_filing(mades[0].data, mades[0].file_name)  # untimed: models, fonts and caches are loaded once in a batch
    for made in mades:
        started = time.process_time()
        report = read_filing(made.data, made.file_name)
        measured.seconds += time.process_time() - started
        agreement = agree(report, CheckedSource(Path(made.file_name), made.cells))
        measured.add(agreement)
        measured.published_wrong += len(_published_wrong(report, made))
        measured.years += report.metadata.report_year == made.filing.report_year
        measured.agencies += report.metadata.agency_name == made.filing.agency_name
        amiss = (*agreement.wrong, *agreement.missing)
        if amiss or agreement.extra:
            first = " ".join(
                f"{'/'.join(each.key)}: {each.by_hand} read {each.read}{'' if each.flagged else ' SILENT'};"
                for each in amiss[:3]
            )
            measured.failures.append(f"{made.file_name}: {len(amiss)} amiss, {len(agreement.extra)} extra; {first}")
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / made.file_name).write_bytes(made.data)
    return measured


def _published_wrong(report: Report, made: Made) -> list[CellKey]:
    """Cells published with a number that is neither what the filing prints nor what the agency counted."""
    filing = made.filing
    return [
        cell.key
        for cell in report.cells
        if cell.value_published is not None
        and cell.key in filing.figures
        and cell.value_published not in (filing.figures[cell.key].value, filing.drawn[cell.key].value)
    ]


def _read_plainly(mades: Iterable[Made]) -> tuple[int, int, float]:
    right = perfect = 0
    seconds = 0.0
    for made in mades:
        started = time.process_time()
        read = read_by_position(made.data, made.filing.edition, made.filing.form_variant)
        seconds += time.process_time() - started
        agreeing = sum(key in read and read[key] == value for key, value in made.cells.items())
        right += agreeing
        perfect += agreeing == len(made.cells)
    return right, perfect, seconds


def _measure_real(folder: Path) -> list[Measured]:
    rows: dict[str, Measured] = {}
    for source in checked_sources(folder):
        row = rows.setdefault(source.path.suffix, Measured("real", source.path.suffix.removeprefix(".")))
        started = time.process_time()
        report = read_filing(source.path.read_bytes(), source.path.name)
        row.seconds += time.process_time() - started
        row.add(agree(report, source))
    return list(rows.values())


def _cells(row: Measured) -> list[str]:
    rate = _rate(row.reports, row.seconds)
    plain = ["", "", ""]
    if row.plain_right is not None:
        plain = [f"{row.plain_right / row.cells:.1%}", str(row.plain_perfect), _rate(row.reports, row.plain_seconds)]
    made = row.format != "real"
    return [
        row.format, row.trait, str(row.reports), str(row.perfect), str(row.cells), f"{row.right / max(1, row.cells):.2%}",
        str(row.silent), str(row.flagged), str(row.missing), str(row.missing_silent),
        str(row.published_wrong) if made else "",
        str(row.years) if made else "", str(row.agencies) if made else "", rate, f"{row.peak:.0f}" if row.peak else "", *plain,
    ]  # fmt: skip


def _rate(reports: int, seconds: float) -> str:
    if not seconds:
        return ""
    rate = reports / seconds
    return f"{rate:.0f}" if rate >= 20 else f"{rate:.1f}" if rate >= 1 else f"{rate:.2f}"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def report(measured: list[Measured], before: str = "") -> str:
    """The table as Markdown. Formats that were not measured keep their rows of the table before, if it was written on this
    machine: figures of two machines do not stand in one table."""
    written = f"Machine: {machine()}. Written by `python -m benchmarks.reading`; what the columns mean stands in `benchmarks/README.md`."
    kept = before.splitlines() if written in before.splitlines() else []
    lines = [
        "# Reading, measured",
        "",
        written,
        "",
        _line(_HEADER),
        _line("---" if index < 2 else "---:" for index in range(len(_HEADER))),
    ]
    for name in _SECTIONS:
        rows = [row for row in measured if row.format == name]
        if not rows:
            lines += [line for line in kept if line.startswith((f"| {name} |", f"| **{name}** |"))]
        lines += [_line(_cells(row)) for row in rows]
        if len(rows) > 1:
            lines.append(_line(f"**{text}**" if text else "" for text in _cells(_sum(name, rows))))
    return "\n".join(lines) + "\n"


def _sum(name: str, rows: list[Measured]) -> Measured:
    total = Measured(name, "all")
    for part in (
        "reports",
        "perfect",
        "right",
        "silent",
        "flagged",
        "missing",
        "missing_silent",
        "years",
        "agencies",
        "seconds",
    ):
        setattr(total, part, sum(getattr(row, part) for row in rows))
    total.peak = max(row.peak for row in rows)
    if all(row.plain_right is not None for row in rows):
        total.plain_right = sum(row.plain_right or 0 for row in rows)
        total.plain_perfect = sum(row.plain_perfect for row in rows)
        total.plain_seconds = sum(row.plain_seconds for row in rows)
    return total


def machine() -> str:
    """The machine a figure was measured on, to stand beside it."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        names = [
            line.split(":", 1)[1].strip()
            for line in information.read_text().splitlines()
            if line.startswith("model name")
        ]
        model = names[0] if names else model
    return (
        f"{platform.system()} {platform.machine()}, {model}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )


if __name__ == "__main__":
    main()
