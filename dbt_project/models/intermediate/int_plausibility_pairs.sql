-- Every report with every rule that is about it: by the edition of its table, by what it says of itself, and, where the
-- rule compares, with the report it is held against. A rule about a fact stands once for every place that states it. `pair` numbers
-- the rows: by the report year, and within it.
{{ config(materialized='partitioned', staged=['reports', 'narrative_facts'], years_back=1, relations=['int_reports_related']) }}
-- depends_on: {{ ref('int_staged_files') }}

with tables as (
    select report_id, table_code, edition from {{ ref('int_report_tables') }} where {{ in_partition_or_year_before() }}
    union all
    select report_id, 'report' as table_code, form_version as edition
    from {{ ref('stg_reports') }}
    where status = 'read' and {{ in_partition_or_year_before() }}
),

related as (
    select * from {{ ref('int_reports_related') }} where {{ in_partition() }}
),

-- reports that are added up have the edition that all of them were read on, else none
related_tables as (
    select * from tables
    union all
    select merged.related_report_id, tables.table_code, min(tables.edition)
    from (select related_report_id, unnest(parts) as part_report_id from related) as merged
    inner join tables on merged.part_report_id = tables.report_id
    group by merged.related_report_id, tables.table_code
    having min(tables.edition) = max(tables.edition)
),

instances as (
    select distinct
        instance, rule_id, edition, table_code, scope, severity, relation, mention_fact, mention_stated, tolerance, form_variant,
        string_split(reporting_scopes, '|') as reporting_scopes,
        string_split(agency_levels, '|') as agency_levels,
        string_split(function_categories, '|') as function_categories,
        string_split(other_categories_than, '|') as other_categories_than,
        string_split(related_editions, '|') as related_editions,
        first_report_year,
        last_report_year
    from {{ ref('int_plausibility_terms_joined') }}
),

-- not kept: each of its three uses takes rules of its own, and of a hundred thousand reports it has millions of rows
concerned as not materialized (
    select
        reports.report_partition,
        reports.report_id,
        instances.instance,
        instances.relation,
        instances.table_code,
        instances.related_editions,
        instances.mention_fact,
        instances.mention_stated
    from instances
    inner join tables on instances.table_code = tables.table_code and instances.edition = tables.edition
    inner join {{ ref('stg_reports') }} as reports on tables.report_id = reports.report_id
    where {{ in_partition('reports.report_partition') }}
        and (instances.form_variant is null or instances.form_variant = reports.form_variant)
        and (instances.reporting_scopes is null or list_contains(instances.reporting_scopes, reports.reporting_scope))
        and (instances.agency_levels is null or list_contains(instances.agency_levels, reports.agency_level))
        and (instances.function_categories is null or list_contains(instances.function_categories, reports.function_category))
        and (instances.other_categories_than is null or not list_contains(instances.other_categories_than, reports.function_category))
        and (instances.first_report_year is null or reports.report_year >= instances.first_report_year)
        and (instances.last_report_year is null or reports.report_year <= instances.last_report_year)
),

paired as (
    select
        report_partition,
        report_id,
        instance,
        null::varchar as related_report_id,
        null::varchar[] as related_missing,
        null::integer as ordinal,
        null::decimal(20, 6) as mention_value,
        null::decimal(18, 10) as mention_slack
    from concerned
    where relation = 'this' and mention_fact is null
    union all
    select
        concerned.report_partition,
        concerned.report_id,
        concerned.instance,
        null,
        null,
        mentions.ordinal,
        mentions.value,
        mentions.slack
    from concerned
    inner join {{ ref('int_plausibility_mentions') }} as mentions
        on concerned.report_id = mentions.report_id
        and concerned.mention_fact = mentions.fact_code
        and concerned.mention_stated = mentions.stated
    union all
    select
        concerned.report_partition,
        concerned.report_id,
        concerned.instance,
        related.related_report_id,
        related.missing,
        null,
        null,
        null
    from concerned
    inner join related
        on concerned.report_id = related.report_id and concerned.relation = related.relation
    left join related_tables
        on related.related_report_id = related_tables.report_id and concerned.table_code = related_tables.table_code
    where concerned.mention_fact is null
        and (related_tables.edition is null or list_contains(concerned.related_editions, related_tables.edition))
)

select
    case when report_partition = 'undated' then 0 else report_partition::bigint end * 1000000000 + row_number() over () as pair,
    paired.*,
    related_missing is not null as is_related_missing
from paired
