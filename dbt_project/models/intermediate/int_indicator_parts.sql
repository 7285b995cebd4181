-- Numerator and denominator of every indicator of every current report it is about. A term that the report's edition does not have
-- is skipped (其他处理 is one row in 2019 and three in 2021); a term that is there but unknown makes the part unknown,
-- and so does a whole table the report lacks. What its forms leave of a part is the same for all reports on these forms.
with cell_terms as (
    select * from {{ ref('catalogue_indicator_terms') }} where table_code <> 'population'
),

reports as (
    select
        current.report_partition,
        current.report_id,
        array_to_string(list_sort(list(tables.table_code || ' ' || tables.edition)), ', ') as forms
    from {{ ref('int_reports_current') }} as current
    inner join {{ ref('int_report_tables') }} as tables on current.report_id = tables.report_id
    where {{ in_partition_or_year_before('current.report_partition') }}
        and {{ in_partition_or_year_before('tables.report_partition') }}
    group by current.report_partition, current.report_id
),

forms as (
    select forms, split_part(form, ' ', 1) as table_code, split_part(form, ' ', 2) as edition
    from (select distinct forms, unnest(string_split(forms, ', ')) as form from reports)
),

parts as (
    select indicator_code, part, any_value(relation) as relation, list(distinct table_code) as tables_needed
    from cell_terms
    group by indicator_code, part
),

parts_on_forms as (
    select
        forms.forms,
        terms.indicator_code,
        terms.part,
        any_value(parts.relation) as relation,
        list_has_all(list(distinct forms.table_code), any_value(parts.tables_needed)) as is_whole
    from forms
    inner join {{ ref('int_form_cells') }} as items on forms.edition = items.edition and forms.table_code = items.table_code
    inner join cell_terms as terms
        on items.table_code = terms.table_code
        and items.row_code = terms.row_code
        and items.column_code = terms.column_code
    inner join parts on terms.indicator_code = parts.indicator_code and terms.part = parts.part
    group by forms.forms, terms.indicator_code, terms.part
),

found as (
    select
        cells.report_id,
        terms.indicator_code,
        terms.part,
        sum(terms.sign * cells.value_published) as known,
        count(*) filter (cells.value_published is null) as terms_unknown
    from {{ ref('int_cells_not_zero') }} as cells
    inner join {{ ref('int_form_cells') }} as items on cells.cell = items.cell
    inner join cell_terms as terms
        on items.table_code = terms.table_code
        and items.row_code = terms.row_code
        and items.column_code = terms.column_code
    where {{ in_partition_or_year_before('cells.report_partition') }}
    group by cells.report_id, terms.indicator_code, terms.part
),

-- what the cells of each report give, whichever report it is asked for
own as (
    select
        reports.report_id,
        parts.indicator_code,
        parts.part,
        parts.relation,
        case
            when not parts.is_whole or found.terms_unknown > 0 then null
            when found.report_id is null then 0 -- every cell of the part is there and simply 0
            else found.known
        end::decimal(20, 6) as value
    from reports
    inner join parts_on_forms as parts on reports.forms = parts.forms
    left join found
        on reports.report_id = found.report_id
        and parts.indicator_code = found.indicator_code
        and parts.part = found.part
    where parts.relation <> 'this' or {{ in_partition('reports.report_partition') }}
),

populations as (
    select region_code, report_year, max(population) as population
    from {{ ref('stg_populations') }}
    group by region_code, report_year
    having count(distinct population) = 1
),

every_part as (
    select report_id, indicator_code, part, value from own where relation = 'this'
    union all
    select prior.report_id, own.indicator_code, own.part, own.value
    from own
    inner join {{ ref('int_reports_prior_year') }} as prior on own.report_id = prior.prior_report_id
    where own.relation = 'prior_year'
    union all
    select reports.report_id, terms.indicator_code, terms.part, terms.sign * populations.population
    from {{ ref('int_reports_current') }} as reports
    inner join populations
        on reports.region_code = populations.region_code and reports.report_year = populations.report_year
    inner join {{ ref('catalogue_indicator_terms') }} as terms on terms.table_code = 'population'
)

select
    every_part.report_id,
    every_part.indicator_code,
    every_part.part,
    every_part.value::decimal(20, 6) as value
from every_part
inner join {{ ref('catalogue_indicators') }} as indicators on every_part.indicator_code = indicators.code
inner join {{ ref('int_reports_current') }} as reports on every_part.report_id = reports.report_id
where {{ in_partition('reports.report_partition') }}
    and (indicators.scopes is null or list_contains(string_split(indicators.scopes, ' '), reports.reporting_scope))
