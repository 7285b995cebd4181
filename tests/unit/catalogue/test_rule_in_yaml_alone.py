"""A rule written in the register's YAML and nowhere else is everywhere: catalogue, check, seeds, validation, docs."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from catalogue.derive import derive
from catalogue.load import CATALOGUE_ROOT, read_catalogue
from catalogue.model import Catalogue
from disclosure.check_output import render_json
from disclosure.reading import read_filing
from disclosure.report import Asserted
from expectations.suites import plan_checks

ROOT = Path("project")
MUST_HOLD = """
  - rule_id: T4-R90
    chinese: 行政复议总计不小于结果纠正
    english: Reconsiderations are at least those corrected.
    message: "{scope}：总计{left}，结果纠正{right}"
    severity: D
    editions: [table_2019, table_2021]
    table: T4
    scope: each_row
    comparison: at_least
    left: [{column: total}]
    right: [{column: corrected}, {column: upheld}, {column: pending}, {column: pending}]
    rows_only: [litigation_after_reconsideration]
    source: 试验
    example:
      edition: table_2021
      cells: {reconsideration/corrected: "2"}
      breaks: ["row:reconsideration"]
"""
WARNS = """
plausibility:
  - rule_id: T3-W90
    chinese: 予以公开不应为3件
    english: Three is no number of disclosures.
    message: "{scope}：予以公开{left}件"
    severity: P
    editions: [table_2019, table_2021]
    table: T3
    scope: table
    claims: [{left: [{row: granted_full, column: total}], is: not_equal, constant: 3}]
    source: 试验
    example:
      edition: table_2021
      cells: {T3/granted_full/total: "3"}
      breaks: [table]
"""


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The shipped catalogue with one rule of each kind in a YAML file of its own."""
    root = tmp_path_factory.mktemp("catalogue")
    for folder in ("forms", "identities"):
        shutil.copytree(CATALOGUE_ROOT / folder, root / folder)
    for path in CATALOGUE_ROOT.glob("*.yaml"):
        shutil.copy(path, root / path.name)
    (root / "identities" / "trial.yaml").write_text(f"identities:{MUST_HOLD}{WARNS}", encoding="utf-8")
    return read_catalogue(root)


@pytest.fixture(scope="module")
def derived(extended: Catalogue) -> dict[str, str]:
    return {path.name: content for path, content in derive(ROOT, extended).items()}


def test_rule_is_in_the_answer_of_gouji_check(extended: Catalogue, project_root: Path) -> None:
    [path] = (project_root / "samples" / "filings").rglob("黑龙江*")
    report = read_filing(path.read_bytes(), path.name, Asserted(), extended)
    answer = json.loads(render_json(report, path.name))
    [judged] = [each for each in answer["identities"] if each["rule_id"] == "T4-R90"]
    assert (judged["scope"], judged["outcome"]) == ("row:litigation_after_reconsideration", "broken")
    assert [each["message"] for each in answer["findings"] if "（T3-W90）" in each["message"]] != []
    assert any("结果纠正" in each["message"] and each["code"] == "identity_broken" for each in answer["findings"])


def test_rule_is_in_the_seeds_the_ledgers_are_made_from(derived: dict[str, str]) -> None:
    def lines(name: str, rule_id: str) -> list[dict[str, str]]:
        return [line for line in csv.DictReader(io.StringIO(derived[name])) if line["rule_id"] == rule_id]

    assert len(lines("catalogue_identities.csv", "T4-R90")) == 2
    assert len(lines("catalogue_identity_terms.csv", "T4-R90")) == 10
    assert [line["edition"] for line in lines("catalogue_plausibility.csv", "T3-W90")] == ["table_2019", "table_2021"]
    [claim, _] = lines("catalogue_plausibility_claims.csv", "T3-W90")
    assert (claim["comparison"], claim["constant"]) == ("not_equal", "3")
    [term, _] = lines("catalogue_plausibility_terms.csv", "T3-W90")
    assert (term["row_code"], term["column_code"], term["weight"]) == ("granted_full", "total", "1")


def test_rule_is_in_the_planned_validation(extended: Catalogue) -> None:
    planned = {check.check_id for check in plan_checks(extended)}
    assert {
        "marts.fct_review_litigation/T4-R90/table_2019",
        "marts.fct_review_litigation/T4-R90/table_2021",
        "quality.identity_ledger/T4-R90",
        "quality.plausibility_ledger/T3-W90",
    } <= planned


@pytest.mark.parametrize("rule_id", ["T4-R90", "T3-W90"])
def test_rule_is_in_the_dictionary_and_the_docs(derived: dict[str, str], rule_id: str) -> None:
    assert f"## {rule_id} " in derived["identities.md"]
    assert rule_id in derived["catalogue_dictionary.csv"]
    assert rule_id in derived["data_dictionary.md"]
    assert rule_id in derived["_quality.yml"]
