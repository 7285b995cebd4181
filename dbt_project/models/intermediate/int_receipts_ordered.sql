-- The same bytes may arrive several times; the first receipt stands for the report.
select
    *,
    row_number() over (partition by report_id order by received_at, receipt_id) as receipt_order
from {{ ref('stg_filings') }}
