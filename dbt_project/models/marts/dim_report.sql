select
    reports.* exclude (
        status, agency_key, agency_id_stated, agency_name_stated, credit_code_stated,
        credit_code_state, identified_by, listed_id, region_id, place_id,
        report_partition
    ),
    {% for word in report_words() -%}
    words.{{ word }},
    {% endfor -%}
    scores.* exclude (report_id)
from {{ ref('int_reports_current') }} as reports
inner join {{ ref('int_report_scores') }} as scores on reports.report_id = scores.report_id
inner join {{ ref('stg_reports') }} as words on reports.report_id = words.report_id
