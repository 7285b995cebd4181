-- Which agency a key (place, function, name) stands for. Keys that a list gives to one agency stand together; so do keys whose
-- reports bear one unified social credit code. The agency is called by that code, else by the key of its name. A page may
-- bear the code of the organ that put it on the net: a code under which two agencies report in one year, or agencies of two
-- regions or functions, identifies none of them; nor does one of several codes of one agency.
{{ config(materialized='table') }}

with listed as (
    select
        names.agency_key,
        min(names.listed_id) as listed_id
    from {{ ref('stg_listed_names') }} as names
    where names.role in ('name', 'alias') and names.agency_key is not null
    group by names.agency_key
    having count(distinct names.listed_id) = 1
),

stated as (
    select agency_key, credit_code, report_year, region_id, function_category
    from {{ ref('int_reports_placed') }}
    where status = 'read' and agency_key is not null
),

every_key as (
    select agency_key from stated
    union
    select agency_key from {{ ref('stg_listed_names') }} where agency_key is not null and credit_code is null
    union
    select agency_key from {{ ref('stg_listed_names') }} where agency_key is not null and role <> 'predecessor'
    union
    select agency_key from {{ ref('int_agencies_asserted') }}
),

keys as (
    select
        every_key.agency_key,
        listed.listed_id,
        case when heads.agency_key is null then every_key.agency_key else heads.agency_key end as head_key,
        heads.credit_code as listed_code
    from every_key
    left join listed on every_key.agency_key = listed.agency_key
    left join {{ ref('int_listed_agencies') }} as heads on listed.listed_id = heads.listed_id
),

codes_stated as (
    select keys.head_key, stated.credit_code, stated.report_year, stated.region_id, stated.function_category
    from stated
    inner join keys on stated.agency_key = keys.agency_key
    where stated.credit_code is not null
),

codes_by_year as (
    select credit_code, report_year, count(distinct head_key) as agencies
    from codes_stated
    group by credit_code, report_year
),

codes as (
    select
        codes_stated.credit_code,
        max(codes_by_year.agencies) = 1
        and count(distinct struct_pack(codes_stated.region_id, codes_stated.function_category)) = 1 as is_own
    from codes_stated
    inner join codes_by_year on codes_stated.credit_code = codes_by_year.credit_code
    anti join {{ ref('int_listed_agencies') }} as listed on codes_stated.credit_code = listed.credit_code
    group by codes_stated.credit_code
),

heads as (
    select
        keys.head_key,
        min(keys.listed_code) as listed_code,
        count(distinct codes_stated.credit_code) as codes_stated,
        count(distinct codes_stated.credit_code) filter (codes.is_own) as codes_own,
        min(codes_stated.credit_code) filter (codes.is_own) as code_own
    from keys
    left join codes_stated on keys.head_key = codes_stated.head_key
    left join codes on codes_stated.credit_code = codes.credit_code
    group by keys.head_key
)

select
    keys.agency_key,
    case
        when heads.listed_code is not null then heads.listed_code
        when heads.codes_own = 1 then heads.code_own
        else keys.head_key
    end as agency_id,
    case
        when heads.listed_code is not null then heads.listed_code
        when heads.codes_own = 1 then heads.code_own
    end as credit_code,
    keys.listed_id,
    case
        when heads.listed_code is not null then 'listed'
        when heads.codes_own = 1 then 'used'
        when heads.codes_own > 1 then 'several'
        when heads.codes_stated > 0 then 'of_several_agencies'
        else 'none'
    end as credit_code_state
from keys
inner join heads on keys.head_key = heads.head_key
