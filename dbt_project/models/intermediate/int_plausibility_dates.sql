-- Dates and years of each document as numbers; days count from the report year, so that a rule can name a deadline.
with numbered as (
    select
        report_id,
        report_year,
        (year(publication_date) - report_year) * 10000 + month(publication_date) * 100 + day(publication_date) as publication_day,
        case when publication_date is null then publication_year_hint else year(publication_date) end as publication_year,
        (year(period_start) - report_year) * 10000 + month(period_start) * 100 + day(period_start) as period_start,
        (year(period_end) - report_year) * 10000 + month(period_end) * 100 + day(period_end) as period_end,
        year(period_start) as period_year,
        try_cast(nullif(regexp_extract(title, '20[0-9][0-9]'), '') as bigint) as title_year
    from {{ ref('stg_reports') }}
    where status = 'read' and {{ in_partition_or_year_before() }}
)

select report_id, 'report/document/' || field as figure, value
from (unpivot (select report_id, columns(* exclude (report_id))::bigint from numbered) on columns(* exclude (report_id)) into name field value value)
