-- As many instances are in the ledger of a report as the register has for its tables; that none is there twice is tested beside it.
with sizes as (
    select edition, table_code, form_variant, count(*) as instances
    from {{ ref('catalogue_identities') }}
    where comparison <> 'reading'
    group by edition, table_code, form_variant
),

due as (
    select tables.report_id, sum(sizes.instances) as instances
    from {{ ref('int_report_tables') }} as tables
    inner join sizes
        on tables.edition = sizes.edition
        and tables.table_code = sizes.table_code
        and (sizes.form_variant is null or sizes.form_variant = tables.form_variant)
    group by tables.report_id
),

found as (
    select report_id, count(*) as instances
    from {{ ref('identity_ledger') }}
    group by report_id
)

select
    case when due.report_id is null then found.report_id else due.report_id end as report_id,
    due.instances as instances_due,
    found.instances as instances_found
from due
full outer join found on due.report_id = found.report_id
where due.instances is distinct from found.instances
