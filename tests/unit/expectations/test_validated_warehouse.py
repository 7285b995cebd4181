"""The gate on a real warehouse file: a clean one passes, and each kind of damage is refused in words that name it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue.model import Catalogue
from expectations.pages import render_page, write_page
from expectations.results import CheckResult, CheckState, ValidationRun, run_from_dict

A, B = "a" * 16, "b" * 16
Validate = Callable[..., ValidationRun]
FACT = "marts.fct_applications"
DISCLOSURE = "marts.fct_proactive_disclosure"
DISPUTES = "marts.fct_review_litigation"
LEDGER = "quality.identity_ledger"
FILED = "quality.cells_as_filed"
COVERAGE = "quality.coverage"


def result_of(run: ValidationRun, check_id: str) -> CheckResult:
    return next(check for check in run.checks if check.check_id == check_id)


def refusing(run: ValidationRun) -> set[str]:
    assert not run.passed
    assert len(run.reasons) == len(run.refused_by)
    return {check.check_id for check in run.refused_by}


@pytest.fixture(scope="module")
def clean_run(clean_warehouse: Path, catalogue: Catalogue, gx_context: object) -> ValidationRun:
    from expectations.validate import validate_warehouse

    return validate_warehouse(clean_warehouse, catalogue, receipts=2, context=gx_context)  # type: ignore[arg-type]


def test_a_clean_warehouse_passes_and_says_what_it_looked_at(clean_run: ValidationRun) -> None:
    assert (clean_run.passed, clean_run.reasons, clean_run.refused_by, clean_run.warnings) == (True, (), (), ())
    column_sums = result_of(clean_run, f"{FACT}/T3-R02/table_2019")
    row_sums = result_of(clean_run, f"{FACT}/T3-R03/table_2021")
    assert (column_sums.population, column_sums.matched, column_sums.assessed) == (161, 7, 7)
    assert (row_sums.population, row_sums.matched, row_sums.assessed) == (175, 25, 25)
    assert result_of(clean_run, f"{FACT}/G-01/table_2019").assessed == 161
    assert result_of(clean_run, f"{COVERAGE}/U-RECEIPTS").state is CheckState.PASSED


def test_an_edition_without_reports_is_not_called_passed(clean_run: ValidationRun) -> None:
    annex = result_of(clean_run, "marts.fct_statistics_annex/S14-R01/stat_annex_2014")
    assert (annex.state, annex.population) == (CheckState.NOTHING_TO_CHECK, 0)


def test_the_fingerprint_is_the_one_publish_compares(clean_run: ValidationRun, clean_warehouse: Path) -> None:
    from disclosure.publish import fingerprint_warehouse

    assert clean_run.fingerprint == fingerprint_warehouse(clean_warehouse)


def test_results_round_trip_through_json(clean_run: ValidationRun, tmp_path: Path) -> None:
    written = clean_run.write_json(tmp_path / "validation")
    stored = json.loads(written.read_text(encoding="utf-8"))
    assert run_from_dict(stored) == clean_run
    assert stored["counts"]["passed"] == sum(check.state is CheckState.PASSED for check in clean_run.checks)
    assert (tmp_path / "validation" / "latest.json").read_bytes() == written.read_bytes()
    assert sorted(path.suffix for path in written.parent.iterdir()) == [".json", ".json"]


def test_a_changed_figure_is_refused_naming_rule_report_and_cells(validate_after: Validate, tmp_path: Path) -> None:
    run = validate_after(
        f"UPDATE {FACT} SET value = value + 5 WHERE report_id = '{B}' "
        "AND row_code = 'granted_full' AND column_code = 'org_business'",
        tables=(FACT,),
    )
    assert refusing(run) == {f"{FACT}/T3-R02/table_2021", f"{FACT}/T3-R03/table_2021", f"{FACT}/U-FILED"}
    by_row = result_of(run, f"{FACT}/T3-R03/table_2021")
    (row,) = by_row.rows
    assert by_row.unexpected == 1
    assert (row.report_id, row.agency_name, row.report_year, row.scope) == (B, "乙县教育局", 2021, "row:granted_full")
    assert float(row.right or 0) - float(row.left or 0) == 5
    assert {cell.place for cell in row.cells} >= {"granted_full/org_business", "granted_full/total"}
    (reason,) = (reason for reason in run.reasons if reason.startswith("T3-R03"))
    assert B in reason and "granted_full/org_business" in reason
    assert_page_stands_alone(run, tmp_path)
    assert run_from_dict(json.loads(json.dumps(run.as_dict()))) == run


def assert_page_stands_alone(run: ValidationRun, folder: Path) -> None:
    page = write_page(run, folder / "validation.html").read_text(encoding="utf-8")
    assert "拒绝发布" in page and "T3-R03" in page and B in page and "granted_full/org_business" in page
    for outside in ("http:", "https:", "//", "<script", "src=", "@import", "url("):
        assert outside not in page


def test_the_page_shows_text_of_a_filing_as_text(clean_run: ValidationRun) -> None:
    from dataclasses import replace

    hostile = replace(clean_run, passed=False, reasons=("<script>alert(1)</script>",))
    assert "<script" not in render_page(hostile)


def test_values_no_agency_can_mean_are_refused_cell_by_cell(validate_after: Validate) -> None:
    """An unknown neighbour excuses no impossible cell: the sums are not assessable here, the cells are."""
    where = f"report_id = '{A}' AND row_code = 'granted_partial'"
    run = validate_after(
        f"UPDATE {FACT} SET value = NULL, value_source = 'withheld' WHERE {where} AND column_code = 'total'",
        f"UPDATE {FACT} SET value = -1 WHERE {where} AND column_code = 'org_other'",
        f"UPDATE {FACT} SET value = 0.5 WHERE {where} AND column_code = 'org_legal_service'",
        f"UPDATE {FACT} SET value = 1000001 WHERE {where} AND column_code = 'natural_person'",
        tables=(FACT,),
    )
    broken = {name: result_of(run, f"{FACT}/{name}/table_2019") for name in ("G-01", "G-02", "G-04", "T3-R03")}
    assert [cell.place for cell in broken["G-01"].rows[0].cells] == ["granted_partial/org_other"]
    assert [cell.value for cell in broken["G-02"].rows[0].cells] == ["0.5"]
    assert (broken["G-04"].rows[0].left, broken["G-04"].rows[0].right) == ("1000001", "1000000")
    assert (broken["T3-R03"].state, broken["T3-R03"].matched, broken["T3-R03"].assessed) == (CheckState.PASSED, 23, 22)


def test_a_null_key_and_a_repeated_key_are_refused(validate_after: Validate) -> None:
    run = validate_after(
        f"UPDATE {FACT} SET agency_id = NULL WHERE report_id = '{A}' AND row_code = 'granted_full' "
        "AND column_code = 'total'",
        f"INSERT INTO {FACT} SELECT * FROM {FACT} WHERE report_id = '{B}' AND row_code = 'granted_full' "
        "AND column_code = 'total'",
        tables=(FACT,),
    )
    assert {f"{FACT}/U-REQUIRED/agency_id", f"{FACT}/U-KEY", f"{FACT}/U-FORM"} <= refusing(run)
    null_key = result_of(run, f"{FACT}/U-REQUIRED/agency_id")
    assert (null_key.unexpected, null_key.rows[0].report_id) == (1, A)
    repeated = result_of(run, f"{FACT}/U-KEY")
    assert (repeated.unexpected, repeated.rows[0].report_id) == (1, B)
    assert dict(repeated.rows[0].other)["copies"] == "2"


def test_a_value_without_provenance_is_refused(validate_after: Validate) -> None:
    run = validate_after(
        f"UPDATE {FACT} SET printed = NULL WHERE report_id = '{A}' AND row_code = 'granted_full'",
        "UPDATE marts.fct_review_litigation SET value_source = 'null' WHERE column_code = 'pending'",
        "UPDATE marts.fct_proactive_disclosure SET value = NULL WHERE row_code = 'rules'",
        tables=(
            FACT,
            DISPUTES,
            DISCLOSURE,
        ),
    )
    unprinted = result_of(run, f"{FACT}/U-PROVENANCE")
    assert (unprinted.unexpected, {row.report_id for row in unprinted.rows}) == (7, {A})
    assert result_of(run, f"{DISPUTES}/U-PROVENANCE").unexpected == 6
    assert result_of(run, f"{DISCLOSURE}/U-EMPTY").unexpected == 6
    assert not run.passed


def test_a_fact_of_a_report_that_is_not_current_is_refused(validate_after: Validate) -> None:
    run = validate_after(
        f"DELETE FROM marts.dim_report WHERE report_id = '{A}'",
        tables=(
            FACT,
            COVERAGE,
        ),
    )
    assert {f"{FACT}/U-PROVENANCE", f"{FACT}/U-FORM", f"{COVERAGE}/U-COVERAGE"} <= refusing(run)
    assert result_of(run, f"{FACT}/U-FORM").rows[0].report_id == A


def test_a_check_that_raises_could_not_be_made_and_refuses(validate_after: Validate) -> None:
    run = validate_after(f"ALTER TABLE {FACT} DROP COLUMN value", tables=(FACT,))
    assert result_of(run, f"{FACT}/T3-R03/table_2021").state is CheckState.COULD_NOT_CHECK
    assert result_of(run, f"{FACT}/U-COLUMNS").state is CheckState.FAILED
    assert any("未能检验" in reason and "T3-R03" in reason for reason in run.reasons)
    assert f"{FACT}/T3-R03/table_2021" in refusing(run)


def test_a_missing_table_refuses_every_check_of_it(validate_after: Validate) -> None:
    run = validate_after("DROP TABLE marts.fct_review_litigation", tables=(DISPUTES,))
    states = {check.state for check in run.checks if check.table == DISPUTES}
    assert states == {CheckState.COULD_NOT_CHECK}
    assert f"{DISPUTES}/T4-R01/table_2019" in refusing(run)


def test_rows_that_no_rule_recognises_could_not_be_checked(validate_after: Validate) -> None:
    run = validate_after(f"UPDATE {FACT} SET row_code = upper(row_code)", tables=(FACT,))
    lost = result_of(run, f"{FACT}/T3-R01/table_2019")
    assert (lost.state, lost.population, lost.matched) == (CheckState.COULD_NOT_CHECK, 161, 0)
    assert f"{FACT}/U-FORM" in refusing(run)


def test_an_unknown_edition_does_not_slip_past_the_rules(validate_after: Validate) -> None:
    run = validate_after(f"UPDATE {FACT} SET form_version = 'table_2099' WHERE report_id = '{B}'", tables=(FACT,))
    assert {f"{FACT}/U-EDITION", f"{FACT}/U-FORM"} <= refusing(run)


def test_a_gap_in_the_ledger_or_the_coverage_is_refused(validate_after: Validate) -> None:
    run = validate_after(
        f"DELETE FROM quality.identity_ledger WHERE report_id = '{A}' AND rule_id = 'T4-R01' "
        "AND scope = 'row:reconsideration'",
        f"DELETE FROM quality.cells_as_filed WHERE report_id = '{B}' AND table_code = 'T2'",
        f"UPDATE quality.coverage SET disposition = 'withheld_in_part' WHERE report_id = '{A}'",
        receipts=3,
        tables=(
            LEDGER,
            FILED,
            COVERAGE,
            DISCLOSURE,
        ),
    )
    assert refusing(run) == {
        f"{LEDGER}/U-LEDGER",
        f"{FILED}/U-FILED-WHOLE",
        f"{DISCLOSURE}/U-FILED",
        f"{COVERAGE}/U-COVERAGE",
        f"{COVERAGE}/U-REASON",
        f"{COVERAGE}/U-RECEIPTS",
    }
    gap = result_of(run, f"{LEDGER}/U-LEDGER").rows[0]
    assert (gap.report_id, dict(gap.other)["rule_id"]) == (A, "T4-R01")


def test_what_filers_got_wrong_is_counted_and_does_not_block(validate_after: Validate) -> None:
    run = validate_after(
        "UPDATE quality.identity_ledger SET outcome = 'broken', left_value = 3, right_value = 4 "
        f"WHERE report_id = '{A}' AND rule_id = 'T3-R03' AND scope = 'row:granted_full'",
        tables=(LEDGER,),
    )
    assert (run.passed, run.reasons) == (True, ())
    (warning,) = run.warnings
    assert (warning.rule_id, warning.unexpected, warning.assessed) == ("T3-R03", 1, 48)
    assert (warning.rows[0].agency_name, warning.rows[0].left, warning.rows[0].right) == ("甲市水务局", "3", "4")


def test_the_provincial_variant_has_its_own_cells(validate_after: Validate, catalogue: Catalogue) -> None:
    """Hubei's form of 2020 has a row more in T2; without it the variant is incomplete, with it the form is whole."""
    named = f"UPDATE marts.dim_report SET form_variant = 'hubei_2020' WHERE report_id = '{A}'"
    run = validate_after(named, tables=(DISCLOSURE, FILED))
    table = DISCLOSURE
    assert refusing(run) == {f"{table}/U-FORM", f"{FILED}/U-FILED-WHOLE"}
    row = result_of(run, f"{table}/U-FORM").rows[0]
    assert dict(row.other) == {"form_version": "table_2019", "expected_cells": "25", "found_cells": "22"}
    columns = ("made_this_year", "newly_disclosed_this_year", "disclosed_total")
    added = [
        f"INSERT INTO {name} SELECT * REPLACE ('other_disclosed_documents' AS row_code) FROM {name} "
        f"WHERE report_id = '{A}' AND row_code = 'rules' AND column_code IN {columns}"
        for name in (table, "quality.cells_as_filed")
    ]
    assert validate_after(named, *added, tables=(DISCLOSURE, FILED)).passed


