-- How much of each current report is printed, and how many of its must-hold identities between cells hold. Rules about
-- single cells (sign, wholeness, size) are left out of the rate: nearly every table passes them. A report without
-- tables counts no cell and no identity.
{{ config(materialized='table') }}

with form_sizes as (
    select tables.table_code, tables.edition, tables.form_variant, count(*) as cells_on_form
    from (select distinct table_code, edition, form_variant from {{ ref('int_report_tables') }}) as tables
    inner join {{ ref('int_form_cells') }} as items
        on tables.edition = items.edition
        and tables.table_code = items.table_code
        and (items.form_variant is null or items.form_variant = tables.form_variant)
    group by tables.table_code, tables.edition, tables.form_variant
),

sizes as (
    select tables.report_id, sum(form_sizes.cells_on_form)::bigint as cells_on_form
    from {{ ref('int_report_tables') }} as tables
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
    group by report_id
),

identities as (
    select
        outcomes.report_id,
        count(*) filter (outcomes.outcome in ('holds', 'broken')) as identities_assessed,
        count(*) filter (outcomes.outcome = 'holds') as identities_held
    from {{ ref('int_identity_outcomes') }} as outcomes
    inner join {{ ref('int_identity_instances') }} as instances on outcomes.instance = instances.instance
    where instances.is_sum and instances.severity in ('O', 'D')
    group by outcomes.report_id
)

select
    reports.report_id,
    coalesce(sizes.cells_on_form, 0) as cells_on_form,
    coalesce(sizes.cells_on_form, 0) - coalesce(cells.cells_not_printed, 0) as cells_printed,
    coalesce(cells.cells_imputed, 0) as cells_imputed,
    coalesce(cells.cells_withheld, 0) as cells_withheld,
    coalesce(identities.identities_assessed, 0) as identities_assessed,
    coalesce(identities.identities_held, 0) as identities_held
from {{ ref('int_reports_current') }} as reports
left join sizes on reports.report_id = sizes.report_id
left join cells on reports.report_id = cells.report_id
left join identities on reports.report_id = identities.report_id
