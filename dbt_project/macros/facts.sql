{# The cells of one table of the form in current reports, a report year at a time: agency by agency, in the order of the form. #}
{% macro facts(table_code) -%}
with reports as ({{ reports_in_place('int_reports_published') }})

select
    reports.agency_id,
    reports.agency_name,
    reports.region_code,
    reports.report_year,
    reports.reporting_scope,
    cells.report_id,
    cells.edition as form_version,
    cells.row_code,
    cells.column_code,
    cells.value_published as value,
    cells.value_source,
    cells.page,
    cells.printed
from {{ ref('int_cells') }} as cells
inner join reports on cells.report_id = reports.report_id
inner join {{ ref('int_form_cells') }} as items
    on cells.edition = items.edition
    and cells.table_code = items.table_code
    and cells.row_code = items.row_code
    and cells.column_code = items.column_code
where cells.table_code = '{{ table_code }}' and {{ in_partition('cells.report_partition') }}
order by reports.place, items.cell
{%- endmacro %}


{# Reports of the year being computed with their place in the order in which facts are kept: agency by agency. #}
{% macro reports_in_place(relation) -%}
select *, row_number() over (order by agency_id, report_year, reporting_scope, report_id) as place
from {{ ref(relation) }}
where {{ in_partition() }}
{%- endmacro %}
