-- Files that gave no report, under the agency and year that their folder or source list asserts: what came of a filing that is not
-- in the tables. One row per agency, year and scope, with the worst that happened. The same bytes may stand for several agencies
-- (an empty file, a page that says the page is gone): what became of them became of each of these filings.
with disposed as (
    select
        *,
        first_value(disposition) over same_bytes as report_disposition,
        first_value(reason) over same_bytes as report_reason
    from {{ ref('int_filings_disposed') }}
    window same_bytes as (partition by report_id order by receipt_order)
)

select
    keys.agency_id,
    asserted.asserted_year as report_year,
    asserted.reporting_scope,
    count(*) as files,
    arg_min(filings.report_disposition, filings.report_disposition = 'not_a_report') as disposition,
    arg_min(
        filings.report_reason, struct_pack(other := filings.report_disposition = 'not_a_report', source := filings.source)
    ) as reason
from disposed as filings
inner join {{ ref('int_agencies_asserted') }} as asserted
    on filings.asserted_agency = asserted.asserted_agency and filings.asserted_year = asserted.asserted_year
inner join {{ ref('int_agency_keys') }} as keys on asserted.agency_key = keys.agency_key
where filings.report_disposition in ('quarantined', 'not_a_report') and filings.report_reason is distinct from 'container_unpacked'
group by keys.agency_id, asserted.asserted_year, asserted.reporting_scope
