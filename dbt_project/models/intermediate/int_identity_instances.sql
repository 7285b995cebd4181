-- The identity instances of every table of every edition, by their number.
select
    instance,
    rule_id,
    edition,
    table_code,
    scope,
    severity,
    comparison,
    is_sum,
    tolerance,
    form_variant,
    bool_or(side = 'right') as has_right_side
from {{ ref('int_identity_terms_joined') }}
group by all
