-- Every comparison of every pair: both sides summed over what is known, and whether it is true, false, or unknown.
with sums as (
    select
        pairs.report_partition,
        pairs.pair,
        terms.instance,
        terms.claim,
        count(*) filter (found.value is null) as terms_unknown,
        list(terms.figure || case when terms.at_related then '@' || terms.term_relation else '' end)
            filter (found.value is null) as missing,
        count(*) filter (terms.side = 'left' and found.value is null) as left_unknown,
        count(*) filter (terms.side <> 'left' and found.value is null) as right_unknown,
        count(*) filter (terms.side = 'right') as right_terms,
        sum(terms.weight * found.value) filter (terms.side = 'left') as left_known,
        sum(terms.weight * found.value) filter (terms.side = 'right') as right_known,
        sum(terms.weight * found.value) filter (terms.side = 'whole') as whole,
        sum(abs(terms.weight) * found.slack) filter (terms.side = 'left') as left_slack,
        sum(abs(terms.weight) * found.slack) filter (terms.side = 'right') as right_slack
    from {{ ref('int_plausibility_pairs') }} as pairs
    inner join {{ ref('int_plausibility_terms_joined') }} as terms on pairs.instance = terms.instance
    left join {{ ref('int_plausibility_figures') }} as figures
        on terms.figure_number = figures.figure_number
        and case when terms.at_related then pairs.related_report_id else pairs.report_id end = figures.report_id
    cross join lateral (
        select
            case when terms.is_mention then pairs.mention_value else figures.value end as value,
            case when terms.is_mention then pairs.mention_slack else figures.slack end as slack
    ) as found
    where not pairs.is_related_missing and {{ in_partition('pairs.report_partition') }}
    group by pairs.report_partition, pairs.pair, terms.instance, terms.claim
),

claims as (
    select distinct instance, claim, is_condition, comparison, constant, factor, label, tolerance
    from {{ ref('int_plausibility_terms_joined') }}
),

sides as (
    select
        sums.report_partition,
        sums.pair,
        sums.instance,
        sums.missing,
        sums.terms_unknown,
        claims.* exclude (instance),
        case when sums.left_unknown = 0 then sums.left_known end as left_value,
        case
            when sums.right_unknown > 0 then null
            when claims.comparison = 'share' then case when sums.whole <> 0 then (100 * sums.right_known / sums.whole)::decimal(20, 6) end
            when claims.comparison = 'within_factor' then sums.right_known
            when sums.right_terms = 0 then claims.constant
            else sums.right_known + claims.constant
        end as right_value,
        sums.left_slack,
        case when sums.right_terms = 0 then 0 else sums.right_slack end as right_slack
    from sums
    inner join claims on sums.instance = claims.instance and sums.claim = claims.claim
),

measured as (
    select
        *,
        left_value - right_value as difference,
        left_slack + right_slack + tolerance as slack
    from sides
)

select
    report_partition,
    pair,
    instance,
    claim,
    is_condition,
    label,
    missing,
    left_value,
    right_value,
    case
        when terms_unknown > 0 then null
        when right_value is null then left_value = 0 -- a share of nothing can only be 0
        when comparison in ('equal', 'share') then abs(difference) <= slack
        when comparison = 'not_equal' then abs(difference) > slack
        when comparison = 'at_most' then difference <= slack
        when comparison = 'at_least' then difference >= -slack
        when comparison = 'more_than' then difference > slack
        when comparison = 'zero_together' then
            not (left_value = 0 and left_slack = 0 and abs(right_value) > right_slack)
            and not (right_value = 0 and right_slack = 0 and abs(left_value) > left_slack)
        when comparison = 'within_factor' then
            abs(difference) <= constant or greatest(left_value, right_value) <= factor * least(left_value, right_value)
    end as truth
from measured
