-- Sums of numerators over sums of denominators, never means of rates; a report counts where both its parts are known.
with wide as (
    select
        report_id
        {%- for indicator in agency_year_indicators() %},
        {%- if indicator.is_rate %}
        {{ indicator.code }}_numerator,
        {{ indicator.code }}_denominator,
        {{ indicator.code }}_numerator is not null and {{ indicator.code }}_denominator is not null as {{ indicator.code }}_counts
        {%- else %}
        {{ indicator.code }} as {{ indicator.code }}_numerator,
        {{ indicator.code }} is not null as {{ indicator.code }}_counts
        {%- endif %}
        {%- endfor %}
    from {{ ref('agency_year') }}
),

rolled as (
    {%- for grouping in rollup_groupings() %}
    {%- if not loop.first %}
    union all
    {%- endif %}
    select
        members.report_year,
        members.reporting_scope,
        {{ rollup_key(grouping) | indent(8) }},
        count(*) as reports,
        [
            {%- for indicator in agency_year_indicators() %}
            struct_pack(
                code := '{{ indicator.code }}',
                numerator := sum(wide.{{ indicator.code }}_numerator) filter (wide.{{ indicator.code }}_counts),
                denominator := {% if indicator.is_rate -%}
                    sum(wide.{{ indicator.code }}_denominator) filter (wide.{{ indicator.code }}_counts)
                {%- else -%} null::decimal(38, 6) {%- endif %},
                counted := count(*) filter (wide.{{ indicator.code }}_counts)
            ){{ ',' if not loop.last }}
            {%- endfor %}
        ] as parts
    from {{ ref('int_rollup_members') }} as members
    inner join wide on members.report_id = wide.report_id
    where {{ rollup_filter(grouping) }}
    group by members.report_year, members.reporting_scope, 4, 5, 6, 3
    {%- endfor %}
),

each as (
    select * exclude (parts), unnest(parts, recursive := true)
    from rolled
)

select
    each.report_year,
    each.reporting_scope,
    each.grouped_by,
    each.region_code,
    each.agency_level,
    each.function_category,
    each.code as indicator_code,
    each.numerator::decimal(20, 6) as numerator,
    each.denominator::decimal(20, 6) as denominator,
    each.numerator::double * indicators.factor::double / nullif(each.denominator, 0)::double + indicators.shift::double as rate,
    each.denominator > 0 and each.denominator < indicators.small_number_floor as is_small_number,
    each.counted as reports_counted,
    each.reports - each.counted as reports_unknown,
    coverage.agencies_expected,
    coverage.agencies_reporting,
    coverage.agencies_expected_reporting
from each
inner join {{ ref('catalogue_indicators') }} as indicators on each.code = indicators.code
inner join {{ ref('coverage_rollups') }} as coverage
    on each.report_year = coverage.report_year
    and each.reporting_scope = coverage.reporting_scope
    and each.region_code = coverage.region_code
    and each.agency_level = coverage.agency_level
    and each.function_category = coverage.function_category
where indicators.scopes is null or list_contains(string_split(indicators.scopes, ' '), each.reporting_scope)
