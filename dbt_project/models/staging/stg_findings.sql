select
    report_id,
    ordinal,
    code,
    severity,
    message,
    page,
    table_code,
    row_code,
    column_code,
    text,
    parse_filename(filename, true) as report_partition
from {{ source('stage', 'findings') }}
