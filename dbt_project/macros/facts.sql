{# The cells of one table of the form in current reports, a report year at a time: agency by agency, in the order of the form. #}
{% macro facts(table_code) -%}
with reports as materialized ({{ reports_in_place('int_reports_published') }}),

items as materialized (select * from {{ ref('int_form_cells') }} where table_code = '{{ table_code }}'),

-- sorted with nothing but the numbers of report and cell, and given their words again afterwards: a sort carries every column
-- along; `partitioned` writes them in this order
cells_in_place as (
    select
        reports.place,
        items.cell,
        cells.value_published,
        cells.value_source,
        cells.page,
        cells.printed
    from {{ ref('int_cells') }} as cells
    inner join reports on cells.report_id = reports.report_id
    inner join items
        on cells.edition = items.edition
        and cells.table_code = items.table_code
        and cells.row_code = items.row_code
        and cells.column_code = items.column_code
    where cells.table_code = '{{ table_code }}' and {{ in_partition('cells.report_partition') }}
    order by reports.place, items.cell
)

select
    reports.agency_id,
    reports.agency_name,
    reports.region_code,
    reports.report_year,
    reports.reporting_scope,
    reports.report_id,
    items.edition as form_version,
    items.row_code,
    items.column_code,
    cells.value_published as value,
    cells.value_source,
    cells.page,
    cells.printed
from cells_in_place as cells
inner join reports on cells.place = reports.place
inner join items on cells.cell = items.cell
{%- endmacro %}


{# Reports of the year being computed with their place in the order in which facts are kept: agency by agency. #}
{% macro reports_in_place(relation) -%}
select *, (row_number() over (order by agency_id, report_year, reporting_scope, report_id))::integer as place
from {{ ref(relation) }}
where {{ in_partition() }}
{%- endmacro %}
