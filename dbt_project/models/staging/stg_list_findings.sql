select
    list_name,
    row_number,
    column_name,
    code,
    printed,
    message
from {{ source('stage', 'list_findings') }}
