-- The reports a report is held against: that of the year before, the version that supersedes it, and, for the report of
-- a government, those of its agencies together (which are no one report). The year before of an agency that took over from
-- others is what their reports add up to, under an id of its own with its `parts`. A year before that is missing, or that no
-- report tells, is a row without a report that says what is `missing`.
with before as (
    select * from {{ ref('int_reports_preceding') }}
),

several as (
    select report_id from before group by report_id having count(*) > 1
)

select
    before.report_partition,
    before.report_id,
    'prior_year' as relation,
    case when before.missing is null then before.prior_report_id end as related_report_id,
    before.missing,
    null::varchar[] as parts
from before
anti join several on before.report_id = several.report_id
union all
select
    any_value(before.report_partition),
    before.report_id,
    'prior_year',
    case when count(before.missing) = 0 then 'merged:' || before.report_id end,
    list_sort(flatten(list(before.missing) filter (before.missing is not null))),
    list(before.prior_report_id order by before.prior_report_id) filter (before.prior_report_id is not null)
from before
semi join several on before.report_id = several.report_id
group by before.report_id
union all
select report_partition, report_id, 'current_version', current_report_id, null, null
from {{ ref('int_reports_versioned') }}
where version_rank > 1
union all
select report_partition, report_id, 'agencies_below', null, null, null
from {{ ref('int_reports_current') }}
where reporting_scope = 'jurisdiction'
