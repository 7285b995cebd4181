{# The cells of some reports that rules compare, those that are 0 included. `reports` names a relation of report_ids, `cells` one
   of the cells that are asked for (of_table_code, row_code, column_code). For few reports or few cells: a year of all of them is
   what `int_cells_not_zero` is there to avoid. #}
{% macro cells_of(reports, cells) -%}
select
    tables.report_id,
    items.table_code,
    items.row_code,
    items.column_code,
    case when found.report_id is null then 0 when found.value is null then found.value_imputed else found.value end as value,
    case when found.report_id is null then 0 else found.slack end as slack
from (select * from {{ ref('int_report_tables') }} where {{ in_partition_or_year_before() }}) as tables
semi join {{ reports }} as reports on tables.report_id = reports.report_id
inner join {{ ref('int_form_cells') }} as items
    on tables.edition = items.edition
    and tables.table_code = items.table_code
    and (items.form_variant is null or items.form_variant = tables.form_variant)
semi join {{ cells }} as wanted
    on items.table_code = wanted.of_table_code
    and items.row_code = wanted.row_code
    and items.column_code = wanted.column_code
left join (select * from {{ ref('int_cells_not_zero') }} where {{ in_partition_or_year_before() }}) as found
    on tables.report_id = found.report_id and items.cell = found.cell
{%- endmacro %}
