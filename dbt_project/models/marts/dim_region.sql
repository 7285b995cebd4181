select
    code as region_code,
    name as region_name,
    level as region_level,
    parent_code,
    valid_from,
    valid_to
from {{ ref('catalogue_regions') }}
