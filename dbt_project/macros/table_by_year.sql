{# A table that is made anew each time, one report year after another: what a wide aggregate holds in memory is then that of a
   year and not of all. The SQL takes the year by `in_partition`. #}
{% materialization table_by_year, adapter='duckdb' %}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set existing_relation = load_cached_relation(this) -%}
  {%- set draft = make_intermediate_relation(target_relation) -%}
  {{ drop_relation_if_exists(load_cached_relation(draft)) }}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- call statement('main') -%}
    {{ create_table_as(False, draft, 'select * from (' ~ sql ~ ') where false') }}
  {%- endcall -%}
  {%- for row in run_query('select distinct report_partition from ' ~ ref('int_staged_files') ~ ' order by report_partition').rows -%}
    {%- do run_query("set variable report_partition = '" ~ row[0] ~ "'") -%}
    {%- call statement('year') -%} insert into {{ draft }} by name ({{ sql }}) {%- endcall -%}
    {%- do run_query('reset variable report_partition') -%}
    {#- rows of a table with a key stay in memory, and uncompressed, until they are committed -#}
    {%- do adapter.commit() -%}
  {%- endfor -%}

  {%- call statement('swap') -%} select 1 {%- endcall -%}
  {{ drop_relation_if_exists(existing_relation) }}
  {{ adapter.rename_relation(draft, target_relation) }}
  {%- do persist_docs(target_relation, model) -%}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {{ adapter.commit() }}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
