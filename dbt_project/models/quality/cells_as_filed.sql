{{ config(materialized='view') }}

select
    cells.report_id,
    reports.sha256,
    receipts.source,
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
    cells.reader,
    reports.reader_version,
    reports.parser_version
from {{ ref('int_cells') }} as cells
inner join {{ ref('stg_reports') }} as reports on cells.report_id = reports.report_id
inner join {{ ref('int_receipts_ordered') }} as receipts
    on cells.report_id = receipts.report_id and receipts.receipt_order = 1
