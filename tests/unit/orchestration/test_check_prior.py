"""`gouji check --prior`: the rules between two years, and what last year's report says for one of several repairs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from composed_report import write_report
from typer.testing import CliRunner, Result

from orchestration.cli import app

# 8 natural persons carried in and 30 received; the outcomes leave open which of the two is wrong by 2.
CARRIED = {
    "requests_received": "30 0 0 0 0 0 30",
    "requests_carried_in": "8 0 0 0 0 0 8",
    "granted_full": "36 0 0 0 0 0 36",
    "outcomes_total": "36 0 0 0 0 0 36",
}


def check(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


def answer(*arguments: object) -> dict[str, Any]:
    return dict(json.loads(check("--json", *arguments).stdout.splitlines()[-1]))


def first_changes(filing: dict[str, Any]) -> dict[str, int]:
    """The likeliest repair: row and column -> value."""
    [explanation] = filing["explanations"]
    return {
        f"{each['row_code']}/{each['column_code']}": each["low"] for each in explanation["candidates"][0]["changes"]
    }


def last_year(folder: Path, carried_out: int, **more: Any) -> Path:
    rows = {"requests_received": f"{carried_out} 0 0 0 0 0 {carried_out}"}
    rows["requests_carried_out"] = rows["requests_received"]
    return write_report(folder, "html", rows, year=2022, **more)


def changed_rows(filing: dict[str, Any]) -> list[str]:
    """The row that each repair changes, the likeliest first."""
    [explanation] = filing["explanations"]
    return [each["changes"][0]["row_code"] for each in explanation["candidates"]]


@pytest.mark.parametrize(
    ("carried_out", "place", "clue"), [(6, 0, "prior_year_agrees"), (8, 1, "prior_year_disagrees")]
)
def test_last_year_ranks_the_repairs_and_picks_none(carried_out: int, place: int, clue: str, tmp_path: Path) -> None:
    """Six carried out of last year speak for six carried in, eight against changing what ties already."""
    report = write_report(tmp_path, "html", CARRIED)
    alone = answer(report)
    beside = answer("--prior", last_year(tmp_path, carried_out), report)
    assert changed_rows(alone)[0] == "requests_carried_in", "its digits look most alike"
    assert changed_rows(beside)[place] == "requests_carried_in"
    assert clue in {each["code"] for each in beside["explanations"][0]["candidates"][place]["clues"]}
    assert sorted(changed_rows(beside)) == sorted(changed_rows(alone)), "the same repairs, in another order"
    assert all(cell["value_suggested"] is None for cell in beside["cells"])
    assert alone["cells"] == beside["cells"], "what is published does not depend on another year"


def test_the_rules_between_two_years_are_judged_and_shown(tmp_path: Path) -> None:
    report = write_report(
        tmp_path, "html", {**CARRIED, "granted_full": "38 0 0 0 0 0 38", "outcomes_total": "38 0 0 0 0 0 38"}
    )
    before = last_year(tmp_path, 6)
    filing = answer("--prior", before, report)
    broken = {
        (each["rule_id"], each["scope"]): (each["left"], each["right"])
        for each in filing["plausibility"]
        if each["relation"] == "prior_year" and each["outcome"] == "broken"
    }
    prose = {("D-W06", "report"): (5, 4.75)}  # all five sentences are those of last year
    assert broken == prose | {("T3-R04", "column:natural_person"): (6, 8), ("T3-R04", "column:total"): (6, 8)}
    assert filing["report"]["prior_report_id"] == answer(before)["report"]["report_id"]
    page = tmp_path / "page.html"
    result = check("--prior", before, "--html", page, report)
    assert result.exit_code == 0, "another year blocks nothing"
    assert "报告：隐去数字后，正文有5句与上一年相同，超过可信上限4.75句" in result.stdout
    words = "T3-R04 表三「总计」栏：上一年报告结转下年度6，本年上年结转填写8，相差2"
    assert "与上一年报告不一致" in result.stdout and words in result.stdout
    assert words.partition(" ")[2] in page.read_text(encoding="utf-8")
    assert "Last year's report says otherwise" in check("--lang", "en", "--prior", before, report).stdout


def test_figures_left_standing_from_last_year_are_evidence_against_the_filer(tmp_path: Path) -> None:
    rows = {"requests_received": "9 0 0 0 0 0 9", "granted_full": "7 0 0 0 0 0 9", "outcomes_total": "9 0 0 0 0 0 9"}
    same = {"requests_received": "7 0 0 0 0 0 7", "granted_full": "7 0 0 0 0 0 7", "outcomes_total": "7 0 0 0 0 0 7"}
    report = write_report(tmp_path, "pdf", rows)
    [explanation] = answer("--prior", write_report(tmp_path, "pdf", same, year=2022), report)["explanations"]
    assert "same_as_prior_year" in {clue["code"] for clue in explanation["candidates"][0]["clues"]}
    assert explanation["cause"] == "filer"


def test_a_figure_last_year_withholds_says_nothing(tmp_path: Path) -> None:
    rows = {"requests_received": "6 0 0 0 0 0 6", "requests_carried_out": "6 0 0 0 0 0 9"}
    before = write_report(tmp_path, "html", rows, year=2022)
    report = write_report(tmp_path, "html", CARRIED)
    [explanation] = answer("--prior", before, report)["explanations"]
    codes = [clue["code"] for each in explanation["candidates"] for clue in each["clues"]]
    withheld = {cell["row_code"] for cell in answer(before)["cells"] if cell["value_source"] == "withheld"}
    assert "requests_carried_out" in withheld
    assert sum(code == "prior_year_agrees" for code in codes) <= 1, "only the column that last year's report ties"


@pytest.mark.parametrize("year", [2020, 2021, 2023])
def test_a_report_of_another_year_is_not_used(year: int, tmp_path: Path) -> None:
    before = write_report(tmp_path / "..", "html", CARRIED, year=year, agency="某市档案局")
    result = check("--prior", before, write_report(tmp_path, "html", CARRIED))
    before.unlink()
    assert "所给文件中没有 2022 年度的报告，未作核对" in result.stdout


def test_of_several_reports_that_of_the_same_agency_counts(tmp_path: Path) -> None:
    other = last_year(tmp_path, 8, agency="某县档案局")
    own = last_year(tmp_path, 6)
    filing = answer("--prior", other, "--prior", own, write_report(tmp_path, "html", CARRIED))
    assert changed_rows(filing)[0] == "requests_carried_in"


def test_the_reports_of_merged_agencies_are_added_up_when_a_person_says_so(tmp_path: Path) -> None:
    """5 and 3 carried out of two agencies are 8 carried in; alone each of them contradicts."""
    first, second = (last_year(tmp_path, n, agency=f"某{place}档案局") for place, n in (("县", 5), ("区", 3)))
    rows = {**CARRIED, "granted_full": "38 0 0 0 0 0 38", "outcomes_total": "38 0 0 0 0 0 38"}
    report = write_report(tmp_path, "html", rows, agency="某市档案局")
    arguments = ("--prior", first, "--prior", second, report)
    filing = answer("--prior-merged", *arguments)
    between = {
        (each["rule_id"], each["outcome"]): (each["left"], each["right"])
        for each in filing["plausibility"]
        if each["relation"] == "prior_year" and each["scope"] == "column:total"
    }
    assert between["T3-R04", "holds"] == (8, 8)
    assert filing["report"]["prior_report_id"] is None
    assert len(filing["report"]["prior_report_ids"]) == 2
    assert "2 个机关的报告合并计算" in check("--prior-merged", *arguments).stdout
    assert answer(*arguments)["report"]["prior_report_ids"] == [], "which of the two it is, nobody has said"


def test_the_same_table_again_is_noticed(tmp_path: Path) -> None:
    before = write_report(tmp_path, "html", CARRIED, year=2022)
    filing = answer("--prior", before, write_report(tmp_path, "html", CARRIED))
    assert ("T3-W06", "broken") in {(each["rule_id"], each["outcome"]) for each in filing["plausibility"]}


def test_a_prior_file_that_cannot_be_read_is_told_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.html").touch()
    result = check(
        "--prior", tmp_path / "empty.html", "--prior", tmp_path / "none.html", write_report(tmp_path, "html", CARRIED)
    )
    assert result.exit_code == 2
    assert "表三" in result.stdout
    assert result.stderr.count("--prior ") == 2
