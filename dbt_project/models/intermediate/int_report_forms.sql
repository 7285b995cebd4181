-- The forms of each report that was read as one text: reports on the same forms have the same cells.
select
    report_partition,
    report_id,
    concat_ws('|', t2_form, t3_form, t4_form, s14_form, form_variant) as forms,
    t2_form,
    t3_form,
    t4_form,
    s14_form,
    form_variant,
    form_version,
    report_year,
    reporting_scope,
    agency_level,
    function_category
from {{ ref('stg_reports') }}
where status = 'read'
