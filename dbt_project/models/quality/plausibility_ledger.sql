-- The rules that warn, judged by one statement from the register, and those that only the parser can judge. What two
-- years contradict stands with both of them, and with each of several organs whose figures are added up; both times in the
-- file of the later year, whose judgement it is.
{{ config(
    materialized='partitioned',
    staged=['reports', 'cells', 'narrative_facts', 'plausibility'],
    years_back=1,
    relations=['int_reports_related', 'int_reports_current']
) }}
-- depends_on: {{ ref('int_staged_files') }}, {{ ref('int_reports_current') }}

with merged as (
    select report_id, related_report_id, parts
    from {{ ref('int_reports_related') }}
    where related_report_id is not null and parts is not null and {{ in_partition() }}
),

outcomes as materialized (
    select * exclude (report_partition) from {{ ref('int_plausibility_judged') }} where {{ in_partition() }}
),

judged as (
    select
        outcomes.* exclude (related_report_id),
        case when merged.parts is null then outcomes.related_report_id end as related_report_id,
        merged.parts as merged_report_ids
    from outcomes
    left join merged on outcomes.related_report_id = merged.related_report_id
    union all by name
    select
        outcomes.* exclude (report_id, related_report_id, relation),
        case when merged.part_report_id is null then outcomes.related_report_id else merged.part_report_id end as report_id,
        outcomes.report_id as related_report_id,
        'following_year' as relation,
        merged.parts as merged_report_ids
    from outcomes
    left join (select *, unnest(parts) as part_report_id from merged) as merged
        on outcomes.related_report_id = merged.related_report_id
    where outcomes.relation = 'prior_year' and outcomes.outcome = 'broken'
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
    where {{ in_partition('parser.report_partition') }}
)

select
    report_id,
    relation,
    related_report_id,
    merged_report_ids,
    rule_id,
    edition,
    table_code,
    scope,
    severity,
    {{ round_figure('left_value') }} as left_value,
    {{ round_figure('right_value') }} as right_value,
    {{ round_figure('left_value - right_value') }} as difference,
    missing,
    outcome,
    matched
from judged
order by report_id, relation, rule_id, table_code, scope
