"""`gouji check`: what it prints for people and programs, and its exit codes."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from rich.cells import cell_len
from selectolax.lexbor import LexborHTMLParser
from typer.testing import CliRunner, Result

from catalogue.load import load_catalogue
from disclosure.check_output import describe_filing, exit_code, plain
from disclosure.reading import read_filing_at
from disclosure.report import ReadingStatus, Report
from orchestration.cli import app

CELL_KEYS = [
    "table", "row_code", "column_code", "printed", "state", "value", "value_imputed", "value_suggested",
    "value_published", "value_source", "page", "box", "reader",
]  # fmt: skip


def check(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


@pytest.fixture(scope="module")
def filings(project_root: Path) -> Path:
    return project_root / "samples" / "filings"


@pytest.fixture(scope="module")
def misprinted(filings: Path) -> Path:
    """The sample that prints 1 under 予以公开 / 商业企业 where the identities want 0."""
    return next(filings.glob("*.pdf"))


@pytest.fixture(scope="module")
def report(misprinted: Path) -> Report:
    return read_filing_at(misprinted)


def test_one_line_of_json_for_each_file(filings: Path) -> None:
    paths = sorted(filings.iterdir())
    result = check("--json", *paths)
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["source"] for line in lines] == [str(path) for path in paths]
    keys = ["source", "sha256", "media_type", "report", "cells", "narrative_facts", "identities", "findings"]
    keys += ["plausibility", "explanations", "decisions"]
    assert all(list(line) == keys for line in lines)
    assert result.exit_code == 1


def test_every_filing_in_an_archive_is_checked_under_its_own_name(filings: Path, tmp_path: Path) -> None:
    packed = tmp_path / "报送.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("绥滨县司法局2023年度报告.docx", "抚顺市司法局2020年度报告.html"):
            archive.write(filings / name, f"报送/{name}")
    result = check("--json", packed)
    found = {line["source"]: line["report"]["agency_name"] for line in map(json.loads, result.stdout.splitlines())}
    assert found == {
        f"{packed}!报送/绥滨县司法局2023年度报告.docx": "绥滨县司法局",
        f"{packed}!报送/抚顺市司法局2020年度报告.html": "抚顺市司法局",
    }
    assert result.exit_code == 0


def test_json_says_what_is_suspect_and_what_would_mend_it(misprinted: Path) -> None:
    (line,) = check("--json", misprinted).stdout.splitlines()
    filing = json.loads(line)
    assert all(list(cell) == CELL_KEYS for cell in filing["cells"])
    (suspect,) = [cell for cell in filing["cells"] if cell["value_source"] == "withheld"]
    found = {key: suspect[key] for key in ("table", "row_code", "column_code", "printed", "value", "value_suggested")}
    assert found == {
        "table": "T3", "row_code": "granted_full", "column_code": "org_business",
        "printed": "1", "value": 1, "value_suggested": 0,
    }  # fmt: skip
    assert suspect["value_published"] is None
    broken = [(item["rule_id"], item["scope"]) for item in filing["identities"] if item["outcome"] == "broken"]
    assert sorted(broken) == [("T3-R02", "column:org_business"), ("T3-R03", "row:granted_full")]
    assert filing["report"]["report_year"] == 2020
    assert filing["report"]["t3_form"] == "table_2019"


def test_a_missing_term_is_named_by_row_and_column(filings: Path) -> None:
    (line,) = check("--json", next(filings.glob("武汉*.txt"))).stdout.splitlines()
    open_identities = [item for item in json.loads(line)["identities"] if item["outcome"] == "not_assessable"]
    assert open_identities
    assert all(item["missing"] and all(term.count("/") == 1 for term in item["missing"]) for item in open_identities)


def test_json_has_the_rules_that_warn_with_what_the_prose_says(misprinted: Path) -> None:
    (line,) = check("--json", misprinted).stdout.splitlines()
    warned = [each for each in json.loads(line)["plausibility"] if each["outcome"] == "broken"]
    [contradicted] = [each for each in warned if each["sentence"]]
    told = {key: contradicted[key] for key in ("rule_id", "table", "scope", "left", "right", "missing")}
    assert told == {
        "rule_id": "N-R02", "table": "T3", "scope": "fact:unable_not_held", "left": 5, "right": 1, "missing": [],
    }  # fmt: skip
    assert "不掌握相关信息 5 件" in contradicted["sentence"]
    assert {each["rule_id"] for each in warned} == {"N-R02", "T2A-W02", "T2A-W07"}


@pytest.mark.parametrize(("language", "words"), [("zh", "正文为5，表三为1"), ("en", "5 against 1; rule: Outcomes")])
def test_a_contradiction_is_shown_with_its_sentence(
    misprinted: Path, tmp_path: Path, language: str, words: str
) -> None:
    page = tmp_path / "page.html"
    output = check("--lang", language, "--html", page, misprinted).stdout
    shown = "".join(line.strip() for line in output.splitlines())
    assert words in shown and "“共收到政府信息公开申请 16 件" in shown
    [quoted] = LexborHTMLParser(page.read_text(encoding="utf-8")).css("blockquote")
    assert quoted.text().startswith("共收到政府信息公开申请 16 件")


def test_people_read_the_rule_the_cell_and_the_repair_in_chinese(misprinted: Path) -> None:
    output = check(misprinted).stdout
    assert "1⊘→0" in output
    assert "✗ T3-R02 「商业企业」栏" in output
    assert "表三「予以公开」行「商业企业」栏印为 1，应为 0" in output
    assert "2 项必须成立的勾稽关系不成立" in output
    assert "报告范围  本机关" in output
    assert "报告未注明公布日期，时限为 2021-01-31" in output
    assert max(cell_len(line) for line in output.splitlines()) <= 100


def test_people_may_read_english(misprinted: Path) -> None:
    output = check("--lang", "en", misprinted).stdout
    assert "✗ T3-R03 row “granted in full”" in output
    assert "2 identities that must hold are broken" in output
    assert "Table 3 row “granted in full”, column “businesses” prints 1 and should be 0" in output


def test_the_page_to_send_stands_alone(misprinted: Path, tmp_path: Path) -> None:
    page = tmp_path / "核对结果.html"
    result = check("--html", page, misprinted)
    assert result.exit_code == 1
    text = page.read_text(encoding="utf-8")
    tree = LexborHTMLParser(text)

    def texts(selector: str) -> list[str]:
        return [node.text() for node in tree.css(selector)]

    assert not re.search(r"(?:src|href)=|https?://|@import|url\(|<script", text)
    assert texts("td.withheld") == ["1⊘→0"]
    assert texts("tr.broken th.label") == ["✗（一）予以公开"]
    assert texts("thead th.broken") == ["✗商业企业"]
    assert texts("h2")[0] == "问题所在"


def test_a_page_that_cannot_be_written_is_said_and_stops_nothing(misprinted: Path, tmp_path: Path) -> None:
    result = check("--html", tmp_path / "no" / "page.html", misprinted)
    assert result.exit_code == 2
    assert "予以公开" in result.stdout


def test_imputed_cells_show_what_the_identities_determine(filings: Path) -> None:
    assert "空→0" in check(next(filings.glob("*.html"))).stdout


@pytest.mark.parametrize(("content", "word"), [(b"", "empty_file"), (b"%PDF-1.4\n1 0 obj", None)])
def test_a_file_that_cannot_be_read_is_exit_code_2_and_stops_no_other(
    content: bytes, word: str | None, misprinted: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(content)
    result = check("--json", bad, misprinted)
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert first["findings"] and first["cells"] == []
    assert word is None or first["findings"][0]["code"] == word
    assert len(second["cells"]) > 100
    assert result.exit_code == 2


def test_a_path_that_names_no_file_is_told(tmp_path: Path) -> None:
    result = check("--json", tmp_path / "nowhere.docx")
    (line,) = result.stdout.splitlines()
    assert json.loads(line)["findings"][0]["code"] == "reader_failed"
    assert json.loads(line)["report"] is None
    assert result.exit_code == 2
    assert "nowhere.docx" in check(tmp_path / "nowhere.docx").stdout


def test_exit_code_follows_the_report_not_plausibility(report: Report) -> None:
    catalogue = load_catalogue()
    assert exit_code(report, catalogue) == 1
    assert exit_code(replace(report, identities=()), catalogue) == 0
    assert exit_code(replace(report, status=ReadingStatus.NOT_A_REPORT), catalogue) == 2


def test_numbers_and_dates_are_plain_json() -> None:
    assert plain(Decimal("12.000000")) == 12 and isinstance(plain(Decimal("12.000000")), int)
    assert plain(Decimal("8353.27")) == 8353.27
    assert plain(date(2021, 1, 20)) == "2021-01-20"
    assert plain(None) is None


def test_metadata_comes_with_its_evidence(report: Report) -> None:
    described = describe_filing(report, "x")["report"]
    evidence = {item["field"] for item in described["evidence"]}
    assert {"agency_name", "report_year"} <= evidence


@pytest.mark.parametrize("command", ["check", "run", "ui"])
def test_help_shows_examples(command: str) -> None:
    output = CliRunner().invoke(app, [command, "--help"]).stdout
    assert f"gouji {command}" in output
