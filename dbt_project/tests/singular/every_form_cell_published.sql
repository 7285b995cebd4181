-- A table that is read has a row in its mart for every cell of its form: none lost, none invented.
with published as (
    {% for fact in ['fct_proactive_disclosure', 'fct_applications', 'fct_review_litigation', 'fct_statistics_annex'] -%}
    select report_id, form_version, row_code, column_code from {{ ref(fact) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

found as (select report_id, count(*) as cells from published group by report_id),

due as (
    select tables.report_id, count(*) as cells
    from {{ ref('int_report_tables') }} as tables
    inner join {{ ref('dim_report') }} as reports on tables.report_id = reports.report_id
    inner join {{ ref('catalogue_line_items') }} as items
        on tables.edition = items.edition
        and tables.table_code = items.table_code
        and (items.form_variant is null or items.form_variant = tables.form_variant)
    group by tables.report_id
)

select due.report_id, due.cells as cells_due, found.cells as cells_found
from due
full outer join found on due.report_id = found.report_id
where due.cells is distinct from found.cells
