-- The names agencies reported under, each with the report years it is seen in.
select
    agency_id,
    agency_short_name,
    place_id,
    agency_level,
    arg_max(agency_name, report_year) as agency_name,
    min(report_year) as first_year,
    max(report_year) as last_year
from {{ ref('int_reports_versioned') }}
group by agency_id, agency_short_name, place_id, agency_level
