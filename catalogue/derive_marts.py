"""Writes what dbt and the reader of the data need to know about the published tables, from `published.yaml`.

Here belong the model YAML of marts and quality (contract, constraints, comments, tests), the macro that lists the
columns of `agency_year`, the seed of the dictionary and docs/data_dictionary.md. The SQL itself is written by hand.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import yaml

from catalogue.load import load_catalogue
from catalogue.model import Catalogue
from catalogue.published import Published, PublishedColumn, PublishedTable, load_published

NOTICE = "Derived from catalogue/published.yaml by `python -m catalogue.derive`; change it there."


def derive_marts(root: Path, catalogue: Catalogue | None = None) -> dict[Path, str]:
    """Every file derived from the published tables, as path under `root` -> content. Nothing is written."""
    published = load_published(catalogue or load_catalogue())
    project = root / "dbt_project"
    return {
        project / "models/marts/_marts.yml": models_yaml(published, "marts"),
        project / "models/quality/_quality.yml": models_yaml(published, "quality"),
        project / "macros/derived/agency_year_columns.sql": agency_year_macros(published),
        project / "seeds/catalogue/catalogue_dictionary.csv": dictionary_csv(published),
        root / "docs/data_dictionary.md": dictionary_page(published),
    }


def models_yaml(published: Published, schema_name: str) -> str:
    """The dbt properties of all models of a schema."""
    models = [_model(table) for table in published.tables if table.schema_name == schema_name]
    text = yaml.safe_dump({"models": models}, allow_unicode=True, sort_keys=False, width=1000)
    return f"# {NOTICE}\n{text}"


def _model(table: PublishedTable) -> dict[str, Any]:
    model: dict[str, Any] = {"name": table.name, "description": table.comment}
    if table.indexed:
        model["constraints"] = [{"type": "primary_key", "columns": list(table.primary_key)}]
    if table.primary_key:
        model["data_tests"] = [{"unique_grain": {"arguments": {"columns": list(table.primary_key)}}}]
    model["columns"] = [_model_column(column) for column in table.columns]
    return model


def _model_column(column: PublishedColumn) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": column.name, "data_type": column.type.lower(), "description": column.comment}
    if column.required:
        entry["constraints"] = [{"type": "not_null"}]
    if column.accepted:
        entry["data_tests"] = [{"accepted_values": {"arguments": {"values": list(column.accepted)}}}]
    return entry


def agency_year_macros(published: Published) -> str:
    """The macros that tell the model `agency_year` which cells and indicators are its columns."""
    counts = [
        f"    {{'name': '{count.name}', 'table_code': '{count.table_code}', "
        f"'row_code': '{count.row_code}', 'column_code': '{count.column_code}'}},"
        for count in published.counts
    ]
    indicators = [
        f"    {{'code': '{indicator.code}', 'is_rate': {'true' if indicator.denominator else 'false'}}},"
        for indicator in published.indicators
    ]
    return "\n".join(
        (
            f"{{# {NOTICE} #}}",
            "{% macro agency_year_counts() %}{{ return([",
            *counts,
            "]) }}{% endmacro %}",
            "",
            "{% macro agency_year_indicators() %}{{ return([",
            *indicators,
            "]) }}{% endmacro %}",
            "",
        )
    )


def dictionary_csv(published: Published) -> str:
    """The seed behind marts.dictionary: one row per published column."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow([column.name for column in published.table("dictionary").columns])
    for table in published.tables:
        for order, column in enumerate(table.columns, start=1):
            words = (column.chinese, column.english, column.unit, column.clause)
            flags = (str(column.name in table.primary_key).lower(), str(column.required).lower())
            writer.writerow((table.schema_name, table.name, order, column.name, column.type, *words, *flags))
    return lines.getvalue()


def dictionary_page(published: Published) -> str:
    """docs/data_dictionary.md: every published table with its grain, key and columns."""
    parts = [f"# Data dictionary\n\n<!-- {NOTICE} -->\n"]
    for table in published.tables:
        key = ", ".join(f"`{name}`" for name in table.primary_key) or "none"
        parts.append(
            f"\n## {table.schema_name}.{table.name}\n\n{table.chinese}。 {table.english}\n\n"
            f"Grain: {table.grain}. Key: {key}.\n\n"
            "| column | type | null | 中文 | meaning | unit | clause |\n|---|---|---|---|---|---|---|\n"
        )
        parts.extend(_page_row(column) for column in table.columns)
    return "".join(parts)


def _page_row(column: PublishedColumn) -> str:
    null = "no" if column.required else "yes"
    accepted = f" One of: {', '.join(f'`{value}`' for value in column.accepted)}." if column.accepted else ""
    cells = (
        f"`{column.name}`",
        column.type,
        null,
        column.chinese,
        f"{column.english}.{accepted}",
        column.unit or "",
        column.clause or "",
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
