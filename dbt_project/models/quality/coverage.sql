select
    disposed.receipt_id,
    disposed.report_id,
    disposed.sha256,
    disposed.source,
    disposed.file_name,
    disposed.size_bytes,
    disposed.media_type,
    disposed.received_at,
    reports.reader_version,
    reports.parser_version,
    disposed.asserted_year,
    disposed.asserted_agency,
    disposed.agency_id,
    disposed.agency_name,
    disposed.report_year,
    disposed.reporting_scope,
    disposed.disposition,
    disposed.reason,
    disposed.detail
from {{ ref('int_filings_disposed') }} as disposed
left join {{ ref('stg_reports') }} as reports on disposed.report_id = reports.report_id
