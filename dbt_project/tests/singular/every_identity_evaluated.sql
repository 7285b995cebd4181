-- Every instance the register has for a table of a report is in the ledger.
select tables.report_id, identities.rule_id, identities.table_code, identities.scope
from {{ ref('int_report_tables') }} as tables
inner join {{ ref('catalogue_identities') }} as identities
    on tables.edition = identities.edition
    and tables.table_code = identities.table_code
    and (identities.form_variant is null or identities.form_variant = tables.form_variant)
    and identities.comparison <> 'reading'
anti join {{ ref('identity_ledger') }} as ledger
    on tables.report_id = ledger.report_id
    and identities.rule_id = ledger.rule_id
    and identities.table_code = ledger.table_code
    and identities.scope = ledger.scope
