-- A staged cell that its report's edition and variant does not have, or of another edition than the report's table.
select cells.report_id, cells.table_code, cells.edition, cells.row_code, cells.column_code
from {{ ref('stg_cells') }} as cells
left join {{ ref('int_report_tables') }} as tables
    on cells.report_id = tables.report_id
    and cells.table_code = tables.table_code
    and cells.edition = tables.edition
left join {{ ref('catalogue_line_items') }} as items
    on cells.edition = items.edition
    and cells.table_code = items.table_code
    and cells.row_code = items.row_code
    and cells.column_code = items.column_code
    and (items.form_variant is null or items.form_variant = tables.form_variant)
where tables.report_id is null or items.row_code is null
