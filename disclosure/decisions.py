"""What people have decided about single cells: a suggestion accepted, a figure typed from evidence, a print confirmed.

Here are the shape of a decision and its store: YAML files in `catalogue/corrections` and in HOME/decisions. What a
decision does to a table is in `reconcile/decide.py`. A decision belongs to the bytes of one report and to one cell, and
says what was printed there when it was made; it never changes a printed figure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from catalogue.load import CATALOGUE_ROOT
from catalogue.model import Catalogue

REPOSITORY = CATALOGUE_ROOT / "corrections"
STORE = "decisions"  # folder of a home

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Action(StrEnum):
    ACCEPT_SUGGESTION = "accept_suggestion"
    CORRECT = "correct"
    CONFIRM_PRINTED = "confirm_printed"


class DecisionState(StrEnum):
    APPLIED = "applied"
    LAPSED = "lapsed"  # the bytes or the printed text are no longer those it was made on
    WITHHELD = "withheld"  # in force, but an identity still contradicts the cell


class DecisionError(Exception):
    """A decision that cannot be used: names the file, the entry, what is wrong and what would be right."""

    def __init__(self, file: str, entry: str, problem: str) -> None:
        super().__init__(f"{file}, {entry}: {problem}")


class Decision(BaseModel):
    """One entry of a store. `value` is in the unit of the form; `expect` the printed text, "" for a blank."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    report_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    cell: Annotated[str, StringConstraints(pattern=r"^[^/\s]+/[^/\s]+/[^/\s]+$")]  # table/row_code/column_code
    action: Action
    expect: str
    value: Annotated[Decimal, Field(max_digits=20, decimal_places=6)] | None = None
    who: Text
    why: Text
    decided_on: date
    evidence: Text | None = None
    agency_id: str | None = None  # with year and scope: recognises a later version of the report
    report_year: int | None = None
    reporting_scope: str | None = None

    @model_validator(mode="after")
    def _fits_its_action(self) -> Decision:
        if self.action is Action.CONFIRM_PRINTED:
            if self.value is not None:
                raise ValueError("confirm_printed takes no value: the printed one is confirmed")
            if not self.expect:
                raise ValueError("confirm_printed on a blank cell: there is no figure to confirm")
        elif self.value is None:
            raise ValueError(f"{self.action} needs a value")
        if self.action is Action.CORRECT and self.evidence is None:
            raise ValueError("correct needs evidence: where the right figure stands")
        return self

    @property
    def key(self) -> tuple[str, str, str]:
        table, row_code, column_code = self.cell.split("/")
        return table, row_code, column_code


@dataclass(frozen=True, slots=True)
class DecisionOutcome:
    """What became of a decision on this reading of the report: the text printed there now, and the state."""

    decision: Decision
    state: DecisionState
    printed: str | None


@dataclass(frozen=True)
class DecisionBook:
    """All decisions in force, by report; of several about one cell the last counts."""

    by_report: Mapping[str, tuple[Decision, ...]] = field(default_factory=dict)

    def about(self, report_id: str) -> tuple[Decision, ...]:
        return self.by_report.get(report_id, ())

    def version_of(self, report_id: str) -> str:
        """Changes when a decision about the report is added, changed or taken back; "" when there is none."""
        decisions = [json.loads(each.model_dump_json()) for each in self.about(report_id)]
        if not decisions:
            return ""
        return hashlib.sha256(json.dumps(decisions, sort_keys=True).encode()).hexdigest()[:16]

    def about_other_bytes(
        self, report_id: str, agency_id: str | None, report_year: int | None, reporting_scope: str | None
    ) -> tuple[Decision, ...]:
        """Decisions about another version of the same agency's report of the same year and scope."""
        if agency_id is None or report_year is None:
            return ()
        same = (agency_id, report_year, reporting_scope)
        return tuple(
            decision
            for decisions in self.by_report.values()
            for decision in decisions
            if decision.report_id != report_id
            and (decision.agency_id, decision.report_year, decision.reporting_scope) == same
        )


EMPTY_BOOK = DecisionBook()


@lru_cache(maxsize=1)
def repository_decisions(catalogue: Catalogue) -> DecisionBook:
    """The decisions this installation was shipped with."""
    return read_decisions(catalogue, REPOSITORY)


