-- The rules about one report alone are judged twice, by the parser and here: any difference is a defect of one of them.
with ledger as (
    select report_id, rule_id, table_code, scope, outcome, left_value, right_value, list_sort(missing) as missing, matched
    from {{ ref('plausibility_ledger') }}
    where relation = 'this' and rule_id in (select rule_id from {{ ref('catalogue_plausibility') }} where judged_on = 'figures')
),

parser as (
    select
        parser.report_id,
        parser.rule_id,
        parser.table_code,
        parser.scope,
        parser.outcome,
        parser.left_value,
        parser.right_value,
        list_sort(parser.missing) as missing,
        parser.matched
    from {{ ref('stg_plausibility') }} as parser
    where parser.rule_id in (select rule_id from {{ ref('catalogue_plausibility') }} where judged_on = 'figures')
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
    or ledger.left_value::decimal(20, 6) is distinct from parser.left_value
    or ledger.right_value::decimal(20, 6) is distinct from parser.right_value
    or ledger.missing is distinct from parser.missing
    or ledger.matched is distinct from parser.matched
