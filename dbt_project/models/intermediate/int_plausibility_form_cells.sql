-- The cells of every form that rules compare, with the number of the figure each one is.
select distinct items.edition, items.table_code, items.form_variant, items.cell, terms.figure_number
from {{ ref('int_form_cells') }} as items
inner join {{ ref('int_plausibility_terms_joined') }} as terms
    on items.table_code = terms.of_table_code
    and items.row_code = terms.row_code
    and items.column_code = terms.column_code
    and terms.is_cell
