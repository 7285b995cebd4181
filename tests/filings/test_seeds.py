"""The five reports the project started from, against what a person read: every cell, field, fact and identity."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from gold import (
    broken_identities,
    differing_cells,
    differing_metadata,
    imputed_cells,
    strict_facts,
    strict_facts_expected,
    withheld_cells,
)

from catalogue.load import load_catalogue
from disclosure.reading import read_filing
from disclosure.report import Outcome, Report

SEEDS = ("000", "001", "002", "003", "004")
HAND_CHECKED_CELLS = {"000": 198, "001": 198, "002": 200, "003": 0, "004": 201}  # 797 in all
BROKEN = {"000": {("T3-R03", "row:granted_full"), ("T3-R02", "column:org_business")}}


@pytest.fixture(scope="module")
def gold(real_reports: Path) -> dict[str, dict[str, Any]]:
    return {
        seed: json.loads((real_reports / "gold" / f"seed_{seed}.json").read_text(encoding="utf-8"), parse_float=Decimal)
        for seed in SEEDS
    }


@pytest.fixture(scope="module")
def reports(real_reports: Path, gold: dict[str, dict[str, Any]]) -> dict[str, Report]:
    paths = {seed: real_reports / "seeds" / gold[seed]["source_file"] for seed in SEEDS}
    return {seed: read_filing(path.read_bytes(), path.name) for seed, path in paths.items()}


def short_rows(gold: dict[str, Any]) -> set[tuple[str, str]]:
    return {(row["table"], row["row_code"]) for row in gold["ambiguous_rows"]}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_cell_and_no_other(seed: str, reports: dict[str, Report], gold: dict[str, Any]) -> None:
    assert len(gold[seed]["cells"]) == HAND_CHECKED_CELLS[seed]
    assert differing_cells(reports[seed], gold[seed]["cells"], short_rows(gold[seed])) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_metadata(seed: str, reports: dict[str, Report], gold: dict[str, Any]) -> None:
    assert differing_metadata(reports[seed], gold[seed]["metadata"]) == {}
    assert reports[seed].form_version == gold[seed]["metadata"]["form_version"]
    assert reports[seed].form_variant == gold[seed]["metadata"]["form_variant"]


def test_no_table_is_invented_for_a_report_without_tables(reports: dict[str, Report]) -> None:
    report = reports["003"]
    assert report.cells == ()
    assert (report.t2_form, report.t3_form, report.t4_form, report.s14_form) == (None, None, None, None)


@pytest.mark.parametrize("seed", SEEDS)
def test_imputed_and_nothing_else(seed: str, reports: dict[str, Report], gold: dict[str, Any]) -> None:
    short = short_rows(gold[seed])
    expected = {
        (cell["table"], cell["row_code"], "*" if (cell["table"], cell["row_code"]) in short else cell["column_code"]):
        Decimal(cell["value"])
        for cell in gold[seed]["expected_imputations"]
    }  # fmt: skip
    assert imputed_cells(reports[seed], short) == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_withheld_and_nothing_else(seed: str, reports: dict[str, Report], gold: dict[str, Any]) -> None:
    expected = {
        (cell["table"], cell["row_code"], cell["column_code"]): Decimal(cell["suggested_value"])
        for cell in gold[seed]["expected_quarantine"]
    }
    assert withheld_cells(reports[seed]) == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_ledger(seed: str, reports: dict[str, Report]) -> None:
    report = reports[seed]
    assert broken_identities(report) == BROKEN.get(seed, set())
    unexplained = [
        (each.rule_id, each.scope)
        for each in report.identities
        if each.outcome is Outcome.NOT_ASSESSABLE and not each.missing
    ]
    assert unexplained == []


@pytest.mark.parametrize("seed", ["000", "001", "002", "004"])
def test_every_identity_of_the_edition_is_evaluated(seed: str, reports: dict[str, Report]) -> None:
    report = reports[seed]
    catalogue = load_catalogue()
    expected = {
        (instance.rule_id, instance.table, instance.scope)
        for table, edition in (("T2", report.t2_form), ("T3", report.t3_form), ("T4", report.t4_form))
        if edition
        for instance in catalogue.instances_of(edition, table, report.form_variant)
        if instance.comparison != "reading"
    }
    assert {(each.rule_id, each.table, each.scope) for each in report.identities} == expected
    assert len(report.identities) == len(expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_strict_narrative_facts(seed: str, reports: dict[str, Report], gold: dict[str, Any]) -> None:
    assert strict_facts(reports[seed]) == strict_facts_expected(gold[seed]["narrative_facts"], load_catalogue())
