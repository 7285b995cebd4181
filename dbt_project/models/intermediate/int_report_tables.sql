-- The statutory tables each report has, with the edition its header words prove.
select
    reports.report_partition,
    reports.report_id,
    reports.form_variant,
    tables.table_code,
    tables.edition
from {{ ref('stg_reports') }} as reports
cross join lateral (
    values ('T2', reports.t2_form), ('T3', reports.t3_form), ('T4', reports.t4_form), ('S14', reports.s14_form)
) as tables (table_code, edition)
where reports.status = 'read' and tables.edition is not null
