-- The cells in which a superseded report and the current one differ, or that only one of them tells. Copies are left out: their
-- figures nowhere contradict the current ones.
with superseded as (
    select report_id, current_report_id, agency_id, agency_name, report_year, reporting_scope
    from {{ ref('int_reports_versioned') }}
    where content_id <> current_content_id
),

concerned as (
    select report_id from superseded
    union
    select current_report_id from superseded
),

cells as (
    select
        cells.report_id,
        cells.table_code,
        cells.row_code,
        cells.column_code,
        cells.printed,
        case when cells.value is null then cells.value_imputed else cells.value end as value
    from {{ ref('stg_cells') }} as cells
    semi join concerned on cells.report_id = concerned.report_id
),

before as (
    select superseded.current_report_id, cells.*
    from superseded
    inner join cells on superseded.report_id = cells.report_id
),

after as (
    select superseded.report_id as superseded_report_id, cells.*
    from superseded
    inner join cells on superseded.current_report_id = cells.report_id
),

both_versions as (
    select
        case when before.report_id is null then after.superseded_report_id else before.report_id end as report_id,
        case when before.report_id is null then after.table_code else before.table_code end as table_code,
        case when before.report_id is null then after.row_code else before.row_code end as row_code,
        case when before.report_id is null then after.column_code else before.column_code end as column_code,
        before.printed,
        before.value,
        after.printed as current_printed,
        after.value as current_value
    from before
    full join after
        on before.report_id = after.superseded_report_id
        and before.table_code = after.table_code
        and before.row_code = after.row_code
        and before.column_code = after.column_code
)

select
    superseded.report_id,
    superseded.current_report_id,
    superseded.agency_id,
    superseded.agency_name,
    superseded.report_year,
    superseded.reporting_scope,
    both_versions.table_code,
    both_versions.row_code,
    both_versions.column_code,
    both_versions.printed,
    both_versions.value,
    both_versions.current_printed,
    both_versions.current_value,
    case
        when both_versions.current_value is null then 'only_here'
        when both_versions.value is null then 'only_in_current'
        else 'differs'
    end as kind
from both_versions
inner join superseded on both_versions.report_id = superseded.report_id
where both_versions.value is distinct from both_versions.current_value
