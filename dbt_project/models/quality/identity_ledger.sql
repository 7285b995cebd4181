-- The outcomes under the words of the register.
{{ config(materialized='partitioned', staged=['reports', 'cells']) }}
-- depends_on: {{ ref('int_staged_files') }}

select
    outcomes.report_id,
    instances.rule_id,
    instances.edition,
    instances.table_code,
    instances.scope,
    instances.severity,
    outcomes.left_value,
    outcomes.right_value,
    (outcomes.left_value - outcomes.right_value)::decimal(20, 6) as difference,
    outcomes.missing,
    outcomes.outcome
from {{ ref('int_identity_outcomes') }} as outcomes
inner join {{ ref('int_identity_instances') }} as instances on outcomes.instance = instances.instance
where {{ in_partition('outcomes.report_partition') }}
order by outcomes.report_id, instances.rule_id, instances.table_code, instances.scope
