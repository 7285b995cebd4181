select
    reports.agency_id,
    reports.agency_name,
    reports.region_code,
    reports.report_year,
    reports.reporting_scope,
    reports.report_id,
    reports.form_version,
    facts.fact_code,
    facts.ordinal,
    facts.value,
    facts.unit,
    facts.approximate,
    facts.stated_as_none,
    facts.printed,
    facts.sentence,
    facts.confidence
from {{ ref('stg_narrative_facts') }} as facts
inner join {{ ref('int_reports_current') }} as reports on facts.report_id = reports.report_id
where facts.strict
