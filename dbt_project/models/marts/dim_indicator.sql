select
    code as indicator_code,
    chinese,
    english,
    is_rate,
    numerator,
    denominator,
    factor,
    shift,
    scopes as reporting_scopes,
    small_number_floor,
    note,
    caveat
from {{ ref('catalogue_indicators') }}
