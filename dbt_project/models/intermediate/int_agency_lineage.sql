-- Which agency answers for which: one row per successor and predecessor, with the first report year the successor answers
-- for. What a list declares goes before what is inferred; of several reasons for one pair the one with the earliest year
-- counts. A successor of several is a merge, whatever each by itself would be.
{{ config(materialized='table') }}

with reasons as (
    select agency_id, predecessor_agency_id, year, kind, 'declared' as basis, null as rule_id, source, 0 as place
    from {{ ref('int_agency_successions_declared') }}
    union all
    select agency_id, predecessor_agency_id, year, kind, 'inferred' as basis, rule_id, source, 1 as place
    from {{ ref('int_agency_successions_inferred') }}
),

pairs as (
    select * exclude (place)
    from reasons
    where agency_id <> predecessor_agency_id
    qualify row_number() over (partition by agency_id, predecessor_agency_id order by place, year, rule_id, kind, source) = 1
)

select
    pairs.* replace (
        case
            when kind in ('rename', 'succession') and count(*) over (partition by agency_id, year) > 1 then 'merge'
            else kind
        end as kind
    )
from pairs
