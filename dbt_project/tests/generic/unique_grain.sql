{# No two rows share the values of these columns: the table's grain is what its description says. #}
{% test unique_grain(model, columns) %}
select {{ columns | join(', ') }}, count(*) as rows_found
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
