-- One figure for each series and report, over the editions of the form: a cell, or the sum of several. A sum of which a cell is
-- unknown is unknown, and comes from the least sure of its cells. Segments count the breaks that are behind: only figures
-- of one segment are comparable.
{{ config(materialized='partitioned', staged=['reports', 'cells'], relations=['int_reports_in_series']) }}
-- depends_on: {{ ref('int_staged_files') }}

with reports as materialized ({{ reports_in_place('int_reports_in_series') }}),

told_twice as (
    select report_id
    from {{ ref('int_report_tables') }}
    where {{ in_partition() }}
    group by report_id
    having count(distinct edition) > 1
),

series as (
    select series_code, (row_number() over (order by series_code))::smallint as series
    from {{ ref('catalogue_series') }}
),

cells as not materialized (
    select
        reports.place,
        series.series,
        terms.sign * cells.value_published as value,
        cells.value_source,
        cells.edition as form_version,
        terms.exact,
        terms.terms,
        told_twice.report_id is not null as is_told_twice
    from {{ ref('int_cells') }} as cells
    inner join reports on cells.report_id = reports.report_id
    inner join {{ ref('catalogue_series_terms') }} as terms
        on cells.edition = terms.edition
        and cells.table_code = terms.table_code
        and cells.row_code = terms.row_code
        and cells.column_code = terms.column_code
    inner join series on terms.series_code = series.series_code
    left join told_twice on cells.report_id = told_twice.report_id
    where {{ in_partition('cells.report_partition') }}
),

figures as not materialized (
    select place, series, value, value_source, form_version, exact as is_exact, is_told_twice
    from cells
    where terms = 1
    union all
    select
        place,
        series,
        case when count(value) = count(*) then sum(value) end as value,
        case
            when bool_or(value_source = 'withheld') then 'withheld'
            when bool_or(value_source = 'null') then 'null'
            when bool_or(value_source = 'imputed') then 'imputed'
            when bool_or(value_source = 'corrected') then 'corrected'
            else 'printed'
        end as value_source,
        form_version,
        bool_and(exact) as is_exact,
        is_told_twice
    from cells
    where terms > 1
    group by place, series, form_version, is_told_twice
),

-- a report that has both the annex of 2014 and the tables of 2019 tells a measure twice: the tables are the newer form
each_once as (
    select * from figures where not is_told_twice
    union all
    select *
    from figures
    where is_told_twice
    qualify row_number() over (partition by place, series order by is_exact desc, form_version desc) = 1
),

-- sorted with numbers instead of words, see the macro `facts`
figures_in_place as (
    select place, series, form_version, value::decimal(20, 6) as value, value_source, is_exact
    from each_once
    order by place, series
),

breaks as (
    select distinct series_code, first_report_year
    from {{ ref('catalogue_series_breaks') }}
    where not comparable
),

segments as (
    select series.series_code, years.report_year, count(breaks.first_report_year) as segment
    from {{ ref('catalogue_series') }} as series
    cross join (select distinct report_year from reports) as years
    left join breaks on series.series_code = breaks.series_code and breaks.first_report_year <= years.report_year
    group by series.series_code, years.report_year
)

select
    reports.agency_id,
    reports.agency_name,
    reports.lineage_id,
    reports.region_code,
    reports.report_year,
    reports.reporting_scope,
    reports.report_id,
    series.series_code,
    figures.form_version,
    figures.value,
    figures.value_source,
    figures.is_exact,
    segments.segment,
    reports.agency_break
from figures_in_place as figures
inner join reports on figures.place = reports.place
inner join series on figures.series = series.series
inner join segments on series.series_code = segments.series_code and reports.report_year = segments.report_year
