"""A rule written in the register's YAML and nowhere else is everywhere: check, ledger, validation, dictionary, docs.

The project is copied, one YAML file is put into the copy's register, and the copy's own commands do the rest.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from composed_report import write_report

RULES = """
identities:
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
    source: 试验
    example:
      edition: table_2021
      cells: {reconsideration/corrected: "2"}
      breaks: ["row:reconsideration"]

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

  - rule_id: T3-W91
    chinese: 予以公开不应比上一年多一倍
    english: Disclosures do not double from one year to the next.
    message: "{scope}：予以公开{left}件，上一年的两倍为{right}件"
    severity: P
    editions: [table_2019, table_2021]
    table: T3
    scope: table
    claims:
      - left: [{row: granted_full, column: total}]
        is: at_most
        right: [{row: granted_full, column: total, of: prior_year, factor: 2}]
    source: 试验
    example:
      edition: table_2021
      cells: {T3/granted_full/total: "5"}
      related: {T3/granted_full/total: "2"}
      breaks: [table]
"""
ADDED = ("T4-R90", "T3-W90", "T3-W91")
TWO_YEARS = "绥滨县水务局"
GOUJI = "from orchestration.cli import app; app()"
# What `gouji run` does, without Dagster's records; of dbt's tests those of the tables that hold the rules and their outcomes.
TAKE_THROUGH = """
import json
from sample_release import Home, build_warehouse, fixed_moment, publish_warehouse, read_inbox, run_dbt
from orchestration.validation import validate_now

home = Home(folder="home", inbox_folder="inbox")
reached = ("catalogue_identities", "catalogue_plausibility", "identity_ledger", "plausibility_ledger", "fct_review_litigation")
with fixed_moment():
    read_inbox(home)
    build_warehouse(home)
    run_dbt(home, "test", "--exclude-resource-type", "unit_test", "--select", *reached)
    validate_now(home)
    publish_warehouse(home, json.loads((home.validation / "latest.json").read_text(encoding="utf-8")))
"""


@pytest.fixture(scope="module")
def copy(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project whose register has one more file, with its derived files written anew and three reports taken
    all the way to a release."""
    root = tmp_path_factory.mktemp("project")
    tests, ignored = str(project_root / "tests"), shutil.ignore_patterns(".*", "__pycache__", "target", "logs")
    shutil.copytree(
        project_root,
        root,
        ignore=lambda folder, names: {*ignored(folder, names), *(names if folder == tests else ())},
        dirs_exist_ok=True,
    )
    (root / "catalogue" / "identities" / "trial.yaml").write_text(RULES, encoding="utf-8")
    (root / "inbox").mkdir()
    shutil.copy(next((project_root / "samples" / "filings").glob("黑龙江*")), root / "inbox" / "report.pdf")
    for year, granted in ((2022, 4), (2023, 9)):
        figures = f"{granted} 0 0 0 0 0 {granted}"
        rows = dict.fromkeys(("requests_received", "granted_full", "outcomes_total"), figures)
        write_report(root / "inbox", "html", rows, year=year, agency=TWO_YEARS)
    run_in(root, "-m", "catalogue.derive")
    run_in(root, "-c", TAKE_THROUGH, beside=project_root / "tests" / "pipeline")
    return root


