"""What a validation found: one result per planned check, with counts and the first failing rows.

Frozen values that round-trip through JSON. No judgement here: `gate.py` decides what refuses a release.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from expectations.checks import About, CheckSeverity


class CheckState(StrEnum):
    """What became of a planned check. Only `passed` means that something was looked at and found right."""

    PASSED = "passed"
    FAILED = "failed"
    COULD_NOT_CHECK = "could_not_check"  # raised, missing from the results, or matched nothing although rows are there
    NOTHING_TO_CHECK = "nothing_to_check"  # no rows it is about


@dataclass(frozen=True, slots=True)
class FailingCell:
    """A cell of a broken identity. `value` in the unit of the form, as text so that no digit is lost."""

    row_code: str
    column_code: str
    value: str | None
    side: str | None = None

    @property
    def place(self) -> str:
        return f"{self.row_code}/{self.column_code}"


@dataclass(frozen=True, slots=True)
class FailingRow:
    """A row that fails a check; fields the check does not speak of are None, further ones are in `other`."""

    agency_id: str | None = None
    agency_name: str | None = None
    report_id: str | None = None
    report_year: int | None = None
    scope: str | None = None
    left: str | None = None
    right: str | None = None
    cells: tuple[FailingCell, ...] = ()
    other: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The outcome of one planned check.

    population: rows of the table (of the edition) the check is about; matched: of these, rows or instances it found
    what it needs in; assessed: of these, those with every value known; unexpected: of these, those that fail. None where
    the check does not count; most_allowed: None where there is no ceiling. `rows` are the first failing rows only.
    """

    check_id: str
    rule_id: str
    table: str
    about: About
    severity: CheckSeverity
    chinese: str
    english: str
    state: CheckState
    edition: str | None = None
    identity_severity: str | None = None
    population: int | None = None
    matched: int | None = None
    assessed: int | None = None
    unexpected: int | None = None
    most_allowed: int | None = None  # about filers: how many may fail before the release is refused
    reason: str = ""
    rows: tuple[FailingRow, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether this result alone refuses the release."""
        if self.state is CheckState.COULD_NOT_CHECK:
            return True
        return self.state is CheckState.FAILED and (self.severity is CheckSeverity.BLOCKING or self.is_over_ceiling)

    @property
    def is_over_ceiling(self) -> bool:
        return self.most_allowed is not None and (self.unexpected or 0) > self.most_allowed


@dataclass(frozen=True, slots=True)
class ValidationRun:
    """A whole validation of one warehouse file. `reasons` says in Chinese why it was refused, empty when it passed."""

    run_id: str
    warehouse: str
    fingerprint: str | None  # of the warehouse file as validated; publish refuses any other
    catalogue_version: str
    started_at: str  # ISO 8601, UTC
    seconds: float
    passed: bool
    reasons: tuple[str, ...]
    checks: tuple[CheckResult, ...]

    def counts(self) -> dict[str, int]:
        """Number of checks per state; states without a check are 0."""
        found = Counter(check.state for check in self.checks)
        return {state.value: found[state] for state in CheckState}

    @property
    def refused_by(self) -> tuple[CheckResult, ...]:
        return tuple(check for check in self.checks if check.blocks)

    @property
    def warnings(self) -> tuple[CheckResult, ...]:
        return tuple(check for check in self.checks if check.state is CheckState.FAILED and not check.blocks)

    def as_dict(self) -> dict[str, Any]:
        """The run as plain JSON values, with the counts per state."""
        return json.loads(json.dumps(asdict(self))) | {"counts": self.counts()}

    def write_json(self, folder: Path) -> Path:
        """Write `<run id>.json` and move `latest.json` onto the same content, each in one step."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.as_dict(), ensure_ascii=False, indent=1)
        written = folder / f"{self.run_id}.json"
        for target in (written, folder / "latest.json"):
            draft = target.with_suffix(".part")
            draft.write_text(text, encoding="utf-8")
            draft.replace(target)
        return written


def run_from_dict(stored: Mapping[str, Any]) -> ValidationRun:
    """The run that `as_dict` made `stored` of."""
    fields = {key: value for key, value in stored.items() if key != "counts"}
    fields["reasons"] = tuple(fields["reasons"])
    fields["checks"] = tuple(_check_from_dict(check) for check in fields["checks"])
    return ValidationRun(**fields)


def _check_from_dict(stored: Mapping[str, Any]) -> CheckResult:
    return CheckResult(
        **{
            **stored,
            "about": About(stored["about"]),
            "severity": CheckSeverity(stored["severity"]),
            "state": CheckState(stored["state"]),
            "rows": tuple(_row_from_dict(row) for row in stored["rows"]),
        }
    )


def _row_from_dict(stored: Mapping[str, Any]) -> FailingRow:
    return FailingRow(
        **{
            **stored,
            "cells": tuple(FailingCell(**cell) for cell in stored["cells"]),
            "other": tuple((name, value) for name, value in stored["other"]),
        }
    )
