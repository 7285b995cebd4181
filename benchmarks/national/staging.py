"""The rows of made reports in every staging table, as whole columns, and the files `disclosure.stage` would write.

Reports that print exactly what was counted are laid out here from arrays; the others come as `Report`s through
`disclosure.stage.rows`. One file per table and report year, sorted by report, and one file of filings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.national.chance import Integers
from benchmarks.national.figures import MICRO, Drawn, cells_of
from benchmarks.national.filings import FORMATS, NOT_A_REPORT, PDF, READ, UNREADABLE, Filings
from benchmarks.national.outcomes import BROKEN, OUTCOMES, Judged, Sides
from benchmarks.national.printing import print_table
from benchmarks.national.prose import Statements
from catalogue.load import load_catalogue
from disclosure.findings import KINDS, FindingCode
from disclosure.parse import PARSER_VERSION
from disclosure.report import CellState, ValueSource
from disclosure.stage.merge import ROW_GROUP_ROWS
from disclosure.stage.rows import REPORT_TABLES
from disclosure.stage.schema import SCHEMAS, VALUE

SENTENCES = 20  # of the prose of a report

Columns = dict[str, Any]
Tables = dict[str, pa.Table]


def decimals(micro: Integers, known: np.ndarray | None = None) -> pa.Array:
    """Millionths as the decimal column of the staging files, null where not known."""
    wide = np.empty((micro.size, 2), np.int64)
    wide[:, 0] = micro.ravel()
    wide[:, 1] = wide[:, 0] >> 63  # sign of the upper half
    validity = None if known is None else pa.py_buffer(np.packbits(known.ravel(), bitorder="little"))
    return pa.Array.from_buffers(VALUE, micro.size, [validity, pa.py_buffer(wide)])


def pick(texts: Sequence[str | None], places: np.ndarray) -> pa.Array:
    """Texts by their places in a short list."""
    indices = pa.array(places.ravel().astype(np.int32))
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(texts), pa.string())).cast(pa.string())


def table_of(name: str, rows: int, columns: Columns) -> pa.Table:
    """A staging table; a column that is not given is null, a single value stands in every row."""
    schema = SCHEMAS[name]
    arrays = []
    for field in schema:
        given = columns.get(field.name)
        if given is None:
            arrays.append(pa.nulls(rows, field.type))
        elif isinstance(given, pa.Array | pa.ChunkedArray):
            arrays.append(given)
        elif isinstance(given, np.ndarray):
            arrays.append(pa.array(given, field.type, from_pandas=True))
        else:
            arrays.append(pa.repeat(pa.scalar(given, field.type), rows))
    return pa.Table.from_arrays(arrays, schema=schema)


def lay_out_reports(filings: Filings) -> pa.Table:
    """What the filings say of themselves; one that cannot be read says nothing."""
    agencies, editions, read = filings.agencies, filings.edition, filings.status == READ
    said = {
        "title": filings.titles,
        "agency_name": agencies.name,
        "agency_id": agencies.agency_id,
        "agency_key": agencies.agency_id,
        "agency_short_name": agencies.short_name,
        "organ_type": agencies.organ_type,
        "agency_level": agencies.level,
        "function_category": agencies.function_category,
        "reporting_scope": agencies.scope,
        "region_name": agencies.region_name,
        "region_code": agencies.region_code,
        "region_id": agencies.region_id,
        "form_version": editions,
        "t2_form": editions,
        "t3_form": editions,
        "t4_form": editions,
    }
    start, end = np.datetime64(f"{filings.year}-01-01"), np.datetime64(f"{filings.year}-12-31")
    dates = {
        "period_start": np.where(read & filings.states_period, start, np.datetime64("NaT")),
        "period_end": np.where(read & filings.states_period, end, np.datetime64("NaT")),
        "publication_date": np.where(read, filings.published_on, np.datetime64("NaT")),
    }
    media_types, readers, versions = zip(*(each[:3] for each in FORMATS), strict=True)
    return table_of(
        "reports",
        len(filings),
        {
            "report_id": filings.report_id,
            "sha256": filings.sha256,
            "status": filings.status,
            "media_type": pick(media_types, filings.format),
            "reader": pick(readers, filings.format),
            "reader_version": pick(versions, filings.format),
            "parser_version": PARSER_VERSION,
            "catalogue_version": load_catalogue().version,
            "decisions_version": "",
            "report_year": pa.array(np.full(len(filings), filings.year, np.int32), mask=~read),
            **{name: np.where(read, values, None) for name, values in said.items()},
            **dates,
            "evidence": _evidence(filings, read),
            "sentences": _sentences(filings, read),
        },
    )


def _sentences(filings: Filings, read: np.ndarray) -> pa.Array:
    """Numbers of the sentences of each prose; no two reports share one, as if every year were told anew."""
    first = np.array([int(report_id, 16) for report_id in filings.report_id[read]], np.uint64)
    numbers = first[:, None] + np.arange(SENTENCES, dtype=np.uint64)
    ends = np.concatenate([[0], np.cumsum(np.where(read, SENTENCES, 0))])
    listed = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(numbers.view(np.int64).ravel()))
    return pc.if_else(pa.array(read), listed, pa.scalar(None, listed.type))


def _evidence(filings: Filings, read: np.ndarray) -> pa.Array:
    """Where agency and year were read: from the title."""
    fields, count = ("agency_name", "report_year"), int(read.sum())
    titles = np.repeat(filings.titles[read], len(fields))
    values = np.empty(count * len(fields), dtype=object)
    values[0::2], values[1::2] = filings.agencies.name[read], str(filings.year)
    entries = pa.StructArray.from_arrays(
        [
            pa.array(np.tile(fields, count), pa.string()),
            pa.array(values, pa.string()),
            pa.repeat("title", len(values)),
            pa.array(titles, pa.string()),
        ],
        names=["field", "value", "method", "text"],
    )
    offsets = np.concatenate([[0], np.cumsum(read * len(fields))]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), entries).cast(SCHEMAS["reports"].field("evidence").type)


def lay_out_cells(filings: Filings, drawn: Drawn) -> list[pa.Table]:
    """Every cell as counted, table by table."""
    return [_lay_out_table(filings, drawn, code, grid) for grid, code in enumerate(drawn.tables)]


def _lay_out_table(filings: Filings, drawn: Drawn, code: str, grid: int) -> pa.Table:
    cells, reports = list(cells_of(drawn.edition, code)), len(filings)
    rows = reports * len(cells)
    row_codes, column_codes = zip(*cells, strict=True)
    lines = {row: place for place, row in enumerate(dict.fromkeys(row_codes))}
    line = np.array([lines[row] for row in row_codes])
    column = np.array([sum(row == other for other in row_codes[:place]) for place, row in enumerate(row_codes)])
    is_pdf = filings.format == PDF
    values = decimals(drawn.tables[code])
    styles = (
        np.frombuffer("".join(digest[:2] for digest in filings.sha256).encode(), np.uint8).reshape(-1, 2).sum(axis=1)
    )
    each_cell = np.tile(np.arange(len(cells)), reports)
    return table_of(
        "cells",
        rows,
        {
            "report_id": pick(filings.report_id, np.repeat(np.arange(reports), len(cells))),
            "table_code": code,
            "edition": drawn.edition.code,
            "row_code": pick(row_codes, each_cell),
            "column_code": pick(column_codes, each_cell),
            "printed": print_table(drawn.edition, code, drawn.tables[code], styles.astype(np.int64)),
            "state": CellState.REPORTED.value,
            "value": values,
            "approximate": False,
            "suspect": False,
            "value_published": values,
            "value_source": ValueSource.PRINTED.value,
            "page": pa.array(
                np.repeat(np.full(reports, grid + 2, np.int32), len(cells)), mask=np.repeat(~is_pdf, len(cells))
            ),
            "box": _boxes(is_pdf, line, column),
            "grid": grid,
            "grid_row": np.tile(line + 1, reports).astype(np.int32),
            "grid_column": np.tile(column + 1, reports).astype(np.int32),
            "reader": pick([each[1] for each in FORMATS], np.repeat(filings.format, len(cells))),
        },
    )


def _boxes(is_pdf: np.ndarray, line: Integers, column: Integers) -> pa.Array:
    """Cells of PDF pages lie on a grid of points, moved a little from report to report."""
    places = np.flatnonzero(is_pdf)
    shift = (places % 37)[:, None] * 0.5
    left, top = 170.0 + 48.5 * column[None, :] + shift, 90.0 + 22.25 * line[None, :] + shift
    corners = np.stack([left, top, left + 48.5, top + 22.25], axis=-1)
    counts = np.repeat(np.where(is_pdf, 4, 0), len(line))
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    mask = pa.array(np.repeat(~is_pdf, len(line)))
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(corners.ravel()), mask=mask)


def lay_out_identities(filings: Filings, sides: Sides) -> pa.Table:
    """The ledger of one table: everything holds and nothing is missing."""
    rules, reports = sides.compiled.rules, len(filings)
    rows = reports * len(rules)
    every_rule = np.tile(np.arange(len(rules)), reports)
    is_sum = np.tile([rule.is_sum for rule in rules], reports)
    return table_of(
        "identities",
        rows,
        {
            "report_id": pick(filings.report_id, np.repeat(np.arange(reports), len(rules))),
            "rule_id": pick([rule.instance.rule_id for rule in rules], every_rule),
            "table_code": sides.compiled.table.code,
            "scope": pick([rule.instance.scope for rule in rules], every_rule),
            "outcome": OUTCOMES[0],
            "left_value": decimals(sides.left, is_sum),
            "right_value": decimals(sides.right, is_sum),
            "missing": pa.ListArray.from_arrays(pa.array(np.zeros(rows + 1, np.int32)), pa.array([], pa.string())),
        },
    )


def lay_out_judged(filings: Filings, judged: Judged) -> pa.Table:
    """One rule that warns."""
    counts = judged.missing.sum(axis=1)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    labels = [*judged.labels, None]
    return table_of(
        "plausibility",
        len(judged.rows),
        {
            "report_id": filings.report_id[judged.rows],
            "rule_id": judged.instance.rule_id,
            "table_code": judged.instance.table,
            "scope": judged.instance.scope,
            "outcome": pick(OUTCOMES, judged.outcome),
            "left_value": decimals(judged.left, judged.left_known),
            "right_value": decimals(judged.right, judged.right_known),
            "missing": pa.ListArray.from_arrays(
                pa.array(offsets), pick(judged.missing_keys, np.nonzero(judged.missing)[1])
            ),
            "matched": pick(labels, np.where(judged.held < 0, len(labels) - 1, judged.held)),
        },
    )


def lay_out_statements(filings: Filings, statements: Sequence[Statements]) -> list[pa.Table]:
    """The prose, fact by fact; ordinals count the facts a report states."""
    stated = np.stack([each.stated for each in statements])
    ordinals = np.cumsum(stated, axis=0) - 1
    strict = {fact.code: fact.strict for fact in load_catalogue().narrative_facts}
    tables = []
    for place, each in enumerate(statements):
        rows = np.flatnonzero(each.stated)
        numbers = pc.cast(pa.array(each.values[rows] // MICRO), pa.string()).to_numpy(zero_copy_only=False)
        as_none = each.as_none[rows]
        tables.append(
            table_of(
                "narrative_facts",
                len(rows),
                {
                    "report_id": filings.report_id[rows],
                    "ordinal": ordinals[place, rows].astype(np.int32),
                    "fact_code": each.fact.code,
                    "printed": np.where(as_none, "无", numbers + each.fact.unit),
                    "value": decimals(each.values[rows]),
                    "unit": each.fact.unit,
                    "strict": strict[each.fact.code],
                    "approximate": False,
                    "stated_as_none": as_none,
                    "section": each.fact.section,
                    "sentence": sentences(each, rows, numbers),
                },
            )
        )
    return tables


def sentences(statements: Statements, rows: Integers, numbers: np.ndarray) -> np.ndarray:
    """The sentences in which the reports at `rows` state their number."""
    fact, as_none, wording = statements.fact, statements.as_none[rows], statements.wording[rows]
    ahead, behind = zip(*(words.split("{}") for words in fact.wordings), strict=True)
    which = wording % len(fact.wordings)
    written = np.array(ahead, dtype=object)[which] + numbers + np.array(behind, dtype=object)[which]
    if not fact.none_wordings:
        return written
    return np.where(as_none, np.array(fact.none_wordings, dtype=object)[wording % len(fact.none_wordings)], written)


def lay_out_findings(filings: Filings, judged: Iterable[Judged]) -> list[pa.Table]:
    """A finding for every rule that warns, and the reason of every filing without a report."""
    tables = []
    for status, code in ((UNREADABLE, FindingCode.NO_TEXT), (NOT_A_REPORT, FindingCode.NOT_A_REPORT)):
        rows = np.flatnonzero(filings.status == status)
        tables.append(_findings(filings.report_id[rows], np.zeros(len(rows), np.int32), code))
    found = np.zeros(len(filings), np.int32)
    for each in judged:
        rows = each.rows[each.outcome == BROKEN]
        is_prose = each.instance.mention is not None
        code = FindingCode.NARRATIVE_CONTRADICTS if is_prose else FindingCode.FIGURE_IMPLAUSIBLE
        words = load_catalogue().rule(each.instance.rule_id).chinese
        table = each.instance.table if each.instance.table != "report" else None
        tables.append(
            _findings(filings.report_id[rows], found[rows].copy(), code, f"{words}（{each.instance.rule_id}）", table)
        )
        found[rows] += 1
    return tables


def _findings(
    report_ids: np.ndarray, ordinals: Integers, code: FindingCode, detail: str = "", table: str | None = None
) -> pa.Table:
    words = KINDS[code].chinese
    columns = {
        "report_id": report_ids,
        "ordinal": ordinals,
        "code": code.value,
        "severity": KINDS[code].severity.value,
        "message": f"{words}：{detail}" if detail else words,
        "table_code": table,
    }
    return table_of("findings", len(report_ids), columns)


def lay_out_receipts(filings: Filings) -> pa.Table:
    """One receipt of every filing."""
    return table_of(
        "filings",
        len(filings),
        {
            "receipt_id": np.array([digest[16:32] for digest in filings.sha256], dtype=object),
            "report_id": filings.report_id,
            "sha256": filings.sha256,
            "source": filings.sources,
            "file_name": filings.file_names,
            "size_bytes": np.array([20_000 + int(digest[:4], 16) for digest in filings.sha256], np.int64),
            "media_type": pick([each[0] for each in FORMATS], filings.format),
            "received_at": pa.array(filings.received_at, pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC")),
            "partition": np.where(filings.status == READ, str(filings.year), "undated"),
        },
    )


class StagedFiles:
    """The files of one report year being written, and those of reports without a year. Rows come sorted by report."""

    def __init__(self, staging: Path, partition: str) -> None:
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._stack = ExitStack()
        for name in REPORT_TABLES:
            (staging / name).mkdir(parents=True, exist_ok=True)
            path = staging / name / f"{partition}.parquet"
            writer = pq.ParquetWriter(path, SCHEMAS[name], compression="zstd", store_schema=True)
            self._writers[name] = self._stack.enter_context(writer)

    def __enter__(self) -> StagedFiles:
        return self

    def __exit__(self, *raised: object) -> None:
        self._stack.close()

    def write(self, tables: Tables) -> dict[str, int]:
        """Append the rows of a shard; how many there were."""
        for name, table in tables.items():
            if table.num_rows:
                self._writers[name].write_table(table, row_group_size=ROW_GROUP_ROWS)
        return {name: table.num_rows for name, table in tables.items()}
