select distinct
    rule_id,
    severity,
    'identity_ledger' as ledger,
    chinese,
    english,
    source as rule_source
from {{ ref('catalogue_identities') }}
where comparison <> 'reading'
union all
select distinct
    rule_id,
    severity,
    'plausibility_ledger' as ledger,
    chinese,
    english,
    source as rule_source
from {{ ref('catalogue_plausibility') }}
