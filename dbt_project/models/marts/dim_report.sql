select
    reports.* exclude (status, evidence, decisions_version),
    scores.* exclude (report_id)
from {{ ref('int_reports_current') }} as reports
inner join {{ ref('int_report_scores') }} as scores on reports.report_id = scores.report_id
