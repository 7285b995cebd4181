-- From which report year on an agency answers for the figures of another: one row per successor and predecessor. A predecessor
-- that still reports for the year of the change closes that year itself. It is divided where several organs took over from
-- it, or where it goes on reporting: nothing then tells how its figures were shared out. A successor that had figures of its
-- own before, by its reports or because the reform or the division says so, adds them to those it takes over.
{{ config(materialized='table') }}

with spans as (
    select agency_id, min(report_year) as first_year, max(report_year) as last_year
    from {{ ref('int_reports_current') }}
    group by agency_id
),

dated as (
    select
        lineage.agency_id,
        lineage.predecessor_agency_id,
        lineage.kind,
        lineage.rule_id,
        case
            when lineage.year is null or (before.last_year = lineage.year and lineage.kind <> 'split') then before.last_year + 1
            else lineage.year
        end as report_year,
        before.last_year
    from {{ ref('int_agency_lineage') }} as lineage
    left join spans as before on lineage.predecessor_agency_id = before.agency_id
)

select
    dated.agency_id,
    dated.predecessor_agency_id,
    dated.report_year,
    dated.kind,
    (dated.last_year >= dated.report_year) is true as goes_on,
    dated.kind = 'split'
    or (dated.last_year >= dated.report_year) is true
    or count(*) over (partition by dated.predecessor_agency_id) > 1 as is_divided,
    (after.first_year < dated.report_year) is true
    or reforms.absorbed is true
    or (dated.rule_id like 'region:%' and places.valid_from < dated.report_year) is true as had_figures
from dated
inner join {{ ref('int_agencies') }} as agencies on dated.agency_id = agencies.agency_id
left join spans as after on dated.agency_id = after.agency_id
left join {{ ref('catalogue_agency_successions') }} as reforms on dated.rule_id = reforms.rule_id
left join (
    select region_id, min(valid_from) as valid_from from {{ ref('catalogue_regions') }} group by region_id
) as places on agencies.region_id = places.region_id
where dated.report_year is not null
