-- The cells that are not simply a 0, which is one in ten or fewer. A cell of the form that is not here was read as 0 and is
-- published as 0: sums need not look at it. What is blank, withheld or absent is here, for it is not 0, and so is 0.00.
{{ config(materialized='partitioned', staged=['reports', 'cells']) }}
-- depends_on: {{ ref('int_staged_files') }}

with cells as (
    select
        report_partition,
        report_id,
        edition,
        table_code,
        row_code,
        column_code,
        printed,
        value,
        value_imputed,
        value_published,
        value_source
    from {{ ref('stg_cells') }}
    where {{ in_partition() }} and ((value = 0 and value_published = 0) is not true or contains(printed, '.'))
    union all by name
    select report_partition, report_id, edition, table_code, row_code, column_code, 'null' as value_source
    from {{ ref('int_cells_missing') }}
    where {{ in_partition() }}
)

select
    cells.report_partition,
    cells.report_id,
    items.cell,
    cells.value,
    cells.value_imputed,
    cells.value_published,
    cells.value_source,
    -- an amount is rounded when it is printed
    case
        when items.kind <> 'amount' or cells.value is null then 0
        else {{ rounding_slack('cells.printed', 'cells.value') }}
    end::decimal(18, 10) as slack
from cells
inner join {{ ref('int_form_cells') }} as items
    on cells.edition = items.edition
    and cells.table_code = items.table_code
    and cells.row_code = items.row_code
    and cells.column_code = items.column_code
order by cells.report_id, items.cell
