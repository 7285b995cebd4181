select
    report_id,
    rule_id,
    table_code,
    scope,
    outcome,
    left_value,
    right_value,
    missing,
    matched,
    parse_filename(filename, true) as report_partition
from {{ source('stage', 'plausibility') }}
