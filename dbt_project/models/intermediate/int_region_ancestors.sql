-- The prefecture and the province a region lies in, by its code since the first report year. A prefecture is its own, and so
-- is a province; a county under the province itself has no prefecture.
{{ config(materialized='table') }}

with regions as (
    select distinct code, level, parent_code
    from {{ ref('catalogue_regions') }}
    where valid_to is null or valid_to >= 2008
),

parents as (
    select regions.code, regions.level, regions.parent_code, above.level as parent_level, above.parent_code as grandparent_code
    from regions
    left join regions as above on regions.parent_code = above.code
)

select
    code as region_code,
    any_value(case when level = 'county' then code end) as county_code,
    any_value(case when level = 'prefecture' then code when parent_level = 'prefecture' then parent_code end) as prefecture_code,
    any_value(
        case
            when level = 'province' then code
            when parent_level = 'province' then parent_code
            when parent_level = 'prefecture' then grandparent_code
        end
    ) as province_code
from parents
group by code
