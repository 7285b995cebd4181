-- The reports a report is held against: that of the year before, the version that supersedes it, and, for the report of
-- a government, those of its agencies together (which are no one report). A year that is missing is a row without one.
select
    later.report_partition,
    later.report_id,
    'prior_year' as relation,
    earlier.report_id as related_report_id
from {{ ref('int_reports_current') }} as later
left join {{ ref('int_reports_current') }} as earlier
    on later.agency_id = earlier.agency_id
    and later.reporting_scope = earlier.reporting_scope
    and later.report_year = earlier.report_year + 1
union all
select report_partition, report_id, 'current_version' as relation, current_report_id as related_report_id
from {{ ref('int_reports_versioned') }}
where version_rank > 1
union all
select report_partition, report_id, 'agencies_below' as relation, null as related_report_id
from {{ ref('int_reports_current') }}
where reporting_scope = 'jurisdiction'
