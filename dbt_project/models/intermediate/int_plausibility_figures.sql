-- Every figure that some rule compares, by the key it is looked up with. A figure that is not here is unknown.
select
    report_id,
    table_code || '/' || row_code || '/' || column_code as figure,
    value::decimal(20, 6) as value,
    slack
from {{ ref('int_plausibility_cells') }}
where value is not null
union all
select report_id, figure, value::decimal(20, 6) as value, 0 as slack from {{ ref('int_plausibility_measures') }}
union all
select report_id, figure, value::decimal(20, 6) as value, 0 as slack from {{ ref('int_plausibility_dates') }}
union all
select report_id, figure, value::decimal(20, 6) as value, 0 as slack from {{ ref('int_plausibility_below') }}
