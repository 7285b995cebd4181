-- Why each withheld cell of a current report is held back: the broken must-hold identities it lies in.
select
    cells.report_id,
    cells.table_code,
    cells.row_code,
    cells.column_code,
    cells.printed,
    cells.value_suggested,
    string_agg(distinct ledger.rule_id || ' ' || ledger.scope, '; ' order by ledger.rule_id || ' ' || ledger.scope) as broken_identities
from {{ ref('int_cells') }} as cells
inner join {{ ref('int_reports_current') }} as reports on cells.report_id = reports.report_id
left join {{ ref('int_identity_terms_joined') }} as terms
    on cells.edition = terms.edition
    and cells.table_code = terms.table_code
    and cells.row_code = terms.row_code
    and cells.column_code = terms.column_code
    and terms.severity in ('O', 'D')
left join {{ ref('identity_ledger') }} as ledger
    on cells.report_id = ledger.report_id
    and terms.rule_id = ledger.rule_id
    and terms.table_code = ledger.table_code
    and terms.scope = ledger.scope
    and ledger.outcome = 'broken'
where cells.value_source = 'withheld'
group by all
