"""The filings of the dbt tests: one clean, and one for each way a filing can be less than that."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from staged_filings import StagedFiling

from disclosure.findings import FindingCode
from disclosure.report import NarrativeCount

# 15 requests, 13 answered, 2 carried out; all by natural persons
REQUESTS = {
    "requests_received": 12,
    "requests_carried_in": 3,
    "granted_full": 5,
    "granted_partial": 2,
    "denied_state_secret": 1,
    "unable_not_held": 4,
    "outcomes_total": 13,
    "requests_carried_out": 2,
}
BY_PERSONS = {f"{row}/{column}": figure for row, figure in REQUESTS.items() for column in ("natural_person", "total")}
REQUESTS_2021 = {**BY_PERSONS, "other_misc/natural_person": 1, "other_misc/total": 1}
REQUESTS_2019 = {**BY_PERSONS, "other_handling/natural_person": 1, "other_handling/total": 1}
DISPUTES = {
    "reconsideration/upheld": 1,
    "reconsideration/corrected": 1,
    "reconsideration/total": 2,
    "litigation_direct/pending": 1,
    "litigation_direct/total": 1,
}


def tables_2021(**t3: int | str | None) -> dict[str, Any]:
    changes = {name.replace("__", "/"): figure for name, figure in t3.items()}
    return {
        "T2": ("table_2021", {"administrative_licensing/decisions": 40, "administrative_fees/fee_amount": "12.5"}),
        "T3": ("table_2021", {**REQUESTS_2021, **changes}),
        "T4": ("table_2021", DISPUTES),
    }


CLEAN = StagedFiling("clean", publication_date=date(2024, 1, 20), tables=tables_2021(), receipts=2)
SUPERSEDED = StagedFiling("superseded", publication_date=date(2024, 1, 10), tables=tables_2021(granted_full__total=6))
# granted_full/org_business misprinted: its row and its column break, one cell explains both
BROKEN = StagedFiling(
    "broken",
    agency_id="230000:justice",
    agency_name="某省司法厅",
    report_year=2020,
    form_variant="hubei_2020",
    tables={
        "T2": (
            "table_2019",
            {
                "administrative_penalty/items_prior_year": 6,
                "administrative_penalty/items_change": -6,
                "administrative_licensing/items_prior_year": 1,
                "administrative_licensing/items_change": -4,
                "government_procurement/procurement_amount": "8353.27",
            },
        ),
        "T3": ("table_2019", {**REQUESTS_2019, "granted_full/org_business": 1}),
        "T4": ("table_2019", DISPUTES),
    },
)
# one blank that the identities determine, a row and a table that were not read, a blank no identity settles
GAPS = StagedFiling(
    "gaps",
    agency_id="420112:justice",
    agency_name="某区司法局",
    report_year=2022,
    publication_date=date(2023, 1, 5),
    tables={
        "T2": ("table_2021", {"administrative_licensing/decisions": None}),
        "T3": (
            "table_2021",
            {
                **REQUESTS_2021,
                "granted_full/total": None,
                **{
                    f"not_processed_petition/{column}": "absent"
                    for column in ("natural_person", "org_business", "total")
                },
            },
        ),
    },
)
# too many outcomes whatever the blank is: broken although a term is missing
BOUND = StagedFiling(
    "bound",
    agency_id="210400:justice",
    agency_name="某市第二司法局",
    tables={
        "T3": (
            "table_2021",
            {"denied_state_secret/org_other": 9, "granted_full/org_other": None, "requests_received/org_other": -1},
        )
    },
)
NO_REQUESTS = StagedFiling(
    "no-requests", agency_id="110101:justice", agency_name="某区第二司法局", tables={"T3": ("table_2021", {})}
)
ANNEX = StagedFiling(
    "annex",
    agency_id="410000:justice",
    agency_name="某省第二司法厅",
    report_year=2016,
    tables={
        "S14": (
            "stat_annex_2014",
            {"requests_received/value": 13, "received_online/value": 13, "replies_total/value": None},
        )
    },
)
PROSE = StagedFiling(
    "prose",
    agency_id="410000:justice",
    agency_name="某省第二司法厅",
    report_year=2012,
    narrative=(
        NarrativeCount("requests_received", "13件", Decimal(13), "件", True, "全年收到申请13件。"),
        NarrativeCount("website_visits", "约9万次", Decimal(90000), "次", False, "网站访问约9万次。", approximate=True),
        NarrativeCount("requests_received", "件", None, "件", True, "收到申请  件。"),
    ),
)
UNDATED = StagedFiling("undated", report_year=None, tables=tables_2021(), findings=(FindingCode.REPORT_YEAR_UNKNOWN,))
UNREADABLE = StagedFiling(
    "unreadable",
    agency_id=None,
    agency_name=None,
    report_year=None,
    reporting_scope=None,
    status="unreadable",
    findings=(FindingCode.NAME_CONTRADICTS_CONTENT, FindingCode.TRUNCATED),
)
OTHER_PAPER = StagedFiling(
    "other-paper",
    agency_id=None,
    agency_name=None,
    report_year=None,
    reporting_scope=None,
    status="not_a_report",
    findings=(FindingCode.NOT_A_REPORT,),
)
FILINGS = (
    CLEAN, SUPERSEDED, BROKEN, GAPS, BOUND, NO_REQUESTS, ANNEX, PROSE, UNDATED, UNREADABLE, OTHER_PAPER,
)  # fmt: skip
