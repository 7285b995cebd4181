"""The columns of the staging Parquet files, one schema per table; `stage` writes them, dbt's staging views read them.

Nothing is computed here. The tables of `WHOLE` are one file each, the others one file per report-year partition.
"""

from __future__ import annotations

import pyarrow as pa

VALUE = pa.decimal128(20, 6)

FILINGS = pa.schema(
    [
        pa.field("receipt_id", pa.string(), nullable=False),  # one row per (source, bytes)
        pa.field("report_id", pa.string(), nullable=False),  # first 16 hex digits of sha256
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),  # path or URL it came from
        pa.field("file_name", pa.string(), nullable=False),
        pa.field("size_bytes", pa.int64(), nullable=False),
        pa.field("media_type", pa.string(), nullable=False),
        pa.field("asserted_year", pa.int32()),
        pa.field("asserted_agency", pa.string()),
        pa.field("received_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("partition", pa.string(), nullable=False),  # report year as text, or "undated"
    ]
)

_EVIDENCE = pa.list_(
    pa.struct([("field", pa.string()), ("value", pa.string()), ("method", pa.string()), ("text", pa.string())])
)

REPORTS = pa.schema(
    [
        pa.field("report_id", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),  # read, unreadable, not_a_report
        pa.field("media_type", pa.string(), nullable=False),
        pa.field("reader", pa.string(), nullable=False),
        pa.field("reader_version", pa.string(), nullable=False),
        pa.field("parser_version", pa.string(), nullable=False),
        pa.field("catalogue_version", pa.string(), nullable=False),
        pa.field("decisions_version", pa.string(), nullable=False),  # of the decisions about it; "" when none
        pa.field("title", pa.string()),
        pa.field("agency_name", pa.string()),
        pa.field("agency_id", pa.string()),
        pa.field("agency_key", pa.string()),
        pa.field("agency_short_name", pa.string()),
        pa.field("credit_code", pa.string()),
        pa.field("agency_level", pa.string()),
        pa.field("function_category", pa.string()),
        pa.field("organ_type", pa.string()),
        pa.field("reporting_scope", pa.string()),
        pa.field("region_name", pa.string()),
        pa.field("region_code", pa.string()),
        pa.field("region_id", pa.string()),
        pa.field("report_year", pa.int32()),
        pa.field("period_start", pa.date32()),
        pa.field("period_end", pa.date32()),
        pa.field("publication_date", pa.date32()),
        pa.field("publication_year_hint", pa.int32()),
        pa.field("document_number", pa.string()),
        pa.field("index_number", pa.string()),
        pa.field("signatory", pa.string()),
        pa.field("contact_office", pa.string()),
        pa.field("contact_phone", pa.string()),
        pa.field("contact_fax", pa.string()),
        pa.field("contact_email", pa.string()),
        pa.field("contact_address", pa.string()),
        pa.field("contact_postcode", pa.string()),
        pa.field("form_version", pa.string()),
        pa.field("form_variant", pa.string()),
        pa.field("t2_form", pa.string()),
        pa.field("t3_form", pa.string()),
        pa.field("t4_form", pa.string()),
        pa.field("s14_form", pa.string()),
        pa.field("evidence", _EVIDENCE),
        pa.field("sentences", pa.list_(pa.int64())),  # numbers of the sentences of the prose
    ]
)

CELLS = pa.schema(
    [
        pa.field("report_id", pa.string(), nullable=False),
        pa.field("table_code", pa.string(), nullable=False),
        pa.field("edition", pa.string(), nullable=False),  # edition of this table
        pa.field("row_code", pa.string(), nullable=False),
        pa.field("column_code", pa.string(), nullable=False),
        pa.field("printed", pa.string()),
        pa.field("state", pa.string(), nullable=False),
        pa.field("value", VALUE),
        pa.field("note", pa.string()),
        pa.field("approximate", pa.bool_(), nullable=False),
        pa.field("suspect", pa.bool_(), nullable=False),
        pa.field("value_imputed", VALUE),
        pa.field("value_suggested", VALUE),
        pa.field("value_published", VALUE),
        pa.field("value_source", pa.string(), nullable=False),
        pa.field("page", pa.int32()),
        pa.field("box", pa.list_(pa.float64())),  # x0, top, x1, bottom in points
        pa.field("grid", pa.int32()),
        pa.field("grid_row", pa.int32()),
        pa.field("grid_column", pa.int32()),
        pa.field("confidence", pa.float64()),
        pa.field("reader", pa.string(), nullable=False),
    ]
)

