"""`python -m benchmarks.corpus.inbox --files 50000 --out DIR`: an inbox as a year brings it, with its truth beside it.

Every county-level agency of the country and every year comes at most once, in an order the seed decides; formats in the
shares of SHARES, most files plain and the others with a trait of real files each; some files twice, some damaged. Written in
shards by several processes, each with its truth as one Parquet file, so that memory does not grow with the number. Scans and
PDFs whose characters have no map are left out (they are read by recognition, which `reading` measures), and so are text
dumps that have lost cells, and Big5, which has lost characters of the agencies' names.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.corpus.filing import FIRST_YEAR, LAST_YEAR, Filer, every_filer
from benchmarks.corpus.stream import FORMATS, Made, make

SHARES = {"html": 0.50, "docx": 0.25, "text": 0.15, "pdf": 0.10}
LEFT_OUT = {
    "pdf": ("no_unicode_map", "private_unicode_map"),
    "html": ("big5_traditional",),
    "text": ("glued", "dropped_empty_cells", "dropped_empty_cell_lines", "traditional_big5"),
}
PLAIN = {"html": "plain", "docx": "plain", "text": "pipes", "pdf": "plain"}
PLAIN_SHARE, TWICE_SHARE, DAMAGED_SHARE = 0.7, 0.01, 0.002
SHARD = 500

VALUE = pa.decimal128(20, 6)
TRUTH = pa.schema(
    [
        ("report_id", pa.string()),
        ("table_code", pa.string()),
        ("row_code", pa.string()),
        ("column_code", pa.string()),
        ("value", VALUE),
        ("agency_name", pa.string()),
        ("report_year", pa.int32()),
        ("format", pa.string()),
        ("trait", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the n-th file of an inbox is."""

    number: int
    filer: Filer
    format: str
    trait: str
    twice: bool
    damaged: bool


def draw_file(seed: int, number: int) -> Drawn:
    """The n-th file; raises ValueError when the country has no further agency-year."""
    chance = random.Random(f"{seed}/{number}")
    form = chance.choices(list(SHARES), list(SHARES.values()))[0]
    traits = [trait for trait in FORMATS[form].traits if trait not in LEFT_OUT.get(form, ())]
    trait = PLAIN[form] if chance.random() < PLAIN_SHARE else chance.choice(traits)
    twice, damaged = chance.random() < TWICE_SHARE, chance.random() < DAMAGED_SHARE
    return Drawn(number, filer_of(seed, number), form, trait, twice, damaged)


def filer_of(seed: int, number: int) -> Filer:
    """Year by year in turn, the agencies of a year in an order of their own."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    filers = _shuffled(seed, years[number % len(years)])
    if number // len(years) >= len(filers):
        raise ValueError(f"the country has {len(filers)} agencies a year; file {number} is one too many")
    return filers[number // len(years)]


@lru_cache(maxsize=16)
def _shuffled(seed: int, year: int) -> list[Filer]:
    filers = every_filer(year)
    random.Random(f"{seed}/{year}").shuffle(filers)
    return filers


def write_inbox(folder: Path, files: int, seed: int = 1, processes: int | None = None) -> None:
    """Write the filings under DIR/inbox and their truth under DIR/truth."""
    (folder / "inbox").mkdir(parents=True, exist_ok=True)
    (folder / "truth").mkdir(exist_ok=True)
    write = partial(_write_shard, folder, seed, files)
    with ProcessPoolExecutor(processes or os.cpu_count()) as pool:
        for _ in pool.map(write, range(0, files, SHARD)):
            pass


def _write_shard(folder: Path, seed: int, files: int, start: int) -> None:
    """One shard of filings in a folder of its own, and what stands in them."""
    target = folder / "inbox" / f"{start // SHARD:05d}"
    target.mkdir(exist_ok=True)
    rows: list[tuple[object, ...]] = []
    for number in range(start, min(start + SHARD, files)):
        drawn = draw_file(seed, number)
        made = make(seed, drawn.format, drawn.trait, number, drawn.filer)
        if drawn.damaged:
            (target / made.file_name).write_bytes(made.data[: len(made.data) // 3] if number % 2 else b"")
            continue
        (target / made.file_name).write_bytes(made.data)
        if drawn.twice:
            (target / f"copy-{made.file_name}").write_bytes(made.data)
        rows += _truth_rows(made)
    columns = [pa.array(values, field.type) for values, field in zip(zip(*rows, strict=True), TRUTH, strict=True)]
    pq.write_table(pa.Table.from_arrays(columns, schema=TRUTH), folder / "truth" / f"{start // SHARD:05d}.parquet")


def _truth_rows(made: Made) -> Iterator[tuple[object, ...]]:
    report_id = hashlib.sha256(made.data).hexdigest()[:16]
    filing = made.filing
    for key, value in made.cells.items():
        yield (report_id, *key, value, filing.agency_name, filing.report_year, made.format, made.trait)


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes DIR/inbox with made filings and DIR/truth with their cells.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write_inbox(options.out, options.files, options.seed)


if __name__ == "__main__":
    main()
