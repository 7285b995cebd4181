"""The published tables and columns, as `published.yaml` declares them and the catalogue completes them.

Here belong their typed form and the reading of that one file. What is made from it (dbt contracts, the dictionary) is
in `derive_marts.py`; the SQL that fills the tables is in the dbt project.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from catalogue.expand import formula_of, split_part
from catalogue.model import Catalogue, Column, Comparison, Edition, Frozen, Indicator, Row, Table
from catalogue.series import name_count

PUBLISHED_FILE = Path(__file__).with_name("published.yaml")
FIGURE = "DECIMAL(20,6)"
RATE = "DOUBLE"
_PERSONS = "人"


class PublishedColumn(Frozen):
    """A column of a published table. `required` means never null; `accepted` is the closed list of its values;
    `coded` that they are few and recur; `caveat` is what a reader has to mind before comparing or adding."""

    name: str
    type: str
    chinese: str
    english: str
    unit: str | None = None
    clause: str | None = None
    caveat: str | None = None
    required: bool = False
    accepted: tuple[str, ...] = ()
    coded: bool = False

    @property
    def comment(self) -> str:
        """The comment stored with the column: label, meaning, unit, clause and caveat in one line."""
        unit = f" 单位：{self.unit}。" if self.unit else ""
        clause = f" 依据：{self.clause}。" if self.clause else ""
        caveat = f" 注意：{self.caveat}。" if self.caveat else ""
        return f"{self.chinese}。{unit}{clause} {self.english}.{caveat}"


class CountSelection(Frozen):
    """Cells that become columns of a wide table: every row of a table that has one of these columns."""

    table: str
    columns: tuple[str, ...]


class Reference(Frozen):
    """Columns that name a row of another published table by its primary key; null where they name none."""

    columns: tuple[str, ...]
    table: str


class PublishedTable(Frozen):
    """A published table. An empty primary key means that no set of columns identifies a row."""

    schema_name: str
    name: str
    chinese: str
    english: str
    grain: str
    primary_key: tuple[str, ...]
    columns: tuple[PublishedColumn, ...]
    form_table: str | None = None  # the statutory table a fact table publishes
    indexed: bool = False  # the key is a constraint of the table, not only a test
    references: tuple[Reference, ...] = ()
    view: bool = False  # computed when asked, from published tables only

    @property
    def comment(self) -> str:
        return f"{self.chinese}。 {self.english} Grain: {self.grain}."

    @property
    def holds_cells(self) -> bool:
        """Whether it shows the cells of reports, so that its key ends in the codes of a cell."""
        return bool(self.form_table) or self.name == "cells_as_filed"


class WideCount(Frozen):
    """A cell of a form that is a column of `agency_year`."""

    name: str
    table_code: str
    row_code: str
    column_code: str
    column: PublishedColumn


class Exposure(Frozen):
    """Something people get that is made of published tables: all of them, or those named."""

    name: str
    label: str
    type: str
    description: str
    tables: tuple[str, ...] = ()
    views: bool = True  # whether views are part of it


class Published(Frozen):
    """All published tables, the cells and indicators that are columns of `agency_year`, and what is made of them."""

    tables: tuple[PublishedTable, ...]
    counts: tuple[WideCount, ...]
    indicators: tuple[Indicator, ...]
    exposures: tuple[Exposure, ...] = ()

    def table(self, name: str) -> PublishedTable:
        return next(table for table in self.tables if table.name == name)


class PublishedError(ValueError):
    """`published.yaml` is wrong; the message names the table and the column."""


def load_published(catalogue: Catalogue, path: Path = PUBLISHED_FILE) -> Published:
    """Read `published.yaml` and add to `agency_year` the columns the catalogue's forms and indicators give it.

    Raises PublishedError for an unknown field, a repeated column, a key that is not a column or a reference that does
    not fit the key of its table.
    """
    declared = yaml.safe_load(path.read_text(encoding="utf-8"))
    fields: dict[str, dict[str, Any]] = declared["fields"]
    words = {
        "identities": _rule_ids(
            rule.rule_id for rule in catalogue.identities if rule.comparison is not Comparison.READING
        ),
        "plausibility": _rule_ids(rule.rule_id for rule in catalogue.plausibility),
    }
    counts: list[WideCount] = []
    tables = []
    for entry in declared["tables"]:
        columns = [_column(entry["name"], column, fields, words) for column in entry["columns"]]
        selected = [
            count
            for selection in entry.get("counts", ())
            for count in _wide_counts(CountSelection(**selection), catalogue)
        ]
        columns += [count.column for count in selected]
        counts += selected
        if entry.get("indicators"):
            columns += [
                column for indicator in catalogue.indicators for column in indicator_columns(indicator, catalogue)
            ]
        tables.append(_table(entry, columns))
    _check_references(tables)
    return Published(
        tables=tuple(tables),
        counts=tuple(counts),
        indicators=catalogue.indicators,
        exposures=tuple(Exposure(**entry) for entry in declared.get("exposures", ())),
    )


def _column(
    table: str, entry: str | dict[str, Any], fields: dict[str, dict[str, Any]], words: dict[str, str]
) -> PublishedColumn:
    """A column with what `fields` says of it; {identities} and {plausibility} stand for the rules there are."""
    changes = {"name": entry} if isinstance(entry, str) else entry
    name = changes["name"]
    if name not in fields and "type" not in changes:
        raise PublishedError(f"published.yaml: table {table}: column {name} is no field and declares no type")
    column = PublishedColumn(**{**fields.get(name, {}), **changes})
    for placeholder, rules in words.items():
        column = column.model_copy(update={"english": column.english.replace(f"{{{placeholder}}}", rules)})
    return column


def _rule_ids(rule_ids: Iterable[str]) -> str:
    return ", ".join(rule_ids)


def _table(entry: dict[str, Any], columns: list[PublishedColumn]) -> PublishedTable:
    names = [column.name for column in columns]
    repeated = sorted({name for name in names if names.count(name) > 1})
    unknown = [name for name in entry["primary_key"] if name not in names]
    if repeated or unknown:
        raise PublishedError(
            f"published.yaml: table {entry['name']}: repeated {repeated}, key without column {unknown}"
        )
    return PublishedTable(
        schema_name=entry["schema"],
        name=entry["name"],
        chinese=entry["chinese"],
        english=entry["english"],
        grain=entry["grain"],
        primary_key=tuple(entry["primary_key"]),
        columns=tuple(columns),
        form_table=entry.get("form_table"),
        indexed=entry.get("indexed", False),
        view=entry.get("view", False),
        references=tuple(
            Reference(table=table, columns=tuple(columns)) for table, columns in entry.get("references", {}).items()
        ),
    )


def _check_references(tables: list[PublishedTable]) -> None:
    keys = {table.name: table.primary_key for table in tables}
    for table in tables:
        names = {column.name for column in table.columns}
        for reference in table.references:
            fits = len(keys.get(reference.table, ())) == len(reference.columns) and names.issuperset(reference.columns)
            if not fits:
                raise PublishedError(
                    f"published.yaml: table {table.name}: {', '.join(reference.columns)} is no key of {reference.table}"
                )


def _wide_counts(selection: CountSelection, catalogue: Catalogue) -> Iterator[WideCount]:
    """The cells of a selection over all editions; words are those of the newest edition that has the row."""
    newest: dict[tuple[str, str], tuple[Table, Row, Column]] = {}
    for edition in sorted(catalogue.editions, key=_first_year):
        table = edition.table(selection.table)
        for row in table.rows if table else ():
            for code in row.columns:
                if table and code in selection.columns:
                    newest[(row.code, code)] = (table, row, table.column(code))
    for (row_code, column_code), (table, row, column) in newest.items():
        name = name_count(row_code, column_code)
        yield WideCount(
            name=name,
            table_code=selection.table,
            row_code=row_code,
            column_code=column_code,
            column=PublishedColumn(
                name=name,
                type=FIGURE,
                chinese=f"{row.chinese}（{column.chinese}）",
                english=f"{row.english}, {column.english}",
                unit=row.unit or column.unit,
                clause=row.clause or table.clause,
                caveat=_series_caveat(selection.table, row_code, column_code, catalogue),
            ),
        )


def _series_caveat(table: str, row_code: str, column_code: str, catalogue: Catalogue) -> str | None:
    """What the editions say about comparing this line with its successor or predecessor."""
    notes = {
        f"{edition.code} → {bridge.to_edition}：{bridge.note}": None
        for edition in catalogue.editions
        for bridge in edition.bridges
        if (
            table == bridge.table
            and row_code in bridge.row_codes
            and column_code in (bridge.column_codes or (column_code,))
        )
        or (
            table == bridge.to_table
            and row_code in bridge.to_row_codes
            and column_code in (bridge.to_column_codes or (column_code,))
        )
    }
    return "；".join(notes) or None


def _first_year(edition: Edition) -> int:
    return edition.first_report_year


def indicator_columns(indicator: Indicator, catalogue: Catalogue) -> tuple[PublishedColumn, ...]:
    """A sum is one column; a rate is followed by its numerator and its denominator."""
    floor = indicator.small_number_floor
    caution = f"small numbers when the denominator is below {floor}" if floor else ""
    value = PublishedColumn(
        name=indicator.code,
        type=RATE if indicator.denominator else FIGURE,
        chinese=indicator.chinese,
        english=indicator.english,
        unit="比率" if indicator.denominator else _unit_of(indicator.numerator, indicator.code, catalogue),
        caveat="；".join(filter(None, (indicator.note, indicator.caveat, caution))) or None,
    )
    if not indicator.denominator:
        return (value,)
    parts = (("numerator", "分子", indicator.numerator), ("denominator", "分母", indicator.denominator))
    return (
        value,
        *(
            PublishedColumn(
                name=f"{indicator.code}_{part}",
                type=FIGURE,
                chinese=f"{indicator.chinese}（{label}）",
                english=f"{part.capitalize()} of {indicator.code}: {formula_of(terms)}",
                unit=_unit_of(terms, indicator.code, catalogue),
            )
            for part, label, terms in parts
        ),
    )


def _unit_of(parts: tuple[str, ...], indicator: str, catalogue: Catalogue) -> str:
    """The unit of a sum of figures. Raises PublishedError when they have not all the same one."""
    tables = [table for edition in catalogue.editions for table in edition.tables]
    units: set[str] = set()
    for term in (split_part(part, indicator) for part in parts):
        cell = (term.row_code, term.column_code)
        on_form = [table for table in tables if table.code == term.table_code and cell in table.cells()]
        units |= {table.unit_of(*cell) for table in on_form} if term.is_cell else {_PERSONS}
    if len(units) != 1:
        raise PublishedError(f"indicator {indicator}: {formula_of(parts)} adds figures in {sorted(units)}")
    return units.pop()
