-- Reports that do not tell their agency or its place, and are copies of one that does: the same figures throughout, and enough of
-- them that two agencies agree by chance hardly ever. Candidates are found by two totals, then compared cell by cell.
{{ config(materialized='table') }}

with unplaced as (
    select report_id, report_year, agency_short_name
    from {{ ref('int_reports_named') }}
    where status = 'read' and report_year is not null and place_id is null
),

figures as (
    select
        cells.report_id,
        cells.table_code,
        cells.row_code,
        cells.column_code,
        case when cells.value is null then cells.value_imputed else cells.value end as figure
    from {{ ref('stg_cells') }} as cells
    semi join unplaced on cells.report_id = unplaced.report_id
),

telling as (
    select
        report_id,
        max(figure) filter (table_code = 'T3' and row_code = 'requests_received' and column_code = 'total') as received,
        max(figure) filter (table_code = 'T3' and row_code = 'outcomes_total' and column_code = 'total') as outcomes,
        count(figure) as known
    from figures
    group by report_id
    having count(*) filter (figure <> 0) >= {{ var('telling_figures') }}
),

totals as (
    select
        cells.report_id,
        max(case when cells.value is null then cells.value_imputed else cells.value end)
            filter (cells.row_code = 'requests_received') as received,
        max(case when cells.value is null then cells.value_imputed else cells.value end)
            filter (cells.row_code = 'outcomes_total') as outcomes
    from {{ ref('stg_cells') }} as cells
    where cells.table_code = 'T3'
        and cells.row_code in ('requests_received', 'outcomes_total')
        and cells.column_code = 'total'
        and exists (select 1 from telling)
    group by cells.report_id
),

candidates as (
    select unplaced.report_id, placed.report_id as original_report_id, placed.agency_id, telling.known
    from telling
    inner join unplaced on telling.report_id = unplaced.report_id
    inner join totals on telling.received = totals.received and telling.outcomes = totals.outcomes
    inner join {{ ref('int_reports_named') }} as placed
        on totals.report_id = placed.report_id
        and unplaced.report_year = placed.report_year
        and placed.status = 'read'
        and placed.place_id is not null
        and placed.agency_id is not null
        and (unplaced.agency_short_name is null or ends_with(placed.agency_name, unplaced.agency_short_name))
),

compared as (
    select
        candidates.report_id,
        candidates.original_report_id,
        any_value(candidates.agency_id) as agency_id,
        any_value(candidates.known) as known,
        count(*) filter (figures.figure = case when cells.value is null then cells.value_imputed else cells.value end) as same
    from candidates
    inner join figures on candidates.report_id = figures.report_id
    inner join {{ ref('stg_cells') }} as cells
        on candidates.original_report_id = cells.report_id
        and figures.table_code = cells.table_code
        and figures.row_code = cells.row_code
        and figures.column_code = cells.column_code
    group by candidates.report_id, candidates.original_report_id
)

select report_id, min(original_report_id) as original_report_id, min(agency_id) as agency_id
from compared
where same = known
group by report_id
having count(distinct agency_id) = 1
