-- Every agency that reports, is listed, is named by a list as a predecessor, or is asserted to have filed; described as its
-- latest report describes it, else as its list does.
{{ config(materialized='table') }}

with reported as (
    select
        agency_id,
        arg_max(agency_name, report_year) as agency_name,
        arg_max(agency_short_name, report_year) as agency_short_name,
        arg_max(agency_level, report_year) as agency_level,
        arg_max(function_category, report_year) as function_category,
        arg_max(organ_type, report_year) as organ_type,
        arg_max(region_code, report_year) as region_code,
        arg_max(region_name, report_year) as region_name,
        arg_max(region_id, report_year) as region_id,
        arg_max(place_id, report_year) as place_id
    from {{ ref('int_reports_versioned') }}
    group by agency_id
),

named as (
    select
        keys.agency_id,
        names.name as agency_name,
        names.agency_short_name,
        names.agency_level,
        names.function_category,
        names.organ_type,
        names.region_code,
        names.region_name,
        names.region_id,
        case names.role when 'name' then 0 when 'predecessor' then 1 else 2 end as place,
        names.listed_id || names.name as tie
    from {{ ref('stg_listed_names') }} as names
    inner join {{ ref('int_agency_keys') }} as keys on names.agency_key = keys.agency_key and names.credit_code is null
    union all
    select
        keys.agency_id,
        names.name,
        names.agency_short_name,
        names.agency_level,
        names.function_category,
        names.organ_type,
        names.region_code,
        names.region_name,
        names.region_id,
        0,
        names.listed_id
    from {{ ref('int_listed_agencies') }} as names
    inner join {{ ref('int_agency_keys') }} as keys on names.agency_key = keys.agency_key
    union all
    select credit_code, name, name, null, null, null, null, null, null, 3, listed_id
    from {{ ref('stg_listed_names') }}
    where role = 'predecessor' and credit_code is not null
    union all
    select
        keys.agency_id,
        asserted.asserted_agency,
        asserted.agency_short_name,
        asserted.agency_level,
        asserted.function_category,
        asserted.organ_type,
        asserted.region_code,
        asserted.region_name,
        asserted.region_id,
        4,
        asserted.asserted_agency || asserted.asserted_year
    from {{ ref('int_agencies_asserted') }} as asserted
    inner join {{ ref('int_agency_keys') }} as keys on asserted.agency_key = keys.agency_key
),

unreported as (
    select * exclude (place, tie), region_id as place_id
    from named
    anti join reported on named.agency_id = reported.agency_id
    qualify row_number() over (partition by agency_id order by place, tie) = 1
),

codes as (
    select agency_id, any_value(credit_code) as credit_code, min(listed_id) as listed_id
    from {{ ref('int_agency_keys') }}
    group by agency_id
)

select agencies.*, codes.credit_code, codes.listed_id
from (select * from reported union all by name select * from unreported) as agencies
left join codes on agencies.agency_id = codes.agency_id
