-- Every figure that some rule compares, by the number of the key it is looked up with. A cell of a table read that is not
-- here is 0; any other figure that is not here is unknown, and so is one without a value.
with found as (
    select report_id, figure, value, 0 as slack from {{ ref('int_plausibility_measures') }}
    union all
    select report_id, figure, value, 0 from {{ ref('int_plausibility_dates') }}
    union all
    select report_id, figure, value, 0 from {{ ref('int_plausibility_below') }}
    union all
    select report_id, figure, value, slack from {{ ref('int_plausibility_merged') }}
)

select report_id, figure_number, value::decimal(20, 6) as value, slack::decimal(18, 10) as slack
from {{ ref('int_plausibility_cells') }}
union all
select found.report_id, wanted.figure_number, found.value::decimal(20, 6), found.slack::decimal(18, 10)
from found
inner join (select distinct figure, figure_number from {{ ref('int_plausibility_terms_joined') }}) as wanted
    on found.figure = wanted.figure
