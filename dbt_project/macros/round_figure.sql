{# A figure to the six decimals figures are kept with. Half of those that rules compare are 0, and to round a long decimal takes a
   microsecond, in which a hundred are compared with 0. #}
{% macro round_figure(expression) -%}
case when {{ expression }} = 0 then 0 else ({{ expression }})::decimal(20, 6) end
{%- endmacro %}
