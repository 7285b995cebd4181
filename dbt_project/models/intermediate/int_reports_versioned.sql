-- Agencies change reports after publication, and reports stand at several addresses. Reports whose figures nowhere contradict
-- each other are copies of one content, and the most complete of them, at a government's address where there is one, stands for it.
-- A content is as old as its oldest copy: a mirror taken late makes no old content new. Of several contents for one agency,
-- year and scope the latest is current. An agency without a known place is only a name: under it two contents for one year
-- may be of two agencies, and none of them is taken.
{{ config(materialized='table') }}

-- Few reports have another for the same agency and year to be compared with; only those are ranked.
with reports as (
    select
        keyed.report_id,
        keyed.agency_id,
        keyed.report_year,
        keyed.reporting_scope,
        keyed.publication_date,
        keyed.received_at,
        keyed.place_id,
        regexp_matches(lower(keyed.source), '^[a-z]+://[^/]*[.]gov[.]cn([:/]|$)') as is_government_address
    from {{ ref('int_reports_keyed') }} as keyed
    semi join {{ ref('int_report_versions_compared') }} as compared on keyed.report_id = compared.report_id
),

heads as (
    select
        compared.report_id,
        arg_max(
            compared.other_report_id,
            struct_pack(
                known := compared.other_figures_known,
                government := others.is_government_address,
                age := -epoch_us(others.received_at),
                tie := others.report_id
            )
        ) as head_report_id
    from {{ ref('int_report_versions_compared') }} as compared
    inner join reports as these on compared.report_id = these.report_id
    inner join reports as others on compared.other_report_id = others.report_id
    where compared.figures_differing = 0
        and (compared.figures_shared > 0 or (compared.figures_known = 0 and compared.other_figures_known > 0))
        and (compared.other_figures_known, others.is_government_address, -epoch_us(others.received_at), others.report_id)
        > (compared.figures_known, these.is_government_address, -epoch_us(these.received_at), these.report_id)
    group by compared.report_id
),

contents as (
    select
        reports.*,
        -- what is a copy of a copy, and not of the head itself, stands for itself
        case
            when heads.report_id is null or above.report_id is not null then reports.report_id
            else heads.head_report_id
        end as content_id
    from reports
    left join heads on reports.report_id = heads.report_id
    left join heads as above on heads.head_report_id = above.report_id
),

dated as (
    select
        *,
        min(publication_date) over (partition by content_id) as content_date,
        min(received_at) over (partition by content_id) as content_received_at,
        count(distinct content_id) over (partition by agency_id, report_year, reporting_scope) as contents
    from contents
),

ranked as (
    select
        report_id,
        content_id,
        row_number() over newest_first as version_rank,
        first_value(report_id) over newest_first as current_report_id,
        first_value(content_id) over newest_first as current_content_id
    from dated
    where place_id is not null or contents = 1
    window newest_first as (
        partition by agency_id, report_year, reporting_scope
        order by
            content_date desc nulls last,
            content_received_at desc,
            content_id,
            (report_id = content_id) desc,
            received_at,
            report_id
    )
)

select
    keyed.*,
    case when ranked.report_id is null then keyed.report_id else ranked.content_id end as content_id,
    case when ranked.report_id is null then 1 else ranked.version_rank end as version_rank,
    case when ranked.report_id is null then keyed.report_id else ranked.current_report_id end as current_report_id,
    case when ranked.report_id is null then keyed.report_id else ranked.current_content_id end as current_content_id
from {{ ref('int_reports_keyed') }} as keyed
left join ranked on keyed.report_id = ranked.report_id
where ranked.report_id is not null or keyed.report_id not in (select report_id from reports)
