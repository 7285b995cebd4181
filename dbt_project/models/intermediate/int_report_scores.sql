-- How much of each current report is printed, and how many of its must-hold identities between cells hold. Rules about
-- single cells (sign, wholeness, size) are left out of the rate: nearly every table passes them. A report without
-- tables counts no cell and no identity.
with cells as (
    select
        reports.report_id,
        count(cells.row_code) as cells_on_form,
        count(cells.value) as cells_printed,
        count(*) filter (cells.value_source = 'imputed') as cells_imputed,
        count(*) filter (cells.value_source = 'withheld') as cells_withheld
    from {{ ref('int_reports_current') }} as reports
    left join {{ ref('int_cells') }} as cells on reports.report_id = cells.report_id
    group by reports.report_id
),

must_hold as (
    select ledger.report_id, ledger.outcome
    from {{ ref('identity_ledger') }} as ledger
    inner join {{ ref('catalogue_identities') }} as identities
        on ledger.rule_id = identities.rule_id
        and ledger.edition = identities.edition
        and ledger.table_code = identities.table_code
        and ledger.scope = identities.scope
    where identities.severity in ('O', 'D') and identities.comparison in ('equal', 'at_most', 'at_least')
),

identities as (
    select
        reports.report_id,
        count(*) filter (must_hold.outcome in ('holds', 'broken')) as identities_assessed,
        count(*) filter (must_hold.outcome = 'holds') as identities_held
    from {{ ref('int_reports_current') }} as reports
    left join must_hold on reports.report_id = must_hold.report_id
    group by reports.report_id
)

select
    cells.*,
    identities.* exclude (report_id)
from cells
inner join identities on cells.report_id = identities.report_id
