{# The groupings of the roll-ups. Reports of governments contain those below them, so they are only ever added up within one
   level: groupings that mix levels are for agencies. #}
{% macro rollup_groupings() %}{{ return([
    {'name': 'all', 'by': [], 'mixes_levels': true},
    {'name': 'level', 'by': ['agency_level'], 'mixes_levels': false},
    {'name': 'function', 'by': ['function_category'], 'mixes_levels': true},
    {'name': 'level_function', 'by': ['agency_level', 'function_category'], 'mixes_levels': false},
    {'name': 'region', 'by': ['province_code'], 'mixes_levels': true},
    {'name': 'region', 'by': ['prefecture_code'], 'mixes_levels': true},
    {'name': 'region', 'by': ['county_code'], 'mixes_levels': true},
    {'name': 'province_level', 'by': ['province_code', 'agency_level'], 'mixes_levels': false},
    {'name': 'province_function', 'by': ['province_code', 'function_category'], 'mixes_levels': true},
]) }}{% endmacro %}

{# The columns that name a group: the region it lies in (100000 is the whole country), level and function, or "all". #}
{% macro rollup_key(grouping) -%}
{%- set region = grouping.by | select('in', ['province_code', 'prefecture_code', 'county_code']) | list -%}
'{{ grouping.name }}' as grouped_by,
{{ region[0] if region else "'100000'" }} as region_code,
{{ 'agency_level' if 'agency_level' in grouping.by else "'all'" }} as agency_level,
{{ 'function_category' if 'function_category' in grouping.by else "'all'" }} as function_category
{%- endmacro %}

{# Which members a grouping takes: those it can place, and no mixture of levels for reports of governments. #}
{% macro rollup_filter(grouping) -%}
{%- for column in grouping.by %}{% if column.endswith('_code') %}{{ column }} is not null and {% endif %}{% endfor -%}
{%- if grouping.mixes_levels %}reporting_scope = 'agency'{% else %}true{% endif -%}
{%- endmacro %}
