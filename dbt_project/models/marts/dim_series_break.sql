select
    series_code,
    break_code,
    first_report_year,
    comparable,
    kind,
    chinese,
    english,
    source
from {{ ref('catalogue_series_breaks') }}
