-- Every cell of every form, numbered in print order: millions of cells are looked up by the number.
select
    row_number() over (order by edition, table_code, row_order, column_order, row_code, column_code)::smallint as cell,
    edition,
    table_code,
    row_order,
    row_code,
    column_order,
    column_code,
    kind,
    maximum,
    form_variant
from {{ ref('catalogue_line_items') }}