def test_a_warehouse_that_is_not_there_is_said_so(tmp_path: Path, catalogue: Catalogue, gx_context: object) -> None:
    from expectations.validate import validate_warehouse

    with pytest.raises(FileNotFoundError, match="no warehouse"):
        validate_warehouse(tmp_path / "none.duckdb", catalogue, context=gx_context)  # type: ignore[arg-type]


def test_validation_writes_nothing_beside_the_warehouse(clean_warehouse: Path, clean_run: ValidationRun) -> None:
    assert clean_run.passed
    assert [path.name for path in clean_warehouse.parent.iterdir()] == ["clean.duckdb"]


ROLLUPS, COVERED, VERSIONS = "marts.indicator_rollups", "marts.coverage_by_agency", "quality.report_versions"


@pytest.mark.parametrize(
    ("statement", "tables", "refused"),
    [
        (
            "UPDATE marts.coverage_rollups SET not_filed = 1 WHERE grouped_by = 'all' AND report_year = 2019",
            ("marts.coverage_rollups",),
            {"marts.coverage_rollups/U-COVERAGE-ROLLUP"},
        ),
        (
            "UPDATE marts.coverage_rollups SET late = 1 WHERE grouped_by = 'level' AND report_year = 2019",
            ("marts.coverage_rollups",),
            {"marts.coverage_rollups/U-COVERAGE-ROLLUP", "marts.coverage_rollups/U-COVERAGE-SUMS"},
        ),
        (
            f"DELETE FROM marts.coverage_by_agency WHERE report_id = '{A}'",
            (COVERED, "marts.coverage_rollups"),
            {f"{COVERED}/U-COVERED", "marts.coverage_rollups/U-COVERAGE-ROLLUP"},
        ),
        (
            f"UPDATE marts.coverage_by_agency SET timeliness = 'late' WHERE report_id = '{B}'",
            (COVERED,),
            {f"{COVERED}/U-TIMELINESS"},
        ),
        (
            "UPDATE marts.indicator_rollups SET numerator = 3 "
            "WHERE grouped_by = 'level_function' AND indicator_code = 'inflow' AND report_year = 2021",
            (ROLLUPS,),
            {f"{ROLLUPS}/U-ROLLUP"},
        ),
        (
            "UPDATE marts.indicator_rollups SET rate = 0.5 WHERE indicator_code = 'disclosure_rate' AND report_year = 2021",
            (ROLLUPS,),
            {f"{ROLLUPS}/U-ROLLUP-RATE"},
        ),
        (
            f"UPDATE quality.report_versions SET standing = 'superseded' WHERE report_id = '{A}'",
            (VERSIONS,),
            {f"{VERSIONS}/U-VERSIONS"},
        ),
        (
            "INSERT INTO marts.dim_agency_lineage BY NAME SELECT 'agency-a' AS agency_id, '甲' AS agency_name, 'agency-a' AS "
            "predecessor_agency_id, '甲' AS predecessor_agency_name, 2019 AS year, 'merge' AS kind, 'inferred' AS basis",
            ("marts.dim_agency_lineage",),
            {"marts.dim_agency_lineage/U-LINEAGE"},
        ),
    ],
)
def test_sums_made_a_second_time_find_what_is_wrong(
    validate_after: Validate, statement: str, tables: tuple[str, ...], refused: set[str]
) -> None:
    assert refusing(validate_after(statement, tables=tables)) == refused
