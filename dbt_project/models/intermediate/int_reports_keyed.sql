-- Reports that can be placed: read, with an agency, a year and a scope. The others are quarantined, never guessed.
select
    reports.*,
    receipts.source,
    receipts.file_name,
    receipts.received_at
from {{ ref('int_reports_identified') }} as reports
inner join {{ ref('int_receipts_ordered') }} as receipts
    on reports.report_id = receipts.report_id and receipts.receipt_order = 1
where reports.status = 'read'
    and reports.agency_id is not null
    and reports.agency_name is not null
    and reports.report_year is not null
    and reports.reporting_scope is not null
