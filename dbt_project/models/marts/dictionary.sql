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
    is_key,
    is_required
from {{ ref('catalogue_dictionary') }}
