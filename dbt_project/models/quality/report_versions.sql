-- Every report that can be placed, with what it is among those of its agency, year and scope.
select
    versions.report_id,
    versions.sha256,
    versions.source,
    versions.agency_id,
    versions.agency_name,
    versions.report_year,
    versions.reporting_scope,
    versions.publication_date,
    versions.received_at,
    versions.version_rank,
    case
        when versions.version_rank = 1 then 'current'
        when versions.content_id = versions.current_content_id then 'copy'
        else 'superseded'
    end as standing,
    versions.current_report_id,
    versions.content_id,
    compared.figures_known,
    compared.other_figures_known as current_figures_known,
    compared.figures_shared,
    compared.figures_differing
from {{ ref('int_reports_versioned') }} as versions
left join {{ ref('int_report_versions_compared') }} as compared
    on versions.report_id = compared.report_id and versions.current_report_id = compared.other_report_id
