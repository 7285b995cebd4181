-- A rule that counts a cell twice lists it twice.
select
    terms.rule_id,
    terms.edition,
    terms.table_code,
    terms.scope,
    terms.side,
    terms.row_code,
    terms.column_code,
    sum(terms.sign)::integer as sign
from {{ ref('catalogue_identity_terms') }} as terms
inner join {{ ref('catalogue_identities') }} as identities
    on terms.rule_id = identities.rule_id
    and terms.edition = identities.edition
    and terms.table_code = identities.table_code
    and terms.scope = identities.scope
where identities.comparison <> 'reading'
group by all
