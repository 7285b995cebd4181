select
    report_id,
    source,
    agency_name,
    report_year,
    table_code,
    row_code,
    column_code,
    printed,
    value,
    value_published
from {{ ref('cells_as_filed') }}
where value_source = 'corrected'
