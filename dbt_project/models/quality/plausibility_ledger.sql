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

-- the words a row of the ledger may bear, in the order in which a report's rows stand
words as materialized (
    select (row_number() over (order by relation, rule_id, table_code, scope, edition))::smallint as line, *
    from (
        select relation, rule_id, edition, table_code, scope, severity, judged_on from {{ ref('catalogue_plausibility') }}
        union all
        select 'following_year', rule_id, edition, table_code, scope, severity, judged_on
        from {{ ref('catalogue_plausibility') }}
        where relation = 'prior_year'
    )
),

lines as materialized (
    select instances.instance, words.line, following.line as following_line
    from (
        select distinct instance, relation, rule_id, edition, table_code, scope from {{ ref('int_plausibility_terms_joined') }}
    ) as instances
    inner join words
        on instances.relation = words.relation
        and instances.rule_id = words.rule_id
        and instances.edition = words.edition
        and instances.table_code = words.table_code
        and instances.scope = words.scope
    left join words as following
        on following.relation = 'following_year'
        and instances.rule_id = following.rule_id
        and instances.edition = following.edition
        and instances.table_code = following.table_code
        and instances.scope = following.scope
),

outcomes as not materialized (
    select lines.line, lines.following_line, judged.* exclude (report_partition, instance)
    from {{ ref('int_plausibility_judged') }} as judged
    inner join lines on judged.instance = lines.instance
    where {{ in_partition('judged.report_partition') }}
),

judged as (
    select
        outcomes.* exclude (following_line, related_report_id),
        case when merged.parts is null then outcomes.related_report_id end as related_report_id,
        merged.parts as merged_report_ids
    from outcomes
    left join merged on outcomes.related_report_id = merged.related_report_id
    union all by name
    select
        outcomes.* exclude (line, following_line, report_id, related_report_id),
        outcomes.following_line as line,
        case when merged.part_report_id is null then outcomes.related_report_id else merged.part_report_id end as report_id,
        outcomes.report_id as related_report_id,
        merged.parts as merged_report_ids
    from outcomes
    left join (select *, unnest(parts) as part_report_id from merged) as merged
        on outcomes.related_report_id = merged.related_report_id
    where outcomes.following_line is not null and outcomes.outcome = 'broken'
    union all by name
    select
        parser.report_id,
        words.line,
        parser.left_value,
        parser.right_value,
        parser.missing,
        parser.outcome,
        parser.matched
    from {{ ref('stg_plausibility') }} as parser
    inner join {{ ref('stg_reports') }} as reports on parser.report_id = reports.report_id
    inner join words
        on parser.rule_id = words.rule_id
        and parser.table_code = words.table_code
        and parser.scope = words.scope
        and reports.form_version = words.edition
        and words.judged_on = 'sentences'
        and words.relation <> 'following_year'
    where {{ in_partition('parser.report_partition') }}
),

-- sorted by numbers and worded afterwards, see the macro `facts`
judged_in_place as (select * from judged order by report_id, line)

select
    judged.report_id,
    words.relation,
    judged.related_report_id,
    judged.merged_report_ids,
    words.rule_id,
    words.edition,
    words.table_code,
    words.scope,
    words.severity,
    {{ round_figure('judged.left_value') }} as left_value,
    {{ round_figure('judged.right_value') }} as right_value,
    {{ round_figure('judged.left_value - judged.right_value') }} as difference,
    judged.missing,
    judged.outcome,
    judged.matched
from judged_in_place as judged
inner join words on judged.line = words.line
