select
    agency_id,
    name_kind,
    name,
    min(report_year) as first_year,
    max(report_year) as last_year
from (
    select agency_id, 'full' as name_kind, agency_name as name, report_year from {{ ref('int_reports_keyed') }}
    union all
    select agency_id, 'key', agency_key, report_year from {{ ref('int_reports_keyed') }}
    union all
    select agency_id, 'credit_code', credit_code, report_year from {{ ref('int_reports_keyed') }} where credit_code is not null
)
group by agency_id, name_kind, name
