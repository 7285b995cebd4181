-- An agency is described as its latest current report describes it.
select
    reports.agency_id,
    arg_max(reports.agency_name, reports.report_year) as agency_name,
    arg_max(reports.agency_short_name, reports.report_year) as agency_short_name,
    any_value(reports.credit_code) as credit_code,
    arg_max(reports.agency_level, reports.report_year) as agency_level,
    arg_max(reports.function_category, reports.report_year) as function_category,
    arg_max(reports.organ_type, reports.report_year) as organ_type,
    arg_max(reports.region_code, reports.report_year) as region_code,
    arg_max(reports.region_name, reports.report_year) as region_name,
    arg_max(reports.region_id, reports.report_year) as region_id,
    any_value(lines.lineage_id) as lineage_id,
    min(reports.report_year) as first_report_year,
    max(reports.report_year) as last_report_year,
    count(*) as report_count
from {{ ref('int_reports_current') }} as reports
inner join {{ ref('int_agency_lines') }} as lines on reports.agency_id = lines.agency_id
group by reports.agency_id
