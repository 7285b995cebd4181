-- An agency is described as its latest current report describes it.
select
    agency_id,
    arg_max(agency_name, report_year) as agency_name,
    arg_max(agency_level, report_year) as agency_level,
    arg_max(function_category, report_year) as function_category,
    arg_max(region_code, report_year) as region_code,
    arg_max(region_name, report_year) as region_name,
    min(report_year) as first_report_year,
    max(report_year) as last_report_year,
    count(*) as report_count
from {{ ref('int_reports_current') }}
group by agency_id
