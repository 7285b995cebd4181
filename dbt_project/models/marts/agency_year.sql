-- Wide on purpose: what most questions need, in one row. Columns come from the catalogue (macros/derived).
with counts as (
    select
        report_id
        {%- for count in agency_year_counts() %},
        max(value) filter (
            table_code = '{{ count.table_code }}' and row_code = '{{ count.row_code }}' and column_code = '{{ count.column_code }}'
        ) as {{ count.name }}
        {%- endfor %}
    from {{ ref('int_cells_current') }}
    where (table_code, row_code, column_code) in (
        {%- for count in agency_year_counts() %}
        ('{{ count.table_code }}', '{{ count.row_code }}', '{{ count.column_code }}'){{ ',' if not loop.last }}
        {%- endfor %}
    )
    group by report_id
),

indicators as (
    select
        report_id,
        list(indicator_code order by indicator_code) filter (is_small_number) as small_number_indicators
        {%- for indicator in agency_year_indicators() %},
        {%- if indicator.is_rate %}
        max(rate) filter (indicator_code = '{{ indicator.code }}') as {{ indicator.code }},
        max(numerator) filter (indicator_code = '{{ indicator.code }}') as {{ indicator.code }}_numerator,
        max(denominator) filter (indicator_code = '{{ indicator.code }}') as {{ indicator.code }}_denominator
        {%- else %}
        max(total) filter (indicator_code = '{{ indicator.code }}') as {{ indicator.code }}
        {%- endif %}
        {%- endfor %}
    from {{ ref('int_indicators') }}
    group by report_id
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
    scores.cells_printed / nullif(scores.cells_on_form, 0) as completeness,
    scores.cells_printed,
    scores.cells_on_form,
    counts.* exclude (report_id),
    indicators.* exclude (report_id, small_number_indicators)
from {{ ref('int_reports_current') }} as reports
inner join {{ ref('int_report_scores') }} as scores on reports.report_id = scores.report_id
left join counts on reports.report_id = counts.report_id
left join indicators on reports.report_id = indicators.report_id
