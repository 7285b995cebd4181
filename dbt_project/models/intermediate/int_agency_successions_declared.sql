-- Who took over from whom as the operator's lists declare it.
select
    successors.agency_id,
    case when names.credit_code is null then predecessors.agency_id else names.credit_code end as predecessor_agency_id,
    names.first_year as year,
    names.succession_kind as kind,
    case when names.source is null then names.list_name else names.source end as source
from {{ ref('stg_listed_names') }} as names
inner join {{ ref('int_listed_agencies') }} as listed on names.listed_id = listed.listed_id
inner join {{ ref('int_agency_keys') }} as successors on listed.agency_key = successors.agency_key
left join {{ ref('int_agency_keys') }} as predecessors
    on names.agency_key = predecessors.agency_key and names.credit_code is null
where names.role = 'predecessor'
