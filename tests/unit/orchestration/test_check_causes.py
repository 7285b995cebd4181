"""What `gouji check` says about why a report does not tie: the cells, the evidence, and whose mistake it seems to be."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from composed_report import write_report
from typer.testing import CliRunner

from disclosure.document import Document, Grid
from disclosure.extract import extract_file
from orchestration.cli import app

RECEIVED = {"requests_received": "34 5 0 0 0 0 39", "outcomes_total": "34 5 0 0 0 0 39"}
SPLIT = {"requests_received": "34 4 0 0 0 0 38", "granted_full": "3 4 0 0 0 0 38", "outcomes_total": "34 4 0 0 0 0 38"}


def check(path: Path, *options: str) -> str:
    return CliRunner().invoke(app, ["check", *options, str(path)]).stdout


def explain(path: Path) -> dict[str, Any]:
    """The one explanation of a report that does not tie."""
    [explanation] = json.loads(check(path, "--json"))["explanations"]
    return dict(explanation)


def clues(explanation: dict[str, Any]) -> set[str]:
    return {clue["code"] for clue in explanation["candidates"][0]["clues"]}


def unbroken(text: str) -> str:
    """What is printed, without line breaks and indents."""
    return "".join(line.strip() for line in text.splitlines())


CASES = {
    "nothing tells": ("pdf", {**RECEIVED, "granted_full": "99 5 0 0 0 0 39"}, None, "undetermined", "应为 34"),
    "digits alike": (
        "pdf", {**RECEIVED, "granted_full": "84 5 0 0 0 0 39"}, "digit_confusion", "undetermined", "“84”与“34”字形相近"
    ),
    "digits transposed": (
        "pdf", {**RECEIVED, "granted_full": "43 5 0 0 0 0 39"}, "digits_transposed", "filer", "两位数字颠倒即为“43”"
    ),
    "a cell of the file": (
        "docx", {**RECEIVED, "granted_full": "99 5 0 0 0 0 39"}, "structured_source", "filer", "原文件为可编辑表格"
    ),
    "a number split": ("pdf", SPLIT, "split_number", "reader", "可能被拆成相邻两格“3”与“4”"),
    "clues that disagree": ("docx", SPLIT, "split_number", "undetermined", "原文件为可编辑表格"),
    "a total left out": (
        "dump", {**RECEIVED, "granted_full": "34 5 0 0 0 0 0"}, "total_zero", "filer", "合计应为 39，却印为 0"
    ),
    "a total without a column": (
        "dump", {**RECEIVED, "granted_full": "34 5 0 0 0 0 34"}, "total_without_line", "filer", "合计恰少「商业企业」栏的 5"
    ),
    "a total over the wrong rows": (
        "pdf",
        {**RECEIVED, "granted_full": "30 5 0 0 0 0 35", "requests_carried_out": "4 0 0 0 0 0 4"},
        "total_with_line", "filer", "合计恰多「结转下年度继续办理」行的 4",
    ),
    "a value in the wrong row": (
        "pdf",
        {**RECEIVED, "granted_full": "0 5 0 0 0 0 39", "granted_partial": "34 0 0 0 0 0 0"},
        "value_moved", "undetermined", "数值疑应填在相邻的「部分公开」行",
    ),
    "two columns swapped": (
        "pdf",
        {"requests_received": "5 9 4 0 0 0 0", "granted_full": "5 9 4 0 0 0 0", "outcomes_total": "5 9 4 0 0 0 0"},
        "figures_rearranged", "undetermined", "「商业企业」栏与「总计」栏互换即可成立",
    ),
    "two columns of the file swapped": (
        "html",
        {"requests_received": "5 9 4 0 0 0 0", "granted_full": "5 9 4 0 0 0 0", "outcomes_total": "5 9 4 0 0 0 0"},
        "figures_rearranged", "filer", "各数在原文中即如此排列",
    ),
    "a column one row off": (
        "pdf",
        {
            "requests_received": "9 0 0 0 0 0 9",
            "granted_partial": "4 0 0 0 0 0 0",
            "denied_state_secret": "3 0 0 0 0 0 4",
            "denied_law_prohibited": "2 0 0 0 0 0 3",
            "denied_security_stability": "0 0 0 0 0 0 2",
            "outcomes_total": "9 0 0 0 0 0 9",
        },
        "figures_rearranged", "undetermined", "「总计」栏的数值疑整体错一行",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("form", "applications", "clue", "cause", "words"), CASES.values(), ids=CASES)
def test_evidence_tells_whose_mistake_it_seems(
    form: str, applications: dict[str, str], clue: str | None, cause: str, words: str, tmp_path: Path
) -> None:
    path = write_report(tmp_path, form, applications)
    explanation = explain(path)
    assert clues(explanation) >= ({clue} if clue else set())
    assert (explanation["cause"], bool(clues(explanation))) == (cause, clue is not None)
    assert words in unbroken(check(path))


def test_a_digit_of_a_scan_that_looks_like_the_right_one_is_a_reading_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is read as its scan would be: every cell recognised with 97 % confidence, 3 taken for 8."""

    def recognise(*arguments: Any) -> Document:
        document = extract_file(*arguments)
        return replace(document, blocks=tuple(with_confidence(block) for block in document.blocks))

    monkeypatch.setattr("disclosure.reading.extract_file", recognise)
    path = write_report(tmp_path, "pdf", {**RECEIVED, "granted_full": "84 5 0 0 0 0 39"})
    explanation = explain(path)
    assert clues(explanation) == {"digit_misrecognised"}
    assert explanation["cause"] == "reader"
    assert "扫描件识别所得，“84”与“34”字形相近" in unbroken(check(path))


def with_confidence(block: Any) -> Any:
    if not isinstance(block, Grid):
        return block
    rows = tuple(replace(row, cells=tuple(cell._replace(confidence=0.97) for cell in row.cells)) for row in block.rows)
    return replace(block, rows=rows)


def test_a_cell_that_stays_open_has_its_range(tmp_path: Path) -> None:
    path = write_report(tmp_path, "html", disputes={"reconsideration": "5 0 0 0 3"})
    explanation = explain(path)
    ranges = {cell["column_code"]: (cell["low"], cell["high"]) for cell in explanation["open_cells"]}
    assert ranges == {"upheld": (3, 5), "total": (3, 5)}
    assert "表四「行政复议」行「总计」栏在 3 至 5 之间" in unbroken(check(path))


def test_many_ways_are_counted_and_the_first_are_shown(tmp_path: Path) -> None:
    """Four requests have no outcome: each of the 21 rows could be the one that lacks them."""
    path = write_report(tmp_path, "html", {**RECEIVED, "granted_full": "30 5 0 0 0 0 35"})
    assert len(explain(path)["candidates"]) == 21
    shown = unbroken(check(path))
    assert "6) " in shown and "7) " not in shown and "另有 15 种改法未列出" in shown
    assert "另有 34 格未列出" in shown
