-- Who took over from whom in the reforms the catalogue declares, and where one division went into another: between two
-- agencies of one level, where the names fit, the old one stops reporting in time and the new one goes on. Where more than
-- one could be the successor none is taken.
with spans as (
    select agency_id, min(first_year) as first_year, max(last_year) as last_year
    from {{ ref('int_agency_names') }}
    group by agency_id
),

names as (
    select names.*, spans.first_year as agency_first_year, spans.last_year as agency_last_year
    from {{ ref('int_agency_names') }} as names
    inner join spans on names.agency_id = spans.agency_id
    where names.place_id is not null
),

old_names as (
    select names.*, rules.rule_id, rules.kind, rules.first_year as rule_first_year, rules.absorbed, rules.source
    from names
    inner join {{ ref('catalogue_agency_successions') }} as rules
        on names.agency_last_year <= rules.last_year and regexp_matches(names.agency_short_name, rules.old_pattern)
),

new_names as (
    select names.*, rules.rule_id
    from names
    inner join {{ ref('catalogue_agency_successions') }} as rules
        on names.last_year >= rules.first_year
        and (rules.absorbed or names.first_year >= rules.first_year)
        and regexp_matches(names.agency_short_name, rules.new_pattern)
),

by_reform as (
    select
        new_names.agency_id,
        old_names.agency_id as predecessor_agency_id,
        greatest(old_names.agency_last_year + 1, old_names.rule_first_year) as year,
        old_names.kind,
        old_names.rule_id,
        old_names.source
    from old_names
    inner join new_names
        on old_names.rule_id = new_names.rule_id
        and old_names.place_id = new_names.place_id
        and old_names.agency_level = new_names.agency_level
        and old_names.agency_id <> new_names.agency_id
        and new_names.last_year > old_names.agency_last_year
        and (old_names.absorbed or new_names.first_year > old_names.agency_last_year)
),

successor_places as (
    select
        successions.year,
        successions.source,
        before.region_id as place_id,
        after.region_id as successor_place_id,
        'region:' || successions.code || '>' || successions.successor_code as rule_id
    from {{ ref('catalogue_region_successions') }} as successions
    inner join {{ ref('catalogue_regions') }} as before on successions.code = before.code
    inner join {{ ref('catalogue_regions') }} as after
        on successions.successor_code = after.code and (after.valid_to is null or after.valid_to >= successions.year)
),

by_region as (
    select
        later.agency_id,
        earlier.agency_id as predecessor_agency_id,
        places.year,
        'merge' as kind,
        places.rule_id,
        places.source
    from successor_places as places
    inner join names as earlier on places.place_id = earlier.place_id and earlier.agency_last_year <= places.year
    inner join names as later
        on places.successor_place_id = later.place_id
        and earlier.agency_level = later.agency_level
        and earlier.agency_short_name = later.agency_short_name
        and earlier.agency_id <> later.agency_id
        and later.agency_last_year >= places.year
),

candidates as (
    select distinct * from (select * from by_reform union all select * from by_region)
)

select *
from candidates
qualify count(distinct agency_id) over (partition by predecessor_agency_id, rule_id) = 1
