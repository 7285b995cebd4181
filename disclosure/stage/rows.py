"""The rows of a report in each staging table, as Arrow tables in the schemas of `schema.py`.

One function per table; nothing is computed, only laid out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from disclosure.report import Cell, Report
from disclosure.stage.schema import SCHEMAS, VALUE

REPORT_TABLES = (
    "cells",
    "narrative_facts",
    "identities",
    "plausibility",
    "findings",
    "candidates",
    "decisions",
    "reports",
)

Row = tuple[Any, ...]  # in the order of the table's schema

_STEP = Decimal(1).scaleb(-VALUE.scale)
_BOUND = Decimal(10) ** (VALUE.precision - VALUE.scale)


def tables_of(reports: Sequence[Report]) -> dict[str, pa.Table]:
    """The rows of some reports in every staging table, reports in the given order, rows in print order."""
    return {name: _table(name, [row for report in reports for row in ROWS[name](report)]) for name in REPORT_TABLES}


def _table(name: str, rows: list[Row]) -> pa.Table:
    schema = SCHEMAS[name]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays = [_array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(values: Sequence[Any], of_type: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, of_type)
    except pa.ArrowInvalid:
        if of_type != VALUE:
            raise
        return pa.array([_storable(value) for value in values], VALUE)


def _storable(value: Decimal | None) -> Decimal | None:
    """The number, or None where the column cannot hold it exactly: an absurd figure stays readable as printed."""
    if value is None or not value.is_finite() or abs(value) >= _BOUND or value != value.quantize(_STEP):
        return None
    return value


def _report_rows(report: Report) -> Iterator[Row]:
    stated = report.metadata
    evidence = [
        {"field": found.field, "value": found.value, "method": found.method, "text": found.text}
        for found in stated.evidence
    ]
    own = {
        "report_id": report.report_id,
        "sha256": report.sha256,
        "status": str(report.status),
        "media_type": report.media_type,
        "reader": report.reader,
        "reader_version": report.reader_version,
        "parser_version": report.parser_version,
        "catalogue_version": report.catalogue_version,
        "decisions_version": report.decisions_version,
        "form_version": report.form_version,
        "form_variant": report.form_variant,
        "t2_form": report.t2_form,
        "t3_form": report.t3_form,
        "t4_form": report.t4_form,
        "s14_form": report.s14_form,
        "evidence": evidence,
        "sentences": report.sentences,
    }
    yield tuple(own[name] if name in own else getattr(stated, name) for name in SCHEMAS["reports"].names)


def _cell_rows(report: Report) -> Iterator[Row]:
    editions = report.forms
    for cell in report.cells:
        yield _cell_row(cell, report.report_id, editions[cell.table], report.reader)


def _cell_row(cell: Cell, report_id: str, edition: str | None, reader: str) -> Row:
    return (
        report_id,
        cell.table,
        edition,
        cell.row_code,
        cell.column_code,
        cell.printed,
        cell.state.value,
        cell.value,
        cell.note,
        cell.approximate,
        cell.suspect,
        cell.value_imputed,
        cell.value_suggested,
        cell.value_published,
        cell.value_source.value,
        cell.page,
        cell.box,
        cell.grid,
        cell.grid_row,
        cell.grid_column,
        cell.confidence,
        reader,
    )


def _narrative_rows(report: Report) -> Iterator[Row]:
    for ordinal, fact in enumerate(report.narrative):
        yield (
            report.report_id,
            ordinal,
            fact.fact_code,
            fact.printed,
            fact.value,
            fact.unit,
            fact.strict,
            fact.approximate,
            fact.stated_as_none,
            fact.derived_from,
            fact.section,
            fact.sentence,
            fact.confidence,
        )


def _identity_rows(report: Report) -> Iterator[Row]:
    for outcome in report.identities:
        yield (
            report.report_id,
            outcome.rule_id,
            outcome.table,
            outcome.scope,
            outcome.outcome.value,
            outcome.left,
            outcome.right,
            [f"{row}/{column}" for _, row, column in outcome.missing],
        )


def _plausibility_rows(report: Report) -> Iterator[Row]:
    for outcome in report.plausibility:
        yield (
            report.report_id,
            outcome.rule_id,
            outcome.table,
            outcome.scope,
            outcome.outcome.value,
            outcome.left,
            outcome.right,
            outcome.missing,
            outcome.matched,
        )


def _finding_rows(report: Report) -> Iterator[Row]:
    for ordinal, found in enumerate(report.findings):
        where = found.where
        yield (
            report.report_id,
            ordinal,
            found.code.value,
            found.severity.value,
            found.message,
            where.page,
            where.table,
            where.row_code,
            where.column_code,
            where.text,
        )


def _candidate_rows(report: Report) -> Iterator[Row]:
    """One row per cell that a candidate changes."""
    for number, explanation in enumerate(report.explanations):
        for candidate in explanation.candidates:
            for change in candidate.changes:
                yield (
                    report.report_id,
                    number,
                    candidate.place,
                    explanation.table,
                    change.row_code,
                    change.column_code,
                    change.lowest,
                    change.highest,
                    candidate.pattern,
                    explanation.cause.value,
                    candidate.weight,
                    list(dict.fromkeys(clue.code for clue in candidate.clues)),
                )


def _decision_rows(report: Report) -> Iterator[Row]:
    for outcome in report.decisions:
        decision = outcome.decision
        yield (
            decision.report_id,
            *decision.key,
            decision.action.value,
            outcome.state.value,
            decision.expect,
            decision.value,
            decision.who,
            decision.why,
            decision.decided_on,
            decision.evidence,
        )


ROWS: dict[str, Callable[[Report], Iterator[Row]]] = {
    "cells": _cell_rows,
    "narrative_facts": _narrative_rows,
    "identities": _identity_rows,
    "plausibility": _plausibility_rows,
    "findings": _finding_rows,
    "candidates": _candidate_rows,
    "decisions": _decision_rows,
    "reports": _report_rows,
}
