-- Reports with the agency they are by, as told over all reports; one document by itself knows its name only.
select
    reports.* replace (keys.agency_id as agency_id, keys.credit_code as credit_code),
    reports.credit_code as credit_code_stated,
    keys.credit_code_state,
    -- the ministries have no region of their own and are told from all others by their level
    case when reports.agency_level = 'national' then '100000' else reports.region_id end as place_id
from {{ ref('stg_reports') }} as reports
left join {{ ref('int_agency_keys') }} as keys on reports.agency_key = keys.agency_key
