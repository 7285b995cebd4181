select
    report_id,
    rule_id,
    table_code,
    scope,
    outcome,
    left_value,
    right_value,
    missing,
    matched
from {{ source('stage', 'plausibility') }}