def home_decisions(catalogue: Catalogue, home: Path) -> DecisionBook:
    """The decisions of the repository and of a home; the home's come later and win. Raises DecisionError."""
    return read_decisions(catalogue, REPOSITORY, home / STORE)


def read_decisions(catalogue: Catalogue, *folders: Path) -> DecisionBook:
    """The decisions of all files of some folders. Raises DecisionError at the first that cannot be used."""
    latest: dict[tuple[str, str], Decision] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            for decision in read_store(path, catalogue):
                latest.pop((decision.report_id, decision.cell), None)
                latest[decision.report_id, decision.cell] = decision
    by_report: dict[str, tuple[Decision, ...]] = {}
    for decision in latest.values():
        by_report[decision.report_id] = (*by_report.get(decision.report_id, ()), decision)
    return DecisionBook(by_report)


def read_store(path: Path, catalogue: Catalogue) -> Iterator[Decision]:
    """The decisions of one file, in their order."""
    try:
        content = yaml.safe_load(path.read_bytes())
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DecisionError(path.name, "the whole file", f"is not YAML: {error}") from error
    entries = content.get("decisions") if isinstance(content, dict) and set(content) == {"decisions"} else None
    if not isinstance(entries, list):
        raise DecisionError(path.name, "the whole file", "has to be one list under the key `decisions`")
    for number, entry in enumerate(entries, 1):
        yield _check_entry(entry, path.name, f"entry {number}", catalogue)


def _check_entry(entry: Any, file_name: str, place: str, catalogue: Catalogue) -> Decision:
    if isinstance(entry, dict) and "cell" in entry:
        place = f"{place} ({entry['cell']})"
    try:
        decision = Decision.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DecisionError(file_name, place, f"{where}: {first['msg']}" if where else first["msg"]) from error
    if problem := unknown_cell(decision.key, catalogue):
        raise DecisionError(file_name, place, problem)
    return decision


def unknown_cell(key: tuple[str, str, str], catalogue: Catalogue) -> str | None:
    """Why no edition of the form has such a cell; None when one has it."""
    table_code, row_code, column_code = key
    tables = [table for edition in catalogue.editions if (table := edition.table(table_code))]
    if not tables:
        known = {table.code for edition in catalogue.editions for table in edition.tables}
        return f"no form has a table {table_code}; there are {', '.join(sorted(known))}"
    cells = {cell for table in tables for cell in table.cells_of_all_variants()}
    if (row_code, column_code) in cells:
        return None
    rows = sorted({row for row, _ in cells})
    if row_code not in rows:
        return f"{table_code} has no row {row_code}; its rows are {', '.join(rows)}"
    columns = sorted({column for row, column in cells if row == row_code})
    return f"{table_code} row {row_code} has no column {column_code}; its columns are {', '.join(columns)}"


def check_reports_known(home: Path, catalogue: Catalogue, known: Iterable[str]) -> None:
    """Every decision of a home is about a report the home has received. Raises DecisionError.

    Decisions of the repository are not held to this: a home need not have received all reports they are about."""
    received = frozenset(known)
    for path in sorted((home / STORE).glob("*.yaml")):
        for number, decision in enumerate(read_store(path, catalogue), 1):
            if decision.report_id not in received:
                problem = f"no report {decision.report_id} has been received in {home}"
                raise DecisionError(path.name, f"entry {number} ({decision.cell})", problem)


def append_decision(home: Path, decision: Decision, catalogue: Catalogue) -> Path:
    """Add a decision at the end of the file of its report and return the file. What stands there, comments too, stays.

    Raises DecisionError when the file would not be a store afterwards; it is left as it was."""
    folder = home / STORE
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{decision.report_id}.yaml"
    entry = json.loads(decision.model_dump_json(exclude_none=True))
    entry["decided_on"] = decision.decided_on
    before = path.read_text(encoding="utf-8").rstrip("\n") if path.exists() else "decisions:"
    added = yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=100)
    draft = folder / f".{decision.report_id}.yaml.part"
    draft.write_text(f"{before}\n{added}", encoding="utf-8")
    try:
        list(read_store(draft, catalogue))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path
