"""What agencies may get wrong before a release is refused: ceilings, more breaks than the last release, and what a person accepts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from catalogue.load import load_catalogue
from catalogue.model import Catalogue
from expectations.checks import About, CheckSeverity
from expectations.gate import reason_for
from expectations.limits import ACCEPTED_FILE, Ceiling, Limits, LimitsError, read_accepted
from expectations.results import CheckResult, CheckState, ValidationRun, run_from_dict
from expectations.suites import plan_checks
from expectations.validate import validate_plan

A, B = "a" * 16, "b" * 16
LEDGERS = ("quality.identity_ledger", "quality.plausibility_ledger")
BREAK = (
    "UPDATE {table} SET outcome = 'broken' WHERE report_id = '{report}' AND rule_id = '{rule}' AND scope = '{scope}'"
)
BROKEN_ROW = BREAK.format(table=LEDGERS[0], report=A, rule="T3-R03", scope="row:granted_full")

ENTRY = "- {rule_id: T3-R03, up_to: 2, who: 张三, why: 与原件核对，差错在原件, accepted_on: 2024-03-01}"


@pytest.mark.parametrize(("assessed", "most"), [(999, None), (1000, 50), (2019, 100)])
def test_a_ceiling_is_a_share_of_enough_instances(assessed: int, most: int | None) -> None:
    assert Ceiling(0.05, 1000).most_broken(assessed) == most


def test_what_a_person_accepts_lifts_the_ceiling_up_to_a_number() -> None:
    assert Ceiling(0.05, 1000, accepted=80).most_broken(1000) == 80
    assert Ceiling(0.05, 1000, accepted=8).most_broken(1000) == 50


def test_every_rule_about_filers_has_a_ceiling_and_it_is_read_from_the_declaration() -> None:
    planned = [check for check in plan_checks(load_catalogue()) if check.about is About.FILERS]
    assert {check.ceiling and check.ceiling.share for check in planned} == {0.05, 0.3, 0.6, 0.9}
    own = {check.rule_id for check in planned if check.ceiling and check.ceiling.share == 0.9}
    assert own == {"D-R05"}, "a rule may have a ceiling of its own"


def test_beyond_its_ceiling_a_warning_refuses_and_says_so() -> None:
    result = CheckResult(
        *("quality.identity_ledger/T3-R03", "T3-R03", "quality.identity_ledger", About.FILERS, CheckSeverity.WARNING),
        *("总计栏等于各栏之和", "the total column is the sum", CheckState.FAILED),
        assessed=2000,
        unexpected=100,
        most_allowed=100,
    )
    assert not result.blocks
    over = replace(result, unexpected=101)
    assert over.blocks
    assert "101 处，超过上限 100 处（可检验 2000 处）" in reason_for(over)


@pytest.fixture
def released(clean_warehouse: Path, tmp_path: Path) -> Path:
    """The clean warehouse as a release: the identity ledger in two files, as if of two report years."""
    folder = tmp_path / "release"
    quality = folder / "parquet" / "quality"
    (quality / "identity_ledger").mkdir(parents=True)
    with duckdb.connect(str(clean_warehouse), read_only=True) as connection:
        for table in (LEDGERS[1], "quality.report_versions"):
            connection.execute(f"COPY {table} TO '{quality}/{table.split('.')[1]}.parquet' (FORMAT parquet)")
        for name, compared in (("2019", "<"), ("2020", ">=")):
            connection.execute(
                f"COPY (FROM {LEDGERS[0]} WHERE rule_id {compared} 'T3-R03') TO '{quality}/identity_ledger/{name}.parquet' (FORMAT parquet)"
            )
    return folder


@pytest.fixture
def validate_beside(
    released: Path, clean_warehouse: Path, catalogue: Catalogue, gx_context: Any, tmp_path: Path
) -> Callable[..., ValidationRun]:
    """Validates both ledgers of a changed copy of the clean warehouse beside the release of the clean one."""

    def validate(*statements: str, accepted: dict[str, int] | None = None, before: str = "") -> ValidationRun:
        copy = tmp_path / "warehouse.duckdb"
        copy.write_bytes(clean_warehouse.read_bytes())
        with duckdb.connect(str(copy)) as connection:
            for statement in statements:
                connection.execute(statement)
        if before:
            file = released / "parquet" / "quality" / "identity_ledger" / "2020.parquet"
            with duckdb.connect() as connection:
                connection.execute(f"CREATE TABLE ledger AS FROM read_parquet('{file}')")
                connection.execute(before)
                connection.execute(f"COPY ledger TO '{file}' (FORMAT parquet)")
        limits = Limits(accepted or {}, released)
        plan = tuple(check for check in plan_checks(catalogue, limits=limits) if check.rule_id == "F-REGRESSION")
        assert [check.table for check in plan] == list(LEDGERS)
        return validate_plan(plan, copy, catalogue.version, fingerprint="fixture", context=gx_context)

    return validate


def test_a_file_that_breaks_more_than_in_the_last_release_refuses_the_next(
    validate_beside: Callable[..., ValidationRun],
) -> None:
    run = validate_beside(BROKEN_ROW)
    assert not run.passed
    (refused,) = run.refused_by
    assert (refused.rule_id, refused.about, refused.unexpected) == ("F-REGRESSION", About.US, 1)
    (row,) = refused.rows
    assert (row.report_id, row.agency_name, row.report_year) == (A, "甲市水务局", 2019)
    assert dict(row.other) == {
        "rule_id": "T3-R03",
        "breaks_before": "0",
        "breaks_now": "1",
        "rule_breaks_before": "0",
        "rule_breaks_now": "1",
    }
    assert "上一发布版已有的文件，不成立的关系没有增多" in run.reasons[0] and "rule_id=T3-R03" in run.reasons[0]
    assert run_from_dict(run.as_dict()) == run


def test_fewer_or_as_many_breaks_as_before_pass(validate_beside: Callable[..., ValidationRun]) -> None:
    assert validate_beside(before=BROKEN_ROW.replace(LEDGERS[0], "ledger")).passed
    moved = BREAK.format(table=LEDGERS[0], report=B, rule="T3-R03", scope="row:granted_full")
    assert validate_beside(moved, before=BROKEN_ROW.replace(LEDGERS[0], "ledger")).passed, "as many as before in all"


def test_breaks_of_a_report_that_is_gone_excuse_none(validate_beside: Callable[..., ValidationRun]) -> None:
    gone = f"DELETE FROM quality.report_versions WHERE report_id = '{B}'"
    broken_there = BREAK.format(table="ledger", report=B, rule="T3-R03", scope="row:granted_full")
    assert not validate_beside(BROKEN_ROW, gone, before=broken_there).passed


def test_a_new_report_and_a_new_rule_may_break(validate_beside: Callable[..., ValidationRun], released: Path) -> None:
    assert validate_beside(BROKEN_ROW, before="DELETE FROM ledger WHERE rule_id = 'T3-R03'").passed
    file = released / "parquet" / "quality" / "report_versions.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE versions AS FROM read_parquet('{file}') WHERE report_id <> '{A}'")
        connection.execute(f"COPY versions TO '{file}' (FORMAT parquet)")
    assert validate_beside(BROKEN_ROW).passed


def test_of_rules_between_reports_the_bytes_of_one_say_nothing(validate_beside: Callable[..., ValidationRun]) -> None:
    between = BREAK.format(table=LEDGERS[1], report=B, rule="T3-R04", scope="column:total")
    assert validate_beside(between).passed
    alone = BREAK.format(table=LEDGERS[1], report=B, rule="T3-R06", scope="table")
    assert not validate_beside(alone).passed


def test_accepted_breaks_pass_up_to_their_number(validate_beside: Callable[..., ValidationRun]) -> None:
    assert validate_beside(BROKEN_ROW, accepted={"T3-R03": 1}).passed
    second = BREAK.format(table=LEDGERS[0], report=B, rule="T3-R03", scope="row:granted_full")
    assert not validate_beside(BROKEN_ROW, second, accepted={"T3-R03": 1}).passed
    assert not validate_beside(BROKEN_ROW, accepted={"T3-R01": 9}).passed


def test_without_a_release_nothing_is_compared(catalogue: Catalogue, tmp_path: Path) -> None:
    for limits in (Limits(), Limits(last_release=tmp_path / "nowhere")):
        assert "F-REGRESSION" not in {check.rule_id for check in plan_checks(catalogue, limits=limits)}


def test_what_a_home_accepts_is_read(catalogue: Catalogue, tmp_path: Path) -> None:
    assert read_accepted(tmp_path, catalogue) == {}
    (tmp_path / ACCEPTED_FILE).write_text(f"accepted_breaks:\n{ENTRY}\n", encoding="utf-8")
    assert read_accepted(tmp_path, catalogue) == {"T3-R03": 2}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("accepted_breaks: [", "is not YAML"),
        ("T3-R03: 2", "has to hold a list"),
        ("accepted_breaks:\n" + ENTRY.replace(" who: 张三,", ""), "entry 1: who"),
        ("accepted_breaks:\n" + ENTRY.replace("T3-R03", "T3-R99"), "entry 1: rule_id: the register has no rule T3-R99"),
        ("accepted_breaks:\n" + ENTRY.replace("up_to: 2", "up_to: 0"), "entry 1: up_to"),
    ],
)
def test_an_entry_that_cannot_be_used_is_named(content: str, words: str, catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / ACCEPTED_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(LimitsError, match=words) as refused:
        read_accepted(tmp_path, catalogue)
    assert str(tmp_path / ACCEPTED_FILE) in str(refused.value)
