-- The cells that rules compare, as printed or, where blank, as the identities determine them; and how far an amount may
-- lie from the truth because it was rounded when printed.
with wanted as (
    select distinct of_table_code as table_code, row_code, column_code from {{ ref('int_plausibility_terms_joined') }}
)

select
    cells.report_id,
    cells.table_code,
    cells.row_code,
    cells.column_code,
    case when cells.value is null then cells.value_imputed else cells.value end as value,
    case
        when items.kind <> 'amount' or cells.value is null then 0
        else {{ rounding_slack('cells.printed', 'cells.value') }}
    end::decimal(18, 10) as slack
from {{ ref('int_cells') }} as cells
inner join wanted
    on cells.table_code = wanted.table_code
    and cells.row_code = wanted.row_code
    and cells.column_code = wanted.column_code
inner join {{ ref('catalogue_line_items') }} as items
    on cells.edition = items.edition
    and cells.table_code = items.table_code
    and cells.row_code = items.row_code
    and cells.column_code = items.column_code
where {{ in_partition_or_year_before('cells.report_partition') }}
