-- The rules about one report alone are judged twice, by the parser and here: any difference is a defect of one of them.
{% set ledger %}
    select
        report_id, rule_id, table_code, scope, outcome, list_sort(missing) as missing, matched,
        left_value::decimal(20, 6) as left_value, right_value::decimal(20, 6) as right_value
    from {{ ref('plausibility_ledger') }}
    where relation = 'this' and rule_id in (select rule_id from {{ ref('catalogue_plausibility') }} where judged_on = 'figures')
{% endset %}
{% set parser %}
    select
        report_id, rule_id, table_code, scope, outcome, list_sort(missing) as missing, matched,
        left_value::decimal(20, 6) as left_value, right_value::decimal(20, 6) as right_value
    from {{ ref('stg_plausibility') }}
    where rule_id in (select rule_id from {{ ref('catalogue_plausibility') }} where judged_on = 'figures')
{% endset %}
{{ outcomes_that_differ(ledger, parser) }}
