"""Holds a report as read against the cells a person read from the same source.

A cell is right, wrong (another number, or a number where the source has none), or missing (no number where the source has
one). A wrong or missing cell is flagged when a finding or the cell itself says that something is amiss there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from disclosure.findings import Finding, FindingCode
from disclosure.report import Cell, CellKey, Report, ValueSource

# Says something about the edition, nothing about a cell.
_NOT_ABOUT_CELLS = (FindingCode.FORM_YEAR_MISMATCH,)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A cell that was read otherwise than by hand; `read` and `by_hand` are None for no number."""

    key: CellKey
    by_hand: Decimal | None
    read: Decimal | None
    flagged: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a reading agrees with the hand-checked cells of its source."""

    right: int
    wrong: tuple[Disagreement, ...]
    missing: tuple[Disagreement, ...]
    extra: tuple[CellKey, ...]  # cells of tables the source has not, or that were not checked by hand

    @property
    def silently_wrong(self) -> tuple[Disagreement, ...]:
        return tuple(each for each in self.wrong if not each.flagged)


@dataclass(frozen=True, slots=True)
class CheckedSource:
    """A source file and the cells a person read from it, by (table, row_code, column_code)."""

    path: Path
    cells: dict[CellKey, Decimal | None]


def checked_sources(reports: Path) -> Iterator[CheckedSource]:
    """Every file of the folder `reports` that has hand-checked cells beside it (seeds with gold, and real/)."""
    for gold in sorted((reports / "gold").glob("seed_*.json")):
        content = _load(gold)
        yield CheckedSource(reports / "seeds" / content["source_file"], checked_cells(content["cells"]))
    for gold in sorted((reports / "real").glob("*.gold.json")):
        cells = checked_cells(_load(gold)["cells"])
        name = gold.name.removesuffix(".gold.json")
        for path in sorted(gold.parent.glob(f"{name}.*")):
            if path != gold:
                yield CheckedSource(path, cells)


def checked_cells(cells: Iterable[dict[str, Any]]) -> dict[CellKey, Decimal | None]:
    """The values read by hand, exact: JSON numbers were parsed as Decimal or int."""
    return {
        (cell["table"], cell["row_code"], cell["column_code"]): None
        if cell["value"] is None
        else Decimal(cell["value"])
        for cell in cells
    }


def agree(report: Report, by_hand: dict[CellKey, Decimal | None]) -> Agreement:
    """Compare values as printed; a cell that is absent from the reading counts as no number."""
    read = {cell.key: cell for cell in report.cells}
    right = 0
    wrong: list[Disagreement] = []
    missing: list[Disagreement] = []
    for key, expected in by_hand.items():
        cell = read.get(key)
        value = cell.value if cell else None
        if value == expected:
            right += 1
            continue
        difference = Disagreement(key, expected, value, _is_flagged(key, cell, report.findings))
        (missing if value is None else wrong).append(difference)
    extra = tuple(key for key, cell in read.items() if key not in by_hand and cell.value is not None)
    return Agreement(right, tuple(wrong), tuple(missing), extra)


def _is_flagged(key: CellKey, cell: Cell | None, findings: Iterable[Finding]) -> bool:
    if cell is not None and (cell.suspect or cell.value_source is ValueSource.WITHHELD):
        return True
    table, row_code, column_code = key
    return any(
        trouble.code not in _NOT_ABOUT_CELLS
        and trouble.where.table == table
        and trouble.where.row_code in (None, row_code)
        and trouble.where.column_code in (None, column_code)
        for trouble in findings
    )


def _load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
