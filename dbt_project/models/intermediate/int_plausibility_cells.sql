-- The cells that rules compare and that are not simply a 0: as printed or, where blank, as the identities determine them;
-- and how far an amount may lie from the truth because it was rounded when printed.
select
    cells.report_id,
    items.figure_number,
    case when cells.value is null then cells.value_imputed else cells.value end as value,
    cells.slack
from {{ ref('int_cells_not_zero') }} as cells
inner join {{ ref('int_plausibility_form_cells') }} as items on cells.cell = items.cell
where {{ in_partition_or_year_before('cells.report_partition') }}
