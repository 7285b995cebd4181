"""The machine-readable answer of `gouji check`: one JSON object per filing.

Here belongs the shape that other programs rely on. What a person sees on the terminal is in `check_terminal.py`;
reading and judging a filing happens in `reading.py`.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from catalogue.model import Catalogue
from disclosure.decisions import DecisionOutcome
from disclosure.findings import Finding
from disclosure.report import (
    Cell,
    CellChange,
    Explanation,
    IdentityOutcome,
    Metadata,
    Outcome,
    PlausibilityOutcome,
    ReadingStatus,
    Report,
)

JsonValue = Any


def render_json(report: Report, source: str) -> str:
    """The report as one line of JSON; keys and their order are a public interface."""
    return json.dumps(describe_filing(report, source), ensure_ascii=False)


def render_unopened(source: str, problem: Finding) -> str:
    """The line for a file that could not even be opened: same keys, no report."""
    filing: dict[str, JsonValue] = {"source": source, "sha256": None, "media_type": None, "report": None}
    filing |= {"cells": [], "narrative_facts": [], "identities": [], "findings": [describe_finding(problem)]}
    filing |= {"plausibility": [], "explanations": [], "decisions": []}
    return json.dumps(filing, ensure_ascii=False)


def describe_filing(report: Report, source: str) -> dict[str, JsonValue]:
    """The JSON object of a filing. Numbers are JSON numbers, dates ISO text, unknowns null."""
    return {
        "source": source,
        "sha256": report.sha256,
        "media_type": report.media_type,
        "report": describe_report(report),
        "cells": [describe_cell(cell, report.reader) for cell in report.cells],
        "narrative_facts": [
            {
                "fact_code": fact.fact_code,
                "printed": fact.printed,
                "value": plain(fact.value),
                "unit": fact.unit,
                "approximate": fact.approximate,
                "sentence": fact.sentence,
            }
            for fact in report.narrative
        ],
        "identities": [describe_identity(outcome) for outcome in report.identities],
        "findings": [describe_finding(found) for found in report.findings],
        "plausibility": [describe_warning(outcome) for outcome in report.plausibility],
        "explanations": [describe_explanation(explanation) for explanation in report.explanations],
        "decisions": [describe_decision(outcome) for outcome in report.decisions],
    }


def describe_report(report: Report) -> dict[str, JsonValue]:
    """Metadata with the editions of the tables, the versions that read it, and the evidence for each field."""
    metadata = report.metadata
    described: dict[str, JsonValue] = {
        field.name: plain(getattr(metadata, field.name)) for field in fields(Metadata) if field.name != "evidence"
    }
    editions = ("form_version", "form_variant", "t2_form", "t3_form", "t4_form", "s14_form")
    described |= {name: getattr(report, name) for name in editions}
    described |= {"report_id": report.report_id, "status": report.status.value}
    before = report.prior_report_ids
    described |= {"prior_report_id": before[0] if len(before) == 1 else None, "prior_report_ids": list(before)}
    versions = ("reader", "reader_version", "parser_version", "catalogue_version")
    described |= {name: getattr(report, name) for name in versions}
    described["evidence"] = [
        {"field": item.field, "value": item.value, "method": item.method, "text": item.text}
        for item in metadata.evidence
    ]
    return described


def describe_cell(cell: Cell, reader: str) -> dict[str, JsonValue]:
    return {
        "table": cell.table,
        "row_code": cell.row_code,
        "column_code": cell.column_code,
        "printed": cell.printed,
        "state": cell.state.value,
        "value": plain(cell.value),
        "value_imputed": plain(cell.value_imputed),
        "value_suggested": plain(cell.value_suggested),
        "value_published": plain(cell.value_published),
        "value_source": cell.value_source.value,
        "page": cell.page,
        "box": list(cell.box) if cell.box else None,
        "reader": reader,
    }


def describe_identity(outcome: IdentityOutcome) -> dict[str, JsonValue]:
    """`missing` are cells as row/column."""
    return {**_describe_sides(outcome), "missing": [f"{row}/{column}" for _, row, column in outcome.missing]}


def describe_warning(outcome: PlausibilityOutcome) -> dict[str, JsonValue]:
    """A rule that warns. `missing` are figures as table/row/column; `matched` is the alternative that held."""
    return {
        **_describe_sides(outcome),
        "missing": list(outcome.missing),
        "matched": outcome.matched,
        "sentence": outcome.sentence,
        "relation": outcome.relation,
    }


def _describe_sides(outcome: IdentityOutcome | PlausibilityOutcome) -> dict[str, JsonValue]:
    """What both kinds of rules say. `table` is named too, because the rules over whole tables share one id and the scope
    "table"."""
    return {
        "rule_id": outcome.rule_id,
        "table": outcome.table,
        "scope": outcome.scope,
        "outcome": outcome.outcome.value,
        "left": plain(outcome.left),
        "right": plain(outcome.right),
    }


def describe_finding(found: Finding) -> dict[str, JsonValue]:
    where = found.where
    return {
        "code": found.code.value,
        "severity": found.severity.value,
        "message": found.message,
        "where": {
            "page": where.page,
            "table": where.table,
            "row_code": where.row_code,
            "column_code": where.column_code,
            "text": where.text,
        },
    }


def describe_explanation(explanation: Explanation) -> dict[str, JsonValue]:
    """Candidates stand with the likeliest first; `low` and `high` are equal where one value is determined."""
    return {
        "table": explanation.table,
        "broken": [{"rule_id": rule_id, "scope": scope} for rule_id, scope in explanation.broken],
        "cause": explanation.cause.value,
        "candidates": [
            {
                "changes": [describe_change(change) for change in candidate.changes],
                "pattern": candidate.pattern,
                "clues": [{"code": clue.code, "message": clue.chinese} for clue in candidate.clues],
            }
            for candidate in explanation.candidates
        ],
        "open_cells": [describe_change(change) for change in explanation.open_cells],
        "message": explanation.chinese,
    }


def describe_change(change: CellChange) -> dict[str, JsonValue]:
    return {
        "row_code": change.row_code,
        "column_code": change.column_code,
        "printed": change.printed,
        "low": plain(change.lowest),
        "high": plain(change.highest),
    }


def describe_decision(outcome: DecisionOutcome) -> dict[str, JsonValue]:
    decision = outcome.decision
    return {
        "cell": decision.cell,
        "action": decision.action.value,
        "state": outcome.state.value,
        "value": plain(decision.value),
        "who": decision.who,
        "why": decision.why,
        "decided_on": plain(decision.decided_on),
    }


def plain(value: object) -> JsonValue:
    """A value as JSON holds it: whole decimals as integers, other decimals as floats, dates as ISO text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def broken_must_hold(report: Report, catalogue: Catalogue) -> tuple[IdentityOutcome, ...]:
    """The identities of severity O or D that the report's own figures break."""
    severities = {identity.rule_id: identity.severity for identity in catalogue.identities}
    return tuple(
        outcome
        for outcome in report.identities
        if outcome.outcome is Outcome.BROKEN and severities[outcome.rule_id].must_hold
    )


def exit_code(report: Report, catalogue: Catalogue) -> int:
    """0 all must-hold identities hold, 1 some are broken, 2 the file is no report that could be read."""
    if report.status is not ReadingStatus.READ:
        return 2
    return 1 if broken_must_hold(report, catalogue) else 0
