-- How each report that was read came to its agency.
select
    reports.report_id,
    receipts.source,
    reports.report_year,
    reports.agency_name_stated,
    reports.agency_key,
    reports.credit_code_stated,
    reports.credit_code_state,
    reports.agency_id_stated,
    reports.identified_by,
    reports.agency_id,
    copies.original_report_id,
    lists.list_name,
    lists.row_number
from {{ ref('int_reports_identified') }} as reports
inner join {{ ref('int_receipts_ordered') }} as receipts
    on reports.report_id = receipts.report_id and receipts.receipt_order = 1
left join {{ ref('int_reports_copied') }} as copies on reports.report_id = copies.report_id
left join {{ ref('int_listed_agencies') }} as lists on reports.listed_id = lists.listed_id and reports.identified_by = 'list'
where reports.status = 'read'
