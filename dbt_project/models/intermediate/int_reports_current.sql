select * exclude (version_rank, current_report_id, content_id, current_content_id)
from {{ ref('int_reports_versioned') }}
where version_rank = 1
