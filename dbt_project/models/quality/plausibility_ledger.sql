-- The rules that warn, judged by one statement from the register, and those that only the parser can judge. What two
-- years contradict stands with both of them.
with judged as (
    select
        outcomes.* exclude (report_id, related_report_id, relation),
        case when seen.from_other_side then outcomes.related_report_id else outcomes.report_id end as report_id,
        case when seen.from_other_side then outcomes.report_id else outcomes.related_report_id end as related_report_id,
        case when seen.from_other_side then 'following_year' else outcomes.relation end as relation
    from {{ ref('int_plausibility_judged') }} as outcomes
    inner join (values (false), (true)) as seen (from_other_side)
        on not seen.from_other_side or (outcomes.relation = 'prior_year' and outcomes.outcome = 'broken')
    union all by name
    select
        parser.report_id,
        rules.relation,
        parser.rule_id,
        rules.edition,
        parser.table_code,
        parser.scope,
        rules.severity,
        parser.left_value,
        parser.right_value,
        parser.missing,
        parser.outcome,
        parser.matched
    from {{ ref('stg_plausibility') }} as parser
    inner join {{ ref('stg_reports') }} as reports on parser.report_id = reports.report_id
    inner join {{ ref('catalogue_plausibility') }} as rules
        on parser.rule_id = rules.rule_id
        and parser.table_code = rules.table_code
        and parser.scope = rules.scope
        and reports.form_version = rules.edition
        and rules.judged_on = 'sentences'
)

select
    report_id,
    relation,
    related_report_id,
    rule_id,
    edition,
    table_code,
    scope,
    severity,
    left_value::decimal(20, 6) as left_value,
    right_value::decimal(20, 6) as right_value,
    (left_value - right_value)::decimal(20, 6) as difference,
    missing,
    outcome,
    matched
from judged
