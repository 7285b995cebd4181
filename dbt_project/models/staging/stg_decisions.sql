select
    report_id,
    table_code,
    row_code,
    column_code,
    action,
    state,
    expect,
    decided_value,
    who,
    why,
    decided_on,
    evidence,
    parse_filename(filename, true) as report_partition
from {{ source('stage', 'decisions') }}
