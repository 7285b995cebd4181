-- Which agency a key (place, function, name) stands for: the unified social credit code its reports bear, else the key
-- itself. A page may bear the code of the organ that put it on the net: a code under which two agencies report in one
-- year, or agencies of two regions or functions, identifies none of them; nor does one of several codes of one key.
{{ config(materialized='table') }}

with stated as (
    select agency_key, credit_code, report_year, region_id, function_category
    from {{ ref('stg_reports') }}
    where status = 'read' and agency_key is not null
),

codes_by_year as (
    select
        credit_code,
        report_year,
        count(distinct agency_key) as agencies
    from stated
    where credit_code is not null
    group by credit_code, report_year
),

codes as (
    select
        stated.credit_code,
        max(codes_by_year.agencies) = 1
        and count(distinct struct_pack(stated.region_id, stated.function_category)) = 1 as is_own
    from stated
    inner join codes_by_year on stated.credit_code = codes_by_year.credit_code
    group by stated.credit_code
),

keys as (
    select
        stated.agency_key,
        count(distinct stated.credit_code) as codes_stated,
        count(distinct stated.credit_code) filter (codes.is_own) as codes_own,
        min(stated.credit_code) filter (codes.is_own) as credit_code
    from stated
    left join codes on stated.credit_code = codes.credit_code
    group by stated.agency_key
)

select
    agency_key,
    case when codes_own = 1 then credit_code else agency_key end as agency_id,
    case when codes_own = 1 then credit_code end as credit_code,
    case
        when codes_own = 1 then 'used'
        when codes_own > 1 then 'several'
        when codes_stated > 0 then 'of_several_agencies'
        else 'none'
    end as credit_code_state
from keys
