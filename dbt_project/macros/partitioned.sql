{# A model that is computed one report year at a time and kept as one Parquet file per year beside the warehouse, with a view
   over the files. A year is computed again only when something it is made of has changed: the staged files of the year,
   those of `years_back` years before, or the SQL and seeds this model and its ancestors stand on. What a file was made of is
   written in the file itself, and a file gets its name when it is whole, so a run that dies leaves whole years only, and
   computing everything anew gives the same files: rows are written in their order, which a join upsets otherwise from the
   second row group on.

   config: staged: the staging tables the model reads; years_back: how many earlier years it looks at (default 0);
   relations: further relations, each with a column `report_partition`, whose rows of the year it depends on. #}
{% materialization partitioned, adapter='duckdb' %}
  {%- set target_relation = this.incorporate(type='view') -%}
  {%- set existing_relation = load_cached_relation(this) -%}
  {%- set stem = env_var('GOUJI_WAREHOUSE') ~ '.' ~ model.name ~ '.' -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {%- if config.get('contract').enforced -%}{%- do get_assert_columns_equivalent(sql) -%}{%- endif -%}

  {%- set standing = {} if should_full_refresh() else standing_files(stem) -%}
  {%- set files = [] -%}
  {%- for row in run_query(keys_of_partitions(sql)).rows -%}
    {%- set file = stem ~ row[0] ~ '.parquet' -%}
    {%- do files.append(file) -%}
    {%- if standing.get(file) != row[1] -%}
      {%- do run_query("set variable report_partition = '" ~ row[0] ~ "'") -%}
      {%- do run_query(
        "copy (" ~ sql ~ ") to '" ~ file ~ "' (format parquet, compression zstd, preserve_order true, use_tmp_file true, kv_metadata {made_of: '" ~ row[1] ~ "'})"
      ) -%}
      {%- do run_query("reset variable report_partition") -%}
    {%- endif -%}
  {%- endfor -%}

  {%- if existing_relation is not none and existing_relation.type != 'view' -%}
    {{ drop_relation_if_exists(existing_relation) }}
  {%- endif -%}
  {%- call statement('main') -%}
    create or replace view {{ target_relation }} as select * from read_parquet(['{{ files | join("', '") }}'])
  {%- endcall -%}

  {%- do persist_docs(target_relation, model) -%}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {{ adapter.commit() }}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{# File -> what it was made of, of every file of a model that stands. #}
{% macro standing_files(stem) %}
{%- set standing = {} -%}
{%- if run_query("select count(*) from glob('" ~ stem ~ "*.parquet')").rows[0][0] > 0 -%}
  {%- set query = "select file_name, decode(value) from parquet_kv_metadata('" ~ stem ~ "*.parquet') where decode(key) = 'made_of'" -%}
  {%- for row in run_query(query).rows -%}{%- do standing.update({row[0]: row[1]}) -%}{%- endfor -%}
{%- endif -%}
{{ return(standing) }}
{% endmacro %}


{# (partition, what its rows are made of) of every partition there is. #}
{% macro keys_of_partitions(sql) %}
{%- set staged = config.require('staged') -%}
{%- set years_back = config.get('years_back', 0) -%}
with made_of as (
    select report_partition, string_agg(table_name || ' ' || content, ', ' order by table_name) as content
    from {{ ref('int_staged_files') }}
    where table_name in ('{{ staged | join("', '") }}')
    group by report_partition
    {%- for relation in config.get('relations', []) %}
    union all
    select report_partition, '{{ relation }} ' || bit_xor(hash(line::varchar))::varchar
    from {{ ref(relation) }} as line
    group by report_partition
    {%- endfor %}
)

select
    own.report_partition,
    md5(string_agg(seen.report_partition || ': ' || seen.content, '; ' order by seen.report_partition, seen.content) || '{{ made_by(sql) }}')
from (select distinct report_partition from made_of) as own
inner join made_of as seen
    on own.report_partition = seen.report_partition
    or try_cast(seen.report_partition as integer)
        between try_cast(own.report_partition as integer) - {{ years_back }} and try_cast(own.report_partition as integer) - 1
group by own.report_partition
order by own.report_partition
{% endmacro %}


{# The SQL and the seeds a model is made by: its own, and those of everything it stands on, however far up. Views are taken as
   the warehouse holds them, with their macros written out; where the files lie does not matter. #}
{% macro made_by(sql) %}
{%- set seen, waiting, texts, views = {}, model.depends_on.nodes | list, [sql], ["('', '')"] -%}
{%- for _ in range(1000) if waiting -%}
  {%- set node = graph.nodes.get(waiting.pop()) -%}
  {%- if node and node.unique_id not in seen -%}
    {%- do seen.update({node.unique_id: true}) -%}
    {%- do waiting.extend(node.depends_on.get('nodes', [])) -%}
    {%- if node.config.materialized == 'view' -%}
      {%- do views.append("('" ~ node.schema ~ "', '" ~ node.alias ~ "')") -%}
    {%- else -%}
      {%- do texts.append(node.checksum.checksum) -%}
    {%- endif -%}
  {%- endif -%}
{%- endfor -%}
{%- set query -%}
  select replace(replace(sql, '{{ env_var("GOUJI_STAGING") }}', ''), '{{ env_var("GOUJI_WAREHOUSE") }}', '')
  from duckdb_views() where (schema_name, view_name) in ({{ views | join(', ') }})
{%- endset -%}
{%- do texts.extend(run_query(query).columns[0].values()) -%}
{{ return(local_md5(texts | sort | join('\n'))) }}
{% endmacro %}


{# Rows of the year being computed; of every year where none is being computed. #}
{% macro in_partition(column='report_partition') -%}
(getvariable('report_partition') is null or {{ column }} = getvariable('report_partition'))
{%- endmacro %}


{# Rows of the year being computed and of the one before. #}
{% macro in_partition_or_year_before(column='report_partition') -%}
(
    getvariable('report_partition') is null
    or {{ column }} = getvariable('report_partition')
    or try_cast({{ column }} as integer) = try_cast(getvariable('report_partition') as integer) - 1
)
{%- endmacro %}