NARRATIVE_FACTS = pa.schema(
    [
        pa.field("report_id", pa.string(), nullable=False),
        pa.field("ordinal", pa.int32(), nullable=False),  # order in the text, from 0
        pa.field("fact_code", pa.string(), nullable=False),
        pa.field("printed", pa.string(), nullable=False),
        pa.field("value", VALUE),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("strict", pa.bool_(), nullable=False),
        pa.field("approximate", pa.bool_(), nullable=False),
        pa.field("stated_as_none", pa.bool_(), nullable=False),
        pa.field("derived_from", pa.string()),
        pa.field("section", pa.string()),
        pa.field("sentence", pa.string(), nullable=False),
        pa.field("confidence", pa.float64()),  # of the number's least sure character, where it was recognised
    ]
)

IDENTITIES = pa.schema(
    [
        pa.field("report_id", pa.string(), nullable=False),
        pa.field("rule_id", pa.string(), nullable=False),
        pa.field("table_code", pa.string(), nullable=False),
        pa.field("scope", pa.string(), nullable=False),
        pa.field("outcome", pa.string(), nullable=False),
        pa.field("left_value", VALUE),
        pa.field("right_value", VALUE),
        pa.field("missing", pa.list_(pa.string()), nullable=False),  # "row_code/column_code"
    ]
)

PLAUSIBILITY = pa.schema(
    [
        pa.field("report_id", pa.string(), nullable=False),
        pa.field("rule_id", pa.string(), nullable=False),
        pa.field("table_code", pa.string(), nullable=False),  # or "report"
        pa.field("scope", pa.string(), nullable=False),
        pa.field("outcome", pa.string(), nullable=False),
        pa.field("left_value", VALUE),
        pa.field("right_value", VALUE),
        pa.field("missing", pa.list_(pa.string()), nullable=False),  # "T3/row_code/column_code"
        pa.field("matched", pa.string()),
    ]
)

FINDINGS = pa.schema(
    [
        pa.field("report_id", pa.string(), nullable=False),
        pa.field("ordinal", pa.int32(), nullable=False),
        pa.field("code", pa.string(), nullable=False),
        pa.field("severity", pa.string(), nullable=False),
        pa.field("message", pa.string(), nullable=False),
        pa.field("page", pa.int32()),
        pa.field("table_code", pa.string()),
        pa.field("row_code", pa.string()),
        pa.field("column_code", pa.string()),
        pa.field("text", pa.string()),
    ]
)

CANDIDATES = pa.schema(
    [
        pa.field("report_id", pa.string(), nullable=False),
        pa.field("explanation", pa.int32(), nullable=False),  # in the order of the tables
        pa.field("candidate", pa.int32(), nullable=False),  # in the order of the search
        pa.field("table_code", pa.string(), nullable=False),
        pa.field("row_code", pa.string(), nullable=False),
        pa.field("column_code", pa.string(), nullable=False),
        pa.field("lowest", VALUE),  # both null: what it should be is not known
        pa.field("highest", VALUE),
        pa.field("pattern", pa.string()),  # of right figures in the wrong place
        pa.field("cause", pa.string(), nullable=False),  # of the explanation: filer, reader, undetermined
        pa.field("weight", pa.int32(), nullable=False),  # of the evidence in the report itself
        pa.field("clues", pa.list_(pa.string()), nullable=False),
    ]
)

