-- The figures that stand in no cell, as the rules of a report year look them up: counted from reports, dates, and what other
-- reports add up to. They are kept because nothing else tells DuckDB how few they are beside the cells.
{{ config(
    materialized='partitioned',
    staged=['reports', 'cells'],
    years_back=1,
    relations=['int_reports_related', 'int_reports_current']
) }}
-- depends_on: {{ ref('int_staged_files') }}, {{ ref('int_reports_related') }}, {{ ref('int_reports_current') }}

with found as (
    select report_id, figure, value, 0 as slack from {{ ref('int_plausibility_measures') }}
    union all
    select report_id, figure, value, 0 from {{ ref('int_plausibility_dates') }}
    union all
    select report_id, figure, value, 0 from {{ ref('int_plausibility_below') }}
    union all
    select report_id, figure, value, slack from {{ ref('int_plausibility_merged') }}
)

select
    getvariable('report_partition')::varchar as report_partition,
    found.report_id,
    wanted.figure_number,
    found.value::decimal(20, 6) as value,
    found.slack::decimal(18, 10) as slack
from found
inner join (select distinct figure, figure_number from {{ ref('int_plausibility_terms_joined') }}) as wanted
    on found.figure = wanted.figure
