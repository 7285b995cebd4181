"""Says what a careful reader takes from a sample: its cells as printed, metadata, facts, imputations and withholdings."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from samples.recipe.sample import CellName, PrintedValue, Sample


def write_expected(sample: Sample) -> bytes:
    """The JSON beside the filing; numbers keep the digits of the form, unknown metadata is left out."""
    content = {
        "file": sample.file,
        "metadata": sample.expected.metadata,
        "forms": sample.expected.forms,
        "cells": _cells(sample),
        "ambiguous_rows": _short_rows(sample),
        "narrative_facts": [fact.model_dump() for fact in sample.expected.facts],
        "imputed": [_named(cell) for cell in sample.expected.imputed],
        "withheld": [_named(cell) for cell in sample.expected.withheld],
        "broken": [identity.model_dump() for identity in sample.expected.broken],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, default=_number) + "\n").encode("utf-8")


def _cells(sample: Sample) -> list[dict[str, Any]]:
    cells = []
    for section in sample.sections:
        if section.table is None:
            continue
        table = sample.table(section.table)
        for row_code, column_code in table.cells(sample.form_variant):
            figure = sample.figure(table.code, row_code, column_code)
            printed = figure.printed if isinstance(figure, PrintedValue) else figure
            value = figure.value if isinstance(figure, PrintedValue) else Decimal(figure) if figure else None
            key = {"table": table.code, "row_code": row_code, "column_code": column_code}
            cells.append({**key, "printed": printed, "value": value})
    return cells


def _short_rows(sample: Sample) -> list[dict[str, str]]:
    """Rows that lost a value: any one column may come out as the missing one."""
    return [
        {"table": table, "row_code": row_code}
        for table, rows in sample.cells.items()
        for row_code, figures in rows.items()
        if None in figures
    ]


def _named(cell: CellName) -> dict[str, Any]:
    return cell.model_dump(exclude_none=True)


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
