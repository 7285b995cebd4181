-- What folders and source lists assert, where it is the name of an organ in a known place: a folder may be named anything, and
-- one named after a region says nothing of who filed.
select *
from {{ ref('stg_asserted_agencies') }}
where agency_key is not null and region_id is not null and agency_short_name <> asserted_agency
