select
    report_id,
    rule_id,
    table_code,
    scope,
    outcome,
    left_value,
    right_value,
    missing
from {{ source('stage', 'identities') }}
