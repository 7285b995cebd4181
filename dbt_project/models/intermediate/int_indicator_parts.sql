-- Numerator and denominator of every indicator of every current report. A term that the report's edition does not have
-- is skipped (其他处理 is one row in 2019 and three in 2021); a term that is there but unknown makes the part unknown,
-- and so does a whole table the report lacks.
with parts as (
    select
        cells.report_id,
        terms.indicator_code,
        terms.part,
        sum(terms.sign * cells.value) as known,
        count(*) filter (cells.value is null) as terms_unknown
    from {{ ref('int_cells_current') }} as cells
    inner join {{ ref('catalogue_indicator_terms') }} as terms
        on cells.table_code = terms.table_code
        and cells.row_code = terms.row_code
        and cells.column_code = terms.column_code
    group by cells.report_id, terms.indicator_code, terms.part
),

tables_needed as (
    select indicator_code, part, list(distinct table_code) as table_codes
    from {{ ref('catalogue_indicator_terms') }}
    group by indicator_code, part
),

tables_read as (
    select report_id, list(table_code) as table_codes
    from {{ ref('int_report_tables') }}
    group by report_id
)

select
    parts.report_id,
    parts.indicator_code,
    parts.part,
    case
        when parts.terms_unknown = 0 and list_has_all(tables_read.table_codes, tables_needed.table_codes)
            then parts.known
    end::decimal(20, 6) as value
from parts
inner join tables_needed
    on parts.indicator_code = tables_needed.indicator_code and parts.part = tables_needed.part
inner join tables_read on parts.report_id = tables_read.report_id
