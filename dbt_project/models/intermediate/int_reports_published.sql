-- What a fact says of its report: the reports that are current, and only what the facts carry of them, so that the facts of a
-- year are made again when one of these changes and not when anything else about a report does.
select
    report_partition,
    report_id,
    agency_id,
    agency_name,
    region_code,
    report_year,
    reporting_scope
from {{ ref('int_reports_current') }}
