-- Both sides of every identity instance of every table read, summed over the figures as printed, and which way the
-- unknown terms could still move the difference. A cell that may not be negative can move it one way only.
with sides as (
    select
        cells.report_id,
        terms.instance,
        count(*) - count(cells.value) as terms_missing,
        count(*) filter (terms.side = 'left' and cells.value is null) as left_missing,
        count(*) filter (terms.side = 'right' and cells.value is null) as right_missing,
        count(*) filter (terms.side = 'right') as right_terms,
        sum(terms.sign * cells.value) filter (terms.side = 'left') as left_known,
        sum(terms.sign * cells.value) filter (terms.side = 'right') as right_known,
        sum(terms.weight * cells.value) as difference_known,
        count(*) filter (cells.value is null and (terms.weight > 0 or not terms.is_not_negative)) > 0 as can_rise,
        count(*) filter (cells.value is null and (terms.weight < 0 or not terms.is_not_negative)) > 0 as can_fall,
        count(*) filter (
            case terms.comparison
                when 'each_not_negative' then cells.value < 0 and terms.kind <> 'signed_count'
                when 'each_integer' then cells.value <> trunc(cells.value) and terms.kind <> 'amount'
                when 'each_within_maximum' then abs(cells.value) > terms.maximum
            end
        ) as offending_terms
    from {{ ref('int_cells') }} as cells
    inner join {{ ref('int_identity_terms_joined') }} as terms
        on cells.edition = terms.edition
        and cells.table_code = terms.table_code
        and cells.row_code = terms.row_code
        and cells.column_code = terms.column_code
    group by cells.report_id, terms.instance
),

instances as (
    select distinct instance, rule_id, edition, table_code, scope, severity, comparison, is_sum, tolerance
    from {{ ref('int_identity_terms_joined') }}
)

select
    sides.*,
    instances.* exclude (instance)
from sides
inner join instances on sides.instance = instances.instance
