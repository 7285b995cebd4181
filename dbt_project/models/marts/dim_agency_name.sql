-- Names in reports have the report years they are seen in; names in lists have the years the list states.
with named as (
    select agency_id, 'full' as name_kind, agency_name_stated as name, report_year as first_year, report_year as last_year
    from {{ ref('int_reports_versioned') }}
    where agency_name_stated is not null
    union all
    select agency_id, 'key', agency_key, report_year, report_year
    from {{ ref('int_reports_versioned') }}
    where agency_key is not null
    union all
    select agency_id, 'credit_code', credit_code, report_year, report_year
    from {{ ref('int_reports_versioned') }}
    where credit_code is not null
    union all
    select keys.agency_id, 'listed', names.name, listed.first_year, listed.last_year
    from {{ ref('stg_listed_names') }} as names
    inner join {{ ref('int_listed_agencies') }} as listed on names.listed_id = listed.listed_id
    inner join {{ ref('int_agency_keys') }} as keys on listed.agency_key = keys.agency_key
    where names.role in ('name', 'alias')
)

select agency_id, name_kind, name, min(first_year) as first_year, max(last_year) as last_year
from named
group by agency_id, name_kind, name
