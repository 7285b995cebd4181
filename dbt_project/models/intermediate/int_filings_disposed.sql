-- What became of every receipt, one disposition each, so that the dispositions add up to the files received.
with first_trouble as (
    select
        report_id,
        arg_min(code, ordinal) as code,
        arg_min(message, ordinal) as message
    from {{ ref('stg_findings') }}
    where severity = 'error' or code in ('not_a_report', 'container_unpacked')
    group by report_id
),

withheld as (
    select distinct report_id from {{ ref('int_cells_not_zero') }} where value_source = 'withheld'
)

select
    receipts.*,
    reports.agency_id,
    reports.agency_name,
    reports.report_year,
    reports.reporting_scope,
    case
        when receipts.receipt_order > 1 then 'duplicate'
        when reports.status = 'not_a_report' then 'not_a_report'
        when versions.report_id is null then 'quarantined'
        when versions.version_rank > 1 then 'duplicate'
        when withheld.report_id is not null then 'withheld_in_part'
        else 'published'
    end as disposition,
    case
        when receipts.receipt_order > 1 then 'same_bytes'
        when reports.report_id is null then 'not_staged'
        when reports.status = 'not_a_report' and first_trouble.code = 'container_unpacked' then 'container_unpacked'
        when reports.status = 'not_a_report' then 'not_a_report'
        when reports.status = 'unreadable' then case when first_trouble.code is null then 'reader_failed' else first_trouble.code end
        when reports.agency_id is null or reports.agency_name is null then 'agency_unknown'
        when reports.report_year is null then 'report_year_unknown'
        when reports.reporting_scope is null then 'reporting_scope_unknown'
        when versions.report_id is null then 'agency_ambiguous'
        when versions.version_rank > 1 and versions.content_id = versions.current_content_id then 'same_content'
        when versions.version_rank > 1 then 'superseded'
        when withheld.report_id is not null then 'cells_withheld'
    end as reason,
    case
        when receipts.receipt_order > 1 then receipts.report_id
        when versions.version_rank > 1 then versions.current_report_id
        when versions.report_id is null then first_trouble.message
    end as detail
from {{ ref('int_receipts_ordered') }} as receipts
left join {{ ref('int_reports_identified') }} as reports on receipts.report_id = reports.report_id
left join {{ ref('int_reports_versioned') }} as versions on receipts.report_id = versions.report_id
left join first_trouble on receipts.report_id = first_trouble.report_id
left join withheld on receipts.report_id = withheld.report_id
