"""Composes filings for the dbt tests: cells from a few figures, reconciled by the library, as staging Parquet.

The outcomes staged are those of `disclosure.reconcile`, so that the ledger computed in SQL is held to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from catalogue.load import load_catalogue
from disclosure.findings import KINDS, FindingCode
from disclosure.listed import ReadLists
from disclosure.parse.sentence_parts import read_sentence_parts
from disclosure.reconcile import reconcile
from disclosure.reconcile.clues import Surroundings
from disclosure.reconcile.explain import explain
from disclosure.reconcile.figures import collect_figures
from disclosure.reconcile.plausibility import Judged, judge_plausibility
from disclosure.reconcile.prior_year import NONE_OFFERED, OfferedPriors, evidence_for_repairs
from disclosure.report import Cell, CellState, Metadata, NarrativeCount, ReadingStatus, Report, TableReading
from disclosure.stage import stage_lists
from disclosure.stage.rows import tables_of
from disclosure.stage.schema import SCHEMAS, WHOLE

Figures = Mapping[str, int | str | None]  # "row/column" -> figure; None is a blank cell, "absent" leaves it unread

RECEIVED = datetime(2024, 2, 1, tzinfo=UTC)


@dataclass(frozen=True)
class StagedFiling:
    """A filing to stage: what it says of itself, the figures that are not 0, and how it was received."""

    name: str
    agency_id: str | None = "110000:justice"
    agency_name: str | None = "某市司法局"
    report_year: int | None = 2023
    reporting_scope: str | None = "agency"
    publication_date: date | None = None
    status: str = "read"
    form_variant: str | None = None
    tables: Mapping[str, tuple[str, Figures]] = field(default_factory=dict)  # table -> (edition, figures)
    suspect: frozenset[str] = frozenset()
    narrative: tuple[NarrativeCount, ...] = ()
    sentences: tuple[int, ...] = ()  # numbers of those of its prose
    findings: tuple[FindingCode, ...] = ()
    receipts: int = 1
    stated: Mapping[str, Any] = field(default_factory=dict)  # further metadata

    @property
    def metadata(self) -> Metadata:
        own = {
            "agency_name": self.agency_name,
            "agency_id": self.agency_id,
            "agency_key": self.agency_id,
            "agency_level": "prefecture",
            "function_category": "justice",
            "reporting_scope": self.reporting_scope,
            "region_code": "110000",
            "region_id": "110000",
            "report_year": self.report_year,
            "publication_date": self.publication_date,
        }
        return Metadata(**{**own, **self.stated})

    @property
    def sha256(self) -> str:
        return sha256(self.name.encode()).hexdigest()

    @property
    def report_id(self) -> str:
        return self.sha256[:16]

    @property
    def partition(self) -> str:
        return "undated" if self.report_year is None else str(self.report_year)


def stage_filings(staging: Path, filings: Iterable[StagedFiling], lists: ReadLists | None = None) -> None:
    """Write the staging files of these filings below `staging`, one file per table and report year, and the lists."""
    filings = tuple(filings)
    receipts = [row for place, filing in enumerate(filings) for row in _receipts(filing, place)]
    staging.mkdir(parents=True, exist_ok=True)
    stage_lists(staging.parent, lists or ReadLists(), ())
    pq.write_table(pa.Table.from_pylist(receipts, SCHEMAS["filings"]), staging / "filings.parquet")
    for partition in {filing.partition for filing in filings}:
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS if name not in WHOLE}
        for filing in filings:
            if filing.partition == partition:
                for name, found in _rows(filing).items():
                    rows[name] += found
        for name, found in rows.items():
            (staging / name).mkdir(exist_ok=True)
            pq.write_table(pa.Table.from_pylist(found, SCHEMAS[name]), staging / name / f"{partition}.parquet")


def as_report(filing: StagedFiling, prior: OfferedPriors = NONE_OFFERED) -> Report:
    """The filing as the library would have read it, beside the reports of the year before."""
    catalogue = load_catalogue()
    readings = tuple(_reading(filing, table, edition, figures) for table, (edition, figures) in filing.tables.items())
    reconciled = reconcile(readings, catalogue)
    editions = {reading.table: reading.edition for reading in readings}
    before, evidence = prior.before(filing.metadata), None
    if before is not None:
        known = collect_figures(reconciled.cells, editions, filing.metadata, filing.narrative, catalogue).known
        evidence = evidence_for_repairs(known, reconciled.cells, editions, before, catalogue)
    surroundings = Surroundings(filing.narrative, reconciled.confirmed, True, evidence)
    return Report(
        report_id=filing.report_id,
        sha256=filing.sha256,
        media_type="text/html",
        reader="html",
        reader_version="1",
        parser_version="1",
        catalogue_version=catalogue.version,
        status=ReadingStatus.READ,
        metadata=filing.metadata,
        form_version=_form_version(editions),
        form_variant=filing.form_variant,
        t2_form=editions.get("T2"),
        t3_form=editions.get("T3"),
        t4_form=editions.get("T4"),
        s14_form=editions.get("S14"),
        cells=reconciled.cells,
        narrative=filing.narrative,
        sentences=filing.sentences,
        identities=reconciled.identities,
        findings=(),
        explanations=explain(reconciled.doubted, surroundings),
    )


def _receipts(filing: StagedFiling, place: int) -> Iterable[dict[str, Any]]:
    for again in range(filing.receipts):
        yield {
            "receipt_id": f"{filing.name}-{again}",
            "report_id": filing.report_id,
            "sha256": filing.sha256,
            "source": f"inbox/{again}/{filing.name}.html",
            "file_name": f"{filing.name}.html",
            "size_bytes": 1000 + place,
            "media_type": "text/html",
            "asserted_year": None,
            "asserted_agency": None,
            "received_at": RECEIVED + timedelta(hours=place, minutes=again),
            "partition": filing.partition,
        }


def _rows(filing: StagedFiling) -> dict[str, list[dict[str, Any]]]:
    catalogue = load_catalogue()
    readings = tuple(_reading(filing, table, edition, figures) for table, (edition, figures) in filing.tables.items())
    reconciled = reconcile(readings, catalogue)
    editions = {reading.table: reading.edition for reading in readings}
    return {
        "reports": [_report(filing, editions)],
        "cells": [_cell(filing, editions, cell) for cell in reconciled.cells],
        "identities": [
            {
                "report_id": filing.report_id,
                "rule_id": outcome.rule_id,
                "table_code": outcome.table,
                "scope": outcome.scope,
                "outcome": outcome.outcome.value,
                "left_value": outcome.left,
                "right_value": outcome.right,
                "missing": [f"{row}/{column}" for _, row, column in outcome.missing],
            }
            for outcome in reconciled.identities
        ],
        "plausibility": [
            {
                "report_id": filing.report_id,
                "rule_id": outcome.rule_id,
                "table_code": outcome.table,
                "scope": outcome.scope,
                "outcome": outcome.outcome.value,
                "left_value": outcome.left,
                "right_value": outcome.right,
                "missing": list(outcome.missing),
                "matched": outcome.matched,
            }
            for outcome in (each.outcome for each in _warnings(filing, editions, reconciled.cells))
        ],
        "narrative_facts": [_narrative(filing, ordinal, count) for ordinal, count in enumerate(filing.narrative)],
        "candidates": tables_of([as_report(filing)])["candidates"].to_pylist(),
        "findings": [_finding(filing, ordinal, code) for ordinal, code in enumerate(filing.findings)],
    }


def _warnings(filing: StagedFiling, editions: Mapping[str, str], cells: Iterable[Cell]) -> tuple[Judged, ...]:
    if filing.status != "read":
        return ()
    catalogue = load_catalogue()
    return judge_plausibility(
        collect_figures(cells, editions, filing.metadata, filing.narrative, catalogue, filing.sentences),
        read_sentence_parts(count.sentence for count in filing.narrative),
        editions,
        _form_version(editions),
        filing.form_variant,
        filing.metadata,
        catalogue,
    )


def _form_version(editions: Mapping[str, str]) -> str:
    return editions.get("T3") or editions.get("T2") or editions.get("S14") or "narrative_2008"


def _reading(filing: StagedFiling, table: str, edition: str, figures: Figures) -> TableReading:
    """Every cell of the form, 0 where `figures` says nothing else."""
    form = load_catalogue().edition(edition).table(table)
    assert form is not None
    unknown = set(figures) - {f"{row}/{column}" for row, column in form.cells(filing.form_variant)}
    assert not unknown, f"{edition} {table} has no cells {sorted(unknown)}"
    cells = []
    for row, column in form.cells(filing.form_variant):
        figure = figures.get(f"{row}/{column}", 0)
        if figure != "absent":
            value = None if figure is None else Decimal(figure)
            state = CellState.BLANK if value is None else CellState.REPORTED
            printed = "" if value is None else str(figure)
            suspect = f"{table}/{row}/{column}" in filing.suspect
            cells.append(Cell(table, row, column, printed, state, value, suspect=suspect))
    return TableReading(table, edition, filing.form_variant, tuple(cells))


def _report(filing: StagedFiling, editions: Mapping[str, str]) -> dict[str, Any]:
    return {
        **dict.fromkeys(SCHEMAS["reports"].names),
        "report_id": filing.report_id,
        "sha256": filing.sha256,
        "status": filing.status,
        "media_type": "text/html",
        "reader": "html",
        "reader_version": "1",
        "parser_version": "1",
        "catalogue_version": load_catalogue().version,
        "decisions_version": "",
        **{name: getattr(filing.metadata, name) for name in SCHEMAS["reports"].names if hasattr(filing.metadata, name)},
        "form_version": _form_version(editions),
        "form_variant": filing.form_variant,
        **{f"{table.lower()}_form": editions.get(table) for table in ("T2", "T3", "T4", "S14")},
        "evidence": [],
        "sentences": filing.sentences,
    }


def _cell(filing: StagedFiling, editions: Mapping[str, str], cell: Cell) -> dict[str, Any]:
    return {
        **dict.fromkeys(SCHEMAS["cells"].names),
        "report_id": filing.report_id,
        "table_code": cell.table,
        "edition": editions[cell.table],
        "row_code": cell.row_code,
        "column_code": cell.column_code,
        "printed": cell.printed,
        "state": cell.state.value,
        "value": cell.value,
        "approximate": cell.approximate,
        "suspect": cell.suspect,
        "value_imputed": cell.value_imputed,
        "value_suggested": cell.value_suggested,
        "value_published": cell.value_published,
        "value_source": cell.value_source.value,
        "reader": "html",
    }


def _narrative(filing: StagedFiling, ordinal: int, count: NarrativeCount) -> dict[str, Any]:
    return {
        "report_id": filing.report_id,
        "ordinal": ordinal,
        "fact_code": count.fact_code,
        "printed": count.printed,
        "value": count.value,
        "unit": count.unit,
        "strict": count.strict,
        "approximate": count.approximate,
        "stated_as_none": count.stated_as_none,
        "derived_from": count.derived_from,
        "section": count.section,
        "sentence": count.sentence,
    }


def _finding(filing: StagedFiling, ordinal: int, code: FindingCode) -> dict[str, Any]:
    return {
        **dict.fromkeys(SCHEMAS["findings"].names),
        "report_id": filing.report_id,
        "ordinal": ordinal,
        "code": code.value,
        "severity": KINDS[code].severity.value,
        "message": KINDS[code].chinese,
    }
