-- Agencies change reports after publication: of several for one agency, year and scope the latest is current.
select
    *,
    row_number() over newest_first as version_rank,
    first_value(report_id) over newest_first as current_report_id
from {{ ref('int_reports_keyed') }}
window newest_first as (
    partition by agency_id, report_year, reporting_scope
    order by publication_date desc nulls last, received_at desc, report_id
)
