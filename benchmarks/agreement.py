"""Holds a report as read against the cells a person read from the same source.

A cell is right, wrong (another number, or a number where the source has none), or missing (no number where the source has
one). A wrong or missing cell is flagged when a finding or the cell itself says that something is amiss there.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from disclosure.findings import Finding, FindingCode, Where
from disclosure.report import Cell, CellKey, ReadingStatus, Report, ValueSource

# Says something about the edition, nothing about a cell.
_NOT_ABOUT_CELLS = (FindingCode.FORM_YEAR_MISMATCH,)
_ONE_LINE = "T4"
_TABLE_LOST = (FindingCode.TABLE_MISSING, FindingCode.TABLE_CELLS_LOST)


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
    short_rows: frozenset[tuple[str, str]] = frozenset()  # lost a value; which column lost it cannot be seen


def checked_sources(reports: Path) -> Iterator[CheckedSource]:
    """Every file of the folder `reports` that has hand-checked cells beside it (seeds with gold, and real/)."""
    for gold in sorted((reports / "gold").glob("seed_*.json")):
        content = _load(gold)
        short_rows = frozenset((row["table"], row["row_code"]) for row in content["ambiguous_rows"])
        yield CheckedSource(reports / "seeds" / content["source_file"], checked_cells(content["cells"]), short_rows)
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


def agree(report: Report, source: CheckedSource) -> Agreement:
    """Compare values as printed; a cell that is absent from the reading counts as no number. In a short row any column may
    be the one without a number."""
    read = {cell.key: cell for cell in report.cells}
    values = {key: read[key].value if key in read else None for key in source.cells}
    fitting_rows = {row for row in source.short_rows if _bag(values, row) == _bag(source.cells, row)}
    right = 0
    wrong: list[Disagreement] = []
    missing: list[Disagreement] = []
    for key, expected in source.cells.items():
        if values[key] == expected or key[:2] in fitting_rows:
            right += 1
            continue
        flagged = _is_flagged(key, read.get(key), report.findings)
        flagged = flagged or (values[key] is None and _is_known_missing(key, report))
        (missing if values[key] is None else wrong).append(Disagreement(key, expected, values[key], flagged))
    extra = tuple(key for key, cell in read.items() if key not in source.cells and cell.value is not None)
    return Agreement(right, tuple(wrong), tuple(missing), extra)


def _bag(values: Mapping[CellKey, Decimal | None], row: tuple[str, str]) -> Counter[Decimal | None]:
    return Counter(value for key, value in values.items() if key[:2] == row)


def _is_flagged(key: CellKey, cell: Cell | None, findings: Iterable[Finding]) -> bool:
    """Whether the cell itself is in doubt, or a finding names it, its row, or its column. A finding on a whole table says
    nothing about a cell, except in 表四, whose figures stand in one line."""
    if cell is not None and (cell.suspect or cell.value_source is ValueSource.WITHHELD):
        return True
    return any(
        trouble.code not in _NOT_ABOUT_CELLS and trouble.where.table == key[0] and _names(trouble.where, key)
        for trouble in findings
    )


def _is_known_missing(key: CellKey, report: Report) -> bool:
    """Whether the report as a whole could not be read, or says that the table is not there."""
    return report.status is not ReadingStatus.READ or any(
        trouble.code in _TABLE_LOST and trouble.where.table == key[0] for trouble in report.findings
    )


def _names(where: Where, key: CellKey) -> bool:
    table, row_code, column_code = key
    if where.row_code is None and where.column_code is None:
        return table == _ONE_LINE
    return where.row_code in (None, row_code) and where.column_code in (None, column_code)


def _load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
