-- Every two reports of one agency, year and scope, held against each other figure by figure: printed or determined figures of
-- the tables, and counts the prose states. Only where there is more than one report; those are few.
{{ config(materialized='table') }}

with versions as (
    select agency_id, report_year, reporting_scope, report_id
    from {{ ref('int_reports_keyed') }}
    qualify count(*) over (partition by agency_id, report_year, reporting_scope) > 1
),

figures as (
    select
        cells.report_id,
        cells.table_code || '/' || cells.row_code || '/' || cells.column_code as place,
        case when cells.value is null then cells.value_imputed else cells.value end as figure
    from {{ ref('stg_cells') }} as cells
    semi join versions on cells.report_id = versions.report_id
    where cells.value is not null or cells.value_imputed is not null
    union all
    select
        facts.report_id,
        'prose/' || facts.fact_code || '/' || row_number() over (partition by facts.report_id, facts.fact_code order by facts.ordinal),
        facts.value
    from {{ ref('stg_narrative_facts') }} as facts
    semi join versions on facts.report_id = versions.report_id
    where facts.strict and facts.value is not null
),

known as (
    select versions.*, count(figures.place) as figures_known
    from versions
    left join figures on versions.report_id = figures.report_id
    group by all
),

pairs as materialized (
    select
        this.report_id,
        other.report_id as other_report_id,
        this.figures_known,
        other.figures_known as other_figures_known
    from known as this
    inner join known as other
        on this.agency_id = other.agency_id
        and this.report_year = other.report_year
        and this.reporting_scope = other.reporting_scope
        and this.report_id <> other.report_id
),

-- in two steps: joined at once, figures may be matched by their place first, those of all reports with each other
sought as materialized (
    select pairs.report_id, pairs.other_report_id, mine.place, mine.figure
    from pairs
    inner join figures as mine on pairs.report_id = mine.report_id
),

shared as (
    select
        sought.report_id,
        sought.other_report_id,
        count(*) as figures_shared,
        count(*) filter (sought.figure <> theirs.figure) as figures_differing
    from sought
    inner join figures as theirs on sought.other_report_id = theirs.report_id and sought.place = theirs.place
    group by sought.report_id, sought.other_report_id
)

select
    pairs.*,
    case when shared.report_id is null then 0 else shared.figures_shared end as figures_shared,
    case when shared.report_id is null then 0 else shared.figures_differing end as figures_differing
from pairs
left join shared on pairs.report_id = shared.report_id and pairs.other_report_id = shared.other_report_id
