select
    findings.report_id,
    findings.ordinal,
    findings.code,
    findings.severity,
    findings.message,
    receipts.source,
    reports.agency_name,
    reports.report_year,
    findings.page,
    findings.table_code,
    findings.row_code,
    findings.column_code,
    findings.text
from {{ ref('stg_findings') }} as findings
inner join {{ ref('stg_reports') }} as reports on findings.report_id = reports.report_id
inner join {{ ref('int_receipts_ordered') }} as receipts
    on findings.report_id = receipts.report_id and receipts.receipt_order = 1
