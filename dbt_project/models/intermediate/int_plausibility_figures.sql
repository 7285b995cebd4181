-- Every figure that some rule compares, by the number of the key it is looked up with. A cell of a table read that is not
-- here is 0; any other figure that is not here is unknown, and so is one without a value.
select report_id, figure_number, value::decimal(20, 6) as value, slack::decimal(18, 10) as slack
from {{ ref('int_plausibility_cells') }}
union all
select report_id, figure_number, value, slack
from {{ ref('int_plausibility_counted') }}
where {{ in_partition() }}
