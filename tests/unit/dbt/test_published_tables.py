"""The declaration of the published tables: it completes from the catalogue, and refuses what contradicts itself."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from catalogue.load import load_catalogue
from catalogue.published import PUBLISHED_FILE, PublishedError, load_published
from disclosure.findings import FindingSeverity
from disclosure.report import CellState, Outcome, ValueSource


def test_accepted_values_are_the_librarys() -> None:
    fields = yaml.safe_load(PUBLISHED_FILE.read_text(encoding="utf-8"))["fields"]
    assert fields["state"]["accepted"] == [state.value for state in CellState]
    assert fields["value_source"]["accepted"] == [source.value for source in ValueSource]
    assert fields["outcome"]["accepted"] == [outcome.value for outcome in Outcome]
    findings = load_published(load_catalogue()).table("findings")
    severity = next(column for column in findings.columns if column.name == "severity")
    assert severity.accepted == tuple(each.value for each in FindingSeverity)


def test_the_wide_table_has_each_total_once_over_all_editions() -> None:
    names = [column.name for column in load_published(load_catalogue()).table("agency_year").columns]
    assert names.count("other_handling_total") == 1
    assert names.count("other_misc_total") == 1
    assert names.count("outcomes_total") == 1
    assert "outcomes_total_total" not in names


def test_a_rate_comes_with_its_parts_and_a_sum_alone() -> None:
    names = {column.name for column in load_published(load_catalogue()).table("agency_year").columns}
    assert {"disclosure_rate", "disclosure_rate_numerator", "disclosure_rate_denominator"} <= names
    assert "inflow" in names
    assert "inflow_numerator" not in names


PLACE = (
    "agency_id",
    "report_year",
    "reporting_scope",
)  # where a report stands: agency and jurisdiction are never one row
CELL = ("row_code", "column_code")
PROMISED = {  # names and grains that analysts' queries rest on
    "marts.dim_agency": ("agency_id",),
    "marts.dim_region": ("region_code", "valid_from"),
    "marts.dim_line_item": ("edition", "table_code", *CELL),
    "marts.dim_report": ("report_id",),
    "marts.fct_applications": (*PLACE, *CELL),
    "marts.fct_proactive_disclosure": (*PLACE, *CELL),
    "marts.fct_review_litigation": (*PLACE, *CELL),
    "marts.fct_statistics_annex": (*PLACE, *CELL),
    "marts.fct_narrative_counts": (*PLACE, "ordinal"),
    "marts.agency_year": PLACE,
    "marts.dictionary": ("schema_name", "table_name", "column_name"),
    "quality.cells_as_filed": ("report_id", "table_code", *CELL),
    "quality.identity_ledger": ("report_id", "rule_id", "table_code", "scope"),
    "quality.findings": ("report_id", "ordinal"),
    "quality.coverage": ("receipt_id",),
    "quality.quarantine": (),
    "quality.corrections": ("report_id", "table_code", *CELL),
}
FACT_COLUMNS = [
    "agency_id",
    "agency_name",
    "report_year",
    "report_id",
    "row_code",
    "column_code",
    "value",
    "value_source",
]


def test_the_promised_tables_are_there_with_their_grains() -> None:
    published = {f"{table.schema_name}.{table.name}": table for table in load_published(load_catalogue()).tables}
    assert {name: published[name].primary_key for name in PROMISED} == PROMISED
    for table in published.values():
        if table.form_table:
            assert {column.name for column in table.columns} >= set(FACT_COLUMNS)


def test_fact_tables_share_their_columns() -> None:
    published = load_published(load_catalogue())
    facts = [table for table in published.tables if table.form_table]
    assert {table.form_table for table in facts} == {"T2", "T3", "T4", "S14"}
    assert all(table.columns == facts[0].columns for table in facts)


@pytest.mark.parametrize(
    ("columns", "key", "words"),
    [
        (["report_id", "nonsense"], [], "nonsense is no field"),
        (["report_id", "report_id"], [], r"repeated \['report_id'\]"),
        (["report_id"], ["row_code"], r"key without column \['row_code'\]"),
    ],
)
def test_a_contradictory_table_is_refused(tmp_path: Path, columns: list[str], key: list[str], words: str) -> None:
    declared = yaml.safe_load(PUBLISHED_FILE.read_text(encoding="utf-8"))
    declared["tables"] = [
        {"schema": "marts", "name": "t", "chinese": "表", "english": "T.", "grain": "row", "primary_key": key}
        | {"columns": columns}
    ]
    path = tmp_path / "published.yaml"
    path.write_text(yaml.safe_dump(declared), encoding="utf-8")
    with pytest.raises(PublishedError, match=words):
        load_published(load_catalogue(), path)
