-- Cells of the form that the reading has no trace of. Only tables with fewer cells than their form are searched, so
-- complete tables cost no more than being counted.
{{ config(materialized='table') }}

with cells_found as (
    select report_id, table_code, count(*) as cells_found
    from {{ ref('stg_cells') }}
    group by report_id, table_code
),

form_sizes as (
    select tables.table_code, tables.edition, tables.form_variant, count(*) as cells_on_form
    from (select distinct table_code, edition, form_variant from {{ ref('int_report_tables') }}) as tables
    inner join {{ ref('catalogue_line_items') }} as items
        on tables.edition = items.edition
        and tables.table_code = items.table_code
        and (items.form_variant is null or items.form_variant = tables.form_variant)
    group by tables.table_code, tables.edition, tables.form_variant
),

incomplete_tables as (
    select tables.*
    from {{ ref('int_report_tables') }} as tables
    inner join form_sizes
        on tables.table_code = form_sizes.table_code
        and tables.edition = form_sizes.edition
        and tables.form_variant is not distinct from form_sizes.form_variant
    left join cells_found
        on tables.report_id = cells_found.report_id and tables.table_code = cells_found.table_code
    where cells_found.cells_found is null or cells_found.cells_found < form_sizes.cells_on_form
)

select
    tables.report_id,
    tables.table_code,
    tables.edition,
    items.row_code,
    items.column_code
from incomplete_tables as tables
inner join {{ ref('catalogue_line_items') }} as items
    on tables.edition = items.edition
    and tables.table_code = items.table_code
    and (items.form_variant is null or items.form_variant = tables.form_variant)
anti join {{ ref('stg_cells') }} as cells
    on tables.report_id = cells.report_id
    and tables.table_code = cells.table_code
    and items.row_code = cells.row_code
    and items.column_code = cells.column_code
