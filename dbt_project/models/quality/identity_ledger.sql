-- One statement judges all rules: the register says which cells are terms and how the sides compare. An identity with
-- unknown terms is broken all the same when no value they could take would mend it.
with sides as (
    select
        *,
        case when is_sum and left_missing = 0 then left_known end as left_value,
        case
            when is_sum and right_terms = 0 then 0
            when is_sum and right_missing = 0 then right_known
        end as right_value,
        is_sum and comparison <> 'at_least' and not can_fall and difference_known > tolerance as is_too_high,
        is_sum and comparison <> 'at_most' and not can_rise and difference_known < -tolerance as is_too_low
    from {{ ref('int_identity_sides') }}
)

select
    sides.report_id,
    sides.rule_id,
    sides.edition,
    sides.table_code,
    sides.scope,
    sides.severity,
    sides.left_value::decimal(20, 6) as left_value,
    sides.right_value::decimal(20, 6) as right_value,
    (sides.left_value - sides.right_value)::decimal(20, 6) as difference,
    case when missing.missing is null then [] else missing.missing end as missing,
    case
        when sides.is_too_high or sides.is_too_low or sides.offending_terms > 0 then 'broken'
        when sides.terms_missing > 0 then 'not_assessable'
        else 'holds'
    end as outcome
from sides
left join {{ ref('int_identity_terms_missing') }} as missing
    on sides.report_id = missing.report_id
    and sides.rule_id = missing.rule_id
    and sides.table_code = missing.table_code
    and sides.scope = missing.scope
