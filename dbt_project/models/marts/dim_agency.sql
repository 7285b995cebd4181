select
    agencies.agency_id,
    agencies.agency_name,
    agencies.agency_short_name,
    agencies.credit_code,
    agencies.agency_level,
    agencies.function_category,
    agencies.organ_type,
    agencies.region_code,
    agencies.region_name,
    agencies.region_id,
    lines.lineage_id,
    agencies.listed_id is not null as is_listed,
    min(reports.report_year) as first_report_year,
    max(reports.report_year) as last_report_year,
    count(reports.report_id) as report_count
from {{ ref('int_agencies') }} as agencies
inner join {{ ref('int_agency_lines') }} as lines on agencies.agency_id = lines.agency_id
left join {{ ref('int_reports_current') }} as reports on agencies.agency_id = reports.agency_id
group by all
