-- Why each withheld cell of a current report is held back: the broken must-hold identities it lies in.
with withheld as (
    select report_id, table_code, edition, row_code, column_code, printed, value_suggested
    from {{ ref('stg_cells') }}
    where value_source = 'withheld'
)

select
    cells.report_id,
    cells.table_code,
    cells.row_code,
    cells.column_code,
    cells.printed,
    cells.value_suggested,
    string_agg(distinct terms.rule_id || ' ' || terms.scope, '; ' order by terms.rule_id || ' ' || terms.scope)
        filter (broken.report_id is not null) as broken_identities
from withheld as cells
inner join {{ ref('int_reports_current') }} as reports on cells.report_id = reports.report_id
left join {{ ref('int_identity_terms_joined') }} as terms
    on cells.edition = terms.edition
    and cells.table_code = terms.table_code
    and cells.row_code = terms.row_code
    and cells.column_code = terms.column_code
    and terms.severity in ('O', 'D')
left join (select report_id, instance from {{ ref('int_identity_outcomes') }} where outcome = 'broken') as broken
    on cells.report_id = broken.report_id and terms.instance = broken.instance
group by all
