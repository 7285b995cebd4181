-- The ledger computed here and the outcomes the parser computed while reading are two programs over one register:
-- any difference, either way, is a defect of one of them.
with ledger as (
    select report_id, rule_id, table_code, scope, outcome, left_value, right_value, list_sort(missing) as missing
    from {{ ref('identity_ledger') }}
),

parser as (
    select report_id, rule_id, table_code, scope, outcome, left_value, right_value, list_sort(missing) as missing
    from {{ ref('stg_identities') }}
)

select
    coalesce(ledger.report_id, parser.report_id) as report_id,
    coalesce(ledger.rule_id, parser.rule_id) as rule_id,
    coalesce(ledger.scope, parser.scope) as scope,
    ledger.outcome as ledger_outcome,
    parser.outcome as parser_outcome
from ledger
full outer join parser
    on ledger.report_id = parser.report_id
    and ledger.rule_id = parser.rule_id
    and ledger.table_code = parser.table_code
    and ledger.scope = parser.scope
where ledger.outcome is distinct from parser.outcome
    or ledger.left_value is distinct from parser.left_value
    or ledger.right_value is distinct from parser.right_value
    or ledger.missing is distinct from parser.missing
