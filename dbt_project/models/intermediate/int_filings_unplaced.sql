-- Files that gave no report, under the agency and year that their folder or source list asserts: what came of a filing that is not
-- in the tables. One row per agency, year and scope, with the worst that happened.
select
    keys.agency_id,
    asserted.asserted_year as report_year,
    asserted.reporting_scope,
    count(*) as files,
    arg_min(filings.disposition, filings.disposition = 'not_a_report') as disposition,
    arg_min(filings.reason, struct_pack(other := filings.disposition = 'not_a_report', source := filings.source)) as reason
from {{ ref('int_filings_disposed') }} as filings
inner join {{ ref('int_agencies_asserted') }} as asserted
    on filings.asserted_agency = asserted.asserted_agency and filings.asserted_year = asserted.asserted_year
inner join {{ ref('int_agency_keys') }} as keys on asserted.agency_key = keys.agency_key
where filings.disposition in ('quarantined', 'not_a_report') and filings.reason is distinct from 'container_unpacked'
group by keys.agency_id, asserted.asserted_year, asserted.reporting_scope
