-- Reports with the key and the place of their agency. A name that does not tell its place, or fits several, is that of the one
-- agency a list has under exactly this name. Evidence and sentences stay behind:
-- nothing that follows asks for them.
with listed_names as (
    select
        names.name,
        any_value(heads.agency_key) as head_key,
        min(names.agency_key) as agency_key,
        min(names.agency_short_name) as agency_short_name,
        min(names.region_code) as region_code,
        min(names.region_name) as region_name,
        min(names.region_id) as region_id
    from {{ ref('stg_listed_names') }} as names
    inner join {{ ref('int_listed_agencies') }} as heads on names.listed_id = heads.listed_id
    where names.role in ('name', 'alias')
    group by names.name
    having count(distinct names.listed_id) = 1
)

select
    reports.* exclude (evidence, sentences) replace (
        case
            when listed.name is null then reports.agency_key
            when listed.agency_key is null then listed.head_key
            else listed.agency_key
        end as agency_key,
        case when listed.region_id is null then reports.agency_short_name else listed.agency_short_name end as agency_short_name,
        case when listed.region_id is null then reports.region_code else listed.region_code end as region_code,
        case when listed.region_id is null then reports.region_name else listed.region_name end as region_name,
        case when listed.region_id is null then reports.region_id else listed.region_id end as region_id
    )
from {{ ref('stg_reports') }} as reports
-- by one equality: with conditions beside it, every report would be held against every name
left join listed_names as listed
    on case when reports.region_id is null and reports.agency_level is distinct from 'national' then reports.agency_name end = listed.name
