-- Every cell of every table read: those the reading holds, and a row that says "absent" for each one it does not.
select * from {{ ref('stg_cells') }}
union all by name
select
    missing.report_partition,
    missing.report_id,
    missing.table_code,
    missing.edition,
    missing.row_code,
    missing.column_code,
    'absent' as state,
    false as approximate,
    false as suspect,
    'null' as value_source,
    reports.reader
from {{ ref('int_cells_missing') }} as missing
inner join {{ ref('stg_reports') }} as reports on missing.report_id = reports.report_id
