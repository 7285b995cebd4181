-- The reports of the year before that a report's opening figures come from: one row per report and agency it follows. That is
-- the agency itself, and in the year it took over from others those others. `prior_report_id` is null where that report is
-- missing; `divided` names an agency whose figures were shared out in a way no report tells.
with reports as (
    select report_partition, report_id, agency_id, report_year, reporting_scope from {{ ref('int_reports_current') }}
),

-- a name changed while the agency reported under the new one already: its own report is the year before
takeovers as (
    select takeovers.*
    from {{ ref('int_agency_takeovers') }} as takeovers
    where not (
        takeovers.kind = 'rename'
        and exists (
            select 1
            from reports
            where reports.agency_id = takeovers.agency_id and reports.report_year = takeovers.report_year - 1
        )
    )
),

followed as (
    select reports.report_id, takeovers.predecessor_agency_id as agency_id, takeovers.is_divided
    from reports
    inner join takeovers on reports.agency_id = takeovers.agency_id and reports.report_year = takeovers.report_year
    union all
    select reports.report_id, reports.agency_id, bool_or(takeovers.goes_on)
    from reports
    inner join (
        select agency_id, report_year, had_figures, false as goes_on from takeovers
        union all
        select predecessor_agency_id, report_year, true, true from takeovers where goes_on
    ) as takeovers on reports.agency_id = takeovers.agency_id and reports.report_year = takeovers.report_year
    group by reports.report_id, reports.agency_id
    having bool_or(takeovers.had_figures)
)

select
    later.report_partition,
    later.report_id,
    later.agency_id,
    case when earlier.report_id is null then ['prior_year'] end as missing,
    earlier.report_id as prior_report_id
from reports as later
anti join followed on later.report_id = followed.report_id
left join reports as earlier
    on later.agency_id = earlier.agency_id
    and later.reporting_scope = earlier.reporting_scope
    and later.report_year = earlier.report_year + 1
union all
select
    later.report_partition,
    later.report_id,
    followed.agency_id,
    case
        when followed.is_divided then ['split:' || followed.agency_id]
        when earlier.report_id is null then ['prior_year:' || followed.agency_id]
    end as missing,
    earlier.report_id as prior_report_id
from followed
inner join reports as later on followed.report_id = later.report_id
left join reports as earlier
    on followed.agency_id = earlier.agency_id
    and later.reporting_scope = earlier.reporting_scope
    and later.report_year = earlier.report_year + 1
