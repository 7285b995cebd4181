-- Reports with the agency they are by, as told over all reports and lists; one document by itself knows its name only.
select
    reports.* replace (
        keys.agency_id as agency_id,
        keys.credit_code as credit_code,
        case when reports.region_code is null then listed.region_code else reports.region_code end as region_code,
        case when reports.region_code is null then listed.region_name else reports.region_name end as region_name,
        case when reports.region_code is null then listed.region_id else reports.region_id end as region_id,
        case when reports.agency_level is null then listed.agency_level else reports.agency_level end as agency_level,
        case
            when reports.function_category is null then listed.function_category else reports.function_category
        end as function_category,
        case when reports.organ_type is null then listed.organ_type else reports.organ_type end as organ_type,
        case when reports.reporting_scope is null then listed.reporting_scope else reports.reporting_scope end as reporting_scope
    ),
    reports.agency_id as agency_id_stated,
    reports.credit_code as credit_code_stated,
    keys.credit_code_state,
    keys.listed_id,
    case
        when keys.agency_id is null then null
        when keys.listed_id is not null then 'list'
        when keys.credit_code is not null then 'credit_code'
        else 'name'
    end as identified_by,
    -- the ministries have no region of their own and are told from all others by their level
    case
        when reports.agency_level = 'national' then '100000'
        when reports.region_id is null then listed.region_id
        else reports.region_id
    end as place_id
from {{ ref('int_reports_placed') }} as reports
left join {{ ref('int_agency_keys') }} as keys on reports.agency_key = keys.agency_key
left join {{ ref('int_listed_agencies') }} as listed on keys.listed_id = listed.listed_id
