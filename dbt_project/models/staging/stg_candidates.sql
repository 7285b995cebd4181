select
    report_id,
    explanation,
    candidate,
    table_code,
    row_code,
    column_code,
    lowest,
    highest,
    pattern,
    cause,
    weight,
    clues
from {{ source('stage', 'candidates') }}
