select
    list_name,
    row_number,
    region_code,
    report_year,
    population,
    source
from {{ source('stage', 'populations') }}
