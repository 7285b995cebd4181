-- Every fact belongs to a current report and a known agency; a region code is one that exists.
{% for fact in ['fct_proactive_disclosure', 'fct_applications', 'fct_review_litigation', 'fct_statistics_annex', 'fct_narrative_counts', 'agency_year'] -%}
select distinct '{{ fact }}' as table_name, 'dim_report' as dimension, facts.report_id as missing_key
from {{ ref(fact) }} as facts
anti join {{ ref('dim_report') }} as reports on facts.report_id = reports.report_id
union all
{% endfor -%}
select 'dim_report' as table_name, 'dim_agency' as dimension, reports.agency_id as missing_key
from {{ ref('dim_report') }} as reports
anti join {{ ref('dim_agency') }} as agencies on reports.agency_id = agencies.agency_id
union all
select 'dim_report' as table_name, 'dim_region' as dimension, reports.region_code as missing_key
from {{ ref('dim_report') }} as reports
anti join {{ ref('dim_region') }} as regions on reports.region_code = regions.region_code
where reports.region_code is not null
