select
    schema_name,
    table_name,
    column_order,
    column_name,
    data_type,
    chinese,
    english,
    unit,
    clause,
    caveat,
    is_key,
    is_required
from {{ ref('catalogue_dictionary') }}