DECISIONS = pa.schema(
    [
        pa.field("report_id", pa.string(), nullable=False),
        pa.field("table_code", pa.string(), nullable=False),
        pa.field("row_code", pa.string(), nullable=False),
        pa.field("column_code", pa.string(), nullable=False),
        pa.field("action", pa.string(), nullable=False),  # accept_suggestion, correct, confirm_printed
        pa.field("state", pa.string(), nullable=False),  # applied, lapsed, withheld
        pa.field("expect", pa.string(), nullable=False),  # text printed when it was decided
        pa.field("decided_value", VALUE),
        pa.field("who", pa.string(), nullable=False),
        pa.field("why", pa.string(), nullable=False),
        pa.field("decided_on", pa.date32(), nullable=False),
        pa.field("evidence", pa.string()),
    ]
)

_NAMED = [
    pa.field("agency_key", pa.string()),  # null where the name alone stands for many agencies
    pa.field("agency_short_name", pa.string()),
    pa.field("region_code", pa.string()),
    pa.field("region_name", pa.string()),
    pa.field("region_id", pa.string()),
    pa.field("agency_level", pa.string()),
    pa.field("function_category", pa.string()),
    pa.field("organ_type", pa.string()),
    pa.field("reporting_scope", pa.string()),
]

LISTED_NAMES = pa.schema(
    [
        pa.field("list_name", pa.string(), nullable=False),
        pa.field("row_number", pa.int32(), nullable=False),
        pa.field("role", pa.string(), nullable=False),  # name, alias, predecessor
        pa.field("name", pa.string(), nullable=False),
        *_NAMED,
        pa.field("credit_code", pa.string()),
        pa.field("first_year", pa.int32()),  # report years in which the agency is expected to file
        pa.field("last_year", pa.int32()),
        pa.field("succession_kind", pa.string()),  # of a predecessor
        pa.field("source", pa.string()),
    ]
)

LISTED_FILINGS = pa.schema(
    [
        pa.field("list_name", pa.string(), nullable=False),
        pa.field("row_number", pa.int32(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("asserted_year", pa.int32()),
        pa.field("asserted_agency", pa.string()),
        pa.field("url", pa.string()),
        pa.field("receipt_id", pa.string()),  # null: nothing was received under the path
    ]
)

ASSERTED_AGENCIES = pa.schema(
    [pa.field("asserted_agency", pa.string(), nullable=False), pa.field("asserted_year", pa.int32()), *_NAMED]
)

POPULATIONS = pa.schema(
    [
        pa.field("list_name", pa.string(), nullable=False),
        pa.field("row_number", pa.int32(), nullable=False),
        pa.field("region_code", pa.string(), nullable=False),
        pa.field("report_year", pa.int32(), nullable=False),
        pa.field("population", VALUE, nullable=False),  # persons
        pa.field("source", pa.string()),
    ]
)

LIST_FINDINGS = pa.schema(
    [
        pa.field("list_name", pa.string(), nullable=False),
        pa.field("row_number", pa.int32(), nullable=False),
        pa.field("column_name", pa.string()),
        pa.field("code", pa.string(), nullable=False),
        pa.field("printed", pa.string(), nullable=False),
        pa.field("message", pa.string(), nullable=False),
    ]
)

# Tables that are one file, whatever the report years; the others have a file per report year.
WHOLE: dict[str, pa.Schema] = {
    "filings": FILINGS,
    "listed_names": LISTED_NAMES,
    "listed_filings": LISTED_FILINGS,
    "asserted_agencies": ASSERTED_AGENCIES,
    "populations": POPULATIONS,
    "list_findings": LIST_FINDINGS,
}

SCHEMAS: dict[str, pa.Schema] = {
    **WHOLE,
    "reports": REPORTS,
    "cells": CELLS,
    "narrative_facts": NARRATIVE_FACTS,
    "identities": IDENTITIES,
    "plausibility": PLAUSIBILITY,
    "findings": FINDINGS,
    "decisions": DECISIONS,
    "candidates": CANDIDATES,
}
