-- The cells of a table are those of its form and variant: no code the form does not have, as many cells as it has, and none
-- twice.
with unknown_codes as (
    select codes.table_code, codes.edition, codes.row_code, codes.column_code
    from (select distinct table_code, edition, row_code, column_code from {{ ref('stg_cells') }}) as codes
    anti join {{ ref('catalogue_line_items') }} as items
        on codes.edition = items.edition
        and codes.table_code = items.table_code
        and codes.row_code = items.row_code
        and codes.column_code = items.column_code
),

found as (
    select
        cells.report_id,
        cells.table_code,
        cells.edition,
        count(*) as cells,
        bit_count(bitstring_agg(items.cell, 0, 1023)) as cells_once
    from {{ ref('int_cells') }} as cells
    inner join {{ ref('int_form_cells') }} as items
        on cells.edition = items.edition
        and cells.table_code = items.table_code
        and cells.row_code = items.row_code
        and cells.column_code = items.column_code
    group by cells.report_id, cells.table_code, cells.edition
),

due as (
    select tables.report_id, tables.table_code, tables.edition, count(*) as cells
    from {{ ref('int_report_tables') }} as tables
    inner join {{ ref('catalogue_line_items') }} as items
        on tables.edition = items.edition
        and tables.table_code = items.table_code
        and (items.form_variant is null or items.form_variant = tables.form_variant)
    group by tables.report_id, tables.table_code, tables.edition
)

select null as report_id, table_code, edition, row_code, column_code, null as cells_found, null as cells_due
from unknown_codes
union all by name
select found.report_id, found.table_code, found.edition, found.cells as cells_found, due.cells as cells_due
from found
full outer join due
    on found.report_id = due.report_id and found.table_code = due.table_code and found.edition = due.edition
where found.cells is distinct from due.cells or found.cells_once is distinct from due.cells
