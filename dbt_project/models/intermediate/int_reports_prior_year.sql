-- The report of the year before, of the same agency or of the one it is only renamed from. An organ that took over from
-- others has none: its figures and theirs are not one series.
with renamed as (
    select agency_id, predecessor_agency_id
    from {{ ref('int_agency_lineage') }}
    where kind = 'rename'
),

reports as (
    select agency_id, report_year, reporting_scope, report_id from {{ ref('int_reports_current') }}
),

broken as (
    select distinct agency_id, year as report_year
    from {{ ref('int_agency_lineage') }}
    where kind <> 'rename'
)

select
    reports.report_id,
    case when same.report_id is null then before.report_id else same.report_id end as prior_report_id
from reports
anti join broken on reports.agency_id = broken.agency_id and reports.report_year = broken.report_year
left join reports as same
    on reports.agency_id = same.agency_id
    and reports.reporting_scope = same.reporting_scope
    and reports.report_year = same.report_year + 1
left join renamed on reports.agency_id = renamed.agency_id
left join reports as before
    on renamed.predecessor_agency_id = before.agency_id
    and reports.reporting_scope = before.reporting_scope
    and reports.report_year = before.report_year + 1
where same.report_id is not null or before.report_id is not null
qualify row_number() over (partition by reports.report_id order by prior_report_id) = 1
