{{ config(materialized='partitioned', staged=['reports', 'cells']) }}
-- depends_on: {{ ref('int_staged_files') }}

select
    cells.report_id,
    reports.agency_name,
    reports.report_year,
    cells.table_code,
    cells.edition,
    cells.row_code,
    cells.column_code,
    cells.printed,
    cells.state,
    cells.value,
    cells.note,
    cells.approximate,
    cells.suspect,
    cells.value_imputed,
    cells.value_suggested,
    cells.value_published,
    cells.value_source,
    cells.page,
    cells.box,
    cells.grid,
    cells.grid_row,
    cells.grid_column,
    cells.confidence,
    cells.reader
from {{ ref('int_cells') }} as cells
inner join (select * from {{ ref('stg_reports') }} where {{ in_partition() }}) as reports on cells.report_id = reports.report_id
where {{ in_partition('cells.report_partition') }}
