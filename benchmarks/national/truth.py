"""What is known beside the staged files: the sums of what was counted, every report, and every place that differs.

One file per report year in each folder. `sums_by_region` and `sums_by_function`: what the agencies counted, by cell (governments' own
reports, scope jurisdiction, apart from those of agencies). `reports`: one row per filing. `mistakes`: one row per cell or statement
that is not printed as counted; a blank has no printed number, and of a doubtful reading both numbers are the same. Only filings that
can be read are in the sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.national.agencies import Agencies
from benchmarks.national.figures import Drawn, cells_of
from benchmarks.national.filings import Filings
from benchmarks.national.mistaken import Mistaken
from benchmarks.national.staging import decimals, pick
from disclosure.stage.schema import VALUE

_CELL = [("table_code", pa.string()), ("row_code", pa.string()), ("column_code", pa.string()), ("counted", VALUE)]
SCHEMAS = {
    "sums_by_region": pa.schema([("report_year", pa.int32()), ("region_code", pa.string()), ("reporting_scope", pa.string()), *_CELL]),
    "sums_by_function": pa.schema(
        [("report_year", pa.int32()), ("agency_level", pa.string()), ("function_category", pa.string()), ("reporting_scope", pa.string()), *_CELL]
    ),
    "reports": pa.schema(
        [
            ("report_id", pa.string()),
            ("agency_id", pa.string()),
            ("report_year", pa.int32()),
            ("region_code", pa.string()),
            ("status", pa.string()),
            ("edition", pa.string()),
            ("mistake", pa.string()),
        ]
    ),
    "mistakes": pa.schema(
        [
            ("report_id", pa.string()),
            ("report_year", pa.int32()),
            ("kind", pa.string()),
            ("table_code", pa.string()),
            ("row_code", pa.string()),
            ("column_code", pa.string()),
            ("printed", VALUE),
            ("counted", VALUE),
        ]
    ),
}  # fmt: skip


class TruthFiles:
    """The truth about one year being written, a file in the folder of each kind."""

    def __init__(self, folder: Path, year: int) -> None:
        self._year = year
        self._writers = {}
        for name, schema in SCHEMAS.items():
            (folder / name).mkdir(parents=True, exist_ok=True)
            self._writers[name] = pq.ParquetWriter(folder / name / f"{year}.parquet", schema, compression="zstd")

    def __enter__(self) -> TruthFiles:
        return self

    def __exit__(self, *raised: object) -> None:
        for writer in self._writers.values():
            writer.close()

    def add_reports(self, filings: Filings, kinds: np.ndarray) -> None:
        """Every filing of a shard; `kinds` names the mistake it makes, null where it makes none."""
        agencies = filings.agencies
        columns = (
            filings.report_id,
            agencies.agency_id,
            np.full(len(filings), filings.year, np.int32),
            agencies.region_code,
            filings.status,
            filings.edition,
            kinds,
        )
        self._write(
            "reports", [pa.array(column, field.type) for column, field in zip(columns, SCHEMAS["reports"], strict=True)]
        )

    def add_mistakes(self, mistaken: Sequence[Mistaken]) -> None:
        """Every place of these reports that is not printed as counted."""
        rows = [
            (
                each.report.report_id,
                self._year,
                made.kind,
                made.table,
                made.row_code,
                made.column_code,
                made.printed,
                made.counted,
            )
            for each in mistaken
            for made in each.mistakes
        ]
        if rows:
            columns = zip(zip(*rows, strict=True), SCHEMAS["mistakes"], strict=True)
            self._write("mistakes", [pa.array(column, field.type) for column, field in columns])

    def add_sums(self, sums: Sums) -> None:
        for name, keys, table, cells, totals in sums.rows():
            rows, size = len(keys), len(cells)
            labels = [
                pick([key[place] for key in keys], np.repeat(np.arange(rows), size)) for place in range(len(keys[0]))
            ]
            self._write(
                name,
                [
                    pa.array(np.full(rows * size, self._year, np.int32)),
                    *labels,
                    pa.repeat(table, rows * size),
                    *(pick([cell[place] for cell in cells], np.tile(np.arange(size), rows)) for place in range(2)),
                    decimals(totals),
                ],
            )

    def _write(self, name: str, arrays: list[pa.Array]) -> None:
        self._writers[name].write_table(pa.Table.from_arrays(arrays, schema=SCHEMAS[name]))


class Sums:
    """Sums of one year while its agencies are drawn."""

    def __init__(self) -> None:
        self._totals: dict[tuple[str, str, tuple[tuple[str, str], ...]], dict[tuple[str, ...], np.ndarray]] = {}

    def add(self, agencies: Agencies, drawn: Drawn) -> None:
        groupings = {
            "sums_by_region": (agencies.region_code, agencies.scope),
            "sums_by_function": (agencies.level, agencies.function_category, agencies.scope),
        }
        for name, columns in groupings.items():
            keys, places = np.unique(
                np.array(["|".join(key) for key in zip(*columns, strict=True)]), return_inverse=True
            )
            order = np.argsort(places, kind="stable")
            starts = np.searchsorted(places[order], np.arange(len(keys)))
            for table, values in drawn.tables.items():
                cells = tuple(cells_of(drawn.edition, table))
                totals = self._totals.setdefault((name, table, cells), {})
                for key, total in zip(keys, np.add.reduceat(values[order], starts, axis=0), strict=True):
                    label = tuple(str(key).split("|"))
                    totals[label] = totals[label] + total if label in totals else total

    def rows(self):
        """The sums, table by table; the editions of a year apart, for they have different cells."""
        for (name, table, cells), totals in self._totals.items():
            yield name, list(totals), table, cells, np.stack(list(totals.values()))
