-- Every agency, year and scope with the values it is grouped by. What is not known is a group of its own.
{{ config(materialized='table') }}

select
    coverage.agency_id,
    coverage.report_year,
    coverage.reporting_scope,
    coverage.report_id,
    coverage.is_expected,
    coverage.status,
    coverage.timeliness,
    case when coverage.agency_level is null then 'unknown' else coverage.agency_level end as agency_level,
    case when coverage.function_category is null then 'unknown' else coverage.function_category end as function_category,
    regions.county_code,
    regions.prefecture_code,
    regions.province_code
from {{ ref('coverage_by_agency') }} as coverage
left join {{ ref('int_region_ancestors') }} as regions on coverage.region_code = regions.region_code
