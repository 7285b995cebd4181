"""The release as a Frictionless data package (datapackage.json): every table with types, keys, titles and references.

What a column means comes from the catalogue, as everywhere else; here it is only put into the words of the standard
(Data Package 2.0 and Table Schema).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from catalogue.published import PublishedColumn as DeclaredColumn
from disclosure.publish.tables import PublishedColumn, PublishedTable

DATA_PACKAGE = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
NAME = "gouji"
TITLE = "勾稽 Gouji: how Chinese agencies handled requests for government information, by agency and year"
DESCRIPTION = (
    "The statutory tables of the annual reports on government-information disclosure (政府信息公开工作年度报告), held to "
    "their own accounting identities. Every figure leads back to the file, place and printed text it was read from."
)
LICENCE = {"name": "MIT", "path": "https://opensource.org/license/mit", "title": "MIT License"}

CSV = {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
PARQUET = {"format": "parquet", "mediatype": "application/vnd.apache.parquet"}

TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "number",
    "FLOAT": "number",
    "TINYINT": "integer",
    "SMALLINT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "HUGEINT": "integer",
}


def describe_package(
    release_id: str, created_at: datetime, described: Sequence[tuple[PublishedTable, Mapping[str, Any]]]
) -> dict[str, Any]:
    """The descriptor of a release; `described` are its tables with their entries in the manifest."""
    return {
        "$schema": PROFILE,
        "name": NAME,
        "title": TITLE,
        "description": DESCRIPTION,
        "version": release_id,
        "created": created_at.isoformat(timespec="seconds"),
        "licenses": [LICENCE],
        "keywords": ["政府信息公开", "依申请公开", "年度报告", "freedom of information", "China"],
        "resources": [_resource(table, entry, [other for other, _ in described]) for table, entry in described],
    }


def _resource(table: PublishedTable, entry: Mapping[str, Any], tables: Sequence[PublishedTable]) -> dict[str, Any]:
    declared = table.declared
    words = (
        {"title": declared.chinese, "description": f"{declared.english} Grain: {declared.grain}."} if declared else {}
    )
    return {
        "name": table.title,
        "type": "table",
        **words,
        **_file(entry),
        "schema": _schema(table, tables),
    }


def _file(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The file of a resource: the CSV, or, of a table too large for one, the Parquet file or files."""
    parquet = [file["path"] for file in entry["parquet"]]
    form, kinds = ([entry["csv"]], CSV) if entry["csv"] else (entry["parquet"], PARQUET)
    described: dict[str, Any] = {"path": _one_or_all([file["path"] for file in form]), **kinds}
    described["bytes"] = sum(file["bytes"] for file in form)
    if len(form) == 1:  # the standard has no hash for several files; each has its own in the manifest
        described["hash"] = f"sha256:{form[0]['sha256']}"
    return described | {"parquet": _one_or_all(parquet)}


def _one_or_all(paths: list[str]) -> str | list[str]:
    return paths[0] if len(paths) == 1 else paths


def _schema(table: PublishedTable, tables: Sequence[PublishedTable]) -> dict[str, Any]:
    declared = {column.name: column for column in table.declared.columns} if table.declared else {}
    schema: dict[str, Any] = {"fields": [_field(column, declared.get(column.name)) for column in table.columns]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.declared and table.declared.references:
        keys = {other.name: other for other in tables}
        schema["foreignKeys"] = [
            {
                "fields": list(reference.columns),
                "reference": {
                    "resource": keys[reference.table].title,
                    "fields": list(keys[reference.table].key),
                },
            }
            for reference in table.declared.references
        ]
    return schema


def _field(column: PublishedColumn, declared: DeclaredColumn | None) -> dict[str, Any]:
    kind = _field_type(column.type)
    field: dict[str, Any] = {"name": column.name, "type": kind}
    if declared:
        caveat = f" {declared.caveat}." if declared.caveat else ""
        field |= {"title": declared.chinese, "description": f"{declared.english}.{caveat}"}
        field |= {name: text for name, text in (("unit", declared.unit), ("clause", declared.clause)) if text}
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if declared and declared.accepted:
        constraints["enum"] = list(declared.accepted)
    if constraints:
        field["constraints"] = constraints
    if column.required and kind == "string":
        field["missingValues"] = []  # an empty text is a text, e.g. what is printed in a blank cell
    return field


def _field_type(duckdb_type: str) -> str:
    """The type of Table Schema for a DuckDB type, as `files` writes it into CSV."""
    if duckdb_type.endswith("]"):
        return "array"
    if duckdb_type.startswith(("STRUCT", "MAP")):
        return "object"
    if duckdb_type.startswith("DECIMAL"):
        return "number"
    if duckdb_type.startswith("TIMESTAMP"):
        return "datetime"
    return TYPES.get(duckdb_type, "any")
