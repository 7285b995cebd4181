"""What the models make of composed filings whose right answer is known by hand: marts first, then quality.

One module, so that tests run in parallel still share one build.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import duckdb
from composed_filings import (
    ANNEX,
    BOUND,
    BROKEN,
    CLEAN,
    FILINGS,
    GAPS,
    NO_REQUESTS,
    PROSE,
    SUPERSEDED,
    UNDATED,
    UNREADABLE,
)

Warehouse = duckdb.DuckDBPyConnection


def value_of(warehouse: Warehouse, fact: str, report_id: str, row: str, column: str) -> tuple[Any, ...] | None:
    return warehouse.execute(
        f"select value, value_source, printed from marts.{fact} where (report_id, row_code, column_code) = (?, ?, ?)",
        [report_id, row, column],
    ).fetchone()


def test_a_clean_report_is_published_as_printed(warehouse: Warehouse) -> None:
    cell = value_of(warehouse, "fct_applications", CLEAN.report_id, "requests_received", "natural_person")
    assert cell == (Decimal(12), "printed", "12")
    fee = value_of(warehouse, "fct_proactive_disclosure", CLEAN.report_id, "administrative_fees", "fee_amount")
    assert fee == (Decimal("12.5"), "printed", "12.5")
    dispute = value_of(warehouse, "fct_review_litigation", CLEAN.report_id, "reconsideration", "corrected")
    assert dispute == (Decimal(1), "printed", "1")


def test_every_cell_of_the_form_is_a_row(warehouse: Warehouse) -> None:
    found = warehouse.execute(
        "select count(*) filter (row_code is not null) from marts.fct_applications where report_id = ?",
        [GAPS.report_id],
    ).fetchone()
    assert found == (175,)
    unread = value_of(warehouse, "fct_applications", GAPS.report_id, "not_processed_petition", "org_business")
    assert unread == (None, "null", None)


def test_the_misprint_is_withheld_and_nothing_else(warehouse: Warehouse) -> None:
    withheld = warehouse.execute(
        "select row_code, column_code, value, printed from marts.fct_applications "
        "where report_id = ? and value_source = 'withheld'",
        [BROKEN.report_id],
    ).fetchall()
    assert withheld == [("granted_full", "org_business", None, "1")]


def test_a_variant_has_its_own_rows(warehouse: Warehouse) -> None:
    cell = value_of(
        warehouse, "fct_proactive_disclosure", BROKEN.report_id, "other_disclosed_documents", "disclosed_total"
    )
    assert cell == (Decimal(0), "printed", "0")


def test_the_annex_and_the_prose_are_facts_of_their_own(warehouse: Warehouse) -> None:
    cell = value_of(warehouse, "fct_statistics_annex", ANNEX.report_id, "requests_received", "value")
    assert cell == (Decimal(13), "printed", "13")
    counts = warehouse.execute(
        "select fact_code, ordinal, value from marts.fct_narrative_counts where report_id = ? order by ordinal",
        [PROSE.report_id],
    ).fetchall()
    assert counts == [("requests_received", 0, Decimal(13)), ("requests_received", 2, None)]


def wide(warehouse: Warehouse, report_id: str) -> dict[str, Any]:
    row = warehouse.execute("select * from marts.agency_year where report_id = ?", [report_id])
    names = [column[0] for column in row.description or ()]
    values = row.fetchone()
    assert values is not None
    return dict(zip(names, values, strict=True))


def test_the_wide_row_carries_totals_and_rates_with_their_parts(warehouse: Warehouse) -> None:
    row = wide(warehouse, CLEAN.report_id)
    assert row["requests_received_total"] == 12
    assert row["administrative_licensing_decisions"] == 40
    assert row["reconsideration_total"] == 2
    assert row["inflow"] == 15
    assert (row["completion_rate"], row["completion_rate_numerator"], row["completion_rate_denominator"]) == (
        13 / 15,
        13,
        15,
    )
    assert row["disclosure_rate"] == 7 / 13
    assert row["normative_net_change"] == 0
    assert row["identity_pass_rate"] == 1
    assert row["identities_assessed"] == 42
    assert row["completeness"] == 1


def test_rows_an_edition_lacks_are_skipped_in_indicators(warehouse: Warehouse) -> None:
    assert wide(warehouse, CLEAN.report_id)["other_rate_numerator"] == 1
    assert wide(warehouse, BROKEN.report_id)["other_rate_numerator"] == 1
    assert wide(warehouse, BROKEN.report_id)["normative_net_change"] is None
    assert wide(warehouse, BROKEN.report_id)["identities_assessed"] == 45


def test_unknown_terms_leave_figures_null_and_not_0(warehouse: Warehouse) -> None:
    gaps = wide(warehouse, GAPS.report_id)
    assert gaps["not_processed_petition_total"] is None
    assert gaps["non_processing_rate"] is None
    assert gaps["non_processing_rate_denominator"] == 13
    assert gaps["dispute_rate_numerator"] is None, "the report has no table of disputes"
    assert gaps["penalties_per_licence"] is None
    annex = wide(warehouse, ANNEX.report_id)
    assert annex["requests_received_total"] is None
    assert annex["inflow"] is None


def test_a_year_without_requests_has_no_rates(warehouse: Warehouse) -> None:
    row = wide(warehouse, NO_REQUESTS.report_id)
    assert row["completion_rate_denominator"] == 0
    assert row["completion_rate"] is None
    assert row["small_numbers"] is False


def test_small_denominators_are_flagged(warehouse: Warehouse) -> None:
    row = wide(warehouse, CLEAN.report_id)
    assert row["small_numbers"] is True
    assert "reconsideration_correction_rate" in row["small_number_indicators"]
    assert "completion_rate" not in row["small_number_indicators"]


def test_a_report_without_tables_is_still_an_agency_year(warehouse: Warehouse) -> None:
    row = wide(warehouse, PROSE.report_id)
    assert (row["form_version"], row["cells_on_form"], row["completeness"]) == ("narrative_2008", 0, None)
    assert row["small_number_indicators"] == []


def test_the_agency_is_named_as_in_its_latest_report(warehouse: Warehouse) -> None:
    agency = warehouse.execute(
        "select first_report_year, last_report_year, report_count from marts.dim_agency where agency_id = ?",
        [PROSE.agency_id],
    ).fetchone()
    assert agency == (2012, 2016, 2)


def test_a_blank_that_breaks_nothing_stays_null(warehouse: Warehouse) -> None:
    cell = value_of(warehouse, "fct_applications", BOUND.report_id, "granted_full", "org_other")
    assert cell is not None
    assert cell[1] in ("null", "imputed")
    assert cell[2] == ""


def test_dispositions_add_up_to_the_files_received(warehouse: Warehouse) -> None:
    counts = dict(warehouse.execute("select disposition, count(*) from quality.coverage group by 1").fetchall())
    assert counts == {"published": 5, "withheld_in_part": 2, "quarantined": 2, "duplicate": 2, "not_a_report": 1}
    assert sum(counts.values()) == sum(filing.receipts for filing in FILINGS)


def test_each_disposition_says_why(warehouse: Warehouse) -> None:
    reasons = dict(warehouse.execute("select receipt_id, (reason, detail)::varchar from quality.coverage").fetchall())
    assert reasons["clean-1"] == f"(same_bytes, {CLEAN.report_id})"
    assert reasons["superseded-0"] == f"(superseded, {CLEAN.report_id})"
    assert reasons["unreadable-0"] == "(truncated, 文件不完整)"
    assert reasons["undated-0"] == "(report_year_unknown, 无法确定报告年度)"


def test_a_superseded_report_is_kept_as_filed_and_not_published(warehouse: Warehouse) -> None:
    filed = warehouse.execute(
        "select count(*) from quality.cells_as_filed where report_id = ?", [SUPERSEDED.report_id]
    ).fetchone()
    published = warehouse.execute(
        "select count(*) from marts.fct_applications where report_id = ?", [SUPERSEDED.report_id]
    ).fetchone()
    assert (filed, published) == ((200,), (0,))


def test_the_misprint_breaks_its_row_and_its_column(warehouse: Warehouse) -> None:
    broken = warehouse.execute(
        "select rule_id, scope, left_value, right_value, difference, missing from quality.identity_ledger "
        "where report_id = ? and outcome = 'broken' and table_code = 'T3' order by rule_id",
        [BROKEN.report_id],
    ).fetchall()
    assert broken == [
        ("T3-R02", "column:org_business", 0, 1, -1, []),
        ("T3-R03", "row:granted_full", 5, 6, -1, []),
    ]


def test_what_cannot_be_assessed_names_the_missing_terms_in_form_order(warehouse: Warehouse) -> None:
    row = warehouse.execute(
        "select outcome, left_value, right_value, missing from quality.identity_ledger "
        "where report_id = ? and rule_id = 'T3-R02' and scope = 'column:total'",
        [GAPS.report_id],
    ).fetchone()
    assert row == ("not_assessable", 13, None, ["granted_full/total", "not_processed_petition/total"])


def test_an_identity_can_break_although_a_term_is_missing(warehouse: Warehouse) -> None:
    row = warehouse.execute(
        "select outcome, right_value, missing from quality.identity_ledger "
        "where report_id = ? and rule_id = 'T3-R02' and scope = 'column:org_other'",
        [BOUND.report_id],
    ).fetchone()
    assert row == ("broken", None, ["granted_full/org_other"])


def test_the_ledger_is_the_parsers(warehouse: Warehouse) -> None:
    differing = warehouse.execute(
        "select count(*), count(*) filter (ledger.outcome <> parsed.outcome) from quality.identity_ledger as ledger "
        "full join staging.stg_identities as parsed using (report_id, rule_id, table_code, scope)"
    ).fetchone()
    assert differing == (349, 0)


def test_quarantine_names_the_identities_a_withheld_cell_breaks(warehouse: Warehouse) -> None:
    reasons = warehouse.execute(
        "select printed, value_suggested, reason from quality.quarantine "
        "where report_id = ? and row_code = 'granted_full'",
        [BROKEN.report_id],
    ).fetchall()
    assert reasons == [("1", 0, "T3-R02 column:org_business; T3-R03 row:granted_full")]
    reports = warehouse.execute("select report_id from quality.quarantine where kind = 'report' order by 1").fetchall()
    assert reports == sorted([(UNDATED.report_id,), (UNREADABLE.report_id,)])


def test_unread_cells_are_absent_and_not_blank(warehouse: Warehouse) -> None:
    states = warehouse.execute(
        "select column_code, state, printed from quality.cells_as_filed "
        "where report_id = ? and state <> 'reported' order by 1, 2",
        [GAPS.report_id],
    ).fetchall()
    assert states == [
        ("decisions", "blank", ""),
        ("natural_person", "absent", None),
        ("org_business", "absent", None),
        ("total", "absent", None),
        ("total", "blank", ""),
    ]


def test_published_columns_carry_their_chinese_label(warehouse: Warehouse) -> None:
    row = warehouse.execute(
        "select comment from duckdb_columns() where schema_name = 'marts' and table_name = 'agency_year' "
        "and column_name = 'requests_received_total'"
    ).fetchone()
    assert row is not None
    assert row[0].startswith("本年新收政府信息公开申请数量（总计）。 单位：件。")


def test_schemas_are_the_stages(warehouse: Warehouse) -> None:
    schemas = {row[0] for row in warehouse.execute("select schema_name from duckdb_tables()").fetchall()}
    schemas |= {
        row[0] for row in warehouse.execute("select schema_name from duckdb_views() where not internal").fetchall()
    }
    assert schemas == {"staging", "intermediate", "marts", "quality", "catalogue"}
