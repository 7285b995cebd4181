-- The cells of current reports with the keys every fact carries.
select
    reports.agency_id,
    reports.agency_name,
    reports.region_code,
    reports.report_year,
    reports.reporting_scope,
    cells.report_id,
    cells.table_code,
    cells.edition as form_version,
    cells.row_code,
    cells.column_code,
    cells.value_published as value,
    cells.value_source,
    cells.page,
    cells.printed
from {{ ref('int_cells') }} as cells
inner join {{ ref('int_reports_current') }} as reports on cells.report_id = reports.report_id
