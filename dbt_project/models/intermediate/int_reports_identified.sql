-- Reports with the agency they are by: as they name it, or as the report says of which they are a copy.
select
    reports.* exclude (decisions_version, {{ report_words() | join(', ') }})
    replace (
        case when copies.report_id is null then reports.agency_id else copies.agency_id end as agency_id,
        case when copies.report_id is null then reports.agency_name else originals.agency_name end as agency_name,
        case when copies.report_id is null then reports.agency_short_name else originals.agency_short_name end as agency_short_name,
        case when copies.report_id is null then reports.credit_code else originals.credit_code end as credit_code,
        case when copies.report_id is null then reports.agency_level else originals.agency_level end as agency_level,
        case when copies.report_id is null then reports.function_category else originals.function_category end as function_category,
        case when copies.report_id is null then reports.organ_type else originals.organ_type end as organ_type,
        case when copies.report_id is null then reports.reporting_scope else originals.reporting_scope end as reporting_scope,
        case when copies.report_id is null then reports.region_code else originals.region_code end as region_code,
        case when copies.report_id is null then reports.region_name else originals.region_name end as region_name,
        case when copies.report_id is null then reports.region_id else originals.region_id end as region_id,
        case when copies.report_id is null then reports.place_id else originals.place_id end as place_id,
        case when copies.report_id is null then reports.identified_by else 'content' end as identified_by
    ),
    reports.agency_name as agency_name_stated
from {{ ref('int_reports_named') }} as reports
left join {{ ref('int_reports_copied') }} as copies on reports.report_id = copies.report_id
left join {{ ref('int_reports_named') }} as originals on copies.original_report_id = originals.report_id
