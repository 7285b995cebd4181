select
    'report' as kind,
    report_id,
    source,
    agency_name,
    report_year,
    null::varchar as table_code,
    null::varchar as row_code,
    null::varchar as column_code,
    null::varchar as printed,
    null::decimal(20, 6) as value_suggested,
    reason,
    detail
from {{ ref('int_filings_disposed') }}
where disposition = 'quarantined'
union all
select
    'cell' as kind,
    withheld.report_id,
    reports.source,
    reports.agency_name,
    reports.report_year,
    withheld.table_code,
    withheld.row_code,
    withheld.column_code,
    withheld.printed,
    withheld.value_suggested,
    case when withheld.broken_identities is null then 'alignment_ambiguous' else withheld.broken_identities end as reason,
    findings.message as detail
from {{ ref('int_cells_withheld') }} as withheld
inner join {{ ref('int_reports_current') }} as reports on withheld.report_id = reports.report_id
left join {{ ref('stg_findings') }} as findings
    on withheld.report_id = findings.report_id
    and findings.code = 'cell_withheld'
    and withheld.table_code = findings.table_code
    and withheld.row_code = findings.row_code
    and withheld.column_code = findings.column_code
