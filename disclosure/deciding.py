"""From what a person wishes to decide to a decision that can be recorded: the cell is looked up as a home has staged it.

Only the looking up and the refusing in words belong here. The shape of a decision and its store are in `decisions.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
from pydantic import ValidationError

from catalogue.model import Catalogue
from disclosure.decisions import Action, Decision, DecisionError, unknown_cell

SHORTEST_PREFIX = 6  # hex digits that may stand for a report id


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line; exactly one of the three ways to decide has to be among it."""

    report: str
    cell: str
    accept_suggestion: bool
    confirm_printed: bool
    value: str | None
    evidence: str | None
    who: str
    why: str
    decided_on: date


def draft_decision(home: Path, wish: Wish, catalogue: Catalogue) -> Decision:
    """The decision as it can be recorded. Raises DecisionError that says what is wrong and what would do."""
    action = choose_action(wish)
    key = read_cell_name(wish.cell, catalogue)
    report = find_report(home, wish.report)
    cell = find_cell(home, report["report_id"], key)
    fields = {
        "report_id": report["report_id"],
        "cell": wish.cell,
        "action": action,
        "expect": cell["printed"] or "",
        "value": choose_value(action, wish, cell),
        "who": wish.who,
        "why": wish.why,
        "decided_on": wish.decided_on,
        "evidence": wish.evidence,
        "agency_id": report["agency_id"],
        "report_year": report["report_year"],
        "reporting_scope": report["reporting_scope"],
    }
    try:
        return Decision.model_validate(fields)
    except ValidationError as error:
        raise DecisionError(wish.report, wish.cell, error.errors()[0]["msg"]) from error


def choose_action(wish: Wish) -> Action:
    chosen = {
        Action.ACCEPT_SUGGESTION: wish.accept_suggestion,
        Action.CONFIRM_PRINTED: wish.confirm_printed,
        Action.CORRECT: wish.value is not None,
    }
    actions = [action for action, is_chosen in chosen.items() if is_chosen]
    if len(actions) != 1:
        ways = "--accept-suggestion, --confirm-printed, or --value with --evidence"
        raise DecisionError(wish.report, wish.cell, f"say one of {ways}; {len(actions)} were given")
    return actions[0]


def read_cell_name(cell: str, catalogue: Catalogue) -> tuple[str, str, str]:
    parts = cell.split("/")
    if len(parts) != 3:
        raise DecisionError("--cell", cell, "a cell is TABLE/ROW/COLUMN, with the codes of the data dictionary")
    table, row, column = parts
    if problem := unknown_cell((table, row, column), catalogue):
        raise DecisionError("--cell", cell, problem)
    return table, row, column


def find_report(home: Path, name: str) -> dict[str, Any]:
    """The staged report with this id, with the only id that starts so, or received under this file name."""
    staging = home / "staging"
    if not (staging / "reports").is_dir() or not (staging / "filings.parquet").exists():
        raise DecisionError(str(home), name, "this home has read no reports yet: run `gouji run --inbox ...` first")
    columns = ["report_id", "agency_id", "agency_name", "report_year", "reporting_scope"]
    reports = ds.dataset(staging / "reports", format="parquet").to_table(columns=columns).to_pylist()
    by_id = {report["report_id"]: report for report in reports}
    filings = ds.dataset(staging / "filings.parquet", format="parquet").to_table(columns=["report_id", "file_name"])
    named = {each["report_id"] for each in filings.to_pylist() if each["file_name"] == Path(name).name}
    prefix = name.lower() if len(name) >= SHORTEST_PREFIX else None
    found = sorted(key for key in by_id if key in named or (prefix and key.startswith(prefix)))
    if len(found) == 1:
        return by_id[found[0]]
    if not found:
        raise DecisionError(str(home), name, f"no report of this id or file name among the {len(by_id)} read here")
    several = ", ".join(f"{key} ({by_id[key]['agency_name']}, {by_id[key]['report_year']})" for key in found[:5])
    raise DecisionError(str(home), name, f"fits {len(found)} reports: {several}")


def find_cell(home: Path, report_id: str, key: tuple[str, str, str]) -> dict[str, Any]:
    """The cell as staged."""
    table, row, column = key
    wanted = (
        (ds.field("report_id") == report_id)
        & (ds.field("table_code") == table)
        & (ds.field("row_code") == row)
        & (ds.field("column_code") == column)
    )
    columns = ["printed", "state", "value", "value_suggested", "value_source"]
    cells = ds.dataset(home / "staging" / "cells", format="parquet").to_table(columns=columns, filter=wanted)
    if not cells.num_rows:
        raise DecisionError(report_id, "/".join(key), "the report has no such cell: its table or row was not found")
    return dict(cells.to_pylist()[0])


def choose_value(action: Action, wish: Wish, cell: dict[str, Any]) -> Decimal | None:
    if action is Action.CONFIRM_PRINTED:
        if cell["value"] is None:
            raise DecisionError(
                wish.report, wish.cell, f"prints {cell['printed'] or 'nothing'!r}: no figure to confirm"
            )
        return None
    if action is Action.ACCEPT_SUGGESTION:
        if cell["value_suggested"] is None:
            problem = f"prints {cell['printed']!r} and has no suggestion ({cell['value_source']}); give --value and --evidence"
            raise DecisionError(wish.report, wish.cell, problem)
        return shortest(Decimal(cell["value_suggested"]))
    try:
        value = Decimal(wish.value or "")
    except InvalidOperation as error:
        raise DecisionError(wish.report, wish.cell, f"--value {wish.value!r} is no number") from error
    if not value.is_finite():
        raise DecisionError(wish.report, wish.cell, f"--value {wish.value!r} is no number")
    if wish.evidence is None:
        raise DecisionError(wish.report, wish.cell, "--value needs --evidence: where the right figure stands")
    return shortest(value)


def shortest(value: Decimal) -> Decimal:
    """The number without trailing zeros, so that stores read like what people write."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
