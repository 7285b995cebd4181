"""The sample filings are what the recipe makes, and are read as a careful reader reads them."""

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
from disclosure.report import Report
from samples.recipe.compose import SAMPLES, compose

FILES = sorted(path.name for path in (SAMPLES / "filings").iterdir())
SEED_OF = {"黑龙江省": "000", "抚顺市": "001", "绥滨县": "002", "河南省": "003", "武汉市": "004"}


def expected_of(file_name: str) -> dict[str, Any]:
    path = SAMPLES / "expected" / f"{Path(file_name).stem}.json"
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    catalogue = load_catalogue()
    return {name: read_filing((SAMPLES / "filings" / name).read_bytes(), name, catalogue=catalogue) for name in FILES}


def test_committed_samples_are_what_the_recipe_makes() -> None:
    made = {path.relative_to(SAMPLES).as_posix(): content for path, content in compose().items()}
    committed = {
        path.relative_to(SAMPLES).as_posix(): path.read_bytes()
        for folder in ("filings", "expected")
        for path in (SAMPLES / folder).iterdir()
    }
    assert sorted(made) == sorted(committed)
    stale = [name for name, content in made.items() if committed[name] != content]
    assert not stale, "rewrite them with: python -m samples.recipe"


def test_there_is_a_sample_of_every_format() -> None:
    assert {Path(name).suffix for name in FILES} == {".pdf", ".html", ".docx", ".txt"}
    assert len(FILES) == 5


@pytest.mark.parametrize("name", FILES)
def test_every_cell(name: str, reports: dict[str, Report]) -> None:
    expected = expected_of(name)
    short = {(row["table"], row["row_code"]) for row in expected["ambiguous_rows"]}
    assert differing_cells(reports[name], expected["cells"], short) == []


@pytest.mark.parametrize("name", FILES)
def test_metadata_and_forms(name: str, reports: dict[str, Report]) -> None:
    expected = expected_of(name)
    assert differing_metadata(reports[name], expected["metadata"]) == {}
    forms = ("form_version", "form_variant", "t2_form", "t3_form", "t4_form", "s14_form")
    assert {form: getattr(reports[name], form) for form in forms} == {
        form: expected["forms"].get(form) for form in forms
    }


@pytest.mark.parametrize("name", FILES)
def test_strict_narrative_facts(name: str, reports: dict[str, Report]) -> None:
    facts = expected_of(name)["narrative_facts"]
    assert strict_facts(reports[name]) == strict_facts_expected(facts, load_catalogue())


@pytest.mark.parametrize("name", FILES)
def test_imputed_withheld_and_broken(name: str, reports: dict[str, Report]) -> None:
    expected = expected_of(name)
    short = {(row["table"], row["row_code"]) for row in expected["ambiguous_rows"]}
    assert imputed_cells(reports[name], short) == {
        (cell["table"], cell["row_code"], "*" if (cell["table"], cell["row_code"]) in short else cell["column_code"]):
        Decimal(cell["value"])
        for cell in expected["imputed"]
    }  # fmt: skip
    assert withheld_cells(reports[name]) == {
        (cell["table"], cell["row_code"], cell["column_code"]): Decimal(cell["suggested"])
        for cell in expected["withheld"]
    }
    assert broken_identities(reports[name]) == {(each["rule_id"], each["scope"]) for each in expected["broken"]}


@pytest.mark.parametrize("name", FILES)
def test_the_figures_are_those_of_the_real_report(name: str, real_reports: Path) -> None:
    seed = next(number for prefix, number in SEED_OF.items() if name.startswith(prefix))
    gold = json.loads((real_reports / "gold" / f"seed_{seed}.json").read_text(encoding="utf-8"), parse_float=Decimal)
    expected = expected_of(name)
    assert expected["cells"] == gold["cells"]
    metadata = {field: value for field, value in gold["metadata"].items() if field in expected["metadata"]}
    assert expected["metadata"] == metadata
