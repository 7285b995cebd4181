-- The ledger computed here and the outcomes the parser computed while reading are two programs over one register:
-- any difference, either way, is a defect of one of them.
{% set ledger %}
    select
        report_id, rule_id, table_code, scope, outcome, list_sort(missing) as missing,
        left_value::decimal(20, 6) as left_value, right_value::decimal(20, 6) as right_value
    from {{ ref('identity_ledger') }}
{% endset %}
{% set parser %}
    select
        report_id, rule_id, table_code, scope, outcome, list_sort(missing) as missing,
        left_value::decimal(20, 6) as left_value, right_value::decimal(20, 6) as right_value
    from {{ ref('stg_identities') }}
{% endset %}
{{ outcomes_that_differ(ledger, parser) }}
