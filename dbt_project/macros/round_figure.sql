{# A figure to the six decimals figures are kept with. DuckDB takes over a microsecond to round a decimal of more than 18 digits
   and a sixtieth of that for one of 18, which nearly every figure fits. #}
{% macro round_figure(expression) -%}
case
    when {{ expression }} between -99999999 and 99999999 then ({{ expression }})::decimal(18, 10)::decimal(20, 6)
    else ({{ expression }})::decimal(20, 6)
end
{%- endmacro %}
