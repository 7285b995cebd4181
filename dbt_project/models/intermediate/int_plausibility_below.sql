-- What the known agency reports of a government's region, and of the regions in it, add up to. The code of a region
-- starts with that of the region it lies in.
with agencies as (
    select
        report_id,
        report_year,
        unnest(list_distinct([region_code, left(region_code, 4) || '00', left(region_code, 2) || '0000'])) as region_code
    from {{ ref('int_reports_current') }}
    where reporting_scope = 'agency' and region_code is not null and {{ in_partition() }}
),

wanted as (
    select distinct of_table_code, row_code, column_code
    from {{ ref('int_plausibility_terms_joined') }}
    where term_relation = 'agencies_below'
),

cells as (
    {{ cells_of('agencies', 'wanted') | indent(4) }}
)

select
    governments.report_id,
    'below:' || cells.table_code || '/' || cells.row_code || '/' || cells.column_code as figure,
    sum(cells.value) as value
from {{ ref('int_reports_current') }} as governments
inner join agencies
    on governments.region_code = agencies.region_code and governments.report_year = agencies.report_year
inner join cells on agencies.report_id = cells.report_id
where governments.reporting_scope = 'jurisdiction' and {{ in_partition('governments.report_partition') }}
group by governments.report_id, cells.table_code, cells.row_code, cells.column_code
having sum(cells.value) is not null
