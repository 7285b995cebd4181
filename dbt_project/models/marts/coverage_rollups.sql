{% for grouping in rollup_groupings() %}
{%- if not loop.first %}
union all
{% endif -%}
select
    report_year,
    reporting_scope,
    {{ rollup_key(grouping) | indent(4) }},
    count(*) filter (is_expected) as agencies_expected,
    count(*) filter (report_id is not null) as agencies_reporting,
    count(*) filter (is_expected and report_id is not null) as agencies_expected_reporting,
    count(*) filter (status = 'published') as published,
    count(*) filter (status = 'withheld_in_part') as withheld_in_part,
    count(*) filter (status = 'unreadable') as unreadable,
    count(*) filter (status = 'not_filed') as not_filed,
    count(*) filter (timeliness = 'on_time') as on_time,
    count(*) filter (timeliness = 'late') as late,
    count(*) filter (timeliness = 'undated') as undated,
    count(*) filter (timeliness = 'no_deadline') as no_deadline
from {{ ref('int_rollup_members') }}
where {{ rollup_filter(grouping) }}
group by all
{%- endfor %}
