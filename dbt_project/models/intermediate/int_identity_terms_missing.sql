-- The terms without a printed number, in form order. Apart from the sums, because few instances have any.
select
    cells.report_id,
    terms.rule_id,
    terms.table_code,
    terms.scope,
    list(cells.row_code || '/' || cells.column_code order by terms.row_order, terms.column_order) as missing
from {{ ref('int_cells') }} as cells
inner join {{ ref('int_identity_terms_joined') }} as terms
    on cells.edition = terms.edition
    and cells.table_code = terms.table_code
    and cells.row_code = terms.row_code
    and cells.column_code = terms.column_code
where cells.value is null
group by cells.report_id, terms.rule_id, terms.table_code, terms.scope
