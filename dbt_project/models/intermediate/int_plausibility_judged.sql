-- One outcome per report, rule and scope: broken when every condition is true and no claim is. Of several places in the
-- prose that state a fact, the first that contradicts stands for all. Kept, so that what judging holds in memory is given back
-- before the ledger is sorted and worded.
{{ config(
    materialized='partitioned',
    staged=['reports', 'cells', 'narrative_facts'],
    years_back=1,
    relations=['int_reports_related', 'int_reports_current']
) }}
-- depends_on: {{ ref('int_staged_files') }}, {{ ref('int_reports_related') }}, {{ ref('int_reports_current') }}

with outcomes as (
    select
        pair,
        arg_min(
            struct_pack(left_value := left_value, right_value := right_value, matched := case when truth then label end),
            case when truth then claim else claim + 1000 end
        ) filter (not is_condition) as shown,
        bool_or(truth) filter (not is_condition) as is_held,
        bool_or(not truth) filter (is_condition) as is_not_meant,
        count(*) filter (truth is null) as claims_unknown,
        list_sort(list_distinct(flatten(list(missing) filter (missing is not null)))) as missing
    from {{ ref('int_plausibility_compared') }}
    group by pair
),

judged as (
    select
        pairs.report_partition,
        pairs.report_id,
        pairs.related_report_id,
        pairs.instance,
        pairs.ordinal,
        outcomes.shown.left_value as left_value,
        outcomes.shown.right_value as right_value,
        outcomes.shown.matched as matched,
        case
            when pairs.is_related_missing then pairs.related_missing
            when outcomes.missing is null then []
            else outcomes.missing
        end as missing,
        case
            when pairs.is_related_missing then 'not_assessable'
            when outcomes.is_held or outcomes.is_not_meant then 'holds'
            when outcomes.claims_unknown > 0 then 'not_assessable'
            else 'broken'
        end as outcome
    from {{ ref('int_plausibility_pairs') }} as pairs
    left join outcomes on pairs.pair = outcomes.pair
    where {{ in_partition('pairs.report_partition') }}
)

select * exclude (ordinal)
from (
    select * from judged where ordinal is null
    union all
    select *
    from judged
    where ordinal is not null
    qualify row_number() over (
        partition by report_id, instance
        order by list_position(['broken', 'holds', 'not_assessable'], outcome), ordinal
    ) = 1
)
