-- Cells of the form that the reading has no trace of. Only tables with fewer cells than their form are searched, so
-- complete tables cost no more than being counted.
{{ config(materialized='partitioned', staged=['reports', 'cells']) }}
-- depends_on: {{ ref('int_staged_files') }}

with tables as (
    select * from {{ ref('int_report_tables') }} where {{ in_partition() }}
),

cells_found as (
    select report_id, table_code, count(*) as cells_found
    from {{ ref('stg_cells') }}
    where {{ in_partition() }}
    group by report_id, table_code
),

form_sizes as (
    select forms.table_code, forms.edition, forms.form_variant, count(*) as cells_on_form
    from (select distinct table_code, edition, form_variant from tables) as forms
    inner join {{ ref('int_form_cells') }} as items
        on forms.edition = items.edition
        and forms.table_code = items.table_code
        and (items.form_variant is null or items.form_variant = forms.form_variant)
    group by forms.table_code, forms.edition, forms.form_variant
),

incomplete_tables as (
    select tables.*
    from tables
    inner join form_sizes
        on tables.table_code = form_sizes.table_code
        and tables.edition = form_sizes.edition
        and tables.form_variant is not distinct from form_sizes.form_variant
    left join cells_found
        on tables.report_id = cells_found.report_id and tables.table_code = cells_found.table_code
    where cells_found.cells_found is null or cells_found.cells_found < form_sizes.cells_on_form
)

select
    tables.report_partition,
    tables.report_id,
    tables.table_code,
    tables.edition,
    items.row_code,
    items.column_code
from incomplete_tables as tables
inner join {{ ref('int_form_cells') }} as items
    on tables.edition = items.edition
    and tables.table_code = items.table_code
    and (items.form_variant is null or items.form_variant = tables.form_variant)
anti join (
    select report_id, table_code, row_code, column_code from {{ ref('stg_cells') }}
    where {{ in_partition() }} and report_id in (select report_id from incomplete_tables)
) as cells
    on tables.report_id = cells.report_id
    and tables.table_code = cells.table_code
    and items.row_code = cells.row_code
    and items.column_code = cells.column_code
order by tables.report_id, items.cell
