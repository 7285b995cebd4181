select
    list_name,
    row_number,
    column_name,
    code,
    printed,
    message
from {{ ref('stg_list_findings') }}
