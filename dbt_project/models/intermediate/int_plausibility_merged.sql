-- The closing figures of organs that were merged, added up under the id that stands for them together. A figure that one of
-- them leaves unknown is unknown; what is counted from one report, or dated, does not add up.
with parts as (
    select distinct related_report_id as report_id, len(parts) as reports, unnest(parts) as part_report_id
    from {{ ref('int_reports_related') }}
    where related_report_id like 'merged:%' and {{ in_partition() }}
),

cells as (
    {{ cells_of('(select part_report_id as report_id from parts)', ref('int_plausibility_terms_joined')) | indent(4) }}
)

select
    parts.report_id,
    cells.table_code || '/' || cells.row_code || '/' || cells.column_code as figure,
    sum(cells.value) as value,
    sum(cells.slack) as slack
from parts
inner join cells on parts.part_report_id = cells.report_id
group by parts.report_id, parts.reports, cells.table_code, cells.row_code, cells.column_code
having count(cells.value) = parts.reports
