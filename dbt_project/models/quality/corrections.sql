-- A decision lapses with the bytes it was made on: on a superseded version it stands without effect on any fact.
with decided as (
    -- the cells of all reports are read once and only these few kept
    select cells.report_id, cells.table_code, cells.row_code, cells.column_code, cells.printed, cells.value, cells.value_published
    from {{ ref('stg_cells') }} as cells
    semi join {{ ref('stg_decisions') }} as decisions
        on cells.report_id = decisions.report_id
        and cells.table_code = decisions.table_code
        and cells.row_code = decisions.row_code
        and cells.column_code = decisions.column_code
)

select
    decisions.report_id,
    receipts.source,
    reports.agency_name,
    reports.report_year,
    decisions.table_code,
    decisions.row_code,
    decisions.column_code,
    decisions.action,
    case when versions.version_rank > 1 then 'lapsed' else decisions.state end as state,
    case
        when decisions.state = 'lapsed' then 'printed_text_differs'
        when versions.version_rank > 1 then 'report_superseded'
        when decisions.state = 'withheld' then 'identity_broken'
    end as reason,
    cells.printed,
    decisions.expect,
    cells.value,
    decisions.decided_value,
    cells.value_published,
    decisions.who,
    decisions.why,
    decisions.decided_on,
    decisions.evidence
from {{ ref('stg_decisions') }} as decisions
inner join {{ ref('stg_reports') }} as reports on decisions.report_id = reports.report_id
inner join {{ ref('int_receipts_ordered') }} as receipts
    on decisions.report_id = receipts.report_id and receipts.receipt_order = 1
left join {{ ref('int_reports_versioned') }} as versions on decisions.report_id = versions.report_id
left join decided as cells
    on decisions.report_id = cells.report_id
    and decisions.table_code = cells.table_code
    and decisions.row_code = cells.row_code
    and decisions.column_code = cells.column_code
