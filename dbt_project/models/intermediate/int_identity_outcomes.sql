-- One statement judges all rules: the register says which cells are terms and how the sides compare. An identity with
-- unknown terms is broken all the same when no value they could take would mend it. Every instance of every table read is
-- here; one whose cells are all 0 is not among those found, has two sides of 0 and misses nothing.
{{ config(materialized='partitioned', staged=['reports', 'cells']) }}
-- depends_on: {{ ref('int_staged_files') }}

with due as (
    select tables.report_partition, tables.report_id, instances.*
    from {{ ref('int_report_tables') }} as tables
    inner join {{ ref('int_identity_instances') }} as instances
        on tables.edition = instances.edition
        and tables.table_code = instances.table_code
        and (instances.form_variant is null or instances.form_variant = tables.form_variant)
    where {{ in_partition('tables.report_partition') }}
),

sides as (
    select
        due.*,
        found.missing,
        case when found.terms_missing is null then 0 else found.terms_missing end as terms_missing,
        case when found.offending_terms is null then 0 else found.offending_terms end as offending_terms,
        case
            when due.is_sum and case when found.left_missing is null then 0 else found.left_missing end = 0 then case when found.left_known is null then 0 else found.left_known end
        end as left_value,
        case
            when due.is_sum and not due.has_right_side then 0
            when due.is_sum and case when found.right_missing is null then 0 else found.right_missing end = 0 then case when found.right_known is null then 0 else found.right_known end
        end as right_value,
        due.is_sum and due.comparison <> 'at_least' and not found.can_fall
            and found.difference_known > due.tolerance as is_too_high,
        due.is_sum and due.comparison <> 'at_most' and not found.can_rise
            and found.difference_known < -due.tolerance as is_too_low
    from due
    left join {{ ref('int_identity_sides') }} as found
        on due.report_id = found.report_id and due.instance = found.instance
)

select
    report_partition,
    report_id,
    instance,
    left_value::decimal(20, 6) as left_value,
    right_value::decimal(20, 6) as right_value,
    case when missing is null then [] else missing end as missing,
    case
        when is_too_high or is_too_low or offending_terms > 0 then 'broken'
        when terms_missing > 0 then 'not_assessable'
        else 'holds'
    end as outcome
from sides
order by report_id, instance
