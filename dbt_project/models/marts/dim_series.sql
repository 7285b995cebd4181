select
    series_code,
    table_code,
    row_codes,
    column_code,
    chinese,
    english,
    unit,
    editions
from {{ ref('catalogue_series') }}
