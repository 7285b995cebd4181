-- Which agency answers for which: one row per successor and predecessor, with the first report year the successor answers
-- for. A merge stands with each of its predecessors; of several reasons for one pair the one with the earliest year counts.
{{ config(materialized='table') }}

with pairs as (
    select
        agency_id,
        predecessor_agency_id,
        min(year) as year,
        arg_min(kind, (year, rule_id)) as kind,
        'inferred' as basis,
        arg_min(rule_id, (year, rule_id)) as rule_id,
        arg_min(source, (year, rule_id)) as source
    from {{ ref('int_agency_successions_inferred') }}
    group by agency_id, predecessor_agency_id
)

select
    pairs.* replace (
        case
            when pairs.kind in ('rename', 'succession') and count(*) over (partition by pairs.agency_id, pairs.year) > 1
                then 'merge'
            else pairs.kind
        end as kind
    )
from pairs
