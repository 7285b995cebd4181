-- Where each report read came from first.
select reports.report_partition, reports.report_id, receipts.source
from {{ ref('stg_reports') }} as reports
inner join {{ ref('int_receipts_ordered') }} as receipts
    on reports.report_id = receipts.report_id and receipts.receipt_order = 1
