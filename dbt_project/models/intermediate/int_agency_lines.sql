-- The line of each agency: back to the first organ over renames and successions one for one. A merge or a split ends a line,
-- and so does a predecessor with two successors.
{{ config(materialized='table') }}

with recursive steps as (
    select agency_id, predecessor_agency_id
    from {{ ref('int_agency_lineage') }}
    where kind in ('rename', 'succession')
    qualify count(*) over (partition by agency_id) = 1 and count(*) over (partition by predecessor_agency_id) = 1
),

walk as (
    select agency_id, agency_id as lineage_id, 0 as steps_back from {{ ref('int_agencies') }}
    union all
    select walk.agency_id, steps.predecessor_agency_id, walk.steps_back + 1
    from walk
    inner join steps on walk.lineage_id = steps.agency_id
    where walk.steps_back < 20 -- a circle of declared successions must not run for ever
)

select agency_id, arg_max(lineage_id, steps_back) as lineage_id
from walk
group by agency_id
