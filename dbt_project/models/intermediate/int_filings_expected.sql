-- Which agency is expected to file for which year, and why: a list of agencies has it, a source list names its filing, or it
-- reported before and after. Lists are followed over the years the collection has filings of; an agency that another
-- took over from is expected no longer, unless its list says until when.
{{ config(materialized='table') }}

with collected as (
    select min(report_year) as first_year, max(report_year) as last_year
    from (
        select report_year from {{ ref('int_reports_versioned') }}
        union all
        select asserted_year from {{ ref('stg_listed_filings') }}
    )
),

ended as (
    select predecessor_agency_id as agency_id, min(year) - 1 as last_year
    from {{ ref('int_agency_lineage') }}
    where kind <> 'split'
    group by predecessor_agency_id
),

on_list_of_agencies as (
    select
        keys.agency_id,
        listed.reporting_scope,
        unnest(generate_series(
            greatest(listed.first_year, collected.first_year),
            least(case when listed.last_year is null then ended.last_year else listed.last_year end, collected.last_year)
        ))::integer as report_year
    from {{ ref('int_listed_agencies') }} as listed
    inner join {{ ref('int_agency_keys') }} as keys on listed.agency_key = keys.agency_key
    left join ended on keys.agency_id = ended.agency_id
    cross join collected
    where collected.first_year is not null
),

on_source_list as (
    select
        case when versions.report_id is null then keys.agency_id else versions.agency_id end as agency_id,
        case when versions.report_id is null then asserted.reporting_scope else versions.reporting_scope end as reporting_scope,
        case when versions.report_id is null then listed.asserted_year else versions.report_year end as report_year
    from {{ ref('stg_listed_filings') }} as listed
    left join {{ ref('stg_filings') }} as receipts on listed.receipt_id = receipts.receipt_id
    left join {{ ref('int_reports_versioned') }} as versions on receipts.report_id = versions.report_id
    left join {{ ref('int_agencies_asserted') }} as asserted
        on listed.asserted_agency = asserted.asserted_agency and listed.asserted_year = asserted.asserted_year
    left join {{ ref('int_agency_keys') }} as keys on asserted.agency_key = keys.agency_key
),

spans as (
    select agency_id, reporting_scope, min(report_year) as first_year, max(report_year) as last_year
    from {{ ref('int_reports_current') }}
    group by agency_id, reporting_scope
    having max(report_year) - min(report_year) + 1 > count(distinct report_year)
),

between_reports as (
    select agency_id, reporting_scope, unnest(generate_series(first_year, last_year))::integer as report_year
    from spans
),

reasons as (
    select agency_id, reporting_scope, report_year, 'agency_list' as expected_by, 0 as place from on_list_of_agencies
    union all
    select agency_id, reporting_scope, report_year, 'source_list', 1 from on_source_list
    where agency_id is not null and report_year is not null and reporting_scope is not null
    union all
    select agency_id, reporting_scope, report_year, 'between_reports', 2 from between_reports
)

select agency_id, report_year, reporting_scope, arg_min(expected_by, place) as expected_by
from reasons
group by agency_id, report_year, reporting_scope
