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
    text
from {{ source('stage', 'findings') }}
