{# How far a number may lie from the truth: half of the last decimal place it was printed with, in the unit of the value
   (the value over the number printed). A 0 without decimals is exact. #}
{% macro rounding_slack(printed, value) -%}
{%- set number = "try_cast(replace(regexp_extract(" ~ printed ~ ", '[0-9][0-9,]*([.][0-9]+)?'), ',', '') as double)" -%}
{%- set decimals = "regexp_extract(" ~ printed ~ ", '[0-9][0-9,]*([.]([0-9]+))?', 2)" -%}
case
    when {{ number }} is null or ({{ value }} = 0 and {{ decimals }} = '') then 0
    else 0.5 / pow(10, length({{ decimals }})) * case when {{ number }} = 0 then 1 else {{ value }} / {{ number }} end
end
{%- endmacro %}
