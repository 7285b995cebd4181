select
    column_name,
    part,
    relation,
    table_code,
    row_code,
    column_code,
    sign
from {{ ref('catalogue_column_terms') }}
