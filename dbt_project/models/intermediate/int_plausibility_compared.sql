-- Every comparison of every pair: both sides summed over what is known, and whether it is true, false, or unknown.
with tables as (
    select report_id, table_code, edition, form_variant
    from {{ ref('int_report_tables') }}
    where {{ in_partition_or_year_before() }}
),

-- the key a term is looked up with: the report it is taken from. Of a hundred thousand reports there are two million, so that
-- they carry numbers, and are told what they stand for when they are added up
wanted as (
    select
        pairs.pair,
        terms.term,
        terms.figure_number,
        terms.of_table_code,
        case when terms.at_related then pairs.related_report_id else pairs.report_id end as report_id
    from {{ ref('int_plausibility_pairs') }} as pairs
    inner join {{ ref('int_plausibility_terms_joined') }} as terms on pairs.instance = terms.instance
    where not pairs.is_related_missing and not terms.is_mention and {{ in_partition('pairs.report_partition') }}
),

found as (
    select
        wanted.pair,
        wanted.term,
        case
            when figures.report_id is not null then figures.value
            when items.cell is not null and (items.form_variant is null or items.form_variant = tables.form_variant) then 0
        end as value,
        case
            when figures.report_id is not null then figures.slack
            when items.cell is not null and (items.form_variant is null or items.form_variant = tables.form_variant) then 0
        end as slack
    from wanted
    left join {{ ref('int_plausibility_figures') }} as figures
        on wanted.figure_number = figures.figure_number and wanted.report_id = figures.report_id
    -- the table a cell is looked for in, if it was read: a cell of it that is not among the figures is 0
    left join tables
        on wanted.of_table_code = tables.table_code and wanted.report_id = tables.report_id
    left join {{ ref('int_plausibility_form_cells') }} as items
        on tables.edition = items.edition and wanted.figure_number = items.figure_number
    union all
    select pairs.pair, terms.term, pairs.mention_value, pairs.mention_slack
    from {{ ref('int_plausibility_pairs') }} as pairs
    inner join {{ ref('int_plausibility_terms_joined') }} as terms on pairs.instance = terms.instance
    where not pairs.is_related_missing and terms.is_mention and {{ in_partition('pairs.report_partition') }}
),

terms as (
    select
        term,
        instance,
        claim,
        side,
        weight,
        figure || case when at_related then '@' || term_relation else '' end as figure
    from {{ ref('int_plausibility_terms_joined') }}
),

sums as (
    select
        found.pair,
        terms.instance,
        terms.claim,
        list(terms.figure) filter (found.value is null) as missing,
        count(*) filter (terms.side = 'left' and found.value is null) as left_unknown,
        count(*) filter (terms.side <> 'left' and found.value is null) as right_unknown,
        sum(terms.weight * found.value) filter (terms.side = 'left') as left_known,
        sum(terms.weight * found.value) filter (terms.side = 'right') as right_known,
        sum(terms.weight * found.value) filter (terms.side = 'whole') as whole,
        sum(abs(terms.weight) * found.slack) filter (terms.side = 'left') as left_slack,
        sum(abs(terms.weight) * found.slack) filter (terms.side = 'right') as right_slack
    from found
    inner join terms on found.term = terms.term
    group by found.pair, terms.instance, terms.claim
),

claims as (
    select
        instance,
        claim,
        is_condition,
        comparison,
        constant,
        factor,
        label,
        tolerance,
        count(*) filter (side = 'right') as right_terms
    from {{ ref('int_plausibility_terms_joined') }}
    group by all
),

sides as (
    select
        sums.pair,
        sums.instance,
        sums.missing,
        sums.left_unknown + sums.right_unknown as terms_unknown,
        claims.* exclude (instance, right_terms),
        case when sums.left_unknown = 0 then sums.left_known end as left_value,
        case
            when sums.right_unknown > 0 then null
            when claims.comparison = 'share' then case when sums.whole <> 0 then (100 * sums.right_known / sums.whole)::decimal(20, 6) end
            when claims.comparison = 'within_factor' then sums.right_known
            when claims.right_terms = 0 then claims.constant
            else sums.right_known + claims.constant
        end as right_value,
        sums.left_slack,
        case when claims.right_terms = 0 then 0 else sums.right_slack end as right_slack
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
