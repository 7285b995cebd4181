-- Every figure that some rule compares, by the number of the key it is looked up with. A figure that is not here is unknown.
with found as (
    select report_id, table_code || '/' || row_code || '/' || column_code as figure, value, slack
    from {{ ref('int_plausibility_cells') }}
    where value is not null
    union all
    select report_id, figure, value, 0 from {{ ref('int_plausibility_measures') }}
    union all
    select report_id, figure, value, 0 from {{ ref('int_plausibility_dates') }}
    union all
    select report_id, figure, value, 0 from {{ ref('int_plausibility_below') }}
    union all
    select report_id, figure, value, slack from {{ ref('int_plausibility_merged') }}
)

select
    found.report_id,
    wanted.figure_number,
    found.value::decimal(20, 6) as value,
    found.slack::decimal(18, 10) as slack
from found
inner join (select distinct figure, figure_number from {{ ref('int_plausibility_terms_joined') }}) as wanted
    on found.figure = wanted.figure
