"""A planned check: what is expected of one published table, in words and as a Great Expectations configuration.

Pure data, so that a plan can be made, compared and shown without importing Great Expectations.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from expectations.limits import Ceiling


class About(StrEnum):
    """Whose fault a failing check is: ours (must be zero), or that of the agencies who filed (measured)."""

    US = "us"
    FILERS = "filers"


class CheckSeverity(StrEnum):
    """blocking: a failure refuses the release; warning: it is counted and shown, and refuses only beyond its ceiling."""

    BLOCKING = "blocking"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation of one suite.

    `expectation` names a class of Great Expectations, or `COUNTED_ROWS`; `arguments` are its keyword arguments.
    `identity_severity` is the O or D of the register where the check restates an identity.
    """

    check_id: str  # unique within a plan, e.g. marts.fct_applications/T3-R03/table_2019
    rule_id: str
    table: str  # schema-qualified, e.g. marts.fct_applications
    about: About
    severity: CheckSeverity
    chinese: str
    english: str
    expectation: str
    arguments: dict[str, Any] = field(default_factory=dict)
    edition: str | None = None
    identity_severity: str | None = None
    of_columns: bool = False  # looks at the list of the table's columns (`column_name`), not at its rows
    ceiling: Ceiling | None = None  # about filers: from where on a warning refuses the release
    shown_columns: tuple[str, ...] = ()  # of the table: what names a failing row of an expectation about a column


COUNTED_ROWS = "ExpectNoCountedRows"
"""The project's own expectation (`counted_rows.py`): a query that counts what it looked at and what it found wrong."""
