-- The names above a division are those of the last year of its period. Codes follow GB/T 2260: the third and fourth digit
-- 90 stand for counties under the province itself, 6590 for the cities of the corps.
with regions as (
    select *, case when valid_to is null then 9999 else valid_to end as last_year
    from {{ ref('catalogue_regions') }}
),

above as (
    select
        regions.code,
        regions.valid_from,
        arg_max(parents.name, parents.valid_from) as parent_name,
        arg_max(grandparents.name, grandparents.valid_from) as grandparent_name
    from regions
    inner join regions as parents on regions.parent_code = parents.code and parents.valid_from <= regions.last_year
    left join regions as grandparents
        on parents.parent_code = grandparents.code and grandparents.valid_from <= regions.last_year
    group by regions.code, regions.valid_from
)

select
    regions.code as region_code,
    regions.name as region_name,
    concat(above.grandparent_name, above.parent_name, regions.name) as region_full_name,
    regions.region_id,
    regions.level as region_level,
    regions.parent_code,
    case
        when left(regions.code, 2) in ('11', '12', '31', '50') then 'municipality'
        when left(regions.code, 4) = '6590' then 'corps'
        when regions.level = 'county' and substr(regions.code, 3, 2) = '90' and right(regions.parent_code, 4) = '0000'
            then 'province_administered'
        else 'ordinary'
    end as administration,
    regions.valid_from,
    regions.valid_to
from regions
left join above on regions.code = above.code and regions.valid_from = above.valid_from
