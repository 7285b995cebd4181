"""Writes what dbt and the reader of the data need to know about the published tables, from `published.yaml`.

Here belong the model YAML of marts and quality (contract, constraints, comments, tests), the macro that lists the
columns of `agency_year`, the exposures, the seed of the dictionary and docs/data_dictionary.md. The SQL itself is written by hand.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from catalogue.expand import split_part
from catalogue.load import load_catalogue
from catalogue.model import Catalogue, Indicator
from catalogue.published import Published, PublishedColumn, PublishedTable, load_published

NOTICE = "Derived from catalogue/published.yaml by `python -m catalogue.derive`; change it there."


def derive_marts(root: Path, catalogue: Catalogue | None = None) -> dict[Path, str]:
    """Every file derived from the published tables, as path under `root` -> content. Nothing is written."""
    published = load_published(catalogue or load_catalogue())
    project = root / "dbt_project"
    return {
        project / "models/marts/_marts.yml": models_yaml(published, "marts"),
        project / "models/quality/_quality.yml": models_yaml(published, "quality"),
        project / "models/marts/_exposures.yml": exposures_yaml(published),
        project / "macros/derived/agency_year_columns.sql": agency_year_macros(published),
        project / "seeds/catalogue/catalogue_dictionary.csv": dictionary_csv(published),
        project / "seeds/catalogue/catalogue_column_terms.csv": column_terms_csv(published),
        root / "docs/data_dictionary.md": dictionary_page(published),
    }


def models_yaml(published: Published, schema_name: str) -> str:
    """The dbt properties of all models of a schema.

    Keys and closed lists have no test of dbt: the gate's suites, made from the same declarations, prove them of every
    published table before it is published, and looking twice at every row is dear.
    """
    models = [_model(table) for table in published.tables if table.schema_name == schema_name]
    text = yaml.safe_dump({"models": models}, allow_unicode=True, sort_keys=False, width=1000)
    return f"# {NOTICE}\n{text}"


def _model(table: PublishedTable) -> dict[str, Any]:
    model: dict[str, Any] = {"name": table.name, "description": table.comment}
    if table.view:
        model["config"] = {"materialized": "view"}
        model["columns"] = [_view_column(column) for column in table.columns]
        return model
    if table.indexed:
        model["constraints"] = [{"type": "primary_key", "columns": list(table.primary_key)}]
    model["columns"] = [_model_column(column) for column in table.columns]
    return model


def _model_column(column: PublishedColumn) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": column.name, "data_type": column.type.lower(), "description": column.comment}
    if column.required:
        entry["constraints"] = [{"type": "not_null"}]
    return entry


def _view_column(column: PublishedColumn) -> dict[str, Any]:
    """A view has no constraints, and testing its rows would compute all of them."""
    return {"name": column.name, "data_type": column.type.lower(), "description": column.comment}


def exposures_yaml(published: Published) -> str:
    """Everything that leaves the warehouse, and the published tables it is made of."""
    exposures = [
        {
            "name": exposure.name,
            "label": exposure.label,
            "type": exposure.type,
            "maturity": "high",
            "description": exposure.description,
            "owner": {"name": "Gouji"},
            "depends_on": [
                f"ref('{table.name}')"
                for table in published.tables
                if (not exposure.tables or table.name in exposure.tables) and (exposure.views or not table.view)
            ],
        }
        for exposure in published.exposures
    ]
    return f"# {NOTICE}\n{yaml.safe_dump({'exposures': exposures}, allow_unicode=True, sort_keys=False, width=1000)}"


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


def column_terms_csv(published: Published) -> str:
    """The seed behind marts.dim_column_term: the cells behind each column of the wide table."""
    lines, writer = _csv_of(published.table("dim_column_term"))
    for count in published.counts:
        writer.writerow((count.name, "value", "this", count.table_code, count.row_code, count.column_code, 1))
    for indicator in published.indicators:
        for column, part, terms in _column_parts(indicator):
            for text in terms:
                term = split_part(text, indicator.code)
                if term.is_cell:
                    place = (term.table_code, term.row_code, term.column_code)
                    writer.writerow((column, part, term.relation, *place, term.sign))
    return lines.getvalue()


def _column_parts(indicator: Indicator) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Column, part and terms: a rate is made of two parts, each of which is a column of its own."""
    if not indicator.denominator:
        yield indicator.code, "value", indicator.numerator
        return
    for part, terms in (("numerator", indicator.numerator), ("denominator", indicator.denominator)):
        yield indicator.code, part, terms
        yield f"{indicator.code}_{part}", "value", terms


def _csv_of(table: PublishedTable) -> tuple[io.StringIO, Any]:
    """A text with the header of a table, and the writer of its lines."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    return lines, writer


def dictionary_csv(published: Published) -> str:
    """The seed behind marts.dictionary: one row per published column."""
    lines, writer = _csv_of(published.table("dictionary"))
    for table in published.tables:
        for order, column in enumerate(table.columns, start=1):
            words = (column.chinese, column.english, column.unit, column.clause, column.caveat)
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
            f"Grain: {table.grain}. Key: {key}.{_refers(table)}\n\n"
            "| column | type | null | 中文 | meaning | unit | clause | caveat |\n|---|---|---|---|---|---|---|---|\n"
        )
        parts.extend(_page_row(column) for column in table.columns)
    return "".join(parts)


def _refers(table: PublishedTable) -> str:
    """The tables whose rows this one names."""
    if not table.references:
        return ""
    named = (f"{', '.join(f'`{name}`' for name in each.columns)} → `{each.table}`" for each in table.references)
    return f" Refers to: {'; '.join(named)}."


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
        column.caveat or "",
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
