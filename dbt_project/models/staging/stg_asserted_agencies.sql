select
    asserted_agency,
    asserted_year,
    agency_key,
    agency_short_name,
    region_code,
    region_name,
    region_id,
    agency_level,
    function_category,
    organ_type,
    reporting_scope
from {{ source('stage', 'asserted_agencies') }}
