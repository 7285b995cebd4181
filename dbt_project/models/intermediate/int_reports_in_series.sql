-- What a series says of a report: what every fact does, the line its agency is in, and whether the agency took another over
-- in that year.
with taken_over as (
    select
        agency_id,
        year as report_year,
        case when bool_or(kind in ('merge', 'split')) then min(kind) filter (kind in ('merge', 'split')) else min(kind) end as kind
    from {{ ref('int_agency_lineage') }}
    group by agency_id, year
)

select reports.*, lines.lineage_id, taken_over.kind as agency_break
from {{ ref('int_reports_published') }} as reports
inner join {{ ref('int_agency_lines') }} as lines on reports.agency_id = lines.agency_id
left join taken_over on reports.agency_id = taken_over.agency_id and reports.report_year = taken_over.report_year
