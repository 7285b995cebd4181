-- What every staged file holds, as one hash of its bytes: what is made of a file is made again when the hash changes.
{{ config(materialized='table') }}

{% set tables = ['reports', 'cells', 'narrative_facts', 'identities', 'plausibility', 'findings', 'candidates', 'decisions'] -%}
{% for table in tables -%}
select '{{ table }}' as table_name, parse_filename(filename, true) as report_partition, md5(content) as content
from read_blob('{{ env_var("GOUJI_STAGING") }}/{{ table }}/*.parquet')
{% if not loop.last %}union all{% endif %}
{% endfor %}