def run_in(copy: Path, *command: str, beside: Path | None = None) -> str:
    """What a command prints that imports from the copy, and from nowhere else but `beside`."""
    path = os.pathsep.join(str(folder) for folder in (copy, beside) if folder)
    environment = os.environ | {"PYTHONPATH": path, "DO_NOT_TRACK": "1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run([sys.executable, *command], cwd=copy, env=environment, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stdout[-2000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def ask(copy: Path) -> Iterator[Callable[[str], list[Any]]]:
    with duckdb.connect(str(copy / "home" / "releases" / "latest" / "marts.duckdb"), read_only=True) as connection:
        yield lambda query: connection.execute(query).fetchall()


def test_rule_is_in_the_answer_of_gouji_check(copy: Path) -> None:
    answer = json.loads(run_in(copy, "-c", GOUJI, "check", "--json", "inbox/report.pdf"))
    judged = {each["scope"]: each["outcome"] for each in answer["identities"] if each["rule_id"] == "T4-R90"}
    assert judged == {
        "row:reconsideration": "holds",
        "row:litigation_direct": "holds",
        "row:litigation_after_reconsideration": "broken",
    }
    [warned] = [each for each in answer["plausibility"] if each["rule_id"] == "T3-W90"]
    assert (warned["outcome"], warned["left"]) == ("broken", 3)
    shown = " ".join(run_in(copy, "-c", GOUJI, "check", "inbox/report.pdf").split())
    assert "T4-R90 「复议后起诉」行：总计2，结果纠正3" in shown
    assert "T3-W90 表三：予以公开3件" in shown


@pytest.mark.parametrize(
    ("ledger", "rule_id", "row"),
    [
        ("identity_ledger", "T4-R90", ("row:litigation_after_reconsideration", "broken", 2, 3)),
        ("plausibility_ledger", "T3-W90", ("table", "broken", 3, 3)),
    ],
)
def test_rule_is_in_the_published_ledger(
    ask: Callable[[str], list[Any]], ledger: str, rule_id: str, row: tuple[Any, ...]
) -> None:
    query = f"select scope, outcome, left_value, right_value from quality.{ledger} where rule_id = '{rule_id}'"
    assert [each for each in ask(query) if each[1] == "broken"] == [row]


def test_rule_between_years_is_judged_by_check_and_by_the_ledger(copy: Path, ask: Callable[[str], list[Any]]) -> None:
    before, after = (f"inbox/{TWO_YEARS}{year}年政府信息公开工作年度报告.html" for year in (2022, 2023))
    answer = json.loads(run_in(copy, "-c", GOUJI, "check", "--json", "--prior", before, after))
    [judged] = [each for each in answer["plausibility"] if each["rule_id"] == "T3-W91"]
    assert (judged["outcome"], judged["left"], judged["right"]) == ("broken", 9, 8)
    assert "T3-W91 表三：予以公开9件，上一年的两倍为8件" in run_in(copy, "-c", GOUJI, "check", "--prior", before, after)
    rows = ask(
        "select report_year, relation, outcome, left_value::int, right_value::int, missing "
        "from quality.plausibility_ledger join marts.dim_report using (report_id) where rule_id = 'T3-W91' order by all"
    )
    assert rows == [
        (2020, "prior_year", "not_assessable", None, None, ["prior_year"]),
        (2022, "following_year", "broken", 9, 8, []),
        (2022, "prior_year", "not_assessable", None, None, ["prior_year"]),
        (2023, "prior_year", "broken", 9, 8, []),
    ]


def test_great_expectations_computes_the_rule_on_the_published_cells(
    copy: Path, ask: Callable[[str], list[Any]]
) -> None:
    """What the rule contradicts is withheld, so that nothing published breaks it; the ledgers say that it is broken."""
    verdict = json.loads((copy / "home" / "validation" / "latest.json").read_text(encoding="utf-8"))
    assert verdict["passed"]
    states = {each["check_id"]: each["state"] for each in verdict["checks"] if each["rule_id"] in ADDED}
    assert states == {
        "marts.fct_review_litigation/T4-R90/table_2019": "passed",
        "marts.fct_review_litigation/T4-R90/table_2021": "passed",
        "quality.identity_ledger/T4-R90": "failed",
        "quality.plausibility_ledger/T3-W90": "failed",
        "quality.plausibility_ledger/T3-W91": "failed",
    }
    published = ask(
        "select row_code, value_source from marts.fct_review_litigation where column_code = 'total' and report_year = 2020"
    )
    assert dict(published) == {
        "reconsideration": "printed",
        "litigation_direct": "printed",
        "litigation_after_reconsideration": "withheld",
    }


@pytest.mark.parametrize("rule_id", ADDED)
def test_rule_is_in_the_dictionary_and_the_docs(copy: Path, ask: Callable[[str], list[Any]], rule_id: str) -> None:
    assert ask(f"select count(*) > 0 from marts.dictionary where english like '%{rule_id}%'") == [(True,)]
    assert f"## {rule_id} " in (copy / "docs" / "identities.md").read_text(encoding="utf-8")
    assert rule_id in (copy / "docs" / "data_dictionary.md").read_text(encoding="utf-8")
