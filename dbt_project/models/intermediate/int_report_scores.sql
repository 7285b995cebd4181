-- How much of each report is printed, and how many of its must-hold identities between cells hold. Rules about
-- single cells (sign, wholeness, size) are left out of the rate: nearly every table passes them. A report without
-- tables, and one whose cells are all 0, has no line to be counted: that is a count of 0, not an unknown.
{{ config(materialized='partitioned', staged=['reports', 'cells']) }}
-- depends_on: {{ ref('int_staged_files') }}

with tables as (
    select * from {{ ref('int_report_tables') }} where {{ in_partition() }}
),

form_sizes as (
    select tables.table_code, tables.edition, tables.form_variant, count(*) as cells_on_form
    from (select distinct table_code, edition, form_variant from tables) as tables
    inner join {{ ref('int_form_cells') }} as items
        on tables.edition = items.edition
        and tables.table_code = items.table_code
        and (items.form_variant is null or items.form_variant = tables.form_variant)
    group by tables.table_code, tables.edition, tables.form_variant
),

sizes as (
    select tables.report_id, sum(form_sizes.cells_on_form)::bigint as cells_on_form
    from tables
    inner join form_sizes
        on tables.table_code = form_sizes.table_code
        and tables.edition = form_sizes.edition
        and tables.form_variant is not distinct from form_sizes.form_variant
    group by tables.report_id
),

cells as (
    select
        report_id,
        count(*) filter (value is null) as cells_not_printed,
        count(*) filter (value_source = 'imputed') as cells_imputed,
        count(*) filter (value_source = 'withheld') as cells_withheld
    from {{ ref('int_cells_not_zero') }}
    where {{ in_partition() }}
    group by report_id
),

identities as (
    select
        outcomes.report_id,
        count(*) filter (outcomes.outcome in ('holds', 'broken')) as identities_assessed,
        count(*) filter (outcomes.outcome = 'holds') as identities_held
    from {{ ref('int_identity_outcomes') }} as outcomes
    inner join {{ ref('int_identity_instances') }} as instances on outcomes.instance = instances.instance
    where {{ in_partition('outcomes.report_partition') }} and instances.is_sum and instances.severity in ('O', 'D')
    group by outcomes.report_id
)

select
    reports.report_id,
    case when sizes.cells_on_form is null then 0 else sizes.cells_on_form end as cells_on_form,
    case when sizes.cells_on_form is null then 0 else sizes.cells_on_form end - case when cells.cells_not_printed is null then 0 else cells.cells_not_printed end as cells_printed,
    case when cells.cells_imputed is null then 0 else cells.cells_imputed end as cells_imputed,
    case when cells.cells_withheld is null then 0 else cells.cells_withheld end as cells_withheld,
    case when identities.identities_assessed is null then 0 else identities.identities_assessed end as identities_assessed,
    case when identities.identities_held is null then 0 else identities.identities_held end as identities_held
from {{ ref('stg_reports') }} as reports
left join sizes on reports.report_id = sizes.report_id
left join cells on reports.report_id = cells.report_id
left join identities on reports.report_id = identities.report_id
where {{ in_partition('reports.report_partition') }} and reports.status = 'read'
order by reports.report_id
