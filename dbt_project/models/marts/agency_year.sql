-- Wide on purpose: what most questions need, in one row. Columns come from the catalogue (macros/derived).
{{ config(materialized='table_by_year') }}
-- depends_on: {{ ref('int_staged_files') }}

with places as (
    -- which cell of its form each count is; null where the form has no such cell
    select
        edition
        {%- for count in agency_year_counts() %},
        max(cell) filter (
            table_code = '{{ count.table_code }}' and row_code = '{{ count.row_code }}' and column_code = '{{ count.column_code }}'
        ) as {{ count.name }}
        {%- endfor %}
    from {{ ref('int_form_cells') }}
    group by edition
),

-- the cell of every count that is not simply a 0, side by side; a count withheld is there without a value
figures as (
    from (
        select cells.report_id, counts.count_number, struct_pack(value := cells.value_published) as figure
        from {{ ref('int_cells_not_zero') }} as cells
        inner join (
            {%- for count in agency_year_counts() %}
            select {{ count.name }} as cell, {{ loop.index }} as count_number from places where {{ count.name }} is not null
            {%- if not loop.last %} union all{% endif %}
            {%- endfor %}
        ) as counts on cells.cell = counts.cell
        where {{ in_partition('cells.report_partition') }}
    )
    pivot (
        any_value(figure) for count_number in (
            {%- for count in agency_year_counts() %}{{ loop.index }} as {{ count.name }}{{ ', ' if not loop.last }}{% endfor -%}
        )
        group by report_id
    )
),

indicators as (
    select
        indicators.report_id,
        -- lists are sorted after they are made: an aggregate that sorts keeps a buffer for every report
        list_sort(list(indicators.indicator_code) filter (indicators.is_small_number)) as small_number_indicators,
        list(struct_pack(numerator := numerator, denominator := denominator, total := total, rate := rate)) as shown,
        list(places.place) as places
    from {{ ref('int_indicators') }} as indicators
    inner join (
        values
        {%- for indicator in agency_year_indicators() %}
        ('{{ indicator.code }}', {{ loop.index }}){{ ',' if not loop.last }}
        {%- endfor %}
    ) as places (indicator_code, place) on indicators.indicator_code = places.indicator_code
    group by indicators.report_id
)

select
    reports.agency_id,
    reports.agency_name,
    reports.agency_level,
    reports.function_category,
    reports.region_code,
    reports.report_year,
    reports.reporting_scope,
    reports.report_id,
    reports.form_version,
    reports.t2_form,
    reports.t3_form,
    reports.t4_form,
    reports.s14_form,
    indicators.small_number_indicators is not null as small_numbers,
    case when indicators.small_number_indicators is null then [] else indicators.small_number_indicators end as small_number_indicators,
    scores.identities_held / nullif(scores.identities_assessed, 0) as identity_pass_rate,
    scores.identities_held,
    scores.identities_assessed,
    deadlines.first_published_on <= deadlines.deadline as on_time,
    datediff('day', deadlines.first_published_on, deadlines.deadline) as days_to_deadline,
    scores.cells_printed / nullif(scores.cells_on_form, 0) as completeness,
    scores.cells_printed,
    scores.cells_on_form
    {%- for count in agency_year_counts() %},
    case
        when {{ count.table_code | lower }}.{{ count.name }} is null then null
        when figures.{{ count.name }} is null then 0
        else figures.{{ count.name }}.value
    end::decimal(20, 6) as {{ count.name }}
    {%- endfor %}
    {%- for indicator in agency_year_indicators() %}
    {%- set shown = 'indicators.shown[list_position(indicators.places, ' ~ loop.index ~ ')]' %}
    {%- if indicator.is_rate %},
    {{ shown }}.rate as {{ indicator.code }},
    {{ shown }}.numerator as {{ indicator.code }}_numerator,
    {{ shown }}.denominator as {{ indicator.code }}_denominator
    {%- else %},
    {{ shown }}.total as {{ indicator.code }}
    {%- endif %}
    {%- endfor %}
from {{ ref('int_reports_current') }} as reports
inner join {{ ref('int_report_scores') }} as scores on reports.report_id = scores.report_id
{%- for table in agency_year_counts() | map(attribute='table_code') | unique %}
left join places as {{ table | lower }} on reports.{{ table | lower }}_form = {{ table | lower }}.edition
{%- endfor %}
left join figures on reports.report_id = figures.report_id
left join {{ ref('int_deadlines') }} as deadlines
    on reports.agency_id = deadlines.agency_id
    and reports.report_year = deadlines.report_year
    and reports.reporting_scope = deadlines.reporting_scope
left join indicators on reports.report_id = indicators.report_id
where {{ in_partition('reports.report_partition') }}
