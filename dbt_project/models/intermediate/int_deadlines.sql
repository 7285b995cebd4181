-- When each agency first published its report of a year, in whatever version, and its legal deadline (rule D-R01; a number as
-- 10131 is 31 January of the following year). Townships have none.
{{ config(materialized='table') }}

with due as (
    select
        versions.agency_id,
        versions.report_year,
        versions.reporting_scope,
        versions.publication_date,
        ledger.right_value::integer as due
    from {{ ref('int_reports_versioned') }} as versions
    left join {{ ref('plausibility_ledger') }} as ledger
        on versions.report_id = ledger.report_id and ledger.rule_id = 'D-R01' and ledger.relation = 'this'
)

select
    agency_id,
    report_year,
    reporting_scope,
    min(publication_date) as first_published_on,
    min(make_date(report_year + due // 10000, due % 10000 // 100, due % 100)) as deadline
from due
group by agency_id, report_year, reporting_scope
