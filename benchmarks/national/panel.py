"""The whole nation, year by year and shard by shard, so that memory does not grow with its size.

A year is written by itself, so years can be made side by side. What stands in one file for all years (the filings, the
reports without a year) is put together at the end.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.national.agencies import list_agencies
from benchmarks.national.chance import uniform
from benchmarks.national.figures import Drawn
from benchmarks.national.filings import READ, Filings, file_year
from benchmarks.national.governments import Governments
from benchmarks.national.mistaken import Mistaken, read_mistaken
from benchmarks.national.mistakes import shares
from benchmarks.national.outcomes import judge_identities, judge_plausibility
from benchmarks.national.prose import Statements, write_prose
from benchmarks.national.staging import (
    StagedFiles,
    Tables,
    lay_out_cells,
    lay_out_findings,
    lay_out_identities,
    lay_out_judged,
    lay_out_receipts,
    lay_out_reports,
    lay_out_statements,
)
from benchmarks.national.truth import Sums, TruthFiles
from catalogue.load import load_catalogue
from disclosure.listed import ReadLists
from disclosure.stage import stage_lists
from disclosure.stage.rows import REPORT_TABLES, tables_of
from disclosure.stage.schema import SCHEMAS

SHARD = 4_000  # reports laid out at a time, some 800,000 cells
UNDATED = "undated"


@dataclass(frozen=True)
class Plan:
    """What to make: so many reports spread evenly over the years, below `out`."""

    out: Path
    reports: int
    years: tuple[int, ...]
    seed: int = 1

    @property
    def agencies(self) -> int:
        return ceil(self.reports / len(self.years))

    @property
    def staging(self) -> Path:
        return self.out / "staging"

    @property
    def parts(self) -> Path:
        return self.out / "parts"


def write_nation(plan: Plan, processes: int = 1) -> Counter[str]:
    """Write OUT/staging and OUT/truth; the rows of every staging table."""
    plan.parts.mkdir(parents=True, exist_ok=True)
    rows: Counter[str] = Counter()
    if processes == 1:
        for year in plan.years:
            rows += write_year(plan, year)
    else:
        with ProcessPoolExecutor(processes) as pool:
            for written in pool.map(write_year, [plan] * len(plan.years), plan.years):
                rows += written
    rows += _put_together(plan)
    rows.update(stage_lists(plan.out, ReadLists(), ()))
    shutil.rmtree(plan.parts)
    return rows


def write_year(plan: Plan, year: int) -> Counter[str]:
    """The staged files of one report year, its part of the filings, and the truth about it."""
    agencies = list_agencies(plan.seed, plan.agencies)
    filings = file_year(plan.seed, agencies, year)
    governments = Governments(plan.seed, agencies, year)
    sums, rows = Sums(), Counter[str]()
    _write_parts(plan, filings)
    with StagedFiles(plan.staging, str(year)) as staged, TruthFiles(plan.out / "truth", year) as truth:
        for start in range(0, len(filings), SHARD):
            some = filings.take(np.arange(start, min(start + SHARD, len(filings))))
            shard = _Shard(plan.seed, some, governments)
            rows.update(staged.write(shard.lay_out()))
            truth.add_reports(some, shard.kinds)
            truth.add_mistakes(shard.mistakes)
            for drawn, places in shard.drawn:
                sums.add(some.agencies.take(places), drawn)
        truth.add_sums(sums)
    return rows


class _Shard:
    """Some filings of a year in every staging table."""

    def __init__(self, seed: int, filings: Filings, governments: Governments) -> None:
        self._seed, self._filings = seed, filings
        self.kinds = _choose_mistakes(seed, filings)
        self.mistakes: list[Mistaken] = []
        self.drawn: list[tuple[Drawn, np.ndarray]] = []
        for code in sorted(set(filings.edition)):
            places = np.flatnonzero((filings.status == READ) & (filings.edition == code))
            if len(places):
                drawn = governments.draw(filings.agencies.take(places), load_catalogue().edition(code))
                self.drawn.append((drawn, places))

    def lay_out(self) -> Tables:
        """The rows of every table, sorted by report."""
        pieces: dict[str, list[pa.Table]] = {name: [] for name in REPORT_TABLES}
        for drawn, places in self.drawn:
            for name, tables in self._lay_out_edition(drawn, places).items():
                pieces[name] += tables
        mistaken = self.kinds != None  # noqa: E711 - element by element
        read = self._filings.take(np.flatnonzero((self._filings.status == READ) & ~mistaken))
        pieces["reports"].append(lay_out_reports(read))
        return {name: _sort(tables, self._filings.report_id, name) for name, tables in pieces.items()}

    def _lay_out_edition(self, drawn: Drawn, places: np.ndarray) -> dict[str, list[pa.Table]]:
        filings = self._filings.take(places)
        statements = write_prose(self._seed, filings.agencies.number, drawn)
        kinds = self.kinds[places]
        clean, flawed = (np.flatnonzero(chosen) for chosen in (kinds == None, kinds != None))  # noqa: E711
        tables = self._lay_out_clean(filings.take(clean), drawn.take(clean), [each.take(clean) for each in statements])
        some = list(
            read_mistaken(
                self._seed,
                filings.take(flawed),
                drawn.take(flawed),
                [each.take(flawed) for each in statements],
                kinds[flawed],
            )
        )
        self.mistakes += some
        for name, table in tables_of([each.report for each in some]).items():
            tables.setdefault(name, []).append(table)
        return tables

    @staticmethod
    def _lay_out_clean(filings: Filings, drawn: Drawn, statements: Sequence[Statements]) -> dict[str, list[pa.Table]]:
        judged = list(judge_plausibility(filings, drawn, statements))
        return {
            "cells": lay_out_cells(filings, drawn),
            "identities": [lay_out_identities(filings, sides) for sides in judge_identities(drawn)],
            "plausibility": [lay_out_judged(filings, each) for each in judged],
            "narrative_facts": lay_out_statements(filings, statements),
            "findings": lay_out_findings(filings, judged),
        }


def _choose_mistakes(seed: int, filings: Filings) -> np.ndarray:
    """The kind of mistake of every filing, null for most."""
    names, ends = zip(*shares(), strict=True)
    chance = uniform(seed, "mistake", filings.agencies.number, filings.year)[:, 0]
    kinds = np.array([*names, None], dtype=object)[np.searchsorted(ends, chance, side="right")]
    return np.where(filings.status == READ, kinds, None)


def _sort(tables: list[pa.Table], report_ids: np.ndarray, name: str) -> pa.Table:
    """The rows by report, those of one report in the order they came in."""
    table = pa.concat_tables(tables) if tables else SCHEMAS[name].empty_table()
    ranks = pc.index_in(table.column("report_id"), value_set=pa.array(report_ids, pa.string())).to_numpy()
    return table.take(pa.array(np.argsort(ranks.astype(np.int16), kind="stable")))


def _write_parts(plan: Plan, filings: Filings) -> None:
    """The receipts of a year, and its filings without a report, which belong to no year."""
    lost = filings.take(np.flatnonzero(filings.status != READ))
    pq.write_table(lay_out_receipts(filings.in_order_of_arrival()), plan.parts / f"filings-{filings.year}.parquet")
    pq.write_table(lay_out_reports(lost), plan.parts / f"reports-{filings.year}.parquet")
    pq.write_table(pa.concat_tables(lay_out_findings(lost, ())), plan.parts / f"findings-{filings.year}.parquet")


def _put_together(plan: Plan) -> Counter[str]:
    """The file of filings and the partition of reports without a year."""
    rows: Counter[str] = Counter()
    with pq.ParquetWriter(plan.staging / "filings.parquet", SCHEMAS["filings"], compression="zstd") as writer:
        for table in _parts(plan, "filings"):
            writer.write_table(table)
            rows["filings"] += table.num_rows
    undated = {name: pa.concat_tables(_parts(plan, name)).sort_by("report_id") for name in ("reports", "findings")}
    with StagedFiles(plan.staging, UNDATED) as staged:
        rows.update(staged.write(undated))
    return rows


def _parts(plan: Plan, name: str) -> Iterator[pa.Table]:
    for year in plan.years:
        yield pq.read_table(plan.parts / f"{name}-{year}.parquet")
