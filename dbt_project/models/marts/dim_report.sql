select
    reports.* exclude (
        status, decisions_version, agency_key, agency_id_stated, agency_name_stated, credit_code_stated,
        credit_code_state, identified_by, listed_id, region_id, place_id,
        report_partition
    ),
    scores.* exclude (report_id)
from {{ ref('int_reports_current') }} as reports
inner join {{ ref('int_report_scores') }} as scores on reports.report_id = scores.report_id
